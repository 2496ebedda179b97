import time
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_glossary_core import engine

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentExplain(SegmentCase):
    """Why somebody is in a segment, or is not."""

    def leaves(self, node):
        if not node["children"]:
            return [node]
        return [leaf for child in node["children"] for leaf in self.leaves(child)]

    def excluding(self, answer):
        return [n["number"] for n in self.leaves(answer["tree"]) if n["excludes"]]

    def test_member(self):
        segment = self.make_segment(("country_id", "=", self.bulgaria.id))
        answer = segment.explain(self.partners[0].id)
        self.assertTrue(answer["member"])
        self.assertTrue(answer["since"])
        self.assertEqual(answer["reason"], "Rule set or changed")
        self.assertTrue(answer["tree"]["ok"])
        self.assertFalse(self.excluding(answer))
        self.assertIn("Bulgaria", self.leaves(answer["tree"])[1]["value"])

    def test_condition_that_excludes(self):
        segment = self.make_segment(("country_id", "=", self.bulgaria.id))
        answer = segment.explain(self.partners[2].id)
        self.assertFalse(answer["member"])
        self.assertFalse(answer["since"])
        self.assertEqual(self.excluding(answer), [2])
        self.assertIn("Condition 2 excludes Segment contact 2", answer["text"])
        self.assertIn("Austria", answer["text"])

    def test_date_that_was_seen(self):
        self.leads[0].date_deadline = date(2026, 8, 2)
        self.env.user.lang = "en_US"
        segment = self.make_segment(("date_deadline", ">", "2026-09-01"), target="lead")
        answer = segment.with_context(lang="en_US").explain(self.leads[0].id)
        self.assertIn("08/02/2026", answer["text"])

    def test_any_and_not(self):
        segment = self.make_segment(
            "|",
            ("country_id", "=", self.austria.id),
            ("name", "ilike", "contact 1"),
            "!",
            ("phone", "=", False),
        )
        answer = segment.explain(self.partners[0].id)
        # Neither of the two, and no phone.
        self.assertEqual(self.excluding(answer), [2, 3, 4])
        self.assertIn("Conditions 2, 3, 4 exclude", answer["text"])
        answer = segment.explain(self.partners[2].id)
        self.assertFalse(self.excluding(answer))
        self.assertTrue(answer["member"])

    def test_tree_agrees_with_search(self):
        segment = self.make_segment(
            "|",
            "&",
            ("is_company", "=", True),
            ("phone", "!=", False),
            ("country_id.code", "=", "AT"),
        )
        for partner in self.partners:
            answer = segment.explain(partner.id)
            is_found = partner in self.found(segment)
            self.assertEqual(answer["member"], is_found, partner.name)
            self.assertEqual(
                answer["tree"]["ok"] and partner.active, is_found, partner.name
            )
            self.assertEqual(bool(self.excluding(answer)), not answer["tree"]["ok"])

    def test_archived_and_company(self):
        segment = self.make_segment()
        answer = segment.explain(self.partners[7].id)
        self.assertFalse(answer["member"])
        self.assertIn("archived", answer["text"])
        other = self.env["res.company"].create({"name": "Segment other company"})
        self.partners[0].company_id = other
        segment.company_id = self.env.company
        segment.refresh()
        answer = segment.explain(self.partners[0].id)
        self.assertFalse(answer["member"])
        self.assertIn(self.env.company.name, answer["text"])

    def test_not_refreshed_yet(self):
        segment = self.make_segment(
            ("country_id", "=", self.bulgaria.id), refresh_policy="manual"
        )
        self.partners[0].country_id = self.austria
        self.settle()
        answer = segment.explain(self.partners[0].id)
        self.assertTrue(answer["member"])
        self.assertEqual(self.excluding(answer), [2])
        self.assertIn("has not been refreshed", " ".join(answer["notes"]))

    def test_manual(self):
        segment = self.make_segment(kind="manual")
        segment.add_members(self.partners[0].ids)
        self.assertIn("added by hand", segment.explain(self.partners[0].id)["text"])
        answer = segment.explain(self.partners[1].id)
        self.assertIn("nobody has added", answer["text"])
        self.assertFalse(answer["tree"])
        segment.remove_members(self.partners[0].ids)
        self.assertIn("removed on", segment.explain(self.partners[0].id)["text"])

    def test_expression_and_parent(self):
        one = self.make_segment(("is_company", "=", True), name="Firms", code="t_firms")
        two = self.make_segment(("phone", "!=", False), name="Phones", code="t_phones")
        parent = self.make_segment(name="All of them", code="t_all")
        mixed = self.make_segment(
            name="Mixed",
            kind="expression",
            expression="t_firms and not t_phones",
            domain="[]",
            parent_id=parent.id,
        )
        mixed.refresh()
        answer = mixed.explain(self.partners[2].id)
        self.assertEqual(
            [leaf["segment_id"] for leaf in self.leaves(answer["tree"])],
            [parent.id, one.id, two.id],
        )
        self.assertEqual(self.excluding(answer), [3])
        self.assertTrue(mixed.explain(self.partners[0].id)["member"])

    def test_roll_up(self):
        firm = self.partners[0]
        child = self.partners[1]
        child.write({"parent_id": firm.id, "function": "Buyer"})
        segment = self.make_segment(("function", "=", "Buyer"), roll_up="company")
        answer = segment.explain(firm.id)
        self.assertTrue(answer["member"])
        self.assertIn(child.display_name, " ".join(answer["notes"]))

    def test_broken(self):
        segment = self.make_segment()
        self.env.cr.execute(
            "UPDATE crm_segment SET domain = %s WHERE id = %s",
            ("[('gone', '=', 1)]", segment.id),
        )
        segment.invalidate_recordset()
        answer = segment.explain(self.partners[0].id)
        self.assertIn("does not work", answer["text"])
        self.assertTrue(answer["notes"])

    # Empty segments

    def test_condition_that_empties(self):
        segment = self.make_segment(("phone", "!=", False), ("city", "=", "Nowhere"))
        answer = segment.explain_empty()
        self.assertEqual([step["count"] for step in answer["steps"]], [7, 4, 0])
        self.assertEqual(answer["steps"][2]["without"], 4)
        self.assertIn("Condition 3", answer["text"])
        self.assertIn("excludes all 4 contacts", answer["text"])
        action = segment.action_view_without(2)
        self.assertEqual(len(self.env["res.partner"].search(action["domain"])), 4)
        with self.assertRaises(UserError):
            segment.action_view_without(3)

    def test_conditions_that_empty_together(self):
        segment = self.make_segment(
            ("name", "=", "Segment contact 1"),
            ("is_company", "=", True),
            ("city", "=", "Nowhere"),
        )
        self.assertIn("After condition 3", segment.explain_empty()["text"])

    def test_emptiness_by_hand(self):
        segment = self.make_segment(kind="manual")
        self.assertIn("Nobody has been added", segment.explain_empty()["text"])

    # Live count

    def count(self, segment, *conditions, **values):
        values["domain"] = str([("ref", "=", "segment-test"), *conditions])
        values = {"kind": "rule", "target": "partner", **values}
        return self.Segment.count_draft(values, segment.id)

    def test_live_count(self):
        segment = self.make_segment(("country_id", "=", self.bulgaria.id))
        self.assertEqual(segment.member_count, 4)
        answer = self.count(segment, ("is_company", "=", True))
        # Four companies; two of them are in Bulgaria.
        self.assertEqual(
            [answer["count"], answer["entering"], answer["leaving"]], [4, 2, 2]
        )
        self.assertFalse(answer["is_late"])
        self.assertEqual(segment.member_count, 4)
        new = self.count(self.Segment, ("is_company", "=", True))
        self.assertEqual((new["count"], new["entering"]), (4, None))

    def test_live_count_problem(self):
        answer = self.count(self.Segment, ("gone", "=", 1))
        self.assertTrue(answer["problem"])
        draft = {"kind": "expression", "target": "partner", "expression": "no_such"}
        self.assertIn("no_such", self.Segment.count_draft(draft)["problem"])

    def test_count_takes_too_long(self):
        def sleep():
            self.env.cr.execute("SELECT pg_sleep(2)")

        self.assertIsNone(engine.within_time(self.env, 50, sleep))
        # The transaction goes on, and nothing is limited afterwards.
        self.env.cr.execute("SELECT pg_sleep(0.1)")
        self.assertEqual(engine.within_time(self.env, 500, lambda: 7), 7)

    def test_two_counts_share_the_time(self):
        segment = self.make_segment(("country_id", "=", self.bulgaria.id))
        limits = []

        def slow(env, milliseconds, action):
            limits.append(milliseconds)
            time.sleep(0.2)
            return action()

        with patch.object(engine, "within_time", slow):
            self.assertTrue(self.count(segment)["count"])
        self.assertLessEqual(limits[0], 900)
        self.assertLessEqual(limits[1], limits[0] - 200)

    # Reach

    def test_reach(self):
        segment = self.make_segment(("id", "in", self.partners[:5].ids))
        self.partners[0].email = "one@example.com"
        self.partners[1].email = "two@example.com"
        self.partners[2].email = "no address"
        self.env["mail.blacklist"]._add("two@example.com")
        self.env["phone.blacklist"]._add(["+359 2 555 0101"])
        self.settle()
        reach = segment.get_reach()
        self.assertEqual((reach["members"], reach["email"]), (5, 1))
        blocked = {(b["channel"], b["code"]): b["count"] for b in reach["blocked"]}
        self.assertEqual(blocked["email", "no_email"], 3)
        self.assertEqual(blocked["email", "blacklisted"], 1)
        self.assertEqual(blocked["sms", "blacklisted"], 1)
        # Contacts 0 and 3 have no phone.
        self.assertEqual(blocked["phone", "no_phone"], 2)
        for channel in reach["channels"]:
            total = sum(reason["count"] for reason in channel["blocked"])
            self.assertEqual(channel["count"] + total, 5)
            opened = segment.action_view_reach(channel["code"])
            found = self.env["res.partner"].search(opened["domain"])
            self.assertEqual(len(found), channel["count"])
        opened = segment.action_view_reach("email", "blacklisted")
        found = self.env["res.partner"].search(opened["domain"])
        self.assertEqual(found, self.partners[1])
        with self.assertRaises(UserError):
            segment.action_view_reach("pigeon")


@tagged("post_install", "-at_install")
class TestSegmentExplainAccess(SegmentCase):
    """Who may ask why, and what a person sees."""

    def test_salesperson(self):
        segment = self.make_segment(target="lead")
        mine, others = self.leads[0], self.leads[3]
        asked = segment.with_user(self.salesperson)
        self.assertTrue(asked.explain(mine.id)["member"])
        with self.assertRaises(AccessError):
            asked.explain(others.id)
        self.assertEqual(asked.get_reach()["members"], 2)
        with self.assertRaises(AccessError):
            asked.count_draft({"kind": "rule", "target": "lead", "domain": "[]"})
        found = asked.get_segments_of("crm.lead", mine.id)
        self.assertEqual([line["segment_id"] for line in found], segment.ids)
        with self.assertRaises(AccessError):
            asked.get_segments_of("crm.lead", others.id)
        with self.assertRaises(UserError):
            asked.get_segments_of("res.users", self.salesperson.id)

    def test_outsider(self):
        segment = self.make_segment(target="lead")
        outsider = new_test_user(self.env, "seg_out", groups="base.group_user")
        asked = segment.with_user(outsider)
        for call in (
            lambda: asked.explain(self.leads[0].id),
            asked.explain_empty,
            asked.get_reach,
            asked.action_explain,
            lambda: asked.action_view_reach("email"),
            lambda: asked.action_view_without(0),
            lambda: asked.get_segments_of("res.partner", self.partners[0].id),
            lambda: asked.count_draft({"kind": "rule", "target": "lead"}),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_foreign_company(self):
        other = self.env["res.company"].create({"name": "Segment other company"})
        segment = self.make_segment()
        segment.company_id = other
        hidden = self.partners[0]
        stranger = new_test_user(
            self.env, "seg_stranger", groups="crm_segmentation.group_segmentation_user"
        )
        asked = segment.with_user(stranger)
        for call in (
            lambda: asked.explain(hidden.id),
            asked.explain_empty,
            asked.get_reach,
            lambda: asked.count_draft({"kind": "rule"}, segment.id),
        ):
            with self.assertRaises(AccessError):
                call()
        shared = self.make_segment()
        hidden.company_id = other
        with self.assertRaises(AccessError):
            shared.with_user(stranger).explain(hidden.id)

    def test_hidden_value(self):
        field = self.env["crm.lead"]._fields["expected_revenue"]
        segment = self.make_segment(("expected_revenue", ">", 50), target="lead")
        asked = segment.with_user(self.salesperson)
        self.patch(field, "groups", "base.group_system")
        answer = asked.explain(self.leads[0].id)
        self.assertIn("(not for you to see)", str(answer["tree"]))
