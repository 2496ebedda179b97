from odoo.tests import BaseCase, TransactionCase, tagged

from ..tools.callee_time import STATE_ZONES, find_zones, is_zone


@tagged("post_install", "-at_install")
class TestCalleeTime(BaseCase):
    def test_states(self):
        for country, state, zones in (
            ("US", "HI", ("Pacific/Honolulu",)),
            ("us", "ca", ("America/Los_Angeles",)),
            ("US", "TX", ("America/Chicago", "America/Denver")),
            ("CA", "BC", ("America/Edmonton", "America/Vancouver")),
            ("AU", "QLD", ("Australia/Brisbane",)),
            ("BR", "AC", ("America/Rio_Branco",)),
            ("RU", "KGD", ("Europe/Kaliningrad",)),
            ("RU", "PRI", ("Asia/Vladivostok",)),
        ):
            with self.subTest(country=country, state=state):
                # a mobile from the other end of the country does not count
                found = find_zones("+12025550101", None, country, state)
                self.assertEqual(found, (zones, "address"))

    def test_zones_of_states_exist(self):
        for country, states in STATE_ZONES.items():
            codes = [code for text in states.values() for code in text.split()]
            self.assertEqual(len(codes), len(set(codes)), country)
            for names in states:
                for name in names.split():
                    self.assertTrue(is_zone(name), name)

    def test_country_narrows_down_the_prefix(self):
        """A Russian mobile shares its code with Kazakhstan, 800 with the Caribbean."""
        zones, source = find_zones("+18003569377", None, "US")
        self.assertEqual(source, "prefix")
        self.assertIn("Pacific/Honolulu", zones)
        self.assertNotIn("America/Puerto_Rico", zones)
        self.assertIn("America/Puerto_Rico", find_zones("+18003569377")[0])
        zones, _source = find_zones("+79161234567", None, "RU")
        self.assertIn("Europe/Moscow", zones)
        # a foreign number of somebody who lives there keeps the zone of the number
        self.assertEqual(
            find_zones("+359888123456", None, "US"), (("Europe/Sofia",), "prefix")
        )


@tagged("post_install", "-at_install")
class TestStatesOfOdoo(TransactionCase):
    def test_every_code_is_one_of_odoo(self):
        """A code that Odoo writes in another way would never be found."""
        # renamed or new in some versions of the data
        missing = {("RU", "ZAB"), ("CA", "NU"), ("RU", "SA")}
        for country, states in STATE_ZONES.items():
            known = set(
                self.env["res.country.state"]
                .search([("country_id.code", "=", country)])
                .mapped("code")
            )
            codes = {code for text in states.values() for code in text.split()}
            self.assertFalse(
                {code for code in codes - known if (country, code) not in missing},
                country,
            )
