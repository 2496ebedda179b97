from odoo.tests import tagged

from .common import ActionCase


@tagged("post_install", "-at_install")
class TestSegmentClaim(ActionCase):
    """Several segments want one owner, and contacts are merged meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.before = cls.env.user
        cls.third = cls.env.ref("base.user_admin")
        cls.partner.user_id = cls.before
        cls.first = cls.make_segment(kind="manual", priority=10)
        cls.second = cls.make_segment(kind="manual", priority=20)
        cls.last = cls.make_segment(kind="manual", priority=30)

    def own(self, segment, user):
        return self._action(segment=segment, kind="owner", owner_id=user.id)

    def add(self, *segments, partners=None):
        for segment in segments:
            segment.add_members((partners or self.partner).ids)
        self._work()

    def remove(self, *segments, partners=None):
        for segment in segments:
            segment.remove_members((partners or self.partner).ids)
        self._work()

    # Priority

    def test_another_order(self):
        self.own(self.first, self.salesperson)
        self.own(self.second, self.marketer)
        self.own(self.last, self.third)
        self.add(self.first, self.second)
        self.assertEqual(self.partner.user_id, self.salesperson)
        self.second.priority = 5
        self._work()
        self.assertEqual(self.partner.user_id, self.marketer, "it comes first now")
        self.add(self.last)
        self.assertEqual(
            self.partner.user_id, self.marketer, "the last changes nothing"
        )
        self.remove(self.first, self.second, self.last)
        self.assertEqual(self.partner.user_id, self.before)

    def test_another_order_and_a_hand_edit(self):
        self.own(self.first, self.salesperson)
        self.own(self.second, self.marketer)
        self.add(self.first, self.second)
        by_hand = self.third
        self.partner.user_id = by_hand
        self.second.priority = 5
        self._work()
        self.assertEqual(self.partner.user_id, by_hand)
        self.remove(self.first, self.second)
        self.assertEqual(self.partner.user_id, by_hand)

    def test_the_first_segment_wants_who_is_there(self):
        self.partner.user_id = self.salesperson
        action = self.own(self.first, self.salesperson)
        self.own(self.second, self.marketer)
        self.add(self.first)
        self.assertIn("already", action.run_ids.message)
        self.add(self.second)
        self.assertEqual(self.partner.user_id, self.salesperson, "it comes first")
        self.remove(self.first)
        self.assertEqual(self.partner.user_id, self.marketer)
        self.remove(self.second)
        self.assertEqual(self.partner.user_id, self.salesperson)

    # Merges

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [source.id, target.id], target
        )
        self.env.cr.flush()
        self.env.invalidate_all()
        self._work()

    def test_the_owner_of_before_is_the_one_of_who_remains(self):
        source, target = self.partners[1:3]
        source.user_id, target.user_id = self.third, self.before
        self.own(self.first, self.salesperson)
        self.add(self.first, partners=source | target)
        self.merge(source, target)
        self.assertEqual(target.user_id, self.salesperson)
        self.remove(self.first, partners=target)
        self.assertEqual(target.user_id, self.before)

    def test_the_tag_of_a_member_of_before(self):
        source, target = self.partners[1:3]
        self.first.add_members(target.ids)
        self._action(segment=self.first)
        self.first.add_members(source.ids)
        self.env.cr.execute(
            "UPDATE crm_segment_member SET date_from = date_from - interval '1 day'"
            " WHERE partner_id = %s",
            [target.id],
        )
        self._work()
        self.assertIn(self.tag, source.category_id)
        self.merge(source, target)
        self.assertIn(self.tag, target.category_id, "still a member")
        self.remove(self.first, partners=target)
        self.assertNotIn(self.tag, target.category_id)

    def test_once_ever_holds_after_a_merge(self):
        source, target = self.partners[1:3]
        self.first.add_members(target.ids)
        self.env.cr.execute(
            "UPDATE crm_segment_member SET date_from = date_from - interval '1 day'"
            " WHERE partner_id = %s",
            [target.id],
        )
        action = self._action(
            segment=self.first,
            kind="activity",
            activity_type_id=self.todo.id,
            frequency="ever",
        )
        self.add(self.first, partners=source)
        self.merge(source, target)
        self.assertEqual(action.run_ids.partner_id, target)
        self.remove(self.first, partners=target)
        with self.later(days=1):
            self.add(self.first, partners=target)
        self.assertEqual(len(target.activity_ids), 1)

    def test_leads(self):
        lead_tag = self.env["crm.tag"].create({"name": "From segment"})
        target, source = self.env["crm.lead"].create(
            [{"name": "Stays"}, {"name": "Goes"}]
        )
        segment = self.make_segment(kind="manual", target="lead")
        action = self._action(
            segment=segment, partner_tag_id=False, lead_tag_id=lead_tag.id
        )
        segment.add_members(source.ids)
        self._work()
        self.assertIn(lead_tag, source.tag_ids)
        (target | source)._merge_opportunity(auto_unlink=True)
        lead = (target | source).exists()
        self.env.cr.flush()
        self._work()
        self.assertIn(lead_tag, lead.tag_ids)
        self.assertEqual(action.run_ids.lead_id, lead)
        segment.remove_members(lead.ids)
        self._work()
        self.assertNotIn(lead_tag, lead.tag_ids)
