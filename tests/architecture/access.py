"""Invariants 4 and 11: who may do what, and in which company."""

import ast

from model_index import ModelIndex
from source_tree import called, calls, constant, dotted

RIGHTS = ("perm_read", "perm_write", "perm_create", "perm_unlink")
READ_ONLY = ["1", "0", "0", "0"]
WRITING = {"create", "write", "unlink", "update", "copy"}
# Called by the ORM or overridden from it: the access of these is the ORM's.
ORM_METHODS = {
    "copy",
    "copy_data",
    "create",
    "default_get",
    "export_data",
    "fields_get",
    "get_views",
    "init",
    "load",
    "name_create",
    "name_search",
    "onchange",
    "read",
    "read_group",
    "search",
    "search_fetch",
    "unlink",
    "web_read",
    "web_search_read",
    "write",
}
ACCESS_CHECKS = {"check_access", "has_access", "has_group", "has_groups"}


def access_lines(tree):
    """Yield ``(file, line number, row, model name)`` of every access line."""
    index = ModelIndex(tree)
    ids = {f"model_{name.replace('.', '_')}": name for name in index.owners}
    for addon in tree.shipped:
        for file in addon.with_suffix(".csv"):
            if file.name != "ir.model.access.csv":
                continue
            for number, row in file.rows:
                model = row.get("model_id:id") or row.get("model_id/id") or ""
                yield file, number, row, ids.get(model.rpartition(".")[2], model)


def check_match_tables(tree):
    """The engine alone writes match tables: 1,0,0,0 for everyone."""
    index, findings = ModelIndex(tree), []
    for file, number, row, model in access_lines(tree):
        rights = [row.get(right) for right in RIGHTS]
        if model in index.match_tables and rights != READ_ONLY:
            message = f"{model} is a match table: 1,0,0,0, not {','.join(rights)}"
            findings.append(file.finding(number, message, model))
    for file in tree.production:
        for call in calls(file.code) if not file.is_engine else ():
            written = set(indexes(call)) & index.match_tables
            if called(call) in WRITING and written:
                message = f"{called(call)}() on {written.pop()}: the engine's work"
                findings.append(file.finding(call, message))
    return findings


def indexes(node):
    """Yield the strings by which the receiver of a call is indexed."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript):
            yield constant(node.slice)
        node = node.func if isinstance(node, ast.Call) else node.value


def check_access_lines(tree):
    """Every model with a table has access lines, each for a group."""
    index, findings = ModelIndex(tree), []
    lines = list(access_lines(tree))
    granted = {model for *_rest, model in lines}
    for file, number, row, model in lines:
        if not (row.get("group_id:id") or row.get("group_id/id")):
            findings.append(
                file.finding(number, f"{model}: a line without a group", model)
            )
    for model in index.new:
        if model.kind != "abstract" and model.name not in granted:
            message = f"{model.name} has no access line"
            findings.append(model.file.finding(model.node, message, model.name))
    return findings


# === COMPANIES === #


def check_companies(tree):
    """A model with a company has a rule for it, and checks its links."""
    index, findings = ModelIndex(tree), []
    ruled = set(company_rules(tree))
    for model in index.new:
        if model.kind != "table" or "company_id" not in index.fields(model.name):
            continue
        if f"model_{model.name.replace('.', '_')}" not in ruled:
            message = f"{model.name} has a company and no company rule"
            findings.append(model.file.finding(model.node, message, model.name))
        read_only = model.name in index.match_tables
        if not read_only and not index.attribute(model.name, "_check_company_auto"):
            message = f"{model.name} has a company and no _check_company_auto"
            findings.append(model.file.finding(model.node, message, model.name))
    return findings


def company_rules(tree):
    """Yield the XML id (without module) of each model that a global rule restricts."""
    for addon in tree.shipped:
        for file in addon.xml_data:
            for record in file.xml.iter("record"):
                if record.get("model") != "ir.rule":
                    continue
                values = {field.get("name"): field for field in record.iter("field")}
                domain = values.get("domain_force")
                if domain is None or "company_id" not in (domain.text or ""):
                    continue
                if "groups" not in values and "model_id" in values:
                    yield (values["model_id"].get("ref") or "").rpartition(".")[2]


# === PUBLIC METHODS === #


def check_public_methods(tree):
    """A public method that works with more rights than its caller's asks first.

    Everything without a leading underscore can be called from outside.
    """
    index, findings = ModelIndex(tree), []
    for model in index.classes:
        helpers = checking_methods(index, model.name)
        for method in model.methods:
            if method.name.startswith("_") or method.name in ORM_METHODS:
                continue
            if is_private(method) or is_property(method):
                continue
            used = {called(call) for call in calls(method)}
            elevated = "sudo" in used or any(
                dotted(call.func).startswith("engine.") for call in calls(method)
            )
            if elevated and not used & (ACCESS_CHECKS | helpers):
                message = f"{method.name}() uses other rights and checks none"
                findings.append(model.file.finding(method, message, method.name))
            for argument in [*method.args.args, *method.args.kwonlyargs]:
                if argument.arg in {"ids", "context"}:
                    message = f"{method.name}({argument.arg}): RPC uses that name"
                    findings.append(model.file.finding(method, message, method.name))
    return findings


def checking_methods(index, name):
    """Return the private methods of a model that check the access themselves."""
    return {
        method.name
        for model in index.by_name[name]
        for method in model.methods
        if method.name.startswith("_check_")
        if ACCESS_CHECKS & {called(call) for call in calls(method)}
    }


def is_private(method):
    return any(dotted(node) == "api.private" for node in method.decorator_list)


def is_property(method):
    return any("property" in dotted(node) for node in method.decorator_list)
