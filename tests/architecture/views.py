"""Invariant 12: views that others can build upon, named alike everywhere."""

import re

VIEW_KINDS = "form|list|search|kanban|pivot|graph|calendar|activity|hierarchy"
# a second view of a kind says for whom: crm_call_view_form_desk
VIEW_ID = re.compile(rf"_view_({VIEW_KINDS})(_\w+)?")
NAMED_BUTTON_TYPES = {"object", "action"}


def records(tree, *models):
    """Yield ``(addon, file, record element)`` of the data files."""
    for addon in tree.shipped:
        for file in addon.xml_data:
            for record in file.xml.iter("record"):
                if record.get("model") in models:
                    yield addon, file, record


def value(record, name):
    """Return the ``<field name="...">`` element of a record, or None."""
    return next((f for f in record.findall("field") if f.get("name") == name), None)


def text(record, name):
    field = value(record, name)
    if field is None:
        return ""
    return (field.get("ref") or field.text or "").strip()


def is_search(element):
    return any(e.tag in {"search", "searchpanel"} for e in element.iterancestors())


# === NAMES INSIDE A VIEW === #


def check_named_parts(tree):
    """Groups, pages and buttons have names, so that an extension can find them."""
    findings = []
    for _addon, file, record in records(tree, "ir.ui.view"):
        arch = value(record, "arch")
        if arch is None or is_search_view(arch):
            continue
        for element in arch.iter("group", "page", "button"):
            if element.get("name") or element.get("position") or is_search(element):
                continue
            if element.tag == "button" and element.get("special"):
                continue
            message = f"<{element.tag}> without a name"
            findings.append(file.finding(element.sourceline, message))
    return findings


def is_search_view(arch):
    """Whether the view is a search view, or extends one (it brings filters)."""
    tags = {e.tag for e in arch.iter("*")}
    return "search" in tags or "filter" in tags and not tags & {"sheet", "page"}


def check_no_replace(tree):
    """No view takes away what somebody else may build upon."""
    return [
        file.finding(element.sourceline, f'<{element.tag} position="replace">')
        for addon in tree.shipped
        for file in [*addon.xml_data, *addon.templates]
        for element in file.xml.iter("*")
        if element.get("position") == "replace"
    ]


# === IDS === #


def check_view_ids(tree):
    """``<model>_view_<kind>``; for an extension ``<base id>_inherit_<module>``."""
    findings = []
    for addon, file, record in records(tree, "ir.ui.view"):
        own = record.get("id") or ""
        extends = text(record, "mode") != "primary"
        base = extends and text(record, "inherit_id").rpartition(".")[2]
        model = text(record, "model").replace(".", "_")
        if base:
            good = own.startswith(f"{base}_inherit_{addon.name}")
            wanted = f"{base}_inherit_{addon.name}"
        else:
            rest = own.removeprefix(model)
            good = own.startswith(model) and VIEW_ID.fullmatch(rest)
            wanted = f"{model}_view_<kind>"
        if not good and record.get("forcecreate") is None:
            findings.append(
                file.finding(record.sourceline, f"{own}: not {wanted}", own)
            )
    return findings


def check_action_ids(tree):
    """``<model>_action``, with what is special about it at the end."""
    findings = []
    for _addon, file, record in records(tree, "ir.actions.act_window"):
        own, model = record.get("id"), text(record, "res_model").replace(".", "_")
        if not own.startswith(f"{model}_action"):
            message = f"{own}: not {model}_action"
            findings.append(file.finding(record.sourceline, message, own))
    return findings


def check_view_files(tree):
    """``views/<model>_views.xml`` or ``<model>_<what>_views.xml``: of one model."""
    findings = []
    for addon, file, record in records(tree, "ir.ui.view"):
        relative = file.path.removeprefix(f"{addon.folder}/")
        model = text(record, "model").replace(".", "_")
        if model and relative.startswith("views/"):
            if not re.fullmatch(rf"{model}_(\w+_)?views\.xml", file.name):
                message = f"{record.get('id')} belongs in {model}_views.xml"
                findings.append(file.finding(record.sourceline, message))
    return findings


def check_menus(tree):
    """Menus stand in one file, the last that the manifest loads."""
    findings = []
    for addon in tree.shipped:
        menus = f"{addon.folder}/views/{addon.name}_menus.xml"
        loaded = [f"{addon.folder}/{name}" for name in addon.manifest.get("data", [])]
        if menus in loaded and loaded[-1] != menus:
            findings.append(addon.manifest_file.finding(1, "the menus are not last"))
        for file in addon.xml_data:
            for menu in file.xml.iter("menuitem"):
                if file.path != menus:
                    message = f"the menu {menu.get('id')} belongs in {menus}"
                    findings.append(file.finding(menu.sourceline, message))
    return findings


# === WHAT A USER MEETS FIRST === #


def check_empty_states(tree):
    """A window action over an own model says what an empty list is for."""
    findings = []
    own_prefix = tuple(f"{a.name}." for a in tree.shipped)
    for _addon, file, record in records(tree, "ir.actions.act_window"):
        if record.get("id", "").startswith(own_prefix):
            continue
        inline = text(record, "target") == "new" or text(record, "view_mode") == "form"
        if not inline and value(record, "help") is None:
            message = f"{record.get('id')}: no help for an empty list"
            findings.append(file.finding(record.sourceline, message, record.get("id")))
    return findings
