from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCallTarget(TransactionCase):
    """Whom nobody may call, and whose number is another's, can be searched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulgaria = cls.env.ref("base.bg")
        cls.listed, cls.wrong, cls.free, cls.silent = cls.env["res.partner"].create(
            [
                {"name": name, "phone": phone, "country_id": cls.bulgaria.id}
                for name, phone in (
                    ("Listed", "+35925550101"),
                    ("Wrong", "+35925550102"),
                    ("Free", "+35925550103"),
                    ("Silent", False),
                )
            ]
        )
        cls.everybody = cls.listed | cls.wrong | cls.free | cls.silent
        cls.entries = cls.env["crm.do.not.call"].sudo()
        cls.env["crm.phone.number"].sudo()._mark_wrong(
            cls.wrong, cls.wrong.phone_sanitized
        )

    def find(self, field, value, records=None, user=None):
        records = self.everybody if records is None else records
        model = records.with_user(user or self.env.user)
        found = model.search([("id", "in", records.ids), (field, "=", value)])
        told = model.filtered(lambda record: record[field] == value)
        self.assertEqual(found, told.sorted("id") & found, "the search reads the same")
        self.assertEqual(len(found), len(told))
        return found.with_user(self.env.user)

    def test_do_not_call(self):
        self.entries._request(self.listed.phone_sanitized)
        self.assertEqual(self.find("is_do_not_call", True), self.listed)
        rest = self.wrong | self.free | self.silent
        self.assertEqual(self.find("is_do_not_call", False), rest)

    def test_only_for_calls_of_any_kind(self):
        self.entries._request(
            self.listed.phone_sanitized, scope="purpose", purpose="marketing"
        )
        self.assertFalse(self.find("is_do_not_call", True))

    def test_for_a_time(self):
        today = fields.Date.today()
        self.entries._request(
            self.listed.phone_sanitized, expires_on=today + timedelta(days=1)
        )
        self.assertEqual(self.find("is_do_not_call", True), self.listed)

    def test_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.entries._request(self.listed.phone_sanitized, company_id=company.id)
        here = self.everybody.with_context(allowed_company_ids=self.env.company.ids)
        self.assertFalse(self.find("is_do_not_call", True, here))
        there = self.everybody.with_context(allowed_company_ids=company.ids)
        self.assertEqual(self.find("is_do_not_call", True, there), self.listed)

    def test_wrong_number(self):
        self.assertEqual(self.find("is_wrong_number", True), self.wrong)
        self.assertNotIn(self.wrong, self.find("is_wrong_number", False))

    def test_leads(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": "Listed", "phone": "+35925550101"},
                {"name": "Free", "phone": "+35925550103"},
            ]
        )
        self.entries._request(self.listed.phone_sanitized)
        self.assertEqual(self.find("is_do_not_call", True, leads), leads[0])

    def test_told_to_a_salesperson_without_the_list(self):
        salesperson = new_test_user(
            self.env, "target_salesperson", groups="sales_team.group_sale_salesman"
        )
        self.entries._request(self.listed.phone_sanitized)
        found = self.find("is_do_not_call", True, user=salesperson)
        self.assertEqual(found, self.listed)
