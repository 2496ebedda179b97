from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import CallCenterCase

SOFIA = "+359 888 123 456"
OTHER = "+359 888 654 321"


@tagged("post_install", "-at_install")
class TestPhoneNumber(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulgaria = cls.env.ref("base.bg")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Ann", "phone": SOFIA, "country_id": cls.bulgaria.id}
        )
        cls.numbers = cls.env["crm.phone.number"]

    # === IN STEP === #

    def test_main_number_follows_the_phone(self):
        [phone] = self.partner.phone_number_ids
        self.assertTrue(phone.is_main)
        self.assertEqual(phone.phone_sanitized, "+359888123456")
        self.partner.phone = OTHER
        self.assertEqual(phone.number, OTHER)
        self.partner.phone = False
        self.assertFalse(self.partner.phone_number_ids)
        self.partner.phone = SOFIA
        self.assertEqual(self.partner.phone_number_ids.number, SOFIA)

    def test_phone_follows_the_main_number(self):
        second = self.numbers.create({"partner_id": self.partner.id, "number": OTHER})
        first = self.partner.phone_number_ids - second
        second.is_main = True
        self.assertEqual(self.partner.phone, OTHER)
        self.assertFalse(first.is_main)
        second.number = "+359 888 000 111"
        self.assertEqual(self.partner.phone, "+359 888 000 111")
        second.unlink()
        self.assertFalse(self.partner.phone)
        self.assertEqual(self.partner.phone_number_ids, first)

    def test_phone_becomes_one_that_is_there(self):
        second = self.numbers.create({"partner_id": self.partner.id, "number": OTHER})
        self.partner.phone = "0888 654 321"
        self.assertFalse(second.exists())
        self.assertEqual(
            self.partner.phone_number_ids.mapped("phone_sanitized"), ["+359888654321"]
        )

    def test_wrong_in_any_form(self):
        """A wrong number stays wrong however it is written, and whose it becomes."""
        phone = self.partner.phone_number_ids
        phone.is_wrong = True
        self.partner.phone = "0888/12-34-56"
        self.assertTrue(phone.is_wrong)
        second = self.numbers.create(
            {"partner_id": self.partner.id, "number": OTHER, "is_wrong": True}
        )
        self.partner.phone = OTHER
        self.assertFalse(second.exists())
        self.assertTrue(phone.is_wrong)
        self.partner.phone = "+359 888 000 111"
        self.assertFalse(phone.is_wrong)

    def test_wrong_number_of_a_merged_contact(self):
        self.partner.phone_number_ids.is_wrong = True
        twin = self.partner.copy({"phone": "0888 123 456"})
        self.assertFalse(twin.phone_number_ids.is_wrong)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | twin).ids, twin)
        self.assertTrue(twin.phone_number_ids.is_wrong)

    def test_one_main_number(self):
        """There is always one main number while the contact has a phone."""
        first = self.partner.phone_number_ids
        second = self.numbers.create(
            {"partner_id": self.partner.id, "number": OTHER, "is_main": True}
        )
        self.assertFalse(first.is_main)
        self.assertEqual(self.partner.phone, OTHER)
        second.is_main = False
        self.assertTrue(second.is_main)
        self.assertEqual(self.partner.phone, OTHER)

    def test_contact_from_before(self):
        """A second number of a contact without rows brings a row for the first."""
        self.partner.phone_number_ids.with_context(phone_in_step=True).unlink()
        self.numbers.create({"partner_id": self.partner.id, "number": OTHER})
        self.assertEqual(
            self.partner.phone_number_ids.filtered("is_main").number, SOFIA
        )
        self.assertEqual(len(self.partner.phone_number_ids), 2)

    def test_fill(self):
        """Contacts from before the add-on get the row of their phone, once."""
        self.partner.phone_number_ids.with_context(phone_in_step=True).unlink()
        self.partner.active = False
        self.env.flush_all()
        for _time in range(2):
            self.numbers._fill_main_numbers()
            self.partner.invalidate_recordset()
            [phone] = self.partner.phone_number_ids
            self.assertEqual(phone.phone_sanitized, "+359888123456")
            self.assertTrue(phone.is_main)
            self.assertEqual(phone.kind, "work")
        self.assertFalse(
            self.env["res.partner"].search_count(
                [("phone", "!=", False), ("phone_number_ids", "=", False)]
            )
        )

    def test_many_contacts_at_once(self):
        """Creating contacts costs no query a contact."""
        Partner = self.env["res.partner"]

        def count(number):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            Partner.create(
                [
                    {"name": f"P{i}", "phone": f"+1 202-555-01{i:02d}"}
                    for i in range(number)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLess(count(60) - count(10), 50)

    def test_the_form(self):
        with Form(self.partner) as form, form.phone_number_ids.new() as phone:
            phone.number = "0888 654 321"
            phone.kind = "home"
        self.assertEqual(
            self.partner.phone_number_ids.mapped("phone_sanitized"),
            ["+359888123456", "+359888654321"],
        )

    def test_old_contacts_have_no_rows(self):
        """A contact from before has its number in its own field only: it is enough."""
        self.partner.phone_number_ids.with_context(phone_in_step=True).unlink()
        self.assertEqual(self.partner.phone, SOFIA)
        self.numbers._mark_wrong(self.partner, "+359888123456")
        self.assertEqual(self.partner.phone_number_ids.state, "wrong")

    def test_bad_numbers(self):
        for number in ("3.59E+11", "call me", "12", "+999123"):
            with self.subTest(number=number), self.assertRaises(ValidationError):
                self.numbers.create({"partner_id": self.partner.id, "number": number})
        # Odoo's own field takes what it always took
        self.partner.phone = "ask for Ann"
        self.assertFalse(self.partner.phone_number_ids.phone_sanitized)
        self.assertTrue(self.partner.phone_number_ids.problem)

    def test_state(self):
        phone = self.partner.phone_number_ids
        self.assertEqual(phone.state, "reachable")
        self.env["crm.do.not.call"]._request(SOFIA)
        phone.invalidate_recordset()
        self.assertEqual(phone.state, "do_not_call")

    def test_zone(self):
        phone = self.partner.phone_number_ids
        self.assertEqual(
            (phone.zone_text, phone.tz_source), ("Europe/Sofia", "address")
        )
        phone.tz = "Europe/London"
        self.assertEqual(
            (phone.zone_text, phone.tz_source), ("Europe/London", "manual")
        )
        self.assertEqual(
            self.partner._get_calling_zone("+359888123456"), "Europe/London"
        )

    def test_merge(self):
        """Numbers of merged contacts are kept, once each; one of them is main."""
        twin = self.env["res.partner"].create({"name": "Ann", "phone": OTHER})
        self.numbers.create({"partner_id": twin.id, "number": SOFIA})
        self.numbers.create({"partner_id": twin.id, "number": "+359 888 000 111"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | twin).ids, self.partner)
        self.assertEqual(
            set(self.partner.phone_number_ids.mapped("phone_sanitized")),
            {"+359888123456", "+359888654321", "+359888000111"},
        )
        self.assertEqual(
            self.partner.phone_number_ids.filtered("is_main").number,
            self.partner.phone,
        )

    # === WHO CALLS === #

    def _match(self, number, user=None):
        numbers = self.numbers.with_user(user or self.operator)
        return [
            (match["model"], match["id"], match["reason"])
            for match in numbers.match_number(number)
        ]

    def test_forms_of_a_number(self):
        self.env.company.country_id = self.bulgaria
        expected = ("res.partner", self.partner.id, "exact")
        for number in (
            "+359888123456",
            "0888 123 456",
            "00359 888 123 456",
            "0888/12-34-56",
            "359888123456",
        ):
            with self.subTest(number=number):
                self.assertEqual(self._match(number)[0], expected)

    def test_last_digits(self):
        """A trunk that cuts the beginning off: what agrees at the end is told so."""
        self.env.company.country_id = self.us
        self.assertEqual(
            self._match("888123456")[0], ("res.partner", self.partner.id, "digits")
        )
        self.assertEqual(self._match("56"), [])
        self.assertEqual(self._match("nonsense"), [])
        self.assertEqual(self._match(False), [])

    def test_additional_numbers_and_leads(self):
        self.numbers.create({"partner_id": self.partner.id, "number": OTHER})
        self.assertEqual(
            self._match(OTHER), [("res.partner", self.partner.id, "exact")]
        )
        lead = self._lead(phone=SOFIA)
        self.assertEqual(
            self._match(SOFIA),
            [
                ("res.partner", self.partner.id, "exact"),
                ("crm.lead", lead.id, "exact"),
            ],
        )

    def test_what_may_be_known(self):
        lead = self._lead(77, user_id=self.supervisor.id)
        found = self._match(lead.phone, self.salesman)
        self.assertEqual(found, [], "another salesperson's lead")
        self.assertEqual(self._match(lead.phone)[0][:2], ("crm.lead", lead.id))
        company = self.env["res.company"].create({"name": "Foreign"})
        self.partner.company_id = company
        self.assertEqual(self._match(SOFIA), [])
        internal = new_test_user(self.env, "cc_match", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._match(SOFIA, internal)

    def test_access(self):
        internal = new_test_user(self.env, "cc_numbers", groups="base.group_user")
        phone = self.partner.phone_number_ids
        self.assertEqual(phone.with_user(internal).number, SOFIA)
        with self.assertRaises(AccessError):
            phone.with_user(internal).number = OTHER
        company = self.env["res.company"].create({"name": "Foreign"})
        self.partner.company_id = company
        foreigner = self._user(
            "cc_foreign_number",
            "group_call_center_operator",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        with self.assertRaises(AccessError):
            phone.with_user(foreigner).read(["number"])
