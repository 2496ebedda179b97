"""Whatever a program sends in gets an answer in words."""

from psycopg2.errors import NotNullViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SegmentCase

NO_IDS = (True, -1, 10**12, 1.5, "1", "x", ["a"], [None], [[1]], {"a": 1}, "a\0b")
NO_TEXTS = (True, 5, 1.5, ["a"], {"a": 1})


@tagged("post_install", "-at_install")
class TestSegmentInput(SegmentCase):
    def test_what_is_no_id_is_told(self):
        segment = self.make_segment()
        board = self.make_segment(kind="manual")
        draft = {"kind": "rule", "target": "partner", "domain": "[]"}
        for value in NO_IDS:
            for call in (
                lambda v: segment.explain(v),
                lambda v: segment.get_segments_of("res.partner", v),
                lambda v: segment.overlap(v),
                lambda v: segment.overlap([segment.id, v]),
                lambda v: segment.check_expression("a", "partner", v),
                lambda v: segment.check_expression("a", "partner", False, v),
                lambda v: segment.count_draft(draft, v),
                lambda v: segment.count_draft({**draft, "company_id": v}),
                lambda v: segment.count_draft({**draft, "parent_id": v}),
                lambda v: board.add_members(v),
                lambda v: board.remove_members(v),
            ):
                with self.subTest(value), self.assertRaises(UserError):
                    answer = call(value)
                    if isinstance(answer, dict) and answer.get("problem"):
                        raise UserError(answer["problem"])

    def test_what_is_no_text_is_told(self):
        for value in NO_TEXTS:
            with self.subTest(value):
                with self.assertRaises(UserError):
                    self.Segment.check_expression(value)
                with self.assertRaises(UserError):
                    self.Segment.get_segments_of(value, 1)
        answer = self.Segment.check_expression("a\0 and b")
        self.assertIn("“a”", answer["problem"])

    def test_nothing_is_no_ids(self):
        board = self.make_segment(kind="manual")
        for nothing in (None, False, [], ()):
            self.assertEqual(board.add_members(nothing), 0)

    @mute_logger("odoo.sql_db")
    def test_a_short_name_cannot_be_taken_away(self):
        segment = self.make_segment()
        self.Segment.create(
            {"name": "Uses", "kind": "expression", "expression": segment.code}
        )
        with self.assertRaises(NotNullViolation), self.cr.savepoint():
            segment.code = False
            segment.flush_recordset()
