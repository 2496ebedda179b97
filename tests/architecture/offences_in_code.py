"""Offences in Python and manifests: one or more for each check of the code.

``(check, what the finding says, the files that are changed)``; the files replace or
extend those of ``small_suite``.
"""

import access
import arrows
import engine_only
import idioms
import models_check
from small_suite import (
    BRIDGE,
    CORE,
    SCORING,
    SEGMENTS,
    manifest,
    model,
    xml,
)
from small_suite import access as access_csv

EXTRA = f"{SCORING}/extra.py"
LEAD = f"{SCORING}/models/crm_lead.py"
ACCESS_CSV = f"{SCORING}/security/ir.model.access.csv"
RULE = f"{SCORING}/models/crm_lead_score_rule.py"
VIEWS = f"{SCORING}/views/crm_lead_views.xml"


def lead(body):
    return {LEAD: model("", body, inherit="crm.lead")}


def line(code):
    return {EXTRA: f"{code}\n"}


def rights(score="1,0,0,0", group="base.group_user"):
    rule = ("model_crm_lead_score_rule", "base.group_user", "1,1,1,1")
    return {ACCESS_CSV: access_csv(("model_crm_lead_score", group, score), rule)}


ELEVEN = "".join(f"    def _m{n}(self):\n        pass\n\n" for n in range(11))
LONG = "def f():\n" + "    x = 1\n" * 51
OTHER_GROUP = (
    '<record id="x" model="res.groups"><field name="a" ref="sale.g"/></record>'
)

ARROWS = [
    (
        arrows.check_manifest_graph,
        "is a product and depends on crm_segmentation",
        {
            f"{SCORING}/__manifest__.py": manifest(
                ["crm_glossary_core", "crm_segmentation"]
            )
        },
    ),
    (
        arrows.check_manifest_graph,
        "in a circle",
        {f"{CORE}/__manifest__.py": manifest(["crm_lead_scoring"])},
    ),
    (
        arrows.check_manifest_graph,
        "is the core and depends on crm_segmentation",
        {f"{CORE}/__manifest__.py": manifest(["crm", "crm_segmentation"])},
    ),
    (
        arrows.check_manifest_graph,
        "needs the Odoo app website",
        {f"{SEGMENTS}/__manifest__.py": manifest(["crm_glossary_core", "website"])},
    ),
    (
        arrows.check_manifest_graph,
        "does not depend on crm_glossary_core",
        {f"{SEGMENTS}/__manifest__.py": manifest(["crm"])},
    ),
    (
        arrows.check_manifest_graph,
        "is not named <consumer>_<provider>",
        {f"{BRIDGE}/__manifest__.py": manifest(["crm", "sale"], auto_install=True)},
    ),
    (
        arrows.check_manifest_graph,
        "for tests",
        {
            "tests/addons/test_it/__manifest__.py": manifest(["crm"]),
            f"{CORE}/__manifest__.py": manifest(["crm", "test_it"]),
        },
    ),
    (
        arrows.check_modules_are_known,
        "unknown module crm_telepathy",
        {
            f"{SEGMENTS}/__manifest__.py": manifest(
                ["crm_glossary_core", "crm_telepathy"]
            )
        },
    ),
    (
        arrows.check_python_imports,
        "needs crm_segmentation",
        line("from odoo.addons.crm_segmentation.models import crm_segment"),
    ),
    (arrows.check_python_imports, "needs sale", line("import odoo.addons.sale.models")),
    (
        arrows.check_python_imports,
        "needs survey",
        line("def f():\n    from odoo.addons import survey"),
    ),
    (
        arrows.check_javascript,
        "needs crm_segmentation",
        {f"{SCORING}/static/src/a.js": 'import { X } from "@crm_segmentation/x";\n'},
    ),
    (
        arrows.check_javascript,
        "needs sale",
        {f"{SCORING}/static/src/a.js": 'this.action.doAction("sale.action_orders");\n'},
    ),
    (arrows.check_xml_ids, "needs sale", {VIEWS: xml(OTHER_GROUP)}),
    (
        arrows.check_xml_ids,
        "needs crm_segmentation",
        {
            VIEWS: xml("""<record id="x" model="y"><field name="a"
            eval="[Command.link(ref('crm_segmentation.group'))]"/></record>""")
        },
    ),
    (
        arrows.check_xml_ids,
        "needs website",
        {VIEWS: xml('<menuitem id="m" groups="base.group_user,!website.group"/>')},
    ),
    (arrows.check_xml_ids, "needs sale", line('env.ref("sale.menu")')),
    (
        arrows.check_xml_ids,
        "needs crm_segmentation",
        line('env.ref("crm_segmentation.menu", raise_if_not_found=False)'),
    ),
    (
        arrows.check_xml_ids,
        "needs survey",
        line('field = fields.Char(groups="base.group_user,survey.group_survey")'),
    ),
    (arrows.check_xml_ids, "needs sale", rights(group="sale.group_x")),
    (
        arrows.check_model_names,
        "the model crm.segment needs crm_segmentation",
        line('known = "crm.segment" in env'),
    ),
]

ENGINE = [
    (engine_only.check_sql, "SQL is built", line('SQL("%s", 1)')),
    (engine_only.check_sql, "execute() is called", line("self.env.cr.execute(text)")),
    (engine_only.check_sql, "execute_query()", line("self.env.execute_query(query)")),
    (engine_only.check_sql, "SQL text", line('text = "SELECT id FROM crm_lead"')),
    (engine_only.check_sql, "SQL text", line('text = "delete from crm_lead"')),
    (engine_only.check_sql, "put together", line('text = f"UPDATE {t} SET x = {v}"')),
    (
        engine_only.check_sql,
        "WITH x AS",
        line('text = """\n  WITH x AS (\n  SELECT 1) INSERT INTO y"""'),
    ),
    (
        engine_only.check_sql,
        "a view is defined",
        line("class A:\n    a = b._table_query"),
    ),
    (engine_only.check_sql, "SQL file", {f"{SCORING}/data/x.sql": "SELECT 1;\n"}),
    (
        engine_only.check_search_is_the_engines,
        "_search() is called",
        line('def _compute(self):\n    return self.env["x"]._search([])'),
    ),
    (engine_only.check_one_parser, "safe_eval()", line("safe_eval(self.domain)")),
    (engine_only.check_one_parser, "literal_eval()", line("ast.literal_eval(text)")),
    (engine_only.check_one_parser, "eval()", line("eval(text)")),
    (engine_only.check_transactions, "cr.commit()", line("self.env.cr.commit()")),
    (engine_only.check_transactions, "cr.rollback()", line("cr.rollback()")),
    (engine_only.check_transactions, "second", line("cr = self.env.registry.cursor()")),
    (engine_only.check_transactions, "sleep()", line("time.sleep(1)")),
]

ACCESS = [
    (access.check_match_tables, "1,0,0,0, not 1,1,0,0", rights("1,1,0,0")),
    (
        access.check_match_tables,
        "create() on crm.lead.score: the engine's",
        line('self.env["crm.lead.score"].sudo().create({})'),
    ),
    (
        # an ordinary model becomes a match table when the engine is given its table
        access.check_match_tables,
        "crm.lead.score.rule is a match table",
        line('TABLE = engine.MatchTable("crm_lead_score_rule")'),
    ),
    (access.check_access_lines, "a line without a group", rights(group="")),
    (
        access.check_access_lines,
        "crm.other has no access line",
        {f"{SCORING}/models/crm_other.py": model("crm.other")},
    ),
    (
        access.check_companies,
        "no company rule",
        {f"{SCORING}/security/rules.xml": xml()},
    ),
    (
        access.check_companies,
        "no _check_company_auto",
        {
            RULE: model(
                "crm.lead.score.rule",
                '    company_id = fields.Many2one("res.company")\n',
            )
        },
    ),
    (
        # the company comes from a mixin of the suite
        access.check_companies,
        "crm.other has a company and no company rule",
        {
            f"{CORE}/models/crm_mixin.py": model(
                "crm.mixin",
                '    company_id = fields.Many2one("res.company")\n',
                base="AbstractModel",
            ),
            f"{SCORING}/models/crm_other.py": model("crm.other", inherit="crm.mixin"),
        },
    ),
    (
        access.check_public_methods,
        "refresh() uses other rights",
        lead("    def refresh(self):\n        return self.sudo().x\n"),
    ),
    (
        access.check_public_methods,
        "action_go() uses other rights",
        lead("    def action_go(self):\n        return engine.sync(self.env)\n"),
    ),
    (
        access.check_public_methods,
        "RPC uses that name",
        lead("    def get_it(self, ids):\n        return ids\n"),
    ),
]

MODELS = [
    (models_check.check_file_sizes, "401 lines", line("x = 1\n" * 400)),
    (models_check.check_method_sizes, "f() has 52 lines", line(LONG)),
    (models_check.check_lead_is_lean, "has 11 methods on crm.lead", lead(ELEVEN)),
    (models_check.check_core_fields, "core's to write", line("lead.probability = 5")),
    (
        models_check.check_core_fields,
        "core's to write",
        line('lead.write({"automated_probability": 5})'),
    ),
    (
        models_check.check_core_fields,
        "redefined",
        lead("    probability = fields.Float()\n"),
    ),
    (
        models_check.check_merge,
        "crm.other.lead_id: no merge hook",
        {
            f"{SCORING}/models/crm_other.py": model(
                "crm.other", '    lead_id = fields.Many2one("crm.lead")\n'
            )
        },
    ),
    (
        models_check.check_names,
        "the model name crm.phonecall is taken",
        {f"{SCORING}/models/crm_phonecall.py": model("crm.phonecall")},
    ),
    (
        models_check.check_names,
        "the field name score on crm.lead",
        lead("    score = fields.Integer()\n"),
    ),
    (
        models_check.check_names,
        "voip_login",
        {
            f"{SCORING}/models/res_users.py": model(
                "", "    voip_login = fields.Char()\n", inherit="res.users"
            )
        },
    ),
    (
        models_check.check_one_model_a_file,
        "belongs in crm_lead_score_rule.py",
        {f"{SCORING}/models/rule.py": model("crm.lead.score.rule")},
    ),
    (
        models_check.check_one_model_a_file,
        "a second model",
        {
            LEAD: model("", inherit="crm.lead")
            + "\n\n"
            + model("", inherit="res.partner")
        },
    ),
    (
        models_check.check_section_order,
        "comes too late",
        lead("    # === CRUD METHODS === #\n    # === FIELDS === #\n"),
    ),
    (
        models_check.check_section_order,
        "unknown section",
        lead("    # === VARIOUS === #\n"),
    ),
    (
        models_check.check_docstrings,
        "crm.segment: no docstring",
        {
            f"{SEGMENTS}/models/crm_segment.py": model(
                "crm.segment", base="AbstractModel"
            ).replace('"""One thing."""', "")
        },
    ),
    (
        models_check.check_docstrings,
        "_cron_go: no docstring",
        {RULE: model("crm.lead.score.rule", "    def _cron_go(self):\n        pass\n")},
    ),
]

IDIOMS = [
    (idioms.check_python, "read_group", line("self.read_group([], [], [])")),
    (idioms.check_python, "_sql_constraints", line("_sql_constraints = []")),
    (idioms.check_python, "name_get", line("def name_get(self):\n    pass")),
    (idioms.check_python, "env.cr", line("x = self._cr")),
    (idioms.check_python, "Domain", line("from odoo.osv import expression")),
    (idioms.check_python, "self.env._", line("from odoo import _, models")),
    (idioms.check_python, "Command", line("x = [(6, 0, tags.ids)]")),
    (idioms.check_python, "Command", line('x = [(0, 0, {"name": 1})]')),
    (
        idioms.check_fields,
        "group_operator=",
        lead('    x = fields.Integer(group_operator="sum")\n'),
    ),
    (
        idioms.check_routes,
        "jsonrpc",
        line('@http.route("/x", type="json")\ndef f(): 1'),
    ),
    (
        idioms.check_inverse_indexes,
        "crm.lead.score.rule.lead_id has no index",
        {
            RULE: model(
                "crm.lead.score.rule", '    lead_id = fields.Many2one("crm.lead")\n'
            ),
            **lead('    x_ids = fields.One2many("crm.lead.score.rule", "lead_id")\n'),
        },
    ),
]

OFFENCES = [*ARROWS, *ENGINE, *ACCESS, *MODELS, *IDIOMS]
