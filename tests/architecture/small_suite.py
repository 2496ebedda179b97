"""A suite in miniature that keeps every rule, for the tests of the checks.

:func:`build` writes it below a folder, with files added or replaced; each test of a
check breaks one rule in it.
"""

import struct

CORE = "addons/crm_glossary_core"
SCORING = "addons/crm_lead_scoring"
SEGMENTS = "addons/crm_segmentation"
BRIDGE = "addons/crm_lead_scoring_mass_mailing"

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 128, 128)


def manifest(depends, data=(), **values):
    content = {
        "name": "Small",
        "summary": "Small",
        "version": "19.0.1.0.0",
        "category": "Sales/CRM",
        "author": "Us",
        "license": "LGPL-3",
        "depends": depends,
        "data": list(data),
        **values,
    }
    return f"{content!r}\n"


def catalogue(*texts, translation=""):
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    entries = [
        f'\n#. module: x\n#: model:x\nmsgid "{text}"\nmsgstr "{translation}"\n'
        for text in texts
    ]
    return head + "".join(entries)


def xml(*elements):
    return "<odoo>\n" + "\n".join(elements) + "\n</odoo>\n"


def view(name, model, arch, inherit=None):
    base = f'<field name="inherit_id" ref="{inherit}"/>' if inherit else ""
    return (
        f'<record id="{name}" model="ir.ui.view">{base}'
        f'<field name="model">{model}</field>'
        f'<field name="arch" type="xml">{arch}</field></record>'
    )


def model(name, body="", base="Model", inherit=None):
    """Return the source of a file with one model; ``body`` is indented already."""
    lines = [
        "from odoo import api, fields, models\n\n\n",
        f"class Some(models.{base}):\n",
        '    """One thing."""\n\n',
    ]
    if name:
        lines.append(f'    _name = "{name}"\n    _description = "Thing"\n')
    if inherit:
        lines.append(f'    _inherit = "{inherit}"\n')
    return "".join(lines) + body


ACCESS = (
    "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
)


def access(*lines):
    """Each line is ``(model id, group, "1,0,0,0")``."""
    return ACCESS + "".join(
        f"access_{number},x,{model},{group},{rights}\n"
        for number, (model, group, rights) in enumerate(lines)
    )


SCORE = (
    '    _log_access = False\n    lead_id = fields.Many2one("crm.lead")\n'
    '    total = fields.Integer(string="Thing")\n'
)
RULE = (
    "    _check_company_auto = True\n\n    # === FIELDS === #\n"
    '    company_id = fields.Many2one("res.company")\n\n'
    "    # === ACTION METHODS === #\n    def action_score(self):\n"
    '        self.check_access("write")\n        return self.sudo()._score()\n'
)
COMPANY_RULE = (
    '<record id="rule_company" model="ir.rule">'
    '<field name="model_id" ref="model_crm_lead_score_rule"/>'
    "<field name=\"domain_force\">[('company_id', 'in', company_ids)]</field></record>"
)
FORM = '<form><sheet><group name="main"><field name="name"/></group></sheet></form>'
ACTION = (
    '<record id="crm_lead_score_rule_action" model="ir.actions.act_window">'
    '<field name="name">Thing</field>'
    '<field name="res_model">crm.lead.score.rule</field>'
    '<field name="help" type="html"><p>Thing</p></field></record>'
)
ENGINE = (
    "from odoo.tools import SQL\n\n\ndef rows(env):\n"
    '    return env.execute_query(SQL("SELECT id FROM crm_lead"))\n'
)
LEAD_VIEW = view(
    "crm_lead_view_form_inherit_crm_lead_scoring",
    "crm.lead",
    '<page name="internal_notes" position="after"><page name="score"/></page>',
    inherit="crm.crm_lead_view_form",
)

SCORING_DATA = [
    "security/ir.model.access.csv",
    "security/rules.xml",
    "views/crm_lead_score_rule_views.xml",
    "views/crm_lead_views.xml",
    "views/crm_lead_scoring_menus.xml",
]

GOOD = {
    f"{CORE}/__manifest__.py": manifest(["crm"], application=True),
    f"{CORE}/__init__.py": "from . import engine\n",
    f"{CORE}/engine/__init__.py": "from .compiler import rows\n",
    f"{CORE}/engine/compiler.py": ENGINE,
    f"{SCORING}/__manifest__.py": manifest(["crm_glossary_core"], SCORING_DATA),
    f"{SCORING}/__init__.py": "from . import models\n",
    f"{SCORING}/models/__init__.py": (
        "from . import crm_lead_score\nfrom . import crm_lead_score_rule\n"
    ),
    f"{SCORING}/models/crm_lead_score.py": model("crm.lead.score", SCORE),
    f"{SCORING}/models/crm_lead_score_rule.py": model("crm.lead.score.rule", RULE),
    f"{SCORING}/security/ir.model.access.csv": access(
        ("model_crm_lead_score", "base.group_user", "1,0,0,0"),
        ("model_crm_lead_score_rule", "sales_team.group_sale_manager", "1,1,1,1"),
    ),
    f"{SCORING}/security/rules.xml": xml(COMPANY_RULE),
    f"{SCORING}/views/crm_lead_score_rule_views.xml": xml(
        view("crm_lead_score_rule_view_form", "crm.lead.score.rule", FORM), ACTION
    ),
    f"{SCORING}/views/crm_lead_views.xml": xml(LEAD_VIEW),
    f"{SCORING}/views/crm_lead_scoring_menus.xml": xml(
        '<menuitem id="menu" name="Thing" action="crm_lead_score_rule_action"/>'
    ),
    f"{SCORING}/static/src/thing.js": (
        'import { _t } from "@web/core/l10n/translation";\nconst text = _t("Thing");\n'
    ),
    f"{SEGMENTS}/__manifest__.py": manifest(["crm_glossary_core"]),
    f"{SEGMENTS}/__init__.py": "from . import models\n",
    f"{SEGMENTS}/models/__init__.py": "from . import crm_segment\n",
    f"{SEGMENTS}/models/crm_segment.py": model("crm.segment", base="AbstractModel"),
    f"{BRIDGE}/__manifest__.py": manifest(
        ["crm_lead_scoring", "mass_mailing"], auto_install=True
    ),
    f"{BRIDGE}/__init__.py": "",
    f"{CORE}/static/description/index.html": "<p>Thing</p>\n",
    f"{CORE}/static/description/icon.svg": "<svg/>\n",
    "README.md": "See https://www.odoo.com\n",
}
for addon in (CORE, SCORING, SEGMENTS, BRIDGE):
    name = addon.rpartition("/")[2]
    GOOD[f"{addon}/static/description/icon.png"] = PNG
    GOOD[f"{addon}/i18n/{name}.pot"] = catalogue("Thing")
    for language in ("bg", "ru"):
        GOOD[f"{addon}/i18n/{language}.po"] = catalogue("Thing", translation="Нещо")


def build(root, changes=()):
    """Write the suite below ``root``; a change to None leaves the file out."""
    for path, content in {**GOOD, **dict(changes)}.items():
        if content is None:
            continue
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        target.write_bytes(content)
    return root
