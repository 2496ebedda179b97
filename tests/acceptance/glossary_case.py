"""What every test of a term does: it is there, complete, bound, and its number right.

The bindings are followed here once more, without a look at what the glossary says of
them, and the numbers are computed once more in ``numbers.py``.
"""

import re
from datetime import timedelta

from numbers_of_kpis import Numbers

from odoo import fields
from odoo.tests import TransactionCase

LANGUAGES = ("en_US", "bg_BG", "ru_RU")
TEXTS = ("name", "definition", "practice", "pitfall")
CYRILLIC = re.compile("[а-яА-Я]")
#: names that are written alike in all three languages
INTERNATIONAL = {"B2B", "B2C", "CRM", "GDPR", "GeoIP", "KPI", "RFM", "VoIP"}


class TermCase(TransactionCase):
    """A reader who may see everything, in a database with demo data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        admin = cls.env.ref("base.user_admin")
        cls.env = cls.env(user=admin, context={"lang": "en_US", "tz": admin.tz})
        terms = cls.env["crm.glossary.term"].search([("company_id", "=", False)])
        cls.terms = {term.code: term for term in terms}
        cls.modules = set(cls.env["ir.module.module"]._installed())
        cls.today = fields.Date.context_today(cls.env.user)
        cls.facts = Numbers(cls.env, cls.today)

    # === ONE TERM === #

    def check_term(self, code):
        """All that holds for every term."""
        self.assertIn(code, self.terms, "the glossary has the term")
        term = self.terms[code]
        self.assertEqual(term.state, "approved")
        self.check_texts(term)
        self.check_bindings(term)
        self.check_numbers(term)

    def check_texts(self, term):
        """The term is complete in every language, and not left in English."""
        for lang in LANGUAGES:
            translated = term.with_context(lang=lang)
            words = translated.synonym_ids.filtered(lambda s, la=lang: s.lang == la)
            self.assertTrue(words, f"{term.code} has other words in {lang}")
            self.assertTrue(translated.category_id.name)
            for fname in TEXTS:
                self.check_text(term, translated, fname, lang)
            self.assertEqual(translated.language_state, "approved")

    def check_text(self, term, translated, fname, lang):
        english, text = term[fname], translated[fname]
        self.assertEqual(bool(english), bool(text))
        if fname != "pitfall":
            self.assertTrue(text, f"{term.code}: {fname} in {lang}")
        if lang != "en_US" and english and english not in INTERNATIONAL:
            self.assertNotEqual(text, english, f"{term.code}: {fname} in {lang}")
            self.assertRegex(text, CYRILLIC)

    # === BINDINGS === #

    def check_bindings(self, term):
        """What the term names exists, or belongs to an app that is not installed."""
        self.assertTrue(term.binding_ids, f"{term.code} is bound to something")
        absent = {
            binding.reference
            for binding in term.binding_ids
            if binding.kind == "module" and binding.reference not in self.modules
        }
        for binding in term.binding_ids:
            name = f"{term.code}: {binding.kind} {binding.reference}"
            if self.is_there(binding):
                self.assertEqual(binding.state, "ok", name)
                continue
            module, _dot, _rest = binding.reference.partition(".")
            external = binding.kind in ("menu", "action") and (
                module not in self.modules or self.is_of_hidden_app(binding)
            )
            self.assertTrue(absent or external, f"{name} is not there")
            self.assertEqual(binding.state, "not_installed", name)
            self.assertFalse(term.edition == "suite" and not absent, name)

    def is_there(self, binding):
        """Follow a binding by hand."""
        reference = binding.reference
        if binding.kind == "module":
            return reference in self.modules
        if binding.kind == "model":
            return reference in self.env
        if binding.kind == "field":
            model, _dot, fname = reference.rpartition(".")
            return model in self.env and fname in self.env[model]._fields
        if binding.kind == "kpi":
            return bool(self.env["crm.kpi"].search([("code", "=", reference)]))
        record = self.env.ref(reference, raise_if_not_found=False)
        if not record:
            return False
        if binding.kind == "menu":
            return record._name == "ir.ui.menu" and self.is_reachable(record)
        self.assertTrue(record._name.startswith("ir.actions."), reference)
        model = record._name == "ir.actions.act_window" and record.res_model
        return not model or model in self.env

    def is_of_hidden_app(self, binding):
        """An app that others use shows no menus before it is installed itself."""
        if binding.kind != "menu":
            return False
        menu = self.env.ref(binding.reference)
        while menu.parent_id:
            menu = menu.parent_id
        return not menu.active

    def is_reachable(self, menu):
        """A menu is switched on, and so is all that it hangs from."""
        while menu:
            if not menu.active:
                return False
            menu = menu.parent_id
        return True

    # === NUMBERS === #

    def check_numbers(self, term):
        """The numbers that the term carries are those of the records."""
        codes = set(term.kpi_ids.mapped("code"))
        codes |= {b.reference for b in term.binding_ids if b.kind == "kpi"}
        self.assertEqual(bool(codes), bool(term.kpi_id), term.code)
        for code in codes:
            self.check_kpi(code)

    def check_kpi(self, code):
        """A KPI says what plain Python says, for some periods."""
        kpi = self.env["crm.kpi"].search([("code", "=", code)])
        self.assertEqual(len(kpi), 1, code)
        for window in self.get_windows():
            [row] = kpi.compute_values(*window)
            expected = getattr(self.facts, code)(window)
            if expected is None or row["value"] is None:
                self.assertEqual(row["value"], expected, f"{code} {window}")
            else:
                self.assertAlmostEqual(row["value"], expected, 2, f"{code} {window}")

    def get_windows(self):
        """This month, the last one, two years, and days before there was anything."""
        month = self.today.replace(day=1)
        last = month - timedelta(days=1)
        return (
            (month, self.today),
            (last.replace(day=1), last),
            (self.today - timedelta(days=730), self.today),
            (self.today - timedelta(days=9000), self.today - timedelta(days=8000)),
        )


def one_test_a_term(*codes):
    """Give a class of tests a method ``test_term_<code>`` for each of some codes."""

    def decorate(cls):
        for code in codes:

            def test(self, code=code):
                self.check_term(code)

            test.__doc__ = f"The term {code}."
            setattr(cls, f"test_term_{code}", test)
        return cls

    return decorate


class CrmCase(TermCase):
    """Short ways to make what the claims of the terms are tried on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = cls.env["crm.stage"].create(
            [{"name": f"Stage {n}", "sequence": 50 + n} for n in range(3)]
        )

    def make_deal(self, **values):
        """An opportunity in the first of the test's stages."""
        return self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "stage_id": self.stages[0].id,
                "user_id": False,
                **values,
            }
        )

    def make_lead(self, **values):
        """A lead that is not converted yet."""
        values = {"name": "Lead", "type": "lead", "user_id": False, **values}
        return self.env["crm.lead"].create(values)

    def convert(self, lead):
        """Convert a lead as the button does."""
        self.env["crm.lead2opportunity.partner"].with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        ).create(
            {"lead_id": lead.id, "name": "convert", "action": "create"}
        ).action_apply()

    def compute(self, code, domain=None):
        """The value of a KPI since yesterday."""
        self.env.flush_all()
        kpi = self.env["crm.kpi"].search([("code", "=", code)])
        day = timedelta(days=1)
        [row] = kpi.compute_values(self.today - day, self.today + day, domain=domain)
        return row["value"]

    def assert_kpi_grows(self, code, difference, **values):
        """One more deal makes a number so much bigger; return the deal."""
        before = self.compute(code)
        deal = self.make_deal(**values)
        self.assertAlmostEqual(self.compute(code), before + difference, 2)
        return deal

    def check_kpi(self, code):
        """The records have changed: read them again."""
        self.facts = Numbers(self.env, self.today)
        super().check_kpi(code)

    def flush_tracking(self):
        """Write the messages of tracked changes, as a request does at its end."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
