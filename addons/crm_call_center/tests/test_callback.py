from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..tools.callback_words import CallbackError, parse
from .common import CallCenterCase

#: A Sunday.
NOW = datetime(2026, 11, 22, 12, 7, 30)
#: What is written, and what it means on that Sunday.
CASES = (
    ("14:30", "22.11 14:30"),
    ("14.30", "22.11 14:30"),
    ("9", "23.11 09:00"),
    ("3", "22.11 15:00"),
    ("3 p.m.", "22.11 15:00"),
    ("08:00", "23.11 08:00"),
    ("tomorrow 10", "23.11 10:00"),
    ("утре в 10", "23.11 10:00"),
    ("завтра в 10:30", "23.11 10:30"),
    ("day after tomorrow", "24.11 10:00"),
    ("вдругиден 14ч", "24.11 14:00"),
    ("послезавтра", "24.11 10:00"),
    ("tue 10:00", "24.11 10:00"),
    ("вторник 10", "24.11 10:00"),
    ("в среду", "25.11 10:00"),
    ("петък следобед", "27.11 15:00"),
    ("sunday 10", "29.11 10:00"),
    ("неделя 15", "22.11 15:00"),
    ("in 2 hours", "22.11 14:08"),
    ("през", None),
    ("след час", "22.11 13:08"),
    ("след половин час", "22.11 12:38"),
    ("через два часа", "22.11 14:08"),
    ("через полчаса", "22.11 12:38"),
    ("след 3 дни", "25.11 12:08"),
    ("in a week", "29.11 12:08"),
    ("+30", "22.11 12:38"),
    ("7 вечера", "22.11 19:00"),
    ("довечера", "22.11 18:00"),
    ("tomorrow morning", "23.11 10:00"),
    ("25.11 16:00", "25.11 16:00"),
    ("25 ноември 15:00", "25.11 15:00"),
    ("25 ноября", "25.11 10:00"),
    ("Nov 25 10:00", "25.11 10:00"),
    ("2026-12-01 9:15", "01.12 09:15"),
    ("next week", "23.11 10:00"),
    ("next sunday 15:00", "29.11 15:00"),
    ("следващата неделя 15", "29.11 15:00"),
    ("в следующее воскресенье 15", "29.11 15:00"),
    ("next monday 15:00", "23.11 15:00"),
    ("today 9", "past"),
    ("31.12.2030", "far"),
    ("", None),
    ("abc", None),
    ("25:00", None),
    ("32.11 10:00", None),
    ("10:00 11:00 12:00", None),
)


@tagged("post_install", "-at_install")
class TestCallbackWords(BaseCase):
    def test_words(self):
        for text, expected in CASES:
            with self.subTest(text):
                try:
                    found = parse(text, NOW).strftime("%d.%m %H:%M")
                except CallbackError as error:
                    found = None if error.code == "unknown" else error.code
                self.assertEqual(found, expected)


@tagged("post_install", "-at_install")
class TestCallback(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator.tz = "Europe/Sofia"
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Berta",
                "country_id": cls.env.ref("base.de").id,
                "phone": "+49 30 901820",
            }
        )
        cls.call = cls._call(partner_id=cls.partner.id, user_id=cls.operator.id)
        cls.calls = cls.env["crm.call"].with_user(cls.operator)

    def _parse(self, text):
        return self.calls.desk_parse_callback(self.call.id, text)

    def test_zone_of_the_callee(self):
        with freeze_time("2026-11-23 08:00:00"):
            answer = self._parse("tomorrow 10")
        self.assertEqual(answer["date"], "2026-11-24 09:00:00")
        self.assertIn("10:00", answer["local_text"])
        self.assertIn("11:00", answer["own_text"])
        self.assertFalse(answer["problem"])

    def test_summer_time_begins_and_ends(self):
        with freeze_time("2026-03-28 08:00:00"):
            self.assertEqual(self._parse("tomorrow 10")["date"], "2026-03-29 08:00:00")
            # 02:30 does not exist that night: an hour later
            self.assertEqual(self._parse("29.03 02:30")["date"], "2026-03-29 01:30:00")
        with freeze_time("2026-10-24 08:00:00"):
            self.assertEqual(self._parse("tomorrow 10")["date"], "2026-10-25 09:00:00")
        with freeze_time("2026-10-25 00:30:00"):
            choices = self.call.with_user(self.operator)._prepare_callback_choices()
            self.assertEqual(choices[0]["date"], "2026-10-25 01:30:00")

    def test_problem(self):
        answer = self._parse("whenever")
        self.assertFalse(answer["date"])
        self.assertIn("whenever", answer["problem"])
        with freeze_time("2026-11-23 08:00:00"):
            self.assertIn("past", self._parse("today 8:30")["problem"])

    def test_moved_to_a_lawful_hour(self):
        self.call.list_id = self._list(purpose="marketing", legal_basis="consent")
        with freeze_time("2026-11-23 08:00:00"):
            answer = self._parse("tomorrow 23:30")
            self.assertTrue(answer["moved"])
            self.assertGreater(answer["date"], "2026-11-25 00:00:00")
            self.assertIn("moved", answer["problem"])

    def test_unknown_zone_is_that_of_the_operator(self):
        self.partner.write({"country_id": False, "phone": "+1 800 555 0199"})
        self.call.phone = "+1 800 555 0199"
        with freeze_time("2026-11-23 08:00:00"):
            self.assertEqual(self._parse("tomorrow 10")["date"], "2026-11-24 08:00:00")

    def test_without_words(self):
        with self.assertRaises(UserError):
            self.call._get_callback_date({})
        with self.assertRaises(UserError):
            self.call._get_callback_date({"code": "never"})
        with self.assertRaises(UserError):
            self.call._get_callback_date(None)
