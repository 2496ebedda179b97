from odoo.tests import tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallNumber(CallCenterCase):
    """Which number a call goes to when its contact changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Two numbers",
                "phone": "+35925550101",
                "country_id": cls.env.ref("base.bg").id,
            }
        )
        cls.env["crm.phone.number"].create(
            {
                "partner_id": cls.contact.id,
                "number": "+359888123402",
                "kind": "mobile",
            }
        )
        cls.list = cls._list(domain="[('id', '=', 0)]")

    def numbers(self, calls):
        self.env.invalidate_all()
        return sorted(calls.mapped("phone_sanitized"))

    def test_imported_numbers_stay(self):
        self.list.import_rows(
            [
                {"phone": "+35925550101"},
                {"phone": "+359888123402"},
                {"phone": "+35925550103"},
            ]
        )
        calls = self.list.call_ids
        imported = ["+35925550101", "+35925550103", "+359888123402"]
        self.contact.phone = "+35925550109"
        self.assertEqual(self.numbers(calls), imported)
        # A number that somebody else was imported with.
        self.contact.phone = "+35925550103"
        self.assertEqual(self.numbers(calls), imported)

    def test_merged_contacts_of_one_import(self):
        other = self.env["res.partner"].create(
            {
                "name": "Again",
                "phone": "+35925550104",
                "country_id": self.env.ref("base.bg").id,
            }
        )
        self.list.import_rows([{"phone": "+35925550101"}, {"phone": "+35925550104"}])
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [self.contact.id, other.id], self.contact
        )
        self.assertEqual(
            self.numbers(self.list.call_ids), ["+35925550101", "+35925550104"]
        )

    def test_call_to_the_phone_follows_it(self):
        call = self._call(partner_id=self.contact.id)
        self.assertEqual(self.numbers(call), ["+35925550101"])
        self.contact.phone = "+35925550109"
        self.assertEqual(self.numbers(call), ["+35925550109"])
