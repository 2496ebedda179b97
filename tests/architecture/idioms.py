"""Idioms of Odoo 19: what was written otherwise before, or fails only in use."""

import ast
import re

from model_index import ModelIndex
from source_tree import called, calls, constant, dotted

OLD_METHODS = {
    "check_access_rights": "check_access() or has_access()",
    "check_access_rule": "check_access()",
    "fields_view_get": "get_view()",
    "get_xml_id": "get_external_id()",
    "invalidate_cache": "invalidate_recordset()",
    "name_get": "_compute_display_name()",
    "_name_search": "_search_display_name()",
    "read_group": "_read_group() or formatted_read_group()",
    "toggle_active": "action_archive()",
    "user_has_groups": "env.user.has_group()",
    "_where_calc": "_search()",
    "_apply_ir_rules": "_search()",
}
OLD_ATTRIBUTES = {"_cr": "env.cr", "_uid": "env.uid", "_context": "env.context"}
OLD_FIELD_KEYWORDS = {
    "auto_join": "bypass_search_access",
    "group_operator": "aggregator",
    "states": "readonly= in the view",
    "track_visibility": "tracking",
}
OLD_IMPORTS = {
    "odoo.osv": "odoo.fields.Domain",
    "odoo.orm": "odoo.fields, odoo.models",
    "odoo.registry": "odoo.modules.registry",
}
OLD_ELEMENTS = {"tree": "<list>"}
OLD_XML_ATTRIBUTES = {
    "attrs": "invisible=, readonly=, required=",
    "t-esc": "t-out",
    "t-raw": "t-out",
}
OLD_RECORD_FIELDS = {
    "res.groups": {"category_id": "privilege_id", "users": "user_ids"},
    "res.users": {"groups_id": "group_ids"},
    "ir.ui.view": {"groups_id": "group_ids"},
    "ir.ui.menu": {"groups_id": "group_ids"},
    "ir.actions.act_window": {"groups_id": "group_ids"},
    "ir.actions.server": {"groups_id": "group_ids"},
    "ir.cron": {"numbercall": "nothing", "doall": "nothing"},
}


# === PYTHON === #


def check_python(tree):
    """Methods, attributes and imports that Odoo 19 renamed or dropped."""
    findings = []
    for addon in tree.addons.values():
        for file in addon.python:
            for node in ast.walk(file.code):
                if found := old_idiom(node):
                    findings.append(file.finding(node, *found))
    return findings


def old_idiom(node):
    """Return ``(message, subject)`` if ``node`` is written as before, else None."""
    old = new = None
    if isinstance(node, ast.Call):
        name = called(node)
        old, new = name, OLD_METHODS.get(name)
        if not isinstance(node.func, ast.Attribute):
            new = None
    elif isinstance(node, ast.FunctionDef):
        old, new = node.name, OLD_METHODS.get(node.name)
    elif isinstance(node, ast.Attribute):
        old, new = node.attr, OLD_ATTRIBUTES.get(node.attr)
    elif isinstance(node, ast.Assign):
        old, new = "_sql_constraints", "models.Constraint"
        if not any(dotted(target) == old for target in node.targets):
            new = None
    elif isinstance(node, ast.Import | ast.ImportFrom):
        old, new = old_import(node)
    elif isinstance(node, ast.Tuple):
        old, new = "(6, 0, ...)", "Command" if is_old_command(node) else None
    return (f"{old}: in Odoo 19 it is {new}", old) if new else None


def old_import(node):
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{name}" for name in names]
    if "odoo._" in names:
        return "odoo._", "self.env._"
    for old, new in OLD_IMPORTS.items():
        if any(f"{name}.".startswith(f"{old}.") for name in names):
            return old, new
    return None, None


def is_old_command(node):
    """Whether a tuple looks like ``(0, 0, {...})``, ``(6, 0, [...])`` or ``(4, x)``."""
    first = node.elts[0] if node.elts else None
    number = first.value if isinstance(first, ast.Constant) else None
    if type(number) is not int or len(node.elts) != 3:
        return False
    second, third = node.elts[1:]
    zero = isinstance(second, ast.Constant) and second.value in (0, False)
    if number in (0, 1):
        return isinstance(third, ast.Dict)
    shapes = (ast.List, ast.Attribute, ast.ListComp)
    return number == 6 and zero and isinstance(third, shapes)


def check_fields(tree):
    """Parameters of fields that have another name now."""
    findings = []
    for model in ModelIndex(tree).classes:
        for field in model.fields.values():
            for old in set(OLD_FIELD_KEYWORDS) & set(field.keywords):
                message = f"{old}= on {field.name}: {OLD_FIELD_KEYWORDS[old]}"
                findings.append(model.file.finding(field.call, message, old))
    return findings


def check_routes(tree):
    """Routes of type json are jsonrpc now."""
    return [
        file.finding(call, 'type="json": jsonrpc', "json")
        for file in tree.production
        for call in calls(file.code)
        if called(call) == "route"
        for keyword in call.keywords
        if keyword.arg == "type" and constant(keyword.value) == "json"
    ]


def check_inverse_indexes(tree):
    """A Many2one behind a One2many is indexed, or each opening scans its table."""
    index, findings = ModelIndex(tree), []
    for model in index.classes:
        for field in model.fields.values():
            if field.kind != "One2many" or field.comodel in index.match_tables:
                continue
            keywords, arguments = field.keywords, field.call.args
            inverse = constant(keywords.get("inverse_name"))
            inverse = inverse or (constant(arguments[1]) if len(arguments) > 1 else "")
            target = index.fields(field.comodel).get(inverse)
            if target and target.kind == "Many2one" and "index" not in target.keywords:
                message = f"{field.comodel}.{inverse} has no index"
                findings.append(model.file.finding(field.call, message, inverse))
    return findings


# === XML === #


def check_xml(tree):
    """Tags and attributes that Odoo 19 refuses or ignores."""
    findings = []
    for addon in tree.addons.values():
        for file in [*addon.xml_data, *addon.templates]:
            for element in file.xml.iter("*"):
                for old, new in old_xml(element):
                    message = f"{old}: in Odoo 19 it is {new}"
                    findings.append(file.finding(element.sourceline, message, old))
    return findings


def old_xml(element):
    if element.tag in OLD_ELEMENTS:
        yield f"<{element.tag}>", OLD_ELEMENTS[element.tag]
    for name in set(OLD_XML_ATTRIBUTES) & set(element.attrib):
        yield name, OLD_XML_ATTRIBUTES[name]
    if element.tag in {"button", "field"} and "states" in element.attrib:
        yield "states", "invisible="
    if element.get("t-name") == "kanban-box":
        yield "kanban-box", "card"
    if "oe_chatter" in (element.get("class") or "").split():
        yield "oe_chatter", "<chatter/>"
    if element.tag == "group" and any(
        e.tag == "search" for e in element.iterancestors()
    ):
        yield from (
            (f"{name} on a search group", "nothing")
            for name in {"string", "expand"} & set(element.attrib)
        )
    if element.tag == "filter" and not element.get("name"):
        yield "a filter without a name", "an error"
    yield from old_record(element)


def old_record(element):
    """Old fields of records, and the old name of the list view in a view mode."""
    if element.tag != "field":
        return
    name, parent = element.get("name"), element.getparent()
    old = OLD_RECORD_FIELDS.get(parent.get("model") or "", {})
    if parent.tag == "record" and name in old:
        yield f"{name} on {parent.get('model')}", old[name]
    if name == "view_mode" and re.search(r"\btree\b", element.text or ""):
        yield "tree in view_mode", "list"
