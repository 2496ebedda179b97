from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSegmentTours(HttpCase):
    """The two roles, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company = cls.env["res.partner"].create(
            {"name": "Segment tour company", "is_company": True}
        )

    def test_marketer(self):
        new_test_user(
            self.env,
            "tour_marketer",
            groups="crm_segmentation.group_segmentation_user,base.group_partner_manager",
            lang="en_US",
        )
        self.start_tour(
            "/odoo", "crm_segmentation_marketer_tour", login="tour_marketer"
        )
        segment = self.env["crm.segment"].search([("name", "=", "Tour companies")])
        self.assertTrue(segment.member_count)
        self.assertIn(segment, self.company.segment_ids)

    def test_add_to_segment(self):
        new_test_user(
            self.env,
            "tour_adder",
            groups="crm_segmentation.group_segmentation_user",
            lang="en_US",
        )
        self.env["crm.segment"].create(
            {"name": "Tour segment", "domain": f"[('id', '=', {self.company.id})]"}
        ).refresh()
        self.start_tour(
            "/odoo/segment-contacts", "crm_segmentation_add_tour", login="tour_adder"
        )
        segment = self.env["crm.segment"].search([("name", "=", "Tour board")])
        self.assertEqual((segment.kind, segment.target), ("manual", "partner"))
        self.assertIn(segment, self.company.segment_ids)

    def test_salesperson(self):
        new_test_user(
            self.env,
            "tour_salesperson",
            groups="sales_team.group_sale_salesman",
            lang="en_US",
        )
        self.env["crm.segment"].create(
            {"name": "Tour segment", "domain": f"[('id', '=', {self.company.id})]"}
        ).refresh()
        self.start_tour(
            f"/odoo/res.partner/{self.company.id}",
            "crm_segmentation_salesperson_tour",
            login="tour_salesperson",
        )

    def test_template(self):
        self.env["crm.segment"].search([]).active = False
        self.env["ir.config_parameter"].set_param(
            "crm_segmentation.onboarding_closed", False
        )
        self.env["crm.segment"].create(
            {"name": "Tour broken", "error_message": "No such field."}
        )
        # As after an installation: nobody has made a segment yet.
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_segment SET create_uid = 1")
        self.env.invalidate_all()
        new_test_user(
            self.env,
            "tour_templates",
            groups="crm_segmentation.group_segmentation_user",
            lang="en_US",
        )
        self.start_tour(
            "/odoo/segments", "crm_segmentation_template_tour", login="tour_templates"
        )
        segment = self.env["crm.segment"].search([("name", "=", "Consumers")])
        self.assertEqual(segment.user_id.login, "tour_templates")
        self.assertFalse(segment.is_template)

    def test_dashboard(self):
        new_test_user(
            self.env,
            "tour_numbers",
            groups="sales_team.group_sale_salesman",
            lang="en_US",
        )
        self.env["crm.segment"].create({"name": "Tour segment", "target": "lead"})
        self.start_tour(
            "/odoo/crm-dashboard",
            "crm_segmentation_dashboard_tour",
            login="tour_numbers",
        )

    def test_action(self):
        self.env["res.partner.category"].create({"name": "Tour tag"})
        new_test_user(
            self.env,
            "tour_actions",
            groups="crm_segmentation.group_segmentation_user",
            lang="en_US",
        )
        segment = self.env["crm.segment"].create(
            {"name": "Tour segment", "domain": f"[('id', '=', {self.company.id})]"}
        )
        segment.refresh()
        self.start_tour(
            f"/odoo/crm.segment/{segment.id}",
            "crm_segmentation_action_tour",
            login="tour_actions",
        )
        action = segment.action_ids
        self.assertTrue(action.is_on)
        self.assertEqual(action.user_id.login, "tour_actions")
        self.assertFalse(self.company.category_id, "the trial has changed nothing")
        self.assertEqual(action.run_ids.partner_id, self.company)
        action.run_ids._execute()
        self.assertEqual(self.company.category_id.name, "Tour tag")
