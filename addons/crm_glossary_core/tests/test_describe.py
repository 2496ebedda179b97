import re

from odoo.fields import Domain
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.crm_glossary_core.engine.describe import describe
from odoo.addons.crm_glossary_core.engine.describe_phrases import get_phrases


@tagged("post_install", "-at_install")
class TestDescribe(TransactionCase):
    """A domain is told as people of each language would say it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("en_US", "bg_BG", "ru_RU"):
            cls.env["res.lang"]._activate_lang(code)
        cls.env["res.lang"].search([("code", "=", "en_US")]).write(
            {"date_format": "%m/%d/%Y", "time_format": "%H:%M:%S"}
        )
        cls.reader = new_test_user(
            cls.env,
            login="describe_reader",
            groups="sales_team.group_sale_salesman_all_leads",
            tz="Europe/Sofia",
        )
        cls.bulgaria = cls.env.ref("base.bg")
        cls.newsletter = cls.env["utm.source"].create({"name": "Letter of May"})
        cls._name_all("country_id", "Country", "Държава", "Страна")
        cls._name_all("source_id", "Source", "Източник", "Источник")
        cls._name_all("email_from", "Email", "Имейл", "Эл. почта")
        cls._name_all("create_date", "Created on", "Създадено на", "Дата создания:")
        cls._name_all("active", "Active", "Активно", "Активно")
        cls._name_all("tag_ids", "Tags", "Маркери", "Теги")
        cls.bulgaria.update_field_translations(
            "name", {"en_US": "Bulgaria", "bg_BG": "България", "ru_RU": "Болгария"}
        )
        cls.env.registry.clear_all_caches()

    @classmethod
    def _name_all(cls, field_name, english, bulgarian, russian):
        """Set labels, so that the test does not depend on the languages loaded."""
        field = cls.env["ir.model.fields"]._get("crm.lead", field_name)
        field.update_field_translations(
            "field_description",
            {"en_US": english, "bg_BG": bulgarian, "ru_RU": russian},
        )

    def _describe(self, domain, lang="en_US", model="crm.lead", **kwargs):
        env = self.env(user=self.reader, context={"lang": lang})
        return describe(env, model, domain, **kwargs)

    def _assert_in_languages(self, domain, english, bulgarian, russian):
        self.assertEqual(self._describe(domain), english)
        self.assertEqual(self._describe(domain, "bg_BG"), bulgarian)
        self.assertEqual(self._describe(domain, "ru_RU"), russian)

    def test_any_and_all_are_spelled_out(self):
        domain = [
            "&",
            ("country_id", "=", self.bulgaria.id),
            "|",
            ("source_id", "=", self.newsletter.id),
            ("email_from", "ilike", "@abv.bg"),
        ]
        self._assert_in_languages(
            domain,
            "all of: Country is Bulgaria;"
            " (any of: Source is Letter of May; Email contains “@abv.bg”)",
            "всички от условията: Държава е България; (поне едно от условията:"
            " Източник е Letter of May; Имейл съдържа „@abv.bg“)",
            "все условия: Страна — Болгария; (любое из условий:"
            " Источник — Letter of May; Эл. почта содержит «@abv.bg»)",
        )

    def test_negation(self):
        domain = ["!", "|", ("country_id", "=", self.bulgaria.id), ("active", "=", 1)]
        self._assert_in_languages(
            domain,
            "not: (any of: Country is Bulgaria; Active is set)",
            "не е вярно, че: (поне едно от условията: Държава е България;"
            " отметката „Активно“ е поставена)",
            "неверно, что: (любое из условий: Страна — Болгария;"
            " отметка «Активно» стоит)",
        )
        self.assertEqual(
            self._describe(Domain(domain)),
            "all of: Country is not Bulgaria; Active is not set",
        )

    def test_constants(self):
        self._assert_in_languages([], "all records", "всички записи", "все записи")
        self.assertEqual(self._describe(Domain.FALSE), "no record")

    def test_relative_dates(self):
        self._assert_in_languages(
            [("create_date", ">=", "today -30d")],
            "Created on is 30 days ago or later",
            "Създадено на: преди 30 дни или по-късно",
            "Дата создания: 30 дней назад или позже",
        )
        for value, text in (
            ("today", "today"),
            ("+1w", "in 1 week"),
            ("today =1d", "the first day of this month"),
            ("today =1m =1d", "the first day of this year"),
            ("today -2m =5d", "today, minus 2 months, day 5 of the month"),
            ("=monday", "Monday of the week"),
            ("now =3m", "now, month: March"),
        ):
            self.assertEqual(
                self._describe([("create_date", "<", value)]),
                f"Created on is earlier than {text}",
            )
        for value in ("tomorrow", "today 3", "=3w", "+noday", "2026-99-99", ""):
            text = self._describe([("create_date", "<", value)])
            self.assertTrue(text.startswith("Created on is earlier than “"), text)

    def test_fixed_dates_are_in_the_zone_and_format_of_the_reader(self):
        domain = [("create_date", ">", "2026-01-05 22:30:00")]
        self.assertEqual(
            self._describe(domain), "Created on is later than 01/06/2026 00:30:00"
        )
        self.assertEqual(
            self._describe([("create_date", ">", "2026-01-05")]),
            "Created on is later than 01/05/2026",
        )
        self.assertEqual(
            self._describe([("create_date.month_number", "=", 3)], "ru_RU"),
            "Дата создания › месяц — март",
        )

    def test_lists_are_cut(self):
        sources = self.env["utm.source"].create(
            [{"name": f"Source number {i}"} for i in range(9)]
        )
        self._assert_in_languages(
            [("source_id", "in", sources.ids)],
            "Source is one of: Source number 0, Source number 1, Source number 2,"
            " Source number 3, Source number 4 and 4 more",
            "Източник е сред: Source number 0, Source number 1, Source number 2,"
            " Source number 3, Source number 4 и още 4",
            "Источник — одно из: Source number 0, Source number 1, Source number 2,"
            " Source number 3, Source number 4 и ещё 4",
        )
        self.assertEqual(
            self._describe([("source_id", "not in", sources.ids[:2])], limit=1),
            "Source is none of: Source number 0 and 1 more",
        )
        self.assertEqual(
            self._describe([("country_id", "in", [False, self.bulgaria.id])]),
            "Country is not set or Country is Bulgaria",
        )

    def test_names_are_read_with_the_rights_of_the_reader(self):
        company = self.env["res.company"].create({"name": "Far Company"})
        foreign, gone = self.env["res.partner"].create(
            [{"name": "Secret Person", "company_id": company.id}, {"name": "Gone"}]
        )
        domain = [("partner_id", "in", [foreign.id, gone.id, 2**40])]
        gone.unlink()
        superuser = self.env(user=self.reader, su=True, context={"lang": "en_US"})
        for env in (superuser, superuser(su=False)):
            text = describe(env, "crm.lead", domain)
            self.assertTrue(
                text.endswith("(hidden record), (deleted record), (deleted record)"),
                text,
            )

    def test_archived_records_keep_their_names(self):
        partner = self.env["res.partner"].create({"name": "Old One", "active": False})
        self.assertIn("Old One", self._describe([("partner_id", "=", partner.id)]))

    def test_paths_and_sub_domains(self):
        path = [("partner_id.country_id", "!=", self.bulgaria.id)]
        self.assertRegex(self._describe(path), r"^[\w ]+ › [\w ]+ is not Bulgaria$")
        inner = [("country_id", "=", self.bulgaria.id), ("email", "=", False)]
        self.assertRegex(
            self._describe([("partner_id", "any", inner)]),
            r"matches \(all of: [\w ]+ is Bulgaria; \w+ is not set\)$",
        )
        self.assertEqual(
            self._describe([("tag_ids", "not any", [("name", "=ilike", "A%")])]),
            "none of Tags matches (Tag Name starts with “A”)",
        )

    def test_text_operators(self):
        for operator, value, text in (
            ("ilike", "x", "contains “x”"),
            ("not ilike", "x", "does not contain “x”"),
            ("like", "x", "contains “x” (case-sensitive)"),
            ("=ilike", "x%", "starts with “x”"),
            ("=ilike", "%x", "ends with “x”"),
            ("not =ilike", "%x", "does not end with “x”"),
            ("=ilike", "x", "is “x” (in any case)"),
            ("=like", "x_y", "matches the pattern “x_y” (case-sensitive)"),
            ("=", "x", "is “x”"),
            ("=", "", "is not set"),
            ("in", [], "is one of: (nothing)"),
        ):
            self.assertEqual(
                self._describe([("email_from", operator, value)]), f"Email {text}"
            )
        long_text = self._describe([("email_from", "=", "x" * 500)])
        self.assertLess(len(long_text), 120)

    def test_other_values(self):
        tag = self.env["crm.tag"].create({"name": "Large"})
        self._assert_in_languages(
            [("tag_ids", "in", [tag.id])],
            "Tags include Large",
            "в „Маркери“ има Large",
            "в поле «Теги» есть Large",
        )
        self.assertRegex(self._describe([("type", "=", "lead")]), "^Type is Lead$")
        self.assertRegex(
            self._describe([("expected_revenue", ">", 1234567.5)]),
            r"is more than 1,234,567\.5$",
        )
        self.assertRegex(
            self._describe([("expected_revenue", "=", 0)]), r"Revenue is 0$"
        )
        self.assertRegex(
            self._describe([("country_id", "child_of", self.bulgaria.id)]),
            "^Country is Bulgaria or below it$",
        )

    def test_what_cannot_be_read_stays_technical(self):
        known = ("email_from", "=", "x")
        for leaf in (
            ("no_such_field", "=", 1),
            ("email_from", "resembles", "x"),
            ("email_from", "any", [("name", "=", "x")]),
            ("partner_id", "any", 3),
            ("partner_id", "any", "text"),
            ("a",),
            3,
            None,
        ):
            text = self._describe([known, leaf])
            self.assertEqual(text, f"all of: Email is “x”; {leaf}")
        for domain in (["&", known], "[('name', '=', 3)]", 7, None, [known, "!"]):
            self.assertTrue(self._describe(domain))
        self.assertEqual(self._describe([known], model="no.model"), str([known]))

    def test_computed_parts_show_no_query(self):
        query = self.env["res.partner"]._search([("name", "=", "x")])
        text = self._describe(Domain("partner_id", "in", query))
        self.assertEqual(text, "(a condition that the program adds)")
        custom = Domain.custom(to_sql=lambda *args: None)
        self.assertEqual(self._describe(custom), text)

    def test_large_and_deep_domains_stay_short(self):
        self.assertLess(
            len(self._describe([("id", "in", list(range(1, 10_001)))])), 1000
        )
        leaves = [("email_from", "=", str(number)) for number in range(1000)]
        text = self._describe(["|"] * 999 + leaves)
        self.assertTrue(text.endswith("and 970 more conditions"), text)
        deep = [("email_from", "=", "x")]
        for _level in range(1000):
            deep = ["|", ("email_from", "=", "y"), "&", ("active", "=", True), *deep]
        self.assertIn("…", self._describe(deep))
        deep = [("name", "=", "x")]
        for _level in range(300):
            deep = [("parent_id", "any", deep)]
        self.assertTrue(self._describe(deep, model="res.partner"))

    def test_every_phrase_is_translated(self):
        english = get_phrases(self.env(context={"lang": "en_US"}))
        for lang in ("bg_BG", "ru_RU"):
            phrases = get_phrases(self.env(context={"lang": lang}))
            for key, template in english.items():
                self.assertNotEqual(phrases[key], template, (lang, key))
                self.assertEqual(
                    sorted(re.findall(r"%\(\w+\)s", phrases[key])),
                    sorted(re.findall(r"%\(\w+\)s", template)),
                    (lang, key),
                )
