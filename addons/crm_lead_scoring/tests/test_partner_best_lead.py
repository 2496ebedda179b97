from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestPartnerBestLead(ScoringCase):
    """The best score of a contact's leads, and who sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        for revenue in (10, 20, 30):
            cls._make_rule([("expected_revenue", ">=", revenue)], 30)
        partners = cls.env["res.partner"]
        cls.company = partners.create({"name": "Firm", "is_company": True})
        cls.anna, cls.boris = partners.create(
            [{"name": name, "parent_id": cls.company.id} for name in ("Anna", "Boris")]
        )
        cls.stranger = partners.create({"name": "Stranger"})
        cls.low = cls._lead(10, cls.anna, cls.salesman)
        cls.high = cls._lead(30, cls.boris, cls.seller_all)

    @classmethod
    def _lead(cls, revenue, partner, user=None, **values):
        return cls._make_lead(
            f"Worth {revenue}",
            expected_revenue=revenue,
            partner_id=partner.id,
            user_id=user.id if user else False,
            **values,
        )

    def test_best_of_the_company(self):
        for partner in (self.company, self.anna, self.boris):
            partner = partner.with_user(self.seller_all)
            self.assertEqual(partner.best_lead_id, self.high)
            self.assertEqual(partner.lead_score, 90)
            self.assertEqual(partner.lead_grade_id.name, "A3")
            self.assertEqual(partner.lead_grade_color, self.high.lead_grade_color)
        self.assertFalse(self.stranger.best_lead_id)
        self.assertEqual(self.stranger.lead_score, 0)

    def test_of_equals_the_newest(self):
        newer = self._lead(30, self.boris)
        self.assertEqual(self.company.best_lead_id, newer)

    def test_open_leads_only(self):
        self.high.action_set_lost()
        self.env.invalidate_all()
        self.assertEqual(self.company.best_lead_id, self.low)
        self.low.action_set_won()
        self.env.invalidate_all()
        self.assertFalse(self.company.best_lead_id)

    def test_below_zero(self):
        self._make_rule([("expected_revenue", "=", 1)], -7)
        self._lead(1, self.stranger)
        self.assertEqual(self.stranger.lead_score, -7)
        self.assertEqual(self.stranger.lead_grade_id.name, "C3")

    def test_own_leads_only(self):
        """A salesperson sees the best of the leads that are his to see."""
        self.assertEqual(self.company.with_user(self.salesman).best_lead_id, self.low)
        self.assertEqual(self.company.with_user(self.salesman).lead_score, 30)
        action = self.company.with_user(self.salesman).action_view_best_lead()
        self.assertEqual(action["res_id"], self.low.id)

    def test_not_for_others(self):
        partner = self.company.with_user(self.employee)
        self.assertNotIn("best_lead_id", partner.fields_get())
        with self.assertRaises(AccessError):
            partner.read(["lead_score"])
        with self.assertRaises(AccessError):
            partner.action_view_best_lead()
        self.assertNotIn("lead_score", Form(partner)._view["fields"])

    def test_of_the_companies_of_the_reader(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self._lead(30, self.stranger, company_id=other.id, team_id=False)
        partner = self.stranger.with_user(self.seller_all)
        self.assertFalse(partner.best_lead_id)

    def test_number_of_queries(self):
        """A list of contacts costs no more queries than one contact."""
        many = self.env["res.partner"].create(
            [{"name": f"Contact {number}"} for number in range(40)]
        )
        for partner in many[::2]:
            self._lead(20, partner)
        self.env.flush_all()
        self._settle()

        def queries(partners):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partners.read(["lead_score", "lead_grade_id", "best_lead_id"])
            return self.cr.sql_log_count - before

        queries(many)
        self.assertEqual(queries(many), queries(many[:2]))
