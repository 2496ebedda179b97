from collections import defaultdict
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_glossary_core import engine

from .common import ScoringCase

MEASURES = (
    "__count",
    "lead_score:avg",
    "lead_score_fit:avg",
    "lead_score_engagement:avg",
    "ready_count:sum",
    "ready_rate:avg",
    "won_count:sum",
    "expected_revenue:sum",
    "campaign_cost:sum",
    "cost_per_ready_lead:avg",
)


def of_leads(leads, cost_of):
    """The measures of some leads, worked out in plain Python."""
    count, ready = len(leads), leads.filtered("is_sales_ready")
    costs = {lead: cost_of(lead) for lead in leads}
    paid = sum(1 for lead in ready if costs[lead] is not None)
    known = [cost for cost in costs.values() if cost is not None]
    return (
        count,
        sum(leads.mapped("lead_score")) / count,
        sum(leads.mapped("lead_score_fit")) / count,
        sum(leads.mapped("lead_score_engagement")) / count,
        len(ready),
        100 * len(ready) / count,
        sum(lead.won_status == "won" for lead in leads),
        sum(leads.mapped("expected_revenue")),
        sum(known) if known else None,
        sum(known) / paid if known and paid else None,
    )


@tagged("post_install", "-at_install")
class TestLeadQuality(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.Quality = cls.env["crm.lead.score.quality"]
        cls._make_rule([("expected_revenue", ">=", 100)], 80)
        cls._make_rule([("phone", "!=", False)], 10, axis="engagement")
        cls.fair, cls.mailing, cls.free = cls.env["utm.campaign"].create(
            [
                {"title": "Fair", "crm_cost": 900},
                {"title": "Mailing", "crm_cost": 100},
                {"title": "Costs nothing"},
            ]
        )
        cls.source = cls.env["utm.source"].create({"name": "Test source"})
        cls.leads = cls._make_lead("Fair, ready", **cls._of(cls.fair, 500))
        cls.leads += cls._make_lead("Fair, not", **cls._of(cls.fair, 0, phone="1"))
        cls.leads += cls._make_lead(
            "Fair, foreign", **cls._of(cls.fair, 600, user_id=cls.seller_all.id)
        )
        cls.leads += cls._make_lead("Mailing, not", **cls._of(cls.mailing, 0))
        cls.leads += cls._make_lead("Free, ready", **cls._of(cls.free, 700))
        cls.leads += cls._make_lead("No campaign", expected_revenue=100)
        # Scored while it is open: what is closed stays ready, or not, as it was.
        engine.pending.run(cls.env)
        cls.leads[0].action_set_won()
        cls.lost = cls._make_lead("Lost", **cls._of(cls.mailing, 0))
        cls.lost.action_set_lost()
        cls.leads += cls.lost
        cls.away = cls._make_lead("Put away", **cls._of(cls.fair, 800))
        cls.away.active = False

    @classmethod
    def _of(cls, campaign, revenue, **values):
        return {
            "campaign_id": campaign.id,
            "source_id": cls.source.id,
            "expected_revenue": revenue,
            "user_id": cls.salesman.id,
            **values,
        }

    def _measure(self, groupby, domain=(), user=None):
        self._settle()
        self.env.flush_all()
        quality = self.Quality.with_user(user or self.manager)
        rows = quality._read_group(list(domain), [groupby], list(MEASURES))
        return {row[0]: row[1:] for row in rows}

    def _reported(self):
        """All leads of the report, found without it."""
        leads = self.env["crm.lead"].with_context(active_test=False).search([])
        return leads.filtered(lambda lead: lead.active or lead.won_status != "pending")

    def test_every_group_by_against_plain_python(self):
        """All the database's leads, demo data among them."""
        self._settle()
        leads = self._reported()
        campaigns = leads.grouped("campaign_id")

        def cost_of(lead):
            cost = lead.campaign_id.crm_cost
            return cost / len(campaigns[lead.campaign_id]) if cost else None

        for name in ("source_id", "medium_id", "campaign_id", "country_id", "team_id",
                     "user_id", "lead_grade_id", "won_status"):  # fmt: skip
            found = self._measure(name, user=self.env.user)
            expected = {
                key: of_leads(some, cost_of)
                for key, some in leads.grouped(name).items()
            }
            self.assertEqual(set(found), set(expected), name)
            for key, numbers in expected.items():
                for measure, have, want in zip(
                    MEASURES, found[key], numbers, strict=True
                ):
                    said = f"{name} {key} {measure}"
                    if want is None:
                        self.assertFalse(have, said)
                    else:
                        self.assertAlmostEqual(have, want, 4, said)

    def test_month(self):
        self.leads[0]._write(
            {"create_date": fields.Datetime.now() - timedelta(days=99)}
        )
        months = defaultdict(int)
        for lead in self.leads:
            months[lead.create_date.strftime("%Y-%m")] += 1
        found = self._measure("date_created:month", [("id", "in", self.leads.ids)])
        found = {month.strftime("%Y-%m"): row[0] for month, row in found.items()}
        self.assertEqual(found, dict(months))

    def test_a_cost_is_counted_once(self):
        own = [("id", "in", self.leads.ids)]
        cost = MEASURES.index("campaign_cost:sum")
        per_ready = MEASURES.index("cost_per_ready_lead:avg")
        by_campaign = self._measure("campaign_id", own)
        self.assertAlmostEqual(by_campaign[self.fair][cost], 900)
        # Three leads, two of them ready; the one that was put away counts nowhere.
        self.assertAlmostEqual(by_campaign[self.fair][per_ready], 450)
        # Two leads, none ready: a cost without a quotient.
        self.assertAlmostEqual(by_campaign[self.mailing][cost], 100)
        self.assertFalse(by_campaign[self.mailing][per_ready])
        # What has no cost is not for free: it has no number.
        self.assertFalse(by_campaign[self.free][per_ready])
        for name in ("lead_grade_id", "user_id", "source_id", "won_status"):
            rows = self._measure(name, own)
            self.assertAlmostEqual(
                sum(float(row[cost] or 0) for row in rows.values()), 1000, msg=name
            )
        # All ready leads of campaigns with a cost bear all costs.
        self.assertAlmostEqual(
            self._measure("source_id", own)[self.source][per_ready], 500
        )

    def test_form(self):
        lead, other = self.leads[0], self.leads[1]
        self._log(lead, "form_submitted", days=3, value="/second")
        self._log(lead, "form_submitted", days=9, value="/first")
        self._log(lead, "page_visit", days=20, value="/page")
        self._log(other, "form_submitted", value="/second")
        rows = self._measure("form", [("id", "in", self.leads.ids)])
        self.assertEqual(
            {form: row[0] for form, row in rows.items()},
            {"/first": 1, "/second": 1, False: len(self.leads) - 2},
        )

    def test_currencies(self):
        """All amounts are in the currency of the company in use."""
        currency = self.env["res.currency"].create(
            {
                "name": "ZZZ",
                "symbol": "Z",
                "rate_ids": [Command.create({"rate": 4, "name": "2020-01-01"})],
            }
        )
        self.mailing.crm_cost_currency_id = currency
        company = self.env["res.company"].create(
            {"name": "Company Two", "currency_id": currency.id}
        )
        lead = self._make_lead("Two", company_id=company.id, user_id=False,
                               team_id=False, expected_revenue=400)  # fmt: skip
        self.env.user.company_ids += company
        self._settle()
        both = (self.env.company + company).ids
        quality = self.Quality.with_context(allowed_company_ids=both)
        self.assertAlmostEqual(quality.browse(lead.id).expected_revenue, 100)
        row = quality.browse(self.lost.id)
        self.assertAlmostEqual(row.campaign_cost, 100 / 4 / 2)
        self.assertEqual(row.currency_id, self.env.company.currency_id)

    def _seen(self, user, **context):
        self._settle()
        quality = self.Quality.with_user(user).with_context(**context)
        return quality.search([("id", "in", (self.leads + self.away).ids)]).lead_id

    def test_access(self):
        own = self.leads.filtered(lambda lead: lead.user_id == self.salesman)
        nobodys = self.leads.filtered(lambda lead: not lead.user_id)
        self.assertEqual(self._seen(self.salesman), own + nobodys)
        self.assertEqual(self._seen(self.seller_all), self.leads)
        self.assertEqual(self._seen(self.manager), self.leads)
        with self.assertRaises(AccessError):
            self._seen(self.employee)
        company = self.env["res.company"].create({"name": "Company Two"})
        self.leads[3].write(
            {"company_id": company.id, "team_id": False, "user_id": False}
        )
        self.assertEqual(self._seen(self.manager), self.leads - self.leads[3])
        self.manager.company_ids += company
        both = self.manager.company_ids.ids
        self.assertEqual(self._seen(self.manager, allowed_company_ids=both), self.leads)

    def test_costs_are_for_those_who_see_all_leads(self):
        self._settle()
        salesman = self.Quality.with_user(self.salesman)
        shown = salesman.fields_get()
        self.assertNotIn("campaign_cost", shown)
        self.assertNotIn("cost_per_ready_lead", shown)
        self.assertIn("ready_rate", shown)
        for measure in ("campaign_cost:sum", "cost_per_ready_lead:avg"):
            with self.assertRaises(AccessError):
                salesman._read_group([], [], [measure])
        view = salesman.get_view(
            self.env.ref("crm_lead_scoring.crm_lead_score_quality_view_pivot").id
        )
        self.assertNotIn("cost_per_ready_lead", view["arch"])

    def test_open_the_lead(self):
        self._settle()
        row = self.Quality.with_user(self.salesman).browse(self.leads[0].id)
        action = row.action_open_lead()
        self.assertEqual(action["res_id"], self.leads[0].id)
        foreign = self.Quality.with_user(self.salesman).browse(self.leads[2].id)
        with self.assertRaises(AccessError):
            foreign.action_open_lead()
