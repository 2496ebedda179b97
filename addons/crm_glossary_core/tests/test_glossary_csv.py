"""Terms in CSV files, through Odoo's own import and export."""

import csv
import io

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import file_open

from .common_glossary import GlossaryCommon

TEMPLATE = "crm_glossary_core/static/csv/crm_glossary_term.csv"
OPTIONS = {"quoting": '"', "separator": ",", "has_headers": True, "encoding": "utf-8"}
EXPORTED = """
    id code name definition state owner_id/id category_id/id edition
    synonym_ids/id synonym_ids/name synonym_ids/lang synonym_ids/kind
    binding_ids/id binding_ids/kind binding_ids/reference
""".split()


@tagged("post_install", "-at_install")
class TestGlossaryCsv(GlossaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor.group_ids |= cls.env.ref("base.group_allow_export")
        cls.Term = cls.Term.with_user(cls.editor).with_context(lang="en_US")

    def _import(self, content, user=None, lang="en_US", dryrun=False):
        """Import a CSV text as a user does who takes the proposed columns."""
        wizard = self.env["base_import.import"].with_user(user or self.editor)
        wizard = wizard.with_context(lang=lang).create(
            {
                "res_model": "crm.glossary.term",
                "file": content.encode(),
                "file_type": "text/csv",
                "file_name": "terms.csv",
            }
        )
        header = next(csv.reader(io.StringIO(content)))
        result = wizard.execute_import(header, header, dict(OPTIONS), dryrun=dryrun)
        self.env.invalidate_all()
        return result

    def _get(self, code):
        return self.Term.search([("code", "=", code)])

    def test_template_is_offered_and_works(self):
        [template] = self.Term.get_import_templates()
        self.assertEqual(template["template"], f"/{TEMPLATE}")
        with file_open(TEMPLATE) as source:
            result = self._import(source.read())
        self.assertFalse(result["messages"])
        term = self._get("red_list")
        self.assertEqual(term.state, "draft")
        self.assertEqual(term.category_id.name, "Customers and Contacts")
        self.assertEqual(
            {(word.name, word.kind) for word in term.synonym_ids},
            {("blocked customers", "synonym"), ("stop list", "former_name")},
        )
        self.assertEqual(set(term.binding_ids.mapped("state")), {"ok"})
        self.assertEqual(len(term.binding_ids), 2)

    def test_columns_are_recognised(self):
        with file_open(TEMPLATE) as source:
            content = source.read()
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "crm.glossary.term",
                "file": content.encode(),
                "file_type": "text/csv",
                "file_name": "terms.csv",
            }
        )
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertFalse(preview.get("error"))
        self.assertEqual(set(preview["matches"]), set(range(15)))

    def test_state_and_owner_are_taken(self):
        result = self._import(
            "code,name,definition,state,owner_id\n"
            "a_1,A One,What it is.,In Review,glossary_editor\n"
            "a_2,A Two,What it is.,approved,\n"
        )
        self._import("code,name,definition\na_3,A Three,What it is.\n")
        self.assertFalse(result["messages"])
        states = [self._get(code).state for code in ("a_1", "a_2", "a_3")]
        self.assertEqual(states, ["review", "approved", "draft"])
        self.assertEqual(self._get("a_1").owner_id, self.editor)

    def test_half_broken_file_takes_nothing(self):
        broken = {
            "category": "b_2,B Two,What it is.,draft,No Such Category\n",
            "state": "b_2,B Two,What it is.,finished,\n",
            "code twice": "b_1,B Two,What it is.,draft,\n",
            "approved without a definition": "b_2,B Two,,approved,\n",
        }
        for problem, line in broken.items():
            with self.subTest(problem=problem):
                result = self._import(
                    "code,name,definition,state,category_id\n"
                    "b_1,B One,What it is.,draft,\n" + line
                )
                errors = [m for m in result["messages"] if m["type"] == "error"]
                self.assertTrue(errors and all(error["message"] for error in errors))
                self.assertFalse(self._get("b_1") | self._get("b_2"))

    def test_dry_run_changes_nothing(self):
        result = self._import("code,name\nc_1,C One\n", dryrun=True)
        self.assertFalse(result["messages"])
        self.assertFalse(self._get("c_1"))

    def test_export_comes_back(self):
        term = self.Term.create(
            {
                "name": "Red List",
                "code": "red_list",
                "definition": "Who.",
                "state": "review",
                "owner_id": self.editor.id,
                "synonym_ids": [Command.create({"name": "stop list", "lang": "en_US"})],
                "binding_ids": [
                    Command.create({"kind": "model", "reference": "res.partner"}),
                    Command.create({"kind": "field", "reference": "res.partner.name"}),
                ],
            }
        )
        rows = term.with_context(import_compat=True).export_data(EXPORTED)["datas"]
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([EXPORTED, *rows])
        content = text.getvalue()
        self.assertIn("In Review", content)
        self.assertFalse(self._import(content)["messages"])
        self.assertEqual(len(term.synonym_ids), 1, "nothing is doubled")
        self.assertEqual(len(term.binding_ids), 2)
        changed = content.replace("Who.", "Who else.").replace("In Review", "Draft")
        self.assertFalse(self._import(changed)["messages"])
        self.assertEqual((term.definition, term.state), ("Who else.", "draft"))

    def test_translations_are_imported_in_the_users_language(self):
        self._import("id,code,name,definition\nred_list,red_list,Red List,Who.\n")
        result = self._import(
            "id,name,definition\nred_list,Червен списък,Кои са.\n", lang="bg_BG"
        )
        self.assertFalse(result["messages"])
        term = self._get("red_list")
        self.assertEqual(term.name, "Red List")
        self.assertEqual(term.with_context(lang="bg_BG").name, "Червен списък")

    def test_companys_own_term_beside_the_shipped_one(self):
        shipped = self._get("win_rate")
        self.editor.company_ids |= self.other_company
        result = self._import(
            "code,name,definition,company_id\nwin_rate,Hit Rate,Ours.,Other Company\n"
        )
        self.assertFalse(result["messages"])
        both = self.env["crm.glossary.term"].search([("code", "=", "win_rate")])
        self.assertEqual(len(both), 2)
        self.assertEqual((both - shipped).company_id, self.other_company)

    def test_reader_may_not_import(self):
        result = self._import("code,name\nd_1,D One\n", user=self.reader)
        self.assertTrue(result["messages"])
        self.assertFalse(self._get("d_1"))
