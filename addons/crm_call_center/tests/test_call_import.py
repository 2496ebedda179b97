import base64
import io

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCenterCase

NOW = "2026-03-11 15:00:00"
PROVENANCE = {"seller": "Fair of Plovdiv", "date": "2026-03-01", "basis": "Consent"}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCallImport(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulgaria = cls.env.ref("base.bg")
        cls.list = cls._list(name="Imported", domain="[('id', '=', 0)]")

    def _rows(self, count=5):
        return [
            {"name": f"Person {n}", "phone": f"+3598881234{n:02d}", "city": "Ruse"}
            for n in range(count)
        ]

    def _import(self, rows, call_list=None, user=None, **options):
        call_list = (call_list or self.list).with_user(user or self.supervisor)
        result = call_list.import_rows(rows, **options)
        return [result[k] for k in ("taken", "duplicate", "blocked", "unreadable")]

    # === ROWS === #

    def test_what_becomes_of_a_row(self):
        result = self.list.import_rows(
            [
                {
                    "name": "Ann",
                    "phone": "0888/12-34-56",
                    "email": "Ann@Example.com ",
                    "company": "ACME",
                    "country": "Bulgaria",
                    "note": "Likes tea",
                    "city": "Ruse",
                }
            ]
        )
        call = self.list.call_ids
        self.assertEqual(result["taken"], 1)
        self.assertEqual(result["rows"][0]["country"], "BG")
        self.assertEqual(call.phone_sanitized, "+359888123456")
        self.assertEqual(
            (call.name, call.contact_name, call.company_name, call.email_from),
            ("Ann", "Ann", "ACME", "ann@example.com"),
        )
        self.assertEqual(call.description, "Likes tea")
        self.assertEqual(call.import_values, {"city": "Ruse"})
        self.assertEqual((call.state, call.origin), ("open", "import"))
        self.assertFalse(call.partner_id, "no contact is made")
        self.list.action_start()
        card = self.list.with_user(self.operator).take_next()
        self.assertEqual(card["id"], call.id)

    def test_every_reason(self):
        self.env["crm.do.not.call"]._request("+359888123401")
        rows = [
            *self._rows(3),
            {"phone": "3.59E+11", "name": "Excel"},
            {"phone": "", "name": "Nobody"},
            {"phone": "00359 888 123 400", "name": "Twice"},
        ]
        self.assertEqual(self._import(rows), [2, 1, 1, 2])
        told = self.list.import_rows(rows)["rows"]
        self.assertEqual(
            [row["status"] for row in told],
            ["duplicate", "blocked", "duplicate", "unreadable", "unreadable"]
            + ["duplicate"],
        )
        self.assertIn("do-not-call", told[1]["reason"])
        self.assertIn("spreadsheet", told[3]["reason"])

    def test_the_same_twice(self):
        self.assertEqual(self._import(self._rows()), [5, 0, 0, 0])
        self.assertEqual(self._import(self._rows()), [0, 5, 0, 0])
        self.assertEqual(self.list.call_count, 5)
        self.assertEqual(self.list.import_batch_count, 1, "nothing, so no import")

    def test_dry_run(self):
        self.assertEqual(self._import(self._rows(), dry_run=True), [5, 0, 0, 0])
        self.assertFalse(self.list.call_ids)
        self.assertFalse(self.list.import_batch_count)

    def test_contacts_are_linked(self):
        partner = self.env["res.partner"].create(
            {"name": "Ann", "phone": "+359888123400"}
        )
        shared = self.env["res.partner"].create(
            [{"name": name, "phone": "+359888123401"} for name in "AB"]
        )
        count = self.env["res.partner"].search_count([])
        self._import(self._rows(3))
        calls = self.list.call_ids.sorted("phone_sanitized")
        self.assertEqual(calls[0].partner_id, partner)
        self.assertFalse(calls[1].partner_id, "of two nobody knows which")
        self.assertTrue(shared)
        self.assertEqual(self.env["res.partner"].search_count([]), count)

    def test_provenance(self):
        offers = self._list(name="Offers", purpose="marketing", legal_basis="consent")
        for provenance in (None, {}, {"seller": "X"}, {"basis": "Y"}):
            with self.subTest(provenance=provenance), self.assertRaises(UserError):
                offers.import_rows(self._rows(), provenance=provenance)
        for provenance in ("Fair", {**PROVENANCE, "date": "yesterday"}):
            with (
                self.subTest(provenance=provenance),
                self.assertRaises(ValidationError),
            ):
                offers.import_rows(self._rows(), provenance=provenance)
        self.assertEqual(
            self._import(self._rows(), offers, provenance=PROVENANCE)[0], 5
        )
        batch = offers.import_batch_ids
        self.assertEqual((batch.seller, batch.basis), ("Fair of Plovdiv", "Consent"))
        self.assertEqual(batch.taken_count, 5)
        # the gate asks for it at each dial
        call = offers.call_ids[0]
        self.assertNotIn(
            "no_provenance", [r.code for r in call._decide()[call.id].reasons]
        )
        batch.sudo().basis = False
        self.assertIn(
            "no_provenance", [r.code for r in call._decide()[call.id].reasons]
        )

    def test_undo(self):
        self._import(self._rows(4))
        made, taken, *_rest = self.list.call_ids.sorted("id")
        made.action_not_held()
        self.list.action_start()
        card = self.list.with_user(self.operator).take_next()
        self.assertEqual(card["id"], taken.id)
        batch = self.list.import_batch_ids
        batch.with_user(self.supervisor).action_undo()
        self.assertEqual(self.list.call_ids, made | taken)
        self.assertEqual(batch.state, "undone")
        with self.assertRaises(UserError):
            batch.action_undo()
        # what was taken out can come in again
        self.assertEqual(self._import(self._rows(4)), [2, 2, 0, 0])

    def test_all_or_nothing(self):
        """An error in the middle leaves no call behind."""
        rows = self._rows(3)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.list.import_rows([*rows, "not a row"])
        self.assertFalse(self.list.call_ids)

    def test_who_may(self):
        for user in (self.operator, self.salesman):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._import(self._rows(), user=user)
        company = self.env["res.company"].create({"name": "Foreign"})
        foreigner = self._user(
            "cc_foreign_import",
            "group_call_center_supervisor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            self._import(self._rows(), user=foreigner)

    # === FILES === #

    def _wizard(self, content, filename="list.csv", call_list=None, lang=None):
        if isinstance(content, str):
            content = content.encode()
        wizard = (
            self.env["crm.call.import"]
            .with_user(self.supervisor)
            .with_context(lang=lang or "en_US")
            .create(
                {
                    "list_id": (call_list or self.list).id,
                    "file": base64.b64encode(content),
                    "filename": filename,
                }
            )
        )
        # what the form does when the file is chosen
        wizard._onchange_file()
        return wizard

    def _targets(self, wizard):
        return wizard.column_ids.mapped("target")

    def test_wizard(self):
        wizard = self._wizard(
            "Име;Телефон;Град\nАна;+359888123400;Русе\nБоян;+359888123401;\n"
        )
        self.assertEqual(self._targets(wizard), ["name", "phone", "extra"])
        self.assertEqual(wizard.column_ids[0].sample, "Ана, Боян")
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.taken_count), ("check", 2))
        self.assertFalse(self.list.call_ids)
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertEqual(
            self.list.call_ids.sorted("id").mapped("contact_name"), ["Ана", "Боян"]
        )
        self.assertEqual(self.list.import_batch_ids.name, "list.csv")
        report = base64.b64decode(wizard.report_file).decode("utf-8-sig")
        self.assertEqual(len(report.splitlines()), 1, "nothing is left out")

    def test_mapping_is_remembered(self):
        content = "Who;Where to;Age\nAnn;+359888123400;40\n"
        wizard = self._wizard(content)
        self.assertEqual(self._targets(wizard), ["extra", "extra", "extra"])
        with self.assertRaises(UserError):
            wizard.action_check()
        for column, target in zip(
            wizard.column_ids, ("name", "phone", "skip"), strict=True
        ):
            column.target = target
        wizard.action_import()
        self.assertEqual(
            self._targets(self._wizard(content)), ["name", "phone", "skip"]
        )

    def test_kinds_of_files(self):
        text = "name,phone\nАна,+359888123400\n"
        book = openpyxl.Workbook()
        for row in (("Name", "Phone"), ("Ана", 359888123400), (None, None)):
            book.active.append(row)
        xlsx = io.BytesIO()
        book.save(xlsx)
        for name, content, lang in (
            ("utf8.csv", text.encode(), None),
            ("bom.csv", text.encode("utf-8-sig"), None),
            ("utf16.csv", text.encode("utf-16"), None),
            ("cp1251.csv", text.encode("cp1251"), "bg_BG"),
            ("tabs.txt", text.replace(",", "\t").encode(), None),
            ("crlf.csv", text.replace("\n", "\r\n").encode(), None),
            ("book.xlsx", xlsx.getvalue(), None),
        ):
            with self.subTest(name=name):
                wizard = self._wizard(content, name, lang=lang)
                self.assertEqual(self._targets(wizard), ["name", "phone"])
                wizard.action_check()
                self.assertEqual(wizard.taken_count, 1)
                self.assertEqual(wizard.column_ids[0].sample, "Ана")

    def test_bad_files(self):
        for content, words in (
            (b"", "empty"),
            (b"  \n \n", "empty"),
            (b"PK\x03\x04 no book", "neither"),
            (b"\xd0\xcf\x11\xe0 old", "old Excel"),
            (b"\x00\x01\x02\x03binary\x00", "neither"),
        ):
            with self.subTest(content=content):
                wizard = self.env["crm.call.import"].new(
                    {"list_id": self.list.id, "file": base64.b64encode(content)}
                )
                with self.assertRaises(UserError) as error:
                    wizard._prepare_columns()
                self.assertIn(words, str(error.exception))

    def test_header_only(self):
        wizard = self._wizard("name;phone\n")
        wizard.action_check()
        self.assertEqual(wizard.taken_count, 0)
        self.assertIn("no rows", str(wizard.report))

    def test_what_no_database_keeps(self):
        rows = [
            {"phone": "+359888123401", "name": "A\0nn", "ci\0ty": "Ru\0se"},
            {"phone": "+359888123402", "name": "B\ud800ob", "note": "\0"},
        ]
        self.assertEqual(self._import(rows), [2, 0, 0, 0])
        calls = self.list.call_ids.sorted("phone")
        self.assertEqual(calls.mapped("name"), ["Ann", "Bob"])
        self.assertEqual(calls[0].import_values, {"city": "Ruse"})

    def test_one_broken_row(self):
        """It is named, and nothing comes in."""
        lines = [f"P{n};+35988812{n:04d}" for n in range(300)]
        lines[250] = "P;Q;+359888999999;too;much"
        wizard = self._wizard("name;phone\n" + "\n".join(lines))
        with self.assertRaises(UserError) as error:
            wizard.action_import()
        self.assertIn("252", str(error.exception))
        self.assertFalse(self.list.call_ids)

    def test_two_columns_of_numbers(self):
        wizard = self._wizard("phone;mobile\n+359888123400;+359888123401\n")
        self.assertEqual(self._targets(wizard), ["phone", "extra"])
        wizard.column_ids[1].target = "phone"
        with self.assertRaises(UserError):
            wizard.action_check()

    def test_report_is_harmless(self):
        """What stands in a cell is no formula and no markup for whoever reads it."""
        wizard = self._wizard('name;phone\n"=SUM(1+1)*cmd";12\n<script>x</script>;13\n')
        wizard.action_check()
        self.assertNotIn("<script>", str(wizard.report))
        report = base64.b64decode(wizard.report_file).decode("utf-8-sig")
        self.assertIn("'=SUM", report)
