from odoo.fields import Command
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestVisitorCountry(TransactionCase):
    """The country of a lead's visitor comes before what its number tells."""

    def test_country_of_the_visit(self):
        bulgaria, germany = self.env.ref("base.bg"), self.env.ref("base.de")
        visitor = self.env["website.visitor"].create(
            {"access_token": "f" * 32, "country_id": germany.id}
        )
        scoring = self.env["crm.lead.score.model"]
        scoring.search([]).active = False
        scoring.create(
            {
                "name": "By country",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "From Germany",
                            "domain": "[('score_country_id.code', '=', 'DE')]",
                            "points": 5,
                            "axis": "fit",
                        }
                    )
                ],
            }
        )
        lead = self.env["crm.lead"].create(
            {"name": "Visit", "phone": "+359 2 123 456", "country_id": False}
        )
        self.assertEqual(lead.score_country_id, bulgaria)
        self.assertEqual(lead.lead_score, 0)
        lead.visitor_ids = visitor
        self.assertEqual(lead.score_country_id, germany)
        self.assertEqual(lead.score_country_source, "geoip")
        self.assertEqual(lead.lead_score, 5)
        self.assertFalse(lead.country_id)
        lead.country_id = bulgaria
        self.assertEqual(lead.score_country_source, "entered")
        self.assertEqual(lead.lead_score, 0)
        self.env.flush_all()
        self.assertFalse(self.env["crm.lead.facts"]._find_out().total)
