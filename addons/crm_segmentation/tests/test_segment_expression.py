import random

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import expression as algebra
from ..tools.identifier import identifier
from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestExpressionText(SegmentCase):
    """What the parser reads, and where it says that it cannot."""

    def test_precedence(self):
        tree = algebra.parse("a or b and not c")
        self.assertEqual(tree.kind, "or")
        self.assertEqual([child.kind for child in tree.children], ["name", "and"])
        sets = {"a": {1}, "b": {2, 3}, "c": {3}}
        self.assertEqual(tree.evaluate(sets, {1, 2, 3, 4}), {1, 2})

    def test_ways_to_say_it(self):
        sets = {"a": {1, 2, 3}, "b": {2, 4}, "c": {3}}
        universe = {1, 2, 3, 4, 5}
        for text, expected in (
            ("a and b", {2}),
            ("A & B", {2}),
            ("a и b", {2}),
            ("a или b", {1, 2, 3, 4}),
            ("a | b", {1, 2, 3, 4}),
            ("a - b", {1, 3}),
            ("a but not b", {1, 3}),
            ("a но не b", {1, 3}),
            ("!a", {4, 5}),
            ("not (a or b)", {5}),
            ("a - b - c", {1}),
            ("a and (b or c) and not c", {2}),
        ):
            with self.subTest(text=text):
                self.assertEqual(algebra.parse(text).evaluate(sets, universe), expected)

    def test_errors_say_where(self):
        for text, code, position in (
            ("", "empty", 1),
            ("   ", "empty", 1),
            ("a and", "name", 6),
            ("a b", "operator", 3),
            ("and a", "name", 1),
            ("(a or b", "open", 1),
            ("a or b)", "close", 7),
            ("a ; b", "sign", 3),
            ("a and 7", "sign", 7),
            ("a but b", "operator", 7),
            ("not", "name", 4),
            ("()", "name", 2),
            ("(" * 100 + "a", "deep", 61),
            ("a" * 20_000, "long", 1),
        ):
            with (
                self.subTest(text=text[:20]),
                self.assertRaises(algebra.ExpressionError) as caught,
            ):
                algebra.parse(text)
            self.assertEqual(
                (caught.exception.code, caught.exception.position),
                (code, position),
                text[:20],
            )

    def test_rename_keeps_the_rest(self):
        self.assertEqual(
            algebra.rename("b2b  AND (key or  keys)", "key", "top"),
            "b2b  AND (top or  keys)",
        )

    def test_identifier(self):
        for name, expected in (
            ("Key accounts!", "key_accounts"),
            ("Ключови клиенти", "klyuchovi_klienti"),
            ("Žalud & Söhne", "zalud_sohne"),
            ("2026 fair", "_2026_fair"),
            ("", "segment"),
            ("***", "segment"),
        ):
            self.assertEqual(identifier(name), expected)


@tagged("post_install", "-at_install")
class TestSegmentExpression(SegmentCase):
    """Segments that are made of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bg = cls.make_segment(("country_id", "=", cls.bulgaria.id), code="bg")
        cls.firms = cls.make_segment(("is_company", "=", True), code="firms")
        cls.hand = cls.make_segment(kind="manual", code="hand")
        cls.hand.add_members(cls.partners[:3].ids)

    def _made_of(self, expression, **vals):
        segment = self.Segment.create(
            {
                "name": "Made",
                "kind": "expression",
                "expression": expression,
                **vals,
            }
        )
        segment.refresh()
        return segment

    def test_members(self):
        segment = self._made_of("bg and firms and not hand")
        expected = self.members(self.bg) & self.members(self.firms)
        self.assertEqual(self.members(segment), expected - self.members(self.hand))
        self.assertEqual(segment.operand_ids, self.bg | self.firms | self.hand)
        self.assertEqual(
            segment.domain_sentence,
            f"in “{self.bg.name}” and in “{self.firms.name}”"
            f" and not in “{self.hand.name}”",
        )

    def test_members_equal_set_algebra(self):
        """Random expressions over random groups, held against Python's own sets."""
        dice = random.Random(6)
        names = [f"group_{letter}" for letter in "abcd"]
        sets = {}
        for name in names:
            group = self.make_segment(kind="manual", code=name)
            chosen = dice.sample(
                self.partners.filtered("active").ids, dice.randint(0, 6)
            )
            group.add_members(chosen)
            sets[name] = set(chosen)

        def write(depth):
            kind = dice.choice(["name", "and", "or", "not"]) if depth else "name"
            if kind == "name":
                return dice.choice(names)
            if kind == "not":
                return f"not ({write(depth - 1)})"
            return f"({write(depth - 1)} {kind} {write(depth - 1)})"

        universe = set(self.env["res.partner"].search([]).ids)
        segment = self._made_of("group_a")
        for _case in range(60):
            text = write(4)
            segment.expression = text
            segment.refresh()
            expected = algebra.parse(text).evaluate(sets, universe)
            self.assertEqual(set(self.members(segment).ids), expected, text)

    def test_follows_its_operands(self):
        segment = self._made_of("hand and firms")
        self.assertNotIn(self.partners[4], self.members(segment))
        self.hand.add_members(self.partners[4].ids)
        self.Segment._refresh_all()
        self.assertIn(self.partners[4], self.members(segment))
        self.hand.remove_members(self.partners[4].ids)
        self.Segment._refresh_all()
        self.assertNotIn(self.partners[4], self.members(segment))

    def test_of_expressions_in_order(self):
        first = self._made_of("bg or firms", code="first")
        second = self._made_of("first and not hand", code="second")
        self.hand.write({"code": "by_hand"})
        self.assertEqual(second.expression, "first and not by_hand")
        ordered = (second | first | self.bg)._in_refresh_order()
        self.assertEqual(ordered, self.bg | first | second)
        self.assertEqual(self.bg._get_dependents(), first | second)

    def test_problems_are_told(self):
        lead_segment = self.make_segment(target="lead", code="leads_only")
        self.assertTrue(lead_segment)
        for expression, words in (
            ("bg and nobody", r"“nobody” \(character 8\)|called “nobody”"),
            ("bg and (firms", "character 8 is not closed"),
            ("bg and leads_only", "do not mix"),
            ("", "at least one"),
        ):
            with self.subTest(expression=expression):
                with self.assertRaisesRegex(ValidationError, words):
                    self._made_of(expression)
                answer = self.Segment.check_expression(expression)
                self.assertRegex(answer["problem"], words)

    def test_cycles(self):
        first = self._made_of("bg", code="first")
        second = self._made_of("first or firms", code="second")
        with self.assertRaisesRegex(ValidationError, "rest on itself"):
            first.expression = "second and bg"
        with self.assertRaisesRegex(ValidationError, "rest on itself"):
            first.expression = "first"
        third = self.make_segment(("is_company", "=", True), code="third")
        third.parent_id = second
        with self.assertRaisesRegex(ValidationError, "rest on itself"):
            first.expression = "third"

    def test_cycle_of_segments_made_together(self):
        with self.assertRaisesRegex(ValidationError, "rest on itself"):
            self.Segment.create(
                [
                    {
                        "name": code,
                        "code": code,
                        "kind": "expression",
                        "expression": f"bg or {other}",
                    }
                    for code, other in (("hen", "egg"), ("egg", "hen"))
                ]
            )

    def test_other_company(self):
        mine, other = self.env.company, self.env["res.company"].create({"name": "O"})
        foreign = self.make_segment(
            ("is_company", "=", True),
            name="Secret plan",
            code="foreign",
            company_id=other.id,
        )
        with self.assertRaisesRegex(ValidationError, "another company"):
            self._made_of("foreign and bg")
        with self.assertRaisesRegex(ValidationError, "another company"):
            self._made_of("foreign and bg", company_id=mine.id)
        own = self._made_of("foreign and bg", company_id=other.id)
        with self.assertRaisesRegex(ValidationError, "another company"):
            own.company_id = False
        # Who works elsewhere does not even learn that there is such a segment.
        Segment = self.Segment.with_user(self.marketer)
        answer = Segment.check_expression("foreign and bg")
        self.assertIn("No segment is called “foreign”", answer["problem"])
        self.assertFalse(answer["sentence"])
        with self.assertRaises(AccessError):
            Segment.check_expression("bg", "partner", foreign.id)

    def test_operand_goes_to_another_company(self):
        segment = self._made_of("firms and bg")
        members = self.members(segment)
        self.firms.company_id = self.env["res.company"].create({"name": "O"})
        self.Segment._refresh_all()
        self.assertIn("another company", segment.error_message)
        self.assertEqual(self.members(segment), members, "nothing is lost")

    def test_check_while_typing(self):
        segment = self._made_of("bg", code="typed")
        check = self.Segment.with_user(self.salesperson).check_expression
        self.assertEqual(
            check("bg but (firms"),
            {
                "problem": "“and”, “or” or “and not” is missing at character 8.",
                "position": 8,
                "sentence": False,
            },
        )
        answer = check("bg and (firms or not hand)")
        self.assertFalse(answer["problem"])
        self.assertEqual(
            answer["sentence"],
            f"in “{self.bg.name}” and (in “{self.firms.name}” or not in"
            f" “{self.hand.name}”)",
        )
        own = check("bg or typed", "partner", segment.id)
        self.assertIn("rest on itself", own["problem"])

    def test_many(self):
        """A hundred segments, each made of the one before, in one pass."""
        codes = ["bg", *(f"link_{number}" for number in range(100))]
        chain = self.Segment.create(
            [{"name": code, "code": code, "kind": "manual"} for code in codes[1:]]
        )
        for segment, before in zip(chain, codes, strict=False):
            segment.write({"kind": "expression", "expression": before})
        self.env.flush_all()
        self.assertEqual(chain[::-1]._in_refresh_order(), chain)
        with (
            self.assertRaisesRegex(ValidationError, "link_98 → … → link_1 → link_0"),
            self.env.cr.savepoint(),
        ):
            chain[0].expression = codes[-1]
        chain[::-1].refresh()
        self.assertEqual(self.members(chain[-1]), self.members(self.bg))

    def test_cycle_by_renaming(self):
        first = self._made_of("bg", code="first")
        self._made_of("first", code="second")
        # Names are kept in step: no other segment can slip in under an old name.
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.bg.code = "second"
            self.env.flush_all()
        self.assertEqual(first.expression, "bg")

    def test_archived_operand(self):
        segment = self._made_of("hand and firms")
        members = self.members(segment)
        self.hand.active = False
        self.Segment._refresh_all()
        self.assertIn("archived", segment.error_message)
        self.assertEqual(segment.freshness, "broken")
        self.assertEqual(self.members(segment), members, "nothing is lost")
        self.hand.active = True
        segment.refresh()
        self.assertFalse(segment.error_message)

    def test_operands_are_not_deleted(self):
        segment = self._made_of("hand and firms")
        with self.assertRaisesRegex(UserError, "Made"):
            self.hand.unlink()
        segment.unlink()
        self.hand.unlink()

    def test_refines_its_parent(self):
        child = self.make_segment(("is_company", "=", True), parent_id=self.bg.id)
        self.assertEqual(
            self.members(child), self.members(self.bg) & self.members(self.firms)
        )
        self.assertRegex(child.domain_sentence, f"^in “{self.bg.name}”, and .")
        grandchild = self._made_of("not hand", parent_id=child.id)
        self.assertEqual(
            self.members(grandchild), self.members(child) - self.members(self.hand)
        )
        with self.assertRaisesRegex(ValidationError, "rest on itself"):
            self.bg.parent_id = grandchild
        with self.assertRaisesRegex(ValidationError, "do not mix"):
            child.parent_id = self.make_segment(target="lead")

    def test_short_names(self):
        names = self.Segment.create([{"name": "Twice"}, {"name": "Twice"}])
        self.assertEqual(names.mapped("code"), ["twice", "twice_2"])
        self.assertEqual(names[0].copy().code, "twice_copy")
        self.assertEqual(self.Segment.create({"name": "Или"}).code, "ili")
        self.assertEqual(self.Segment.create({"name": "And"}).code, "and_2")

    def test_form(self):
        form = Form(self.Segment.with_user(self.marketer))
        form.name = "By form"
        form.kind = "expression"
        form.expression = "bg and not hand"
        segment = form.save()
        self.assertEqual(segment.code, "by_form")
        self.assertEqual(segment.operand_ids, self.bg | self.hand)
