import random

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_glossary_core import engine

from .common import SegmentCase

CITIES = ["Sofia", "Ruse", "Varna", False]


@tagged("post_install", "-at_install")
class TestSegmentProperties(SegmentCase):
    """Whatever the rule and whatever the edits, members are who ``search()`` finds."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(2026)
        self.tags = self.env["res.partner.category"].create(
            [{"name": f"Segment tag {i}"} for i in range(3)]
        )

    # --- random rules ----------------------------------------------------------
    def make_leaf(self):
        pick = self.random.choice
        return pick(
            [
                ("city", pick(["=", "!="]), pick(CITIES)),
                ("city", pick(["in", "not in"]), self.random.sample(CITIES, 2)),
                ("is_company", "=", pick([True, False])),
                ("phone", pick(["=", "!="]), False),
                ("phone", "ilike", str(self.random.randint(0, 9))),
                ("country_id.code", pick(["=", "!="]), pick(["BG", "AT"])),
                ("category_id", pick(["in", "not in"]), self.tags[:2].ids),
                ("category_id.name", "ilike", pick(["0", "1", "2"])),
                ("parent_id.city", pick(["=", "!="]), pick(CITIES)),
                ("child_ids", pick(["any", "not any"]), [("city", "=", pick(CITIES))]),
                ("opportunity_ids", "any", [("expected_revenue", ">", 150)]),
                ("opportunity_ids.name", "ilike", str(self.random.randint(0, 4))),
                ("active", "in", [True, False]),
                (
                    "id",
                    pick(["in", "not in"]),
                    self.random.sample(self.partners.ids, 3),
                ),
            ]
        )

    def make_rule(self, depth=3):
        if not depth or self.random.random() < 0.3:
            return [self.make_leaf()]
        if self.random.random() < 0.2:
            return ["!", *self.make_rule(depth - 1)]
        return [
            self.random.choice("&|"),
            *self.make_rule(depth - 1),
            *self.make_rule(depth - 1),
        ]

    # --- random edits ----------------------------------------------------------
    def edit(self):
        pick, partner = self.random.choice, self.random.choice(self.partners.exists())
        lead = self.random.choice(self.leads.exists())
        action = pick(
            [
                lambda: partner.write({"city": pick(CITIES)}),
                lambda: partner.write({"phone": pick([False, "+359 2 555 0109"])}),
                lambda: partner.write({"active": not partner.active}),
                lambda: partner.write({"country_id": self.bulgaria.id}),
                lambda: partner.write(
                    {"category_id": [Command.set(pick(self.tags).ids)]}
                ),
                lambda: self.move(partner),
                lambda: lead.write({"expected_revenue": pick([0, 500])}),
                lambda: lead.write({"partner_id": partner.id}),
                lambda: lead.write({"active": not lead.active}),
                lambda: self.add_partner(pick(CITIES)),
                lambda: len(self.partners.exists()) > 6 and self.remove(partner),
            ]
        )
        action()

    def move(self, partner):
        others = self.partners.exists().filtered(
            lambda other: not other.parent_id and other != partner
        )
        if others and not partner.child_ids:
            partner.parent_id = self.random.choice([*others, others.browse()])

    def add_partner(self, city):
        self.partners |= self.partners.create(
            {"name": "New", "ref": "segment-test", "city": city}
        )

    def remove(self, partner):
        partner.opportunity_ids.partner_id = False
        partner.unlink()

    def work_off(self):
        self.env.cr.flush()
        while self.Segment._work_off(float("inf"))[2]:
            pass

    def test_members_are_who_search_finds(self):
        segments = self.Segment.union(
            *(self.make_segment(*self.make_rule()) for _i in range(25))
        )
        for step in range(60):
            for _edit in range(self.random.randint(1, 4)):
                self.edit()
            self.work_off()
            for segment in segments:
                self.assertEqual(
                    set(self.members(segment).ids),
                    set(self.found(segment).ids),
                    (step, segment.domain),
                )
        # Nothing is left for the full refresh of the night.
        self.assertEqual(
            {k: v for k, v in segments.refresh().items() if k != "broken"},
            {"entered": 0, "left": 0},
        )
        for segment in segments:
            self.assert_history_adds_up(segment)

    def found(self, segment):
        return self.env["res.partner"].search(engine.parse(self.env, segment.domain))

    def assert_history_adds_up(self, segment):
        rows = self.Member.sudo().search([("segment_id", "=", segment.id)])
        members = set(self.members(segment).ids)
        for partner, stays in rows.grouped("partner_id").items():
            is_open = stays.filtered(lambda stay: not stay.date_to)
            self.assertLessEqual(len(is_open), 1)
            self.assertEqual(bool(is_open), partner.id in members)
            entries, exits = len(stays), len(stays.filtered("date_to"))
            self.assertEqual(entries - exits, len(is_open))
            for stay in stays.filtered("date_to"):
                self.assertLessEqual(stay.date_from, stay.date_to)
