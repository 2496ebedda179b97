import base64
import io
import zipfile

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallImportFiles(CallCenterCase):
    """Files that are broken, and columns that are called what they are not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list = cls._list(name="Imported", domain="[('id', '=', 0)]")

    def wizard(self, content, filename="list.csv"):
        if isinstance(content, str):
            content = content.encode()
        wizard = (
            self.env["crm.call.import"]
            .with_user(self.supervisor)
            .create(
                {
                    "list_id": self.list.id,
                    "file": base64.b64encode(content),
                    "filename": filename,
                }
            )
        )
        wizard._onchange_file()
        return wizard

    def xlsx(self, *sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for rows in sheets:
            sheet = book.create_sheet()
            for row in rows:
                sheet.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def test_title_of_another_column(self):
        """A column that is kept never takes the place of one that is read."""
        wizard = self.wizard("mobile;phone;name\n+359888700001;+35929700001;Ivan\n")
        wizard.action_import()
        call = self.list.call_ids
        targets = wizard.column_ids.mapped("target")
        self.assertEqual(sorted(targets), ["extra", "name", "phone"])
        numbers = {"+359888700001", "+35929700001"}
        [kept] = call.import_values.values()
        self.assertEqual({call.phone_sanitized, kept}, numbers)
        self.assertEqual(call.contact_name, "Ivan")

    def test_a_title_twice(self):
        wizard = self.wizard("phone;x;x;name\n+359888700001;1;2;Ivan\n")
        wizard.action_import()
        self.assertEqual(self.list.call_ids.import_values, {"x": "1", "x (2)": "2"})

    def test_a_column_without_a_title(self):
        wizard = self.wizard("phone;;name\n+359888700001;Ruse;Ivan\n")
        wizard.action_import()
        self.assertEqual(self.list.call_ids.import_values, {"Column 2": "Ruse"})

    def test_a_title_twice_is_remembered(self):
        """Next time the column with the numbers is the phone again."""
        wizard = self.wizard("Phone;phone;phone\n+359888700001;+35929700001;x\n")
        wizard.action_import()
        again = self.wizard("phone;phone\n+359888700002;x\n")
        self.assertEqual(again.column_ids.mapped("target"), ["phone", "extra"])

    def test_cut_files(self):
        table = self.xlsx([("Name", "Phone"), ("Ann", "+359888123400")])
        broken = [("name,phone\nAnn,+359888123400\n".encode("utf-16")[:-1], None)]
        for part in (
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
            "xl/styles.xml",
        ):
            content = io.BytesIO()
            with (
                zipfile.ZipFile(io.BytesIO(table)) as old,
                zipfile.ZipFile(content, "w") as new,
            ):
                for name in old.namelist():
                    data = old.read(name)
                    new.writestr(name, data[:-40] if name == part else data)
            broken.append((content.getvalue(), part))
        broken.append((self.damage(table), "stream"))
        for content, part in broken:
            with self.subTest(part=part):
                with self.assertRaises(UserError) as error:
                    self.wizard(content, "list.xlsx" if part else "list.csv")
                self.assertIn("CSV", str(error.exception))

    def damage(self, table):
        """Spoil the compressed sheet inside the archive; its directory stays whole."""
        with zipfile.ZipFile(io.BytesIO(table)) as archive:
            entry = archive.getinfo("xl/worksheets/sheet1.xml")
        start = entry.header_offset + 30 + len(entry.filename)
        spoilt = bytearray(table)
        spoilt[start : start + 8] = b"\xff" * 8
        return bytes(spoilt)

    def test_open_quote(self):
        """A stray quotation mark swallows rows: that is told, and by which row."""
        for content, row in (
            ('name;phone\n"Ivan;0888123456\nM;0888123457\nK;0888123458', 2),
            (
                "phone;note\n+359888123456;x\n"
                '+359888123457;"says\n+359888123458;no\n+359888123459;"yes"\n',
                3,
            ),
        ):
            with self.assertRaises(UserError) as error:
                self.wizard(content).action_check()
            self.assertIn(f"row {row} ", str(error.exception))

    def test_open_quote_however_written(self):
        """Numbers with spaces, quotes in the next row, a long file."""
        for content in (
            'name;phone\n"A;0888 12 34 56\nB;0888 12 34 57\nC;0888 12 34 58',
            'name;phone;note\nA;"0888123456;x\nB;"0888123457";y\n',
            'name;phone;note\n"A;0888123456;x\n"B";0888123457;y\n',
            'name;phone\n"A;0888 12 34 56\n' + "B;0888 12 34 57\n" * 20000,
        ):
            with self.subTest(content=content[:60]):
                with self.assertRaises(UserError) as error:
                    self.wizard(content).action_check()
                self.assertIn("row 2 ", str(error.exception))

    def test_quotes_that_are_closed(self):
        wizard = self.wizard(
            'name;company;phone\nA;"Str 5\n10000; Berlin";+359888123456\n'
            'B;"Str ""X"" 5\nBerlin; 10000";+359888123457\n'
            '"Ivan ""the man"" P";"";+359888123458\n'
        )
        wizard.action_import()
        self.assertEqual(wizard.taken_count, 3)

    def test_notes_of_several_lines(self):
        wizard = self.wizard(
            'phone;note\n+359888123456;"Wants tea; no coffee\nand 10000 cups"\n'
            "+359888123457;x\n"
        )
        wizard.action_import()
        self.assertEqual(wizard.taken_count, 2)
        self.assertIn("10000 cups", self.list.call_ids.sorted("id")[0].description)

    def test_first_sheet_is_empty(self):
        rows = [("Name", "Phone"), ("Ann", "+359888123400")]
        wizard = self.wizard(self.xlsx([], rows), "list.xlsx")
        wizard.action_import()
        self.assertEqual(self.list.call_ids.contact_name, "Ann")
