from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestGlossaryTours(HttpCase):
    def test_salesperson_looks_up_a_word(self):
        user = new_test_user(
            self.env,
            "glossary_tour",
            groups="sales_team.group_sale_salesman",
            lang="en_US",
        )
        self.start_tour("/odoo", "crm_glossary_look_up", login=user.login)

    def test_manager_writes_a_term(self):
        user = new_test_user(
            self.env,
            "glossary_tour_manager",
            groups="sales_team.group_sale_manager",
            lang="en_US",
        )
        self.start_tour("/odoo", "crm_glossary_write_term", login=user.login)
        term = self.env["crm.glossary.term"].search([("code", "=", "win_back_call")])
        self.assertEqual(term.state, "approved")
        self.assertEqual(term.synonym_ids.name, "reactivation call")
