import base64

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentImport(SegmentCase):
    """Members from a file: compared first, refused line by line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.make_segment(kind="manual").with_user(cls.marketer)
        for partner in cls.partners:
            partner.email = f"segment{partner.id}@example.com"
        cls.segment.add_members(cls.partners[:2].ids)

    def _wizard(self, text, mode="add", **vals):
        return (
            self.env["crm.segment.import"]
            .with_user(self.marketer)
            .create(
                {
                    "segment_id": self.segment.id,
                    "mode": mode,
                    "file": base64.b64encode(text.encode()),
                    "filename": "members.csv",
                    **vals,
                }
            )
        )

    def _lines(self, partners):
        return "Name;Email\n" + "".join(f"{p.name};{p.email}\n" for p in partners)

    def test_add(self):
        wizard = self._wizard(self._lines(self.partners[1:4]))
        self.assertEqual(
            (wizard.added_count, wizard.removed_count, wizard.unchanged_count),
            (2, 0, 1),
        )
        self.assertEqual(self.members(self.segment), self.partners[:2])
        wizard.action_apply()
        self.assertEqual(self.members(self.segment), self.partners[:4])
        self.assertEqual(
            self.stays(self.segment, self.partners[3]), [("imported", False, True)]
        )

    def test_the_same_file_twice_changes_nothing(self):
        text = self._lines(self.partners[1:4])
        self._wizard(text).action_apply()
        again = self._wizard(text)
        self.assertEqual((again.added_count, again.unchanged_count), (0, 3))
        again.action_apply()
        self.assertEqual(len(self.stays(self.segment, self.partners[3])), 1)

    def test_replace_shows_who_leaves(self):
        wizard = self._wizard(self._lines(self.partners[1:3]), mode="replace")
        self.assertEqual(
            (wizard.added_count, wizard.removed_count, wizard.unchanged_count),
            (1, 1, 1),
        )
        wizard.action_apply()
        self.assertEqual(self.members(self.segment), self.partners[1:3])

    def test_remove(self):
        wizard = self._wizard(self._lines(self.partners[1:4]), mode="remove")
        self.assertEqual((wizard.added_count, wizard.removed_count), (0, 1))
        wizard.action_apply()
        self.assertEqual(self.members(self.segment), self.partners[:1])

    def test_nobody_found_replaces_nothing(self):
        wizard = self._wizard("Email\nnobody@nowhere.test\n", mode="replace")
        self.assertIn("nothing is replaced", wizard.problem)
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(self.members(self.segment), self.partners[:2])

    def test_lines_are_refused_one_by_one(self):
        twin = self.partners[2].copy({"email": self.partners[2].email})
        wizard = self._wizard(
            f"ID,Email,Phone,Note\n{self.partners[3].id},,,\n,{twin.email},,\n"
            "99999999,,,\n,,,vip\nx,,,\n"
        )
        self.assertEqual(wizard.added_count, 1)
        self.assertEqual(wizard.refused_count, 4)
        self.assertIn(
            "Line 3: “" + twin.email + "” fits 2 records.", wizard.refused_text
        )
        self.assertIn("Line 4: “99999999” was not found.", wizard.refused_text)
        self.assertIn("Line 5: it names nobody.", wizard.refused_text)

    def test_by_external_id_and_phone(self):
        self.env["ir.model.data"].create(
            {
                "module": "shop",
                "name": "customer_7",
                "model": "res.partner",
                "res_id": self.partners[4].id,
            }
        )
        wizard = self._wizard(
            f"External ID;Phone\nshop.customer_7;\n;{self.partners[5].phone}\n"
        )
        self.assertEqual(wizard.added_count, 2, wizard.refused_text)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.segment.sudo().company_id = self.env.company
        self.partners[5].sudo().company_id = company
        self.marketer.company_ids |= company
        wizard = self._wizard(self._lines(self.partners[4:6]))
        wizard = wizard.with_context(
            allowed_company_ids=(self.env.company | company).ids
        )
        self.assertEqual((wizard.added_count, wizard.refused_count), (1, 1))
        self.assertIn("another company", wizard.refused_text)
        wizard.action_apply()
        self.assertNotIn(self.partners[5], self.members(self.segment))

    def test_files_that_cannot_be_read(self):
        for text, words in (
            ("", "Choose"),
            ("Email\n", "no lines"),
            ("Colour;Size\nred;5\n", "Colour, Size"),
        ):
            with self.subTest(text=text):
                wizard = self._wizard(text) if text else self._wizard("x", file=False)
                with self.assertRaisesRegex(UserError, words):
                    wizard.action_apply()

    def test_only_marketers(self):
        with self.assertRaises(AccessError):
            self.env["crm.segment.import"].with_user(self.salesperson).create(
                {"segment_id": self.segment.id}
            )


@tagged("post_install", "-at_install")
class TestSegmentDates(SegmentCase):
    """Members on two dates, growth, and moves between segments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson.tz = "UTC"
        cls.segment = cls.make_segment(kind="manual")
        with freeze_time("2026-03-01 10:00:00"):
            cls.segment.add_members(cls.partners[:3].ids)
        with freeze_time("2026-03-05 10:00:00"):
            cls.segment.remove_members(cls.partners[:1].ids)
            cls.segment.add_members(cls.partners[4:5].ids)

    def test_compared_dates(self):
        wizard = (
            self.env["crm.segment.members.on"]
            .with_user(self.salesperson)
            .create(
                {
                    "segment_id": self.segment.id,
                    "date": "2026-03-02",
                    "other_date": "2026-03-06",
                }
            )
        )
        counts = (wizard.member_count, wizard.stayed_count)
        self.assertEqual(counts, (3, 2))
        self.assertEqual((wizard.entered_count, wizard.left_count), (1, 1))
        action = wizard.action_view_left()
        self.assertEqual(action["domain"], [("id", "in", self.partners[:1].ids)])
        wizard.other_date = False
        self.assertFalse(wizard.left_count)

    @freeze_time("2026-03-06 12:00:00")
    def test_growth(self):
        growth = self.segment.with_user(self.salesperson).get_growth(7)
        self.assertEqual(growth["entered"], [0, 3, 0, 0, 0, 1, 0])
        self.assertEqual(growth["left"], [0, 0, 0, 0, 0, 1, 0])
        self.assertEqual(growth["size"], [0, 3, 3, 3, 3, 3, 3])
        for wrong in (0, 5000, "7", None):
            with self.assertRaises(UserError):
                self.segment.get_growth(wrong)

    def test_moves(self):
        other = self.make_segment(kind="manual")
        with freeze_time("2026-03-05 12:00:00"):
            other.add_members(self.partners[:2].ids)
        moves = self.env["crm.segment.move"].search([("to_segment_id", "=", other.id)])
        self.assertEqual(moves.from_segment_id, self.segment)
        self.assertEqual(moves.partner_id, self.partners[:1])
        self.assertEqual(
            self.segment.action_view_moves()["res_model"], "crm.segment.move"
        )

    def test_moves_of_foreign_companies_are_not_seen(self):
        other = self.make_segment(kind="manual")
        with freeze_time("2026-03-05 12:00:00"):
            other.add_members(self.partners[:1].ids)
        moves = self.env["crm.segment.move"].with_user(self.salesperson)
        self.assertTrue(moves.search([("to_segment_id", "=", other.id)]))
        other.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(moves.search([("to_segment_id", "=", other.id)]))

    def test_form_of_members_on(self):
        form = Form(
            self.env["crm.segment.members.on"].with_context(
                default_segment_id=self.segment.id
            )
        )
        form.date = "2026-03-02"
        self.assertEqual(form.member_count, 3)
