"""What the tests of triage share: an empty queue, and who decides about it."""

from odoo.tests import new_test_user

from .common_readiness import ReadinessCase


class TriageCase(ReadinessCase):
    """Leads of the test are the only ones that wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.salesman_two = new_test_user(
            cls.env,
            "score_two",
            groups="sales_team.group_sale_salesman",
            name="Maria",
        )
        cls.Triage = cls.env["crm.lead.score.triage"]
        cls.Lead.search([]).active = False
        cls.lost_reason = cls.env["crm.lost.reason"].create({"name": "Too small"})
        cls.return_reason = cls.env.ref(
            "crm_lead_scoring.crm_lead_score_return_reason_no_budget"
        )
        cls.model.state = "live"

    @classmethod
    def _make_lead(cls, name="Lead", points=0, **values):
        tags = cls.env["crm.tag"]
        for worth in (40, 30, 20, 10):
            if points >= worth:
                tags += getattr(cls, f"tag_{worth}")
                points -= worth
        values = {"type": "lead", "tag_ids": tags.ids, **values}
        values.setdefault("user_id", cls.salesman.id)
        values.setdefault("team_id", cls.team.id)
        lead = super()._make_lead(name, **values)
        cls.env.cr.flush()
        return lead

    def _as(self, user):
        return self.Triage.with_user(user)

    def _names(self, user, **filters):
        """Names of the leads that wait for a user, in their order."""
        self.env.cr.flush()
        return [row["name"] for row in self._as(user).get_queue(filters)["leads"]]

    def _last(self):
        return self.Triage.search([], limit=1)

    def assertDone(self, answer):
        self.assertTrue(answer["done"], answer["sentence"])
        return answer

    def assertNotDone(self, answer, words):
        self.assertFalse(answer["done"])
        self.assertIn(words, answer["sentence"])
