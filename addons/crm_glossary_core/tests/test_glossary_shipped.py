"""Updates: unedited texts follow, edited ones stay and the difference is offered."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import shipped
from .common_glossary import GlossaryCommon

MODULE = "crm_glossary_core"


@tagged("post_install", "-at_install")
class TestGlossaryShipped(GlossaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Shipped = cls.env["crm.glossary.shipped"]
        cls.Proposal = cls.env["crm.glossary.proposal"]
        cls.term = cls.Term.search([("code", "=", "win_rate")])
        cls.other = cls.Term.search([("code", "=", "pipeline")])
        cls.Shipped._follow([MODULE])
        cls.texts = cls.Shipped._get_langs()
        cls.texts = shipped.read_texts(cls.env, MODULE, cls.texts)

    def _update(self, changes):
        """An update that ships other texts: ``{term code: {field: {lang: text}}}``."""
        texts = {
            name: {fname: dict(by_lang) for fname, by_lang in values.items()}
            for name, values in self.texts.items()
        }
        for code, by_field in changes.items():
            for fname, by_lang in by_field.items():
                texts[f"term_{code}"].setdefault(fname, {}).update(by_lang)
        self.Shipped._follow_texts(MODULE, texts)
        self.env.invalidate_all()

    def _write_definition(self, term, text, lang="en_US"):
        term.with_context(lang=lang).definition = text

    def test_what_is_shipped_is_in_the_database(self):
        self.assertEqual(len(self.texts), len(self._get_shipped_terms()))
        for lang in self.Shipped._get_langs():
            shipped_text = self.texts["term_win_rate"]["definition"][lang]
            term = self.term.with_context(lang=lang)
            self.assertEqual(term.definition, shipped_text)

    def test_unedited_term_follows(self):
        self._update(
            {"win_rate": {"definition": {"en_US": "New.", "bg_BG": "Ново."}}},
        )
        self.assertEqual(self.term.definition, "New.")
        self.assertEqual(self.term.with_context(lang="bg_BG").definition, "Ново.")
        self.assertNotEqual(self.term.with_context(lang="ru_RU").definition, "New.")
        self.assertFalse(self.term.proposal_ids)

    def test_new_text_of_a_term_without_one(self):
        term = self.Term.search([("code", "=", "pivot_view")])
        self.assertFalse(term.pitfall)
        self._update({"pivot_view": {"pitfall": {"en_US": "A.", "ru_RU": "Б."}}})
        self.assertEqual(term.pitfall, "A.")
        self.assertEqual(term.with_context(lang="ru_RU").pitfall, "Б.")

    def test_edited_term_keeps_its_text(self):
        self._write_definition(self.term, "Ours.")
        self._write_definition(self.other, "Наше.", "bg_BG")
        self._update(
            {
                "win_rate": {"definition": {"en_US": "New.", "bg_BG": "Ново."}},
                "pipeline": {"definition": {"bg_BG": "Ново 2.", "ru_RU": "Новое 2."}},
            }
        )
        self.assertEqual(self.term.definition, "Ours.")
        self.assertEqual(self.term.with_context(lang="bg_BG").definition, "Ново.")
        self.assertEqual(self.other.with_context(lang="bg_BG").definition, "Наше.")
        self.assertEqual(self.other.with_context(lang="ru_RU").definition, "Новое 2.")
        offered = {
            (p.term_id.code, p.fname, p.lang, p.current, p.shipped)
            for p in self.Proposal.search([])
        }
        self.assertEqual(
            offered,
            {
                ("win_rate", "definition", "en_US", "Ours.", "New."),
                ("pipeline", "definition", "bg_BG", "Наше.", "Ново 2."),
            },
        )
        self.assertEqual(self.term.proposal_count, 1)

    def test_take_the_new_text(self):
        self._write_definition(self.other, "Наше.", "bg_BG")
        self._update({"pipeline": {"definition": {"bg_BG": "Ново."}}})
        proposal = self.other.proposal_ids.with_user(self.editor)
        self.assertIn("<del>", proposal.difference)
        proposal.action_accept()
        self.assertEqual(self.other.with_context(lang="bg_BG").definition, "Ново.")
        self.assertFalse(self.other.proposal_ids)
        self._update({"pipeline": {"definition": {"bg_BG": "Още по-ново."}}})
        bulgarian = self.other.with_context(lang="bg_BG")
        self.assertEqual(bulgarian.definition, "Още по-ново.", "it follows again")

    def test_keep_ours(self):
        self._write_definition(self.term, "Ours.")
        change = {"win_rate": {"definition": {"en_US": "New."}}}
        self._update(change)
        self.term.proposal_ids.with_user(self.editor).action_keep()
        self.assertEqual(self.term.definition, "Ours.")
        self._update(change)
        self.assertFalse(self.term.proposal_ids, "what was decided is not asked again")
        self._update({"win_rate": {"definition": {"en_US": "Newer."}}})
        self.assertEqual(self.term.proposal_ids.shipped, "Newer.")

    def test_updating_twice_changes_nothing(self):
        self._write_definition(self.term, "Ours.")
        self._write_definition(self.other, "Наше.", "bg_BG")
        change = {
            "win_rate": {"definition": {"en_US": "New."}},
            "pipeline": {"definition": {"en_US": "Newer."}},
        }
        self._update(change)
        before = self.Term.search([]).read(["definition", "write_date"])
        proposals = self.Proposal.search([])
        self._update(change)
        self.assertEqual(
            self.Term.search([]).read(["definition", "write_date"]), before
        )
        self.assertEqual(self.Proposal.search([]), proposals)

    def test_unchanged_files_are_not_read_again(self):
        self.Shipped._follow([MODULE])
        self.env.flush_all()
        with self.assertQueryCount(60):
            self.Shipped._follow([MODULE])
            self.env.flush_all()

    def test_changed_file_is_read(self):
        self.Shipped.search([("module", "=", MODULE)]).fingerprint = "something else"
        self._write_definition(self.term, "Ours.")
        row = self.Shipped.search([("name", "=", "term_pipeline")])
        texts = row.texts
        texts["definition"]["en_US"] = "What the last version shipped."
        row.texts = texts
        self._write_definition(self.other, "What the last version shipped.")
        self.env["ir.module.module"]._load_module_terms([MODULE], ["bg_BG"])
        self.assertEqual(self.term.definition, "Ours.")
        self.assertFalse(self.term.proposal_ids, "the shipped text is the old one")
        shipped_text = self.texts["term_pipeline"]["definition"]["en_US"]
        self.assertEqual(self.other.definition, shipped_text)

    def test_deleted_records_do_not_come_back(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("name", "=", "term_b2c")]
        )
        old = self.Term.browse(data.res_id)
        values = {"name": "B2C", "code": "b2c"}
        old.unlink()
        again = self.Term._load_records(
            [{"xml_id": f"{MODULE}.term_b2c", "values": values, "noupdate": True}]
        )
        self.Shipped._follow([MODULE])
        self.assertFalse(again.exists())

    def test_unbound_stays_unbound(self):
        binding = self.env.ref(f"{MODULE}.binding_win_rate_1")
        values = {
            "term_id": binding.term_id.id,
            "kind": binding.kind,
            "reference": binding.reference,
        }
        binding.unlink()
        xml_id = f"{MODULE}.binding_win_rate_1"
        again = binding._load_records([{"xml_id": xml_id, "values": values}])
        self.Shipped._follow([MODULE])
        self.assertFalse(again.exists())

    def test_translations_of_shipped_texts_stay_approved(self):
        self._update(
            {"win_rate": {"definition": {"en_US": "New.", "bg_BG": "Ново."}}},
        )
        states = {row.lang: row.state for row in self.term.language_ids}
        self.assertEqual(states, {"bg_BG": "approved", "ru_RU": "approved"})

    def test_rights(self):
        self._write_definition(self.term, "Ours.")
        self._update({"win_rate": {"definition": {"en_US": "New."}}})
        proposal = self.term.proposal_ids
        with self.assertRaises(AccessError):
            proposal.with_user(self.reader).action_accept()
        with self.assertRaises(AccessError):
            proposal.with_user(self.reader).read(["shipped"])
        self.assertFalse(proposal.with_user(self.editor).has_access("write"))

    def test_script_in_a_text_is_shown_as_text(self):
        self._write_definition(self.term, "<script>alert(1)</script>")
        self._update({"win_rate": {"definition": {"en_US": "New."}}})
        self.assertNotIn("<script", self.term.proposal_ids.difference)
