from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import sql

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentFields(SegmentCase):
    """``segment_ids`` of contacts and leads: filter, group, panel; read-only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.make_segment(("is_company", "=", True), name="Companies")
        cls.bulgarians = cls.make_segment(
            ("country_id", "=", cls.bulgaria.id), name="Bulgarians"
        )
        cls.Partner = cls.env["res.partner"].with_user(cls.marketer)
        cls.own = [("ref", "=", "segment-test")]

    def test_read(self):
        both = self.companies + self.bulgarians
        self.assertEqual(self.partners[0].segment_ids, both)
        self.assertEqual(self.partners[0].segment_count, 2)
        self.assertEqual(self.partners[2].segment_ids, self.companies)
        self.assertFalse(self.partners[3].segment_ids)
        [row] = self.partners[0].export_data(["segment_ids"])["datas"]
        self.assertEqual(row, ["Companies,Bulgarians"])

    def test_users_inherit_it_from_their_contact(self):
        description = self.env["res.users"].fields_get(["segment_ids"])["segment_ids"]
        self.assertEqual(description["relation"], "crm.segment")
        self.marketer.partner_id.write({"is_company": True, "ref": "segment-test"})
        self.settle()
        self.assertIn(self.companies, self.marketer.segment_ids)

    def test_filter(self):
        def found(*conditions):
            return self.Partner.search([*self.own, *conditions]).sudo()

        companies, bulgarians = self.companies, self.bulgarians
        in_companies, in_bulgarians = self.members(companies), self.members(bulgarians)
        self.assertEqual(found(("segment_ids", "in", companies.ids)), in_companies)
        self.assertEqual(found(("segment_ids", "=", companies.id)), in_companies)
        self.assertEqual(found(("segment_ids", "ilike", "compan")), in_companies)
        self.assertEqual(found(("segment_ids.name", "=", "Companies")), in_companies)
        self.assertEqual(
            found(("segment_ids", "!=", False)), in_companies | in_bulgarians
        )
        everybody = self.Partner.search(self.own)
        self.assertEqual(
            set(found(("segment_ids", "=", False))),
            set(everybody.sudo() - in_companies - in_bulgarians),
        )
        self.assertEqual(
            set(found(("segment_ids", "not in", companies.ids))),
            set(everybody.sudo() - in_companies),
        )

    def test_group(self):
        rows = self.Partner._read_group(self.own, ["segment_ids"], ["__count"])
        counts = {segment.name: count for segment, count in rows}
        nobody = self.Partner.search_count([*self.own, ("segment_ids", "=", False)])
        self.assertEqual(
            counts,
            {
                "Companies": len(self.members(self.companies)),
                "Bulgarians": len(self.members(self.bulgarians)),
                False: nobody,
            },
        )
        groups = self.Partner.web_read_group(self.own, ["segment_ids"], ["__count"])
        self.assertEqual(groups["length"], 3)

    def test_search_panel(self):
        panel = self.Partner.search_panel_select_multi_range(
            "segment_ids",
            search_domain=self.own,
            enable_counters=True,
            group_domain=[],
            comodel_domain=[],
            filter_domain=[],
            category_domain=[],
            expand=False,
            group_by=False,
            limit=None,
        )
        counts = {value["display_name"]: value["__count"] for value in panel["values"]}
        self.assertEqual(counts["Companies"], len(self.members(self.companies)))

    def test_archived_segments_are_hidden(self):
        self.companies.active = False
        self.env.invalidate_all()
        self.assertEqual(self.partners[0].segment_ids, self.bulgarians)
        self.assertEqual(self.partners[0].segment_count, 1)
        self.assertFalse(self.partners[2].segment_ids)
        self.assertNotIn(
            self.partners[2], self.Partner.search([("segment_ids", "!=", False)])
        )
        self.companies.active = True
        self.env.invalidate_all()
        self.assertEqual(self.partners[2].segment_ids, self.companies)

    def test_only_the_engine_writes(self):
        for commands in (
            [Command.link(self.bulgarians.id)],
            [Command.set([])],
            [Command.unlink(self.companies.id)],
            [Command.clear()],
        ):
            with self.subTest(commands=commands), self.assertRaises(UserError):
                self.partners[2].write({"segment_ids": commands})
        with self.assertRaises(UserError):
            self.env["res.partner"].create(
                {"name": "X", "segment_ids": [Command.link(self.companies.id)]}
            )
        copied = self.partners[3].copy()
        self.assertFalse(copied.segment_ids)
        self.assertEqual(self.partners[2].segment_ids, self.companies)

    def test_relation_is_a_view(self):
        for name in ("crm_segment_current_partner", "crm_segment_current_lead"):
            self.assertEqual(sql.table_kind(self.cr, name), sql.TableKind.View)
            self.assertFalse(
                self.env["ir.model.relation"].search([("name", "=", name)])
            )

    def test_leads(self):
        segment = self.make_segment(("type", "=", "lead"), target="lead")
        members = self.members(segment)
        Lead = self.env["crm.lead"].with_user(self.marketer)
        self.assertEqual(
            set(Lead.search([("segment_ids", "in", segment.ids)]).ids), set(members.ids)
        )
        rows = Lead._read_group(
            [("id", "in", self.leads.ids)], ["segment_ids"], ["__count"]
        )
        self.assertIn((segment, len(members)), [(s.sudo(), n) for s, n in rows])
        self.assertEqual(members[0].segment_count, 1)
