from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentAccess(SegmentCase):
    """Salespeople read, marketers write, administrators delete; others see nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(cls.env, "seg_employee", groups="base.group_user")
        cls.manager = new_test_user(
            cls.env, "seg_manager", groups="sales_team.group_sale_manager"
        )
        cls.segment = cls.make_segment(("is_company", "=", True))
        cls.lead_segment = cls.make_segment(target="lead")

    def can(self, user, model, operations):
        for operation in ("read", "write", "create", "unlink"):
            with self.subTest(user=user.login, model=model, operation=operation):
                self.assertEqual(
                    self.env[model].with_user(user).has_access(operation),
                    operation in operations,
                )

    def test_roles(self):
        everything = ("read", "write", "create", "unlink")
        self.can(self.employee, "crm.segment", ())
        self.can(self.salesperson, "crm.segment", ("read",))
        self.can(self.marketer, "crm.segment", ("read", "write", "create"))
        self.can(self.manager, "crm.segment", everything)
        self.can(self.employee, "crm.segment.member", ())
        for user in (self.salesperson, self.marketer, self.manager):
            self.can(user, "crm.segment.member", ("read",))
        self.can(self.salesperson, "crm.segment.edit", ())
        self.can(self.marketer, "crm.segment.edit", everything)

    def test_public_methods_check_access(self):
        manual = self.make_segment(kind="manual")
        segment = self.segment.with_user(self.salesperson)
        self.assertTrue(segment.preview_count())
        self.assertTrue(segment.members_on("2100-01-01"))
        self.assertTrue(segment.action_view_members())
        self.assertTrue(segment.action_view_history())
        self.assertTrue(segment.describe())
        for name in ("refresh", "action_refresh", "action_add_members"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(segment, name)()
        with self.assertRaises(AccessError):
            manual.with_user(self.salesperson).add_members(self.partners[0].ids)
        with self.assertRaises(AccessError):
            manual.with_user(self.salesperson).remove_members(self.partners[0].ids)
        for name in ("preview_count", "action_view_members", "action_view_history"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(self.segment.with_user(self.employee), name)()
        with self.assertRaises(AccessError):
            self.segment.with_user(self.employee).members_on("2100-01-01")

    def test_marketer_refreshes(self):
        segment = self.segment.with_user(self.marketer)
        self.partners[0].with_user(self.marketer).write({"is_company": False})
        self.assertEqual(segment.refresh()["broken"], 0)
        self.assertNotIn(self.partners[0], self.members(segment))

    def test_everybody_triggers_the_refresh(self):
        segment = self.make_segment(("city", "=", "Ruse"))
        writer = new_test_user(
            self.env, "seg_writer", groups="base.group_user,base.group_partner_manager"
        )
        self.partners[0].with_user(writer).city = "Ruse"
        self.assertEqual(self.members(segment), self.partners[0])

    def test_other_users_do_not_see_the_fields(self):
        partner = self.partners[0].with_user(self.employee)
        self.assertNotIn("segment_ids", partner.fields_get())
        self.assertTrue(partner.read(["name"]))
        with self.assertRaises(AccessError):
            partner.read(["segment_ids"])
        with self.assertRaises(AccessError):
            partner.read(["segment_count"])
        views = (
            self.env["res.partner"]
            .with_user(self.employee)
            .get_views(
                [(False, "form"), (False, "list"), (False, "kanban"), (False, "search")]
            )
        )
        for view in views["views"].values():
            self.assertNotIn("segment_ids", view["arch"])

    def test_salesperson_sees_memberships_of_the_leads_that_are_visible(self):
        Member = self.Member.with_user(self.salesperson)
        seen = Member.search([("segment_id", "=", self.lead_segment.id)]).sudo()
        self.assertEqual(set(seen.lead_id), set(self.leads[:2]))
        self.assertEqual(self.lead_segment.with_user(self.salesperson).member_count, 2)
        self.assertEqual(self.lead_segment.with_user(self.marketer).member_count, 5)
        self.assertEqual(
            self.lead_segment.with_user(self.salesperson).members_on("2100-01-01"),
            sorted(self.leads[:2].ids),
        )
        hidden = self.Member.search([("lead_id", "=", self.leads[3].id)], limit=1)
        with self.assertRaises(AccessError):
            hidden.with_user(self.salesperson).read(["date_from"])

    def test_companies(self):
        company = self.env["res.company"].create({"name": "Segment company"})
        hers = self.make_segment(("is_company", "=", True), company_id=company.id)
        Segment = self.Segment.with_user(self.marketer)
        self.assertNotIn(hers.id, Segment.search([]).ids)
        self.assertIn(self.segment.id, Segment.search([]).ids)
        self.assertFalse(
            self.Member.with_user(self.marketer).search([("segment_id", "=", hers.id)])
        )
        self.assertNotIn(
            hers.id, self.partners[0].with_user(self.marketer).segment_ids.ids
        )
        # A shared segment shows the members of the companies that the user may see.
        self.partners[0].company_id = company
        rows = self.Member.with_user(self.marketer).search(
            [("segment_id", "=", self.segment.id)]
        )
        self.assertNotIn(self.partners[0].id, rows.partner_id.ids)
        self.assertIn(self.partners[2].id, rows.partner_id.ids)
        self.marketer.company_ids += company
        both = self.env.company + company
        rows = (
            self.Member.with_user(self.marketer)
            .with_context(allowed_company_ids=both.ids)
            .search([("segment_id", "=", self.segment.id)])
        )
        self.assertIn(self.partners[0].id, rows.partner_id.ids)

    def test_rule_on_what_the_author_may_not_read(self):
        with self.assertRaises(Exception) as caught:
            self.Segment.with_user(self.marketer).create(
                {"name": "x", "domain": "[('user_ids.totp_secret', '!=', False)]"}
            )
        self.assertIn("totp_secret", str(caught.exception))
