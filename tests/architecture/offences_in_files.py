"""Offences in views, translations and the project's other files.

``(check, what the finding says, the files that are changed)``, as in
``offences_in_code``.
"""

import socket

import idioms
import project
import translations
import views
from small_suite import CORE, SCORING, catalogue, manifest, model, view, xml

RULE_VIEWS = f"{SCORING}/views/crm_lead_score_rule_views.xml"
LEAD_VIEWS = f"{SCORING}/views/crm_lead_views.xml"
MENUS = f"{SCORING}/views/crm_lead_scoring_menus.xml"
MODULE = f"{SCORING}/__manifest__.py"
RULE = "crm.lead.score.rule"
# this file must not be an offence itself
SLASH = "/"
EXTRA = f"{SCORING}/extra.py"
BG = f"{SCORING}/i18n/bg.po"
POT = f"{SCORING}/i18n/crm_lead_scoring.pot"


def form(arch):
    return {RULE_VIEWS: xml(view("crm_lead_score_rule_view_form", RULE, arch))}


def inherited(arch, name="crm_lead_view_form_inherit_crm_lead_scoring"):
    return {LEAD_VIEWS: xml(view(name, "crm.lead", arch, "crm.crm_lead_view_form"))}


def action(name, content=""):
    record = (
        f'<record id="{name}" model="ir.actions.act_window">'
        f'<field name="res_model">{RULE}</field>{content}</record>'
    )
    return {RULE_VIEWS: xml(record)}


VIEWS = [
    (views.check_named_parts, "<group> without", form("<form><group/></form>")),
    (views.check_named_parts, "<page> without", form("<form><page/></form>")),
    (
        views.check_named_parts,
        "<button> without",
        inherited('<sheet position="inside"><button type="object"/></sheet>'),
    ),
    (
        views.check_no_replace,
        '<field position="replace">',
        inherited('<field name="x" position="replace"/>'),
    ),
    (
        views.check_no_replace,
        '<a position="replace">',
        {f"{SCORING}/static/src/a.xml": '<t><a position="replace"/></t>\n'},
    ),
    (
        views.check_view_ids,
        "not crm_lead_score_rule_view_<kind>",
        {RULE_VIEWS: xml(view("view_rule_form", RULE, "<form/>"))},
    ),
    (
        views.check_view_ids,
        "not crm_lead_view_form_inherit_crm_lead_scoring",
        inherited("<data/>", "crm_lead_form_score"),
    ),
    (
        views.check_action_ids,
        "action_rules: not crm_lead_score_rule_action",
        action("action_rules"),
    ),
    (
        views.check_view_files,
        "belongs in res_partner_views.xml",
        {RULE_VIEWS: xml(view("res_partner_view_form", "res.partner", "<form/>"))},
    ),
    (
        views.check_menus,
        "the menu m belongs in",
        {RULE_VIEWS: xml('<menuitem id="m"/>')},
    ),
    (
        views.check_menus,
        "the menus are not last",
        {
            MODULE: manifest(
                ["crm_glossary_core"],
                ["views/crm_lead_scoring_menus.xml", "views/crm_lead_views.xml"],
            )
        },
    ),
    (views.check_empty_states, "no help", action("crm_lead_score_rule_action")),
]

IDIOMS = [
    (idioms.check_xml, "<tree>: in Odoo 19 it is <list>", form("<tree/>")),
    (idioms.check_xml, "attrs", form('<form><field name="x" attrs="{}"/></form>')),
    (idioms.check_xml, "kanban-box", form('<kanban><t t-name="kanban-box"/></kanban>')),
    (idioms.check_xml, "<chatter/>", form('<form><div class="oe_chatter"/></form>')),
    (
        idioms.check_xml,
        "string on a search group",
        form('<search><group string="x"/></search>'),
    ),
    (
        idioms.check_xml,
        "a filter without",
        form('<search><filter string="x"/></search>'),
    ),
    (
        idioms.check_xml,
        "tree in view_mode",
        action(
            "crm_lead_score_rule_action", '<field name="view_mode">tree,form</field>'
        ),
    ),
    (
        idioms.check_xml,
        "category_id on res.groups",
        {
            MENUS: xml(
                '<record id="g" model="res.groups"><field name="category_id"/></record>'
            )
        },
    ),
    (
        idioms.check_xml,
        "t-esc",
        {f"{SCORING}/static/src/a.xml": '<t><span t-esc="x"/></t>\n'},
    ),
]

PROJECT = [
    (
        project.check_manifests,
        "no 'summary'",
        {f"{CORE}/__manifest__.py": manifest(["crm"], summary="")},
    ),
    (
        project.check_manifests,
        "version 1.0",
        {f"{CORE}/__manifest__.py": manifest(["crm"], version="1.0")},
    ),
    (
        project.check_manifests,
        "licence AGPL-3",
        {f"{CORE}/__manifest__.py": manifest(["crm"], license="AGPL-3")},
    ),
    (
        project.check_manifests,
        "without static/description/index.html",
        {f"{CORE}/static/description/index.html": None},
    ),
    (
        project.check_manifests,
        "no static/description/icon.png",
        {f"{CORE}/static/description/icon.png": None},
    ),
    (
        project.check_manifests,
        "data/x.xml does not exist",
        {f"{CORE}/__manifest__.py": manifest(["crm"], ["data/x.xml"])},
    ),
    (
        project.check_manifests,
        "demo data and is loaded always",
        {
            f"{CORE}/__manifest__.py": manifest(["crm"], ["demo/x.xml"]),
            f"{CORE}/demo/x.xml": xml(),
        },
    ),
    (
        project.check_icons,
        "size None",
        {f"{CORE}/static/description/icon.png": b"GIF89a" + b"\0" * 20},
    ),
    (
        project.check_neutralized,
        "no data/neutralize.sql",
        {EXTRA: "import requests\n"},
    ),
    (
        project.check_everything_is_imported,
        "crm_other.py:1: imported nowhere",
        {f"{SCORING}/models/crm_other.py": model("crm.other")},
    ),
    (
        project.check_everything_is_imported,
        "test_x.py:1: imported nowhere",
        {f"{SCORING}/tests/__init__.py": "", f"{SCORING}/tests/test_x.py": ""},
    ),
    (
        project.check_everything_is_imported,
        "no __init__.py",
        {f"{SCORING}/wizard/thing.py": ""},
    ),
    (
        project.check_no_skipped_tests,
        "skipTest: a test is left out",
        {f"{SCORING}/tests/test_x.py": 'def f(self):\n    self.skipTest("later")\n'},
    ),
    (project.check_text_files, "not UTF-8", {EXTRA: b"# \xe4\n"}),
    (project.check_text_files, "carriage returns", {EXTRA: b"x = 1\r\n"}),
    (project.check_text_files, "no line end", {EXTRA: "x = 1"}),
    (project.check_text_files, "conflict markers", {"README.md": "<<<<<<< HEAD\n"}),
    (project.check_no_machine, "home/anna", {"README.md": f"cd {SLASH}home/anna/x\n"}),
    (project.check_no_machine, "tmp/build", {EXTRA: f'path = "{SLASH}tmp/build"\n'}),
    (
        project.check_no_machine,
        "the host",
        {"README.md": f"https:{SLASH}/pypi.corp.lan/x\n"},
    ),
    (
        project.check_no_machine,
        "of one machine",
        {"README.md": f"on {socket.gethostname()}\n"},
    ),
    (project.check_no_leftovers, "a leftover", {"README.md.orig": "x\n"}),
    (project.check_no_leftovers, "bigger than", {"x.bin": b"\0" * 2_000_001}),
    (project.check_comments, "an open end", {EXTRA: "# TODO later\n"}),
]

TRANSLATIONS = [
    (translations.check_catalogues, "no i18n/bg.po", {BG: None}),
    (translations.check_catalogues, "no i18n/crm_lead_scoring.pot", {POT: None}),
    (translations.check_catalogues, "is not translated", {BG: catalogue("Thing")}),
    (
        translations.check_catalogues,
        "is translated as 'Thing'",
        {BG: catalogue("Thing", translation="Thing")},
    ),
    (
        translations.check_catalogues,
        "'Other' is missing",
        {POT: catalogue("Thing", "Other")},
    ),
    (
        translations.check_catalogues,
        "is no text of the add-on any more",
        {BG: catalogue("Thing", "Gone", translation="Нещо")},
    ),
    (
        translations.check_catalogues,
        "other placeholders",
        {
            POT: catalogue("Thing %(x)s"),
            BG: catalogue("Thing %(x)s", translation="Нещо"),
        },
    ),
    (
        translations.check_catalogues,
        "a guess",
        {
            BG: catalogue("Thing", translation="Нещо").replace(
                "#. module: x", "#. module: x\n#, fuzzy"
            )
        },
    ),
    (
        translations.check_templates,
        "'New text' is not in",
        {EXTRA: 'def f(env):\n    return env._("New text")\n'},
    ),
    (
        translations.check_templates,
        "'New label' is not in",
        {
            f"{SCORING}/models/crm_lead.py": model(
                "", '    x = fields.Char(string="New label")\n', inherit="crm.lead"
            )
        },
    ),
    (
        translations.check_templates,
        "'New choice' is not in",
        {
            f"{SCORING}/models/crm_lead.py": model(
                "",
                '    x = fields.Selection([("a", "New choice")])\n',
                inherit="crm.lead",
            )
        },
    ),
    (
        translations.check_templates,
        "'New page' is not in",
        form('<form><page name="a" string="New page"/></form>'),
    ),
    (
        translations.check_templates,
        "'New \"quoted\"' is not in",
        {f"{SCORING}/static/src/a.js": 'const a = _t("New \\"quoted\\"");\n'},
    ),
    (
        translations.check_templates,
        "'New menu' is not in",
        {MENUS: xml('<menuitem id="m" name="New menu"/>')},
    ),
]

OFFENCES = [*VIEWS, *IDIOMS, *PROJECT, *TRANSLATIONS]
