from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common_glossary import GlossaryCommon


@tagged("post_install", "-at_install")
class TestGlossaryIndex(GlossaryCommon):
    """What the A-Z page reads of all terms."""

    def _get_entry(self, code, lang="en_US", user=None):
        Term = self.Term.with_user(user or self.reader).with_context(lang=lang)
        entries = {entry["code"]: entry for entry in Term.get_index()["terms"]}
        return entries.get(code)

    def test_entry_is_in_the_language_of_the_reader(self):
        entry = self._get_entry("win_rate")
        self.assertEqual(entry["name"], "Win Rate")
        self.assertEqual(entry["letter"], "W")
        self.assertFalse(entry["english_name"])
        bulgarian = self._get_entry("win_rate", "bg_BG")
        self.assertEqual(bulgarian["english_name"], "Win Rate")
        self.assertEqual(bulgarian["letter"], bulgarian["name"][0].upper())
        self.assertNotEqual(bulgarian["definition"], entry["definition"])

    def test_words_are_of_the_language_and_true(self):
        term = self._create_term(
            "Indexed",
            synonym_ids=[
                Command.create({"name": "everywhere"}),
                Command.create(
                    {"name": "english", "lang": "en_US", "kind": "former_name"}
                ),
                Command.create({"name": "български", "lang": "bg_BG"}),
                Command.create({"name": "lookalike", "kind": "false_friend"}),
            ],
        )
        words = self._get_entry(term.code)["words"]
        self.assertEqual(set(words), {"everywhere", "english"})
        words = self._get_entry(term.code, "bg_BG")["words"]
        self.assertEqual(set(words), {"everywhere", "български"})

    def test_only_what_the_reader_may_read(self):
        draft = self._create_term("Drafted", state="draft")
        other = self._create_term("Theirs", company_id=self.other_company.id)
        self.assertFalse(self._get_entry(draft.code))
        self.assertTrue(self._get_entry(draft.code, user=self.editor))
        self.assertFalse(self._get_entry(other.code))
        with self.assertRaises(AccessError):
            self.Term.with_user(self.outsider).get_index()

    def test_filters_name_what_has_terms(self):
        empty = self.env["crm.glossary.category"].create({"name": "Empty"})
        index = self.Term.with_user(self.reader).get_index()
        used = {entry["category"] for entry in index["terms"]} - {False}
        self.assertEqual({category["id"] for category in index["categories"]}, used)
        self.assertNotIn(empty.id, used)
        audiences = {i for entry in index["terms"] for i in entry["audiences"]}
        self.assertEqual({line["id"] for line in index["audiences"]}, audiences)
        self.assertFalse(index["can_create"])
        self.assertTrue(self.Term.with_user(self.editor).get_index()["can_create"])

    def test_queries_do_not_grow_with_the_terms(self):
        Term = self.Term.with_user(self.reader).with_context(lang="bg_BG")
        Term.get_index()  # access rights and languages are cached from now on
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            Term.get_index()


@tagged("post_install", "-at_install")
class TestGlossarySession(HttpCase):
    """The web client is told whether to ask for terms at all."""

    def _get_session(self, groups):
        user = new_test_user(self.env, "glossary_session", groups=groups)
        self.authenticate(user.login, user.login)
        return self.make_jsonrpc_request("/web/session/get_session_info")

    def test_reader(self):
        info = self._get_session("sales_team.group_sale_salesman")
        self.assertIs(info["crm_glossary"], True)

    def test_stranger(self):
        info = self._get_session("base.group_user")
        self.assertIs(info["crm_glossary"], False)

    def test_portal(self):
        info = self._get_session("base.group_portal")
        self.assertIs(info["crm_glossary"], False)
