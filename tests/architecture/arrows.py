"""Invariant 1: bridge -> product -> core -> Odoo, and nothing is used undeclared."""

import ast
import re

from model_index import ModelIndex
from odoo_modules import ODOO_DEPENDS
from source_tree import CORE, called, calls, constant

# Beside crm and what it brings. Any other Odoo app (website, sale, mass_mailing) is one
# that a small company may not have: bridges are for those.
ALLOWED_APPS = {"base_automation", "base_import"}

JS_IMPORT = re.compile(r"""(?:from|import)\s+["']@(\w+)/""")
JS_XML_ID = re.compile(
    r"""\b(?:hasGroup|doAction|loadAction)\(\s*["'](\w+)\.\w+["']"""
    r"""|data-menu-xmlid=\\?["'](\w+)\."""
)
XML_ID = re.compile(r"^(\w+)\.[\w.]+$")
REF_CALL = re.compile(r"""\bref\(\s*['"](\w+)\.""")
PERCENT_REF = re.compile(r"%\((\w+)\.[\w.]+\)d")
VIEW_REF = re.compile(r"""_view_ref['"]\s*:\s*['"](\w+)\.""")
# attributes that hold one XML id, and one that holds a list of them
ONE_ID = ("ref", "inherit_id", "parent", "action", "t-call", "t-inherit", "id")
# functions whose first argument is an XML id
ID_FUNCTIONS = {"ref", "has_group", "_for_xml_id", "_xmlid_to_res_id"}


# === THE GRAPH OF THE MANIFESTS === #


def layer(tree, addon):
    if addon.name == CORE:
        return "core"
    return "bridge" if addon.manifest.get("auto_install") else "product"


def check_manifest_graph(tree):
    """No cycle, and each layer depends only on the layers below it."""
    findings = []
    for addon in tree.shipped:
        suite = [name for name in addon.depends if name in tree.addons]
        below = {d for name in suite for d in tree.closure(name)}
        if addon.name in below:
            findings.append((addon, "depends on itself in a circle"))
        test_only = [name for name in suite if tree.addons[name].is_test_only]
        if test_only:
            findings.append((addon, f"depends on {test_only[0]}, which is for tests"))
        judge = {"core": judge_core, "product": judge_product, "bridge": judge_bridge}
        findings += [
            (addon, message)
            for message in judge[layer(tree, addon)](tree, addon, suite)
        ]
    return [a.manifest_file.finding(1, f"{a.name} {text}") for a, text in findings]


def judge_core(tree, addon, suite):
    yield from (f"is the core and depends on {name}" for name in suite)
    yield from judge_odoo_apps(tree, addon, suite)


def judge_product(tree, addon, suite):
    for name in set(suite) - {CORE}:
        yield f"is a product and depends on {name}: that is a bridge's work"
    if CORE not in suite:
        yield f"is a product and does not depend on {CORE}"
    yield from judge_odoo_apps(tree, addon, suite)


def judge_odoo_apps(tree, addon, suite):
    for name in set(addon.depends) - set(suite) - tree.closure("crm") - ALLOWED_APPS:
        yield f"needs the Odoo app {name}: make a bridge"


def judge_bridge(tree, addon, suite):
    for name in suite:
        if layer(tree, tree.addons[name]) == "bridge":
            yield f"is a bridge and depends on the bridge {name}"
    if len(addon.depends) < 2:
        yield "is a bridge and ties fewer than two modules"
    if not any(addon.name.startswith(f"{name}_") for name in suite):
        yield "is a bridge and is not named <consumer>_<provider>"
    if addon.manifest.get("application"):
        yield "is a bridge and says that it is an application"


# === WHAT IS USED MUST BE DECLARED === #


def check_modules_are_known(tree):
    """Every module that a manifest names is one of ours or listed."""
    known = {*ODOO_DEPENDS, *tree.addons}
    return [
        addon.manifest_file.finding(1, f"unknown module {name}: see odoo_modules.py")
        for addon in tree.addons.values()
        for name in addon.depends
        if name not in known
    ]


def undeclared(tree, addon, uses):
    """Yield a finding for each ``(file, line, module, what)`` outside the closure."""
    closure = tree.closure(addon.name)
    for file, line, module, what in uses:
        if module not in closure:
            message = f"{what} needs {module}, which {addon.name} does not depend on"
            yield file.finding(line, message, module)


def check_python_imports(tree):
    """``odoo.addons.X`` is imported only where X is depended on."""
    return [
        finding
        for addon in tree.addons.values()
        for file in addon.python
        for finding in undeclared(tree, addon, imported_modules(file))
    ]


def imported_modules(file):
    for node in ast.walk(file.code):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[:2] == ["odoo", "addons"] and len(parts) > 2:
                yield file, node, parts[2], "the import"


def check_javascript(tree):
    """Imports and XML ids of the browser's code."""
    findings = []
    for addon in tree.addons.values():
        for file in addon.with_suffix(".js"):
            uses = []
            for number, line in enumerate(file.text.splitlines(), 1):
                for match in JS_IMPORT.finditer(line):
                    if match[1] != "odoo":
                        uses.append((file, number, match[1], "the import"))
                for match in JS_XML_ID.finditer(line):
                    uses.append((file, number, match[1] or match[2], "the XML id"))
            findings += undeclared(tree, addon, uses)
    return findings


def check_xml_ids(tree):
    """XML ids in data files, templates and Python."""
    findings = []
    for addon in tree.addons.values():
        uses = [
            *(use for file in addon.csv_data for use in csv_ids(file)),
            *(use for file in addon.xml_data for use in xml_ids(file)),
            *(use for file in addon.templates for use in xml_ids(file)),
            *(use for file in addon.python for use in python_ids(file, tree)),
        ]
        findings += undeclared(tree, addon, uses)
    return findings


def csv_ids(file):
    for number, row in file.rows:
        for column, value in row.items():
            if column and (column == "id" or column.endswith((":id", "/id"))):
                for word in (value or "").split(","):
                    if match := XML_ID.match(word.strip()):
                        yield file, number, match[1], f"the XML id {word}"


def xml_ids(file):
    for element in file.xml.iter("*"):
        line = element.sourceline
        words = [element.get(name) or "" for name in ONE_ID]
        words += [word.lstrip("!") for word in (element.get("groups") or "").split(",")]
        modules = [match[1] for word in words if (match := XML_ID.match(word.strip()))]
        for text in [*element.attrib.values(), element.text or ""]:
            for pattern in (REF_CALL, PERCENT_REF, VIEW_REF):
                modules += pattern.findall(text)
        yield from ((file, line, module, "the XML id") for module in modules)


def python_ids(file, tree):
    for call in calls(file.code):
        words = []
        if called(call) in ID_FUNCTIONS and call.args:
            words.append(constant(call.args[0]))
        for keyword in call.keywords:
            if keyword.arg == "groups":
                words += constant(keyword.value).split(",")
        for word in words:
            match = XML_ID.match(word.strip().lstrip("!"))
            if match and not (is_tolerant(call) and match[1] not in tree.addons):
                yield file, call, match[1], f"the XML id {word}"


def is_tolerant(call):
    """Whether a missing id is no error: how an Odoo module is looked for."""
    return any(
        keyword.arg == "raise_if_not_found"
        and not getattr(keyword.value, "value", True)
        for keyword in call.keywords
    )


def check_model_names(tree):
    """A model of the suite is named only where its add-on is depended on."""
    owners = ModelIndex(tree).owners
    findings = []
    for addon in tree.addons.values():
        for file in addon.python:
            uses = [
                (file, node, owners[node.value], f"the model {node.value}")
                for node in ast.walk(file.code)
                if isinstance(node, ast.Constant) and node.value in owners
            ]
            findings += undeclared(tree, addon, uses)
    return findings
