from ast import literal_eval

from lxml import etree

from odoo.tests import tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestScoreLists(ScoringCase):
    """Sort, filter and group by score; the views that show it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls._make_rule([("expected_revenue", ">=", 10)], 20)
        cls._make_rule([("expected_revenue", ">=", 20)], 55)
        cls._make_rule([("expected_revenue", "=", 5)], -9, "engagement")
        cls.tag = cls.env["crm.tag"].create({"name": "Of this test"})
        cls.leads = cls.Lead.create(
            [
                {
                    "name": f"L{revenue}",
                    "expected_revenue": revenue,
                    "tag_ids": cls.tag.ids,
                    "user_id": cls.salesman.id,
                }
                for revenue in (10, 0, 20, 5)
            ]
        )
        cls.domain = [("tag_ids", "in", cls.tag.ids)]

    def test_sort(self):
        for user in (self.env.user, self.salesman):
            leads = self.env["crm.lead"].with_user(user)
            found = leads.search(self.domain, order="lead_score desc, id desc")
            self.assertEqual(found.mapped("lead_score"), [75, 20, 0, -9])
            found = leads.search(self.domain, order="lead_score asc")
            self.assertEqual(found.mapped("lead_score"), [-9, 0, 20, 75])

    def test_sort_joins_inside(self):
        """Sorting by score must not cost a LEFT JOIN over all leads."""
        query = self.env["crm.lead"]._search([], order="lead_score desc, id desc")
        code = query.select().code
        self.assertIn('JOIN "crm_lead_score"', code)
        self.assertNotIn('LEFT JOIN "crm_lead_score"', code)

    def test_filter(self):
        for user in (self.env.user, self.salesman):
            leads = self.env["crm.lead"].with_user(user)

            def names(*conditions, leads=leads):
                return sorted(leads.search([*self.domain, *conditions]).mapped("name"))

            self.assertEqual(names(("lead_score", ">=", 20)), ["L10", "L20"])
            self.assertEqual(names(("lead_score", "<", 0)), ["L5"])
            self.assertEqual(names(("lead_score", "=", 0)), ["L0"])
            self.assertEqual(names(("lead_score_engagement", "=", -9)), ["L5"])
            self.assertEqual(names(("lead_grade_id.name", "=like", "A%")), ["L20"])
            self.assertEqual(
                names(("lead_grade_id", "ilike", "C3")), ["L0", "L10", "L5"]
            )
            self.assertEqual(names(("score_line_ids.points", "=", -9)), ["L5"])

    def test_group(self):
        for user in (self.env.user, self.salesman):
            leads = self.env["crm.lead"].with_user(user)
            groups = leads._read_group(
                self.domain, ["lead_grade_id"], ["__count", "lead_score:avg"]
            )
            self.assertEqual(
                {grade.name: (count, round(avg, 2)) for grade, count, avg in groups},
                {"A3": (1, 75.0), "C3": (3, 3.67)},
            )
            formatted = leads.formatted_read_group(
                self.domain, ["lead_grade_id"], ["lead_score:sum"]
            )
            self.assertEqual(sum(g["lead_score:sum"] for g in formatted), 86)

    def test_fields_are_offered_to_the_client(self):
        description = self.env["crm.lead"].fields_get(
            ["lead_score", "lead_grade_id", "lead_grade_color"]
        )
        self.assertTrue(description["lead_score"]["sortable"])
        self.assertTrue(description["lead_grade_id"]["groupable"])
        self.assertTrue(description["lead_grade_id"]["searchable"])
        self.assertEqual(description["lead_score"]["aggregator"], "avg")
        self.assertFalse(description["lead_grade_color"].get("aggregator"))

    def test_export(self):
        rows = self.leads.export_data(["name", "lead_score", "lead_grade_id/name"])
        self.assertIn(["L20", 75, "A3"], [list(row) for row in rows["datas"]])

    def test_views_show_the_badge(self):
        for xml_id in (
            "crm.crm_case_kanban_view_leads",
            "crm.view_crm_lead_kanban",
            "crm.crm_lead_view_kanban_forecast",
            "crm.crm_lead_view_form",
            "crm.crm_case_tree_view_oppor",
            "crm.crm_case_tree_view_leads",
            "crm_lead_scoring.crm_lead_view_list_by_score",
            "crm_lead_scoring.crm_lead_view_kanban_by_score",
        ):
            view = self.env.ref(xml_id)
            arch = self.env["crm.lead"].with_user(self.salesman).get_view(view.id)
            badges = etree.fromstring(arch["arch"]).xpath(
                "//field[@widget='lead_grade_badge']"
            )
            self.assertTrue(badges, xml_id)

    def _get_arch(self, xml_id):
        view = self.env.ref(xml_id)
        leads = self.env["crm.lead"].with_user(self.salesman)
        return etree.fromstring(leads.get_view(view.id, view.type)["arch"])

    def test_lists_sort_by_score(self):
        """Both lists have the score as a column that can be sorted by."""
        for xml_id in ("crm.crm_case_tree_view_oppor", "crm.crm_case_tree_view_leads"):
            [column] = self._get_arch(xml_id).xpath("//field[@name='lead_score']")
            self.assertEqual(column.get("optional"), "show", xml_id)

    def test_searches_filter_and_group(self):
        """Both searches know ready leads and grades, and mean what they say."""
        for xml_id in (
            "crm.view_crm_case_opportunities_filter",
            "crm.view_crm_case_leads_filter",
        ):
            arch = self._get_arch(xml_id)
            filters = {item.get("name"): item for item in arch.iter("filter")}
            for name in ("groupby_lead_grade", "groupby_is_sales_ready"):
                self.assertIn("group_by", filters[name].get("context"), xml_id)
            found = {}
            for name in ("is_sales_ready", *(f"lead_grade_{c}" for c in "abc")):
                domain = literal_eval(filters[name].get("domain"))
                leads = self.env["crm.lead"].search([*self.domain, *domain])
                found[name] = sorted(leads.mapped("name"))
            self.assertEqual(
                found,
                {
                    "is_sales_ready": ["L20"],
                    "lead_grade_a": ["L20"],
                    "lead_grade_b": [],
                    "lead_grade_c": ["L0", "L10", "L5"],
                },
                xml_id,
            )

    def test_actions_open_for_each_role(self):
        for user in (self.salesman, self.seller_all, self.manager):
            for xml_id in (
                "crm_lead_scoring.crm_lead_action_by_score",
                "crm_lead_scoring.crm_lead_score_quality_action",
                "crm_lead_scoring.crm_lead_score_rule_action",
            ):
                action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
                model = self.env[action["res_model"]].with_user(user)
                views = [(False, "search"), *action["views"]]
                self.assertTrue(model.get_views(views)["views"], xml_id)

    def test_page_is_hidden_without_the_group(self):
        view = self.env.ref("crm.crm_lead_view_form")
        arch = self.env["crm.lead"].with_user(self.salesman).get_view(view.id)["arch"]
        self.assertTrue(etree.fromstring(arch).xpath("//page[@name='lead_score']"))
        group = self.env.ref("crm_lead_scoring.group_lead_scoring_user")
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= group
        self.salesman.group_ids -= group
        self.env.registry.clear_cache("groups")
        arch = self.env["crm.lead"].with_user(self.salesman).get_view(view.id)["arch"]
        self.assertFalse(etree.fromstring(arch).xpath("//page[@name='lead_score']"))

    def test_menus(self):
        menus = self.env["ir.ui.menu"]
        root = self.env.ref("crm_lead_scoring.crm_lead_scoring_menu_root")
        config = self.env.ref("crm_lead_scoring.crm_lead_scoring_menu_config")
        for user, sees, configures in (
            (self.employee, False, False),
            (self.salesman, True, False),
            (self.manager, True, True),
        ):
            visible = menus.with_user(user)._visible_menu_ids()
            self.assertEqual(root.id in visible, sees)
            self.assertEqual(config.id in visible, configures)
