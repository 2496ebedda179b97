from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSegmentExplainTour(HttpCase):
    """A salesperson asks why, and a marketer, in the browser."""

    def test_salesperson(self):
        self.ask_why("sales_team.group_sale_salesman")

    def test_marketer(self):
        self.ask_why("crm_segmentation.group_segmentation_user")

    def ask_why(self, groups):
        self.env["res.lang"]._activate_lang("en_US")
        self.env["res.partner"].create(
            {"name": "Tour outsider", "ref": "tour", "country_id": self.ref("base.at")}
        )
        segment = self.env["crm.segment"].create(
            {
                "name": "Tour segment",
                "domain": "[('ref', '=', 'tour'), ('country_id.code', '=', 'BG')]",
            }
        )
        segment.refresh()
        new_test_user(
            self.env,
            "tour_why",
            groups=groups,
            lang="en_US",
        )
        self.start_tour(
            f"/odoo/crm.segment/{segment.id}",
            "crm_segmentation_explain_tour",
            login="tour_why",
        )
