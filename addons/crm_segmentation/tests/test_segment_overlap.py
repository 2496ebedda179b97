from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentOverlap(SegmentCase):
    """What segments have in common, and segments made of a selection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.make_segment(kind="manual", name="One", code="one")
        cls.two = cls.make_segment(kind="manual", name="Two", code="two")
        cls.one.add_members(cls.partners[:4].ids)
        cls.two.add_members(cls.partners[2:5].ids)

    def test_matrix(self):
        segments = self.one | self.two
        matrix = self.Segment.with_user(self.salesperson).overlap(segments.ids)
        self.assertEqual(matrix["counts"], [[4, 2], [2, 3]])
        self.assertEqual([row["name"] for row in matrix["segments"]], ["One", "Two"])
        self.assertEqual(matrix["model"], "res.partner")

    def test_what_one_may_not_see_is_not_counted(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.partners[3].company_id = company
        matrix = self.Segment.with_user(self.salesperson).overlap(
            (self.one | self.two).ids
        )
        self.assertEqual(matrix["counts"], [[3, 1], [1, 2]])

    def test_three(self):
        three = self.make_segment(kind="manual", name="Three", code="three")
        three.add_members(self.partners[3:4].ids)
        matrix = self.Segment.overlap((self.one | self.two | three).ids)
        self.assertEqual(matrix["counts"], [[4, 2, 1], [2, 3, 1], [1, 1, 1]])

    def test_of_those_who_left(self):
        self.two.remove_members(self.partners[2].ids)
        matrix = self.Segment.overlap((self.one | self.two).ids)
        self.assertEqual(matrix["counts"], [[4, 1], [1, 2]])

    def test_refusals(self):
        with self.assertRaisesRegex(UserError, "between 2 and"):
            self.Segment.overlap(self.one.ids)
        leads = self.make_segment(kind="manual", target="lead")
        with self.assertRaisesRegex(UserError, "one kind"):
            self.Segment.overlap((self.one | leads).ids)
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "seg_portal",
                "group_ids": [Command.set([self.env.ref("base.group_portal").id])],
            }
        )
        with self.assertRaises(AccessError):
            self.Segment.with_user(portal).overlap((self.one | self.two).ids)

    def test_combine(self):
        for operation, count, expression in (
            ("union", 5, "one or two"),
            ("intersection", 2, "one and two"),
            ("difference", 2, "one and not two"),
        ):
            with self.subTest(operation=operation):
                wizard = Form(
                    self.env["crm.segment.combine"]
                    .with_user(self.marketer)
                    .with_context(default_segment_ids=(self.one | self.two).ids)
                )
                wizard.operation = operation
                self.assertEqual(wizard.member_count, count)
                self.assertEqual(wizard.expression, expression)
                wizard.name = f"Combined {operation}"
                action = wizard.save().action_create()
                segment = self.Segment.browse(action["res_id"])
                self.assertEqual(segment.member_count, count)
