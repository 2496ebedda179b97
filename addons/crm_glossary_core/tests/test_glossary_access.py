"""Who sees and changes what: readers, editors, outsiders, other companies."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_glossary import GlossaryCommon

MODELS = (
    "crm.glossary.term",
    "crm.glossary.synonym",
    "crm.glossary.category",
    "crm.glossary.audience",
)


@tagged("post_install", "-at_install")
class TestGlossaryAccess(GlossaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approved = cls._create_term("Approved")
        cls.draft = cls._create_term("Draft", state="draft")
        cls.draft.synonym_ids = [Command.create({"name": "sketch", "lang": "en_US"})]
        cls.approved.related_term_ids = cls.draft

    def test_roles(self):
        self.assertTrue(self.reader.has_group("crm_glossary_core.group_glossary_user"))
        self.assertFalse(
            self.reader.has_group("crm_glossary_core.group_glossary_manager")
        )
        self.assertTrue(
            self.editor.has_group("crm_glossary_core.group_glossary_manager")
        )

    def test_rights_per_model(self):
        expected = {
            self.reader: {"read"},
            self.editor: {"read", "write", "create", "unlink"},
            self.outsider: set(),
        }
        for user, operations in expected.items():
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    records = self.env[model].with_user(user)
                    allowed = {
                        operation
                        for operation in ("read", "write", "create", "unlink")
                        if records.has_access(operation)
                    }
                    self.assertEqual(allowed, operations)

    def test_reader_sees_approved_terms_only(self):
        Term = self.Term.with_user(self.reader)
        found = Term.search([("id", "in", (self.approved | self.draft).ids)])
        self.assertEqual(found, self.approved)
        with self.assertRaises(AccessError):
            self.draft.with_user(self.reader).read(["name"])
        synonyms = self.env["crm.glossary.synonym"].with_user(self.reader)
        self.assertFalse(synonyms.search([("term_id", "=", self.draft.id)]))

    def test_related_draft_is_hidden_from_readers(self):
        self.env.invalidate_all()
        term = self.approved.with_user(self.reader)
        self.assertEqual(term.read(["related_term_ids"])[0]["related_term_ids"], [])
        self.env.invalidate_all()
        self.assertEqual(
            self.approved.with_user(self.editor).related_term_ids, self.draft
        )

    def test_reader_changes_nothing(self):
        term = self.approved.with_user(self.reader)
        for method in ("action_submit", "action_approve", "action_draft"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(term, method)()
        with self.assertRaises(AccessError):
            term.action_verify()
        with self.assertRaises(AccessError):
            term.name = "Changed"
        self.assertFalse(term.can_edit)
        self.assertTrue(self.approved.with_user(self.editor).can_edit)

    def test_other_companies(self):
        own = self._create_term("Own Word", company_id=self.other_company.id)
        own.synonym_ids = [Command.create({"name": "houseword", "lang": "en_US"})]
        for user in (self.reader, self.editor):
            Term = self.Term.with_user(user)
            self.assertFalse(Term.search([("id", "=", own.id)]))
            self.assertEqual(Term.search_terms("houseword"), [])
            with self.assertRaises(AccessError):
                own.with_user(user).read(["name"])
        colleague = new_test_user(
            self.env,
            "glossary_colleague",
            groups="sales_team.group_sale_salesman",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        Term = self.Term.with_user(colleague)
        self.assertEqual(Term.search([("id", "=", own.id)]), own)
        self.assertEqual(Term.search_terms("houseword")[0]["code"], own.code)
        self.assertTrue(Term.search([("id", "=", self.approved.id)]))

    def test_category_counts_what_the_reader_sees(self):
        category = self.env["crm.glossary.category"].create({"name": "Test"})
        (self.approved | self.draft).category_id = category
        self.assertEqual(category.with_user(self.reader).term_count, 1)
        self.env.invalidate_all()
        self.assertEqual(category.with_user(self.editor).term_count, 2)
        action = category.with_user(self.reader).action_view_terms()
        found = self.Term.with_user(self.reader).search(action["domain"])
        self.assertEqual(found, self.approved)

    def test_menus(self):
        visible = self.env["ir.ui.menu"].with_user(self.reader)._visible_menu_ids()
        self.assertIn(
            self.env.ref("crm_glossary_core.crm_glossary_term_menu").id, visible
        )
        self.assertNotIn(
            self.env.ref("crm_glossary_core.crm_glossary_menu_config").id, visible
        )
        root = self.env.ref("crm_glossary_core.crm_glossary_menu_root").id
        outside = self.env["ir.ui.menu"].with_user(self.outsider)._visible_menu_ids()
        self.assertNotIn(root, outside)
