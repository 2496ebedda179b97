"""The rows of the requirement table that the segments close, one test a row."""

from datetime import timedelta

from glossary_case import CrmCase

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_glossary_core import engine

MARK = "segments-rows"


class SegmentsCase(CrmCase):
    """A company with a person, a consumer, and one deal for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.consumer = cls.env["res.partner"].create(
            [
                {
                    "name": "Balkan Mills",
                    "is_company": True,
                    "ref": MARK,
                    "email": "office@balkan-mills.example.com",
                    "phone": "+359 2 555 4400",
                },
                {
                    "name": "Radka Toneva",
                    "ref": MARK,
                    "email": "radka@toneva.example.com",
                },
            ]
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Petar Mills", "parent_id": cls.company.id, "ref": MARK}
        )
        cls.partners = cls.company | cls.consumer | cls.person

    def use_template(self, name):
        """A segment of one's own from a shipped template, filled."""
        template = self.env.ref(f"crm_segmentation.crm_segment_{name}")
        self.assertFalse(template.active, "templates are switched off")
        segment = self.env["crm.segment"].browse(
            template.action_use_template()["res_id"]
        )
        segment.refresh()
        self.assertFalse(segment.error_message)
        return segment

    def make_segment(self, *conditions, **values):
        """A segment of the contacts of this test that match, filled."""
        values.setdefault("domain", str([("ref", "=", MARK), *conditions]))
        segment = self.env["crm.segment"].create({"name": "Rows", **values})
        segment.refresh()
        return segment

    def win(self, deal):
        deal.action_set_won()
        self.env.flush_all()

    def make_action(self, segment, kind, **values):
        """An action on entry that is switched on from a minute ago."""
        action = self.env["crm.segment.action"].create(
            {"name": "Step", "segment_id": segment.id, "kind": kind, **values}
        )
        action.action_switch_on()
        action.sudo().since = fields.Datetime.now() - timedelta(minutes=1)
        return action

    def act(self, *actions):
        """Do what the scheduled job does next; return its runs of these actions."""
        self.env["crm.segment.action"]._plan_all()
        runs = self.env["crm.segment.run"].search(
            [("action_id", "in", [action.id for action in actions])]
        )
        runs.filtered(lambda run: run.state == "planned")._execute()
        return runs

    def stays(self, segment, record):
        column = "lead_id" if record._name == "crm.lead" else "partner_id"
        return self.env["crm.segment.member"].search(
            [("segment_id", "=", segment.id), (column, "=", record.id)], order="id"
        )


@tagged("post_install", "-at_install")
class TestRowsSegments(SegmentsCase):
    def test_row_005_b2c(self):
        """Consumers and companies that buy are told apart, each by a template."""
        for partner in self.company | self.consumer:
            self.win(self.make_deal(partner_id=partner.id))
        consumers = self.use_template("consumers")
        business = self.use_template("business_customers")
        self.assertIn(consumers, self.consumer.segment_ids)
        self.assertNotIn(business, self.consumer.segment_ids)
        self.assertIn(business, self.company.segment_ids)
        self.assertNotIn(consumers, self.company.segment_ids)

    def test_row_007_campaign(self):
        """A campaign has steps: a mail to who enters, then an activity after days."""
        segment = self.make_segment(("email", "!=", False), name="Campaign")
        template = self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Welcome",
                "body_html": "<p>Welcome</p>",
                "use_default_to": True,
            }
        )
        mail = self.make_action(segment, "email", mail_template_id=template.id)
        call = self.make_action(
            segment,
            "activity",
            activity_type_id=self.env.ref("mail.mail_activity_data_call").id,
            delay=3,
            delay_unit="days",
        )
        self.assertFalse(self.act(mail, call), "nothing follows from a first filling")
        self.person.email = "petar@balkan-mills.example.com"
        segment.refresh()
        runs = self.act(mail)
        self.assertEqual((runs.partner_id, runs.state), (self.person, "done"))
        later = self.env["crm.segment.run"].search([("action_id", "=", call.id)])
        self.assertEqual(later.partner_id, self.person)
        self.assertGreater(later.due, fields.Datetime.now() + timedelta(days=2))

    def test_row_038_segmentation(self):
        """By what they are and by what they do; who enters and leaves is kept."""
        attribute = self.make_segment(("is_company", "=", True))
        behaviour = self.make_segment(("activity_ids", "=", False))
        self.assertEqual(
            self.company.segment_ids & (attribute | behaviour), attribute | behaviour
        )
        self.company.activity_schedule("mail.mail_activity_data_call")
        engine.pending.run(self.env)
        behaviour.refresh()
        self.assertNotIn(behaviour, self.company.segment_ids)
        [stay] = self.stays(behaviour, self.company)
        self.assertTrue(stay.date_from and stay.date_to)
        self.assertEqual(stay.reason_out, "unmatched")

    def test_row_049_data_quality(self):
        """What is missing is a segment that shrinks while people complete it."""
        bare = self.env["res.partner"].create({"name": "Bare Ltd", "is_company": True})
        segment = self.use_template("unreachable")
        self.assertIn(segment, bare.segment_ids)
        self.assertNotIn(segment, self.company.segment_ids)
        bare.email = "hello@bare.example.com"
        segment.refresh()
        self.assertNotIn(segment, bare.segment_ids)
        self.assertEqual(segment.left_count, 1)

    def test_row_050_slice_by_segment(self):
        """A number of the dashboard, by the segment of its customers."""
        segment = self.make_segment(("is_company", "=", True), name="Mills")
        deals = self.make_deal(partner_id=self.company.id, expected_revenue=700)
        deals |= self.make_deal(partner_id=self.consumer.id, expected_revenue=40)
        kpi = self.env["crm.kpi"].create(
            {
                "name": "Revenue of the rows",
                "code": "rows_revenue",
                "model_name": "crm.lead",
                "domain": str([("id", "in", deals.ids)]),
                "measure": "sum",
                "measure_field": "expected_revenue",
            }
        )
        window = self.today - timedelta(days=1), self.today
        rows = kpi.compute_values(*window, group_by="partner_id.segment_ids")
        self.assertEqual(
            {row["group"]: row["value"] for row in rows if row["group"] == segment.id},
            {segment.id: 700},
        )
        leads = self.env["crm.lead"].search(
            [("partner_id.segment_ids", "in", segment.id)]
        )
        self.assertEqual(leads & deals, deals[0])

    def test_row_071_target_audience(self):
        """The audience of a campaign is a snapshot: who was in it stays in it."""
        segment = self.make_segment(
            ("email", "!=", False), refresh_policy="frozen", name="Spring mailing"
        )
        self.assertEqual(
            self.env["res.partner"].search([("segment_ids", "in", segment.id)]),
            self.company | self.consumer,
        )
        self.consumer.email = False
        self.person.email = "petar@balkan-mills.example.com"
        self.env["crm.segment"]._refresh_all()
        self.assertIn(segment, self.consumer.segment_ids)
        self.assertNotIn(segment, self.person.segment_ids)
        # A mailing keeps its audience from the moment of sending.
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "Spring",
                "body_html": "<p>Hello</p>",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "segment_ids": [Command.set(segment.ids)],
            }
        )
        audience = set((self.company | self.consumer).ids)
        self.assertEqual(set(mailing._get_recipients()), audience)
        mailing.action_send_mail()
        segment.refresh_policy = "at_once"
        segment.refresh()
        self.assertIn(segment, self.person.segment_ids)
        mailing.invalidate_recordset()
        self.assertEqual(set(mailing._get_recipients()), audience)

    def test_row_088_classify(self):
        """Customer levels: contacts are grouped by the segment that they fell into."""
        level_a = self.make_segment(
            ("opportunity_ids.expected_revenue", ">=", 10000), name="Level A"
        )
        level_b = self.make_segment(
            ("opportunity_ids.expected_revenue", "<", 10000), name="Level B"
        )
        self.make_deal(partner_id=self.company.id, expected_revenue=50000)
        self.make_deal(partner_id=self.consumer.id, expected_revenue=100)
        (level_a | level_b).refresh()
        groups = self.env["res.partner"]._read_group(
            [("ref", "=", MARK)], ["segment_ids"], ["id:recordset"]
        )
        found = dict(groups)
        self.assertEqual(found[level_a], self.company)
        self.assertEqual(found[level_b], self.consumer)

    def test_row_089_tags(self):
        """A tag by a rule: with a reason and a history, and gone when the rule says."""
        tag = self.env["res.partner.category"].create({"name": "High potential"})
        segment = self.make_segment(("city", "=", "Plovdiv"), name="Plovdiv")
        action = self.make_action(segment, "tag", partner_tag_id=tag.id)
        self.company.city = "Plovdiv"
        self.consumer.category_id = tag
        segment.refresh()
        self.act(action)
        self.assertIn(tag, self.company.category_id)
        self.assertEqual(self.stays(segment, self.company).reason_in, "matched")
        self.company.city = "Ruse"
        segment.refresh()
        self.act(action)
        self.env["crm.segment.claim"]._give_back()
        self.assertNotIn(tag, self.company.category_id)
        self.assertEqual(self.stays(segment, self.company).reason_out, "unmatched")
        self.assertIn(tag, self.consumer.category_id, "set by hand: it stays")

    def test_row_121_clean_up(self):
        """Bounced, wrong and doubled contacts gather by themselves, and leave again."""
        bouncing = self.use_template("bouncing")
        doubled = self.use_template("shared_phone")
        self.assertFalse((bouncing | doubled) & self.consumer.segment_ids)
        self.consumer.write({"message_bounce": 3, "phone": self.company.phone})
        self.person.phone = "nobody knows"
        (bouncing | doubled).refresh()
        self.assertLessEqual(bouncing | doubled, self.consumer.segment_ids)
        self.assertIn(bouncing, self.person.segment_ids)
        self.assertIn(doubled, self.company.segment_ids)
        # Look first: the count is shown before anything is done.
        self.assertEqual(
            bouncing.preview_count(),
            self.env["res.partner"].search_count([("segment_ids", "in", bouncing.id)]),
        )
        self.consumer.write({"message_bounce": 0, "phone": False})
        (bouncing | doubled).refresh()
        self.assertFalse((bouncing | doubled) & self.consumer.segment_ids)
        self.assertNotIn(doubled, self.company.segment_ids)

    def test_row_146_act_per_segment(self):
        """Each segment acts in its own way, on its own members."""
        kinds = ("mail.mail_activity_data_call", "mail.mail_activity_data_todo")
        segments = [
            self.make_segment(("city", "=", city), name=city)
            for city in ("Plovdiv", "Ruse")
        ]
        types = [self.env.ref(kind) for kind in kinds]
        actions = [
            self.make_action(segment, "activity", activity_type_id=kind.id)
            for segment, kind in zip(segments, types, strict=True)
        ]
        self.company.city, self.consumer.city = "Plovdiv", "Ruse"
        for segment in segments:
            segment.refresh()
        self.act(*actions)
        self.assertEqual(self.company.activity_ids.activity_type_id, types[0])
        self.assertEqual(self.consumer.activity_ids.activity_type_id, types[1])

    def test_row_147_pricelist_per_segment(self):
        """Members have the segment's pricelist; who leaves has the former one again."""
        self.env.ref("base.group_user")._apply_group(
            self.env.ref("product.group_product_pricelist")
        )
        former, special = self.env["product.pricelist"].create(
            [{"name": "Former"}, {"name": "For the segment"}]
        )
        self.company.property_product_pricelist = former
        segment = self.make_segment(("city", "=", "Ruse"), name="Ruse")
        segment.pricelist_id = special
        for city, expected in (("Ruse", special), ("Varna", former)):
            self.company.city = city
            segment.refresh()
            claims = self.env["crm.segment.pricelist.claim"].sudo()
            for task in claims._get_open():
                claims._settle(*task)
            self.env.invalidate_all()
            self.assertEqual(self.company.property_product_pricelist, expected)

    def test_row_148_phone_campaign(self):
        """The members of a segment are the calls of a list; who joins is called too."""
        segment = self.make_segment(("phone", "!=", False), name="To be called")
        call_list = self.env["crm.call.list"].create(
            {
                "name": "Phone campaign",
                "model_name": "res.partner",
                "domain": str([("segment_ids", "in", segment.ids)]),
                "operator_ids": [Command.set(self.env.user.ids)],
            }
        )
        call_list.action_start()
        self.assertEqual(call_list.call_ids.partner_id, self.company)
        self.consumer.phone = "+359 2 555 4411"
        segment.refresh()
        self.env["crm.call.list"]._refresh_all()
        self.assertEqual(call_list.call_ids.partner_id, self.company | self.consumer)
