from odoo.tests import BaseCase, tagged

from ..tools.callee_time import find_zones
from ..tools.phone import normalise


@tagged("post_install", "-at_install")
class TestPhone(BaseCase):
    def test_what_is_read(self):
        for text, country, e164 in (
            ("0888/12-34-56", "BG", "+359888123456"),
            ("+359 (0)88 812 3456", None, "+359888123456"),
            ("00359888123456", None, "+359888123456"),
            ("888123456", "BG", "+359888123456"),
            ("359888123456", None, "+359888123456"),
            ("359888123456.0", "BG", "+359888123456"),
            (359888123456.0, "BG", "+359888123456"),
            (359888123456, None, "+359888123456"),
            ("☎ 0888 123 456", "BG", "+359888123456"),
            ("'0888 123 456", "BG", "+359888123456"),
            ("тел. 0888 123 456", "BG", "+359888123456"),
            ("tel:+359888123456", None, "+359888123456"),
            ("٠٨٨٨١٢٣٤٥٦", "BG", "+359888123456"),
            ("1-800-FLOWERS", "US", "+18003569377"),
            ("+1 202-555-0199", None, "+12025550199"),
            ("8 916 123 45 67", "RU", "+79161234567"),
            ("+49 (0) 30 123456", None, "+4930123456"),
        ):
            with self.subTest(text=text):
                parsed = normalise(text, country)
                self.assertEqual((parsed.e164, parsed.problem), (e164, None))

    def test_extensions(self):
        for text in (
            "+359 2 981 1234 ext. 12",
            "+35929811234x12",
            "02 981 1234 вътр. 12",
            "tel:+35929811234;ext=12",
        ):
            with self.subTest(text=text):
                parsed = normalise(text, "BG")
                self.assertEqual(parsed.e164, "+35929811234")
                self.assertEqual(parsed.extension, "12")

    def test_what_is_not_read(self):
        """Nothing is guessed, and the reason is told."""
        for text, country, problem in (
            ("3.59E+11", "BG", "scientific"),
            ("3,59E+11", "BG", "scientific"),
            (888.5, "BG", "scientific"),
            ("O888123456", "BG", "letters"),
            ("call me", "BG", "not_a_number"),
            ("😀", "BG", "not_a_number"),
            ("088 812 3456; 02 981 1234", "BG", "several"),
            ("0888 123 456 / 02 981 1234", "BG", "several"),
            ("12", "BG", "too_short"),
            ("+3598881234567890123", None, "too_long"),
            ("8" * 300, "BG", "too_long"),
            ("0888123456", None, "no_country"),
            ("+9991234567", None, "unknown_prefix"),
            ("", "BG", "empty"),
            (None, None, "empty"),
            (False, None, "empty"),
        ):
            with self.subTest(text=text):
                parsed = normalise(text, country)
                self.assertEqual((parsed.e164, parsed.problem), (None, problem))

    def test_chain_of_zones(self):
        for arguments, zones, source in (
            (("+12025550101", "Europe/Sofia"), ("Europe/Sofia",), "contact"),
            (("+12025550101", "No/Zone"), ("America/New_York",), "prefix"),
            (("+12025550101", None, "BG"), ("Europe/Sofia",), "address"),
            (("+12025550101", None, "US", "HI"), ("Pacific/Honolulu",), "address"),
            (("+18085550101", None, "US"), ("Pacific/Honolulu",), "prefix"),
            (("+80012345678",), (), "unknown"),
            ((None,), (), "unknown"),
            ((None, None, "BG"), ("Europe/Sofia",), "address"),
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(find_zones(*arguments), (zones, source))
