"""Invariants 9, 10, 14 and the order inside a model's file."""

import ast
import re

from model_index import ModelIndex
from source_tree import called, constant, functions

MAX_FILE_LINES = 400
MAX_METHOD_LINES = 50
MAX_LEAD_METHODS = 10
MEASURED = (".py", ".js", ".xml", ".scss", ".css", ".sh")

# The order of the sections in a model's file; a banner may say more ("ACTION METHODS -
# CALLS") or name two neighbours ("CONSTRAINT AND ONCHANGE METHODS").
SECTIONS = (
    ("DEFAULT",),
    ("FIELD",),
    ("COMPUTE", "INVERSE", "SEARCH"),
    ("CONSTRAINT", "ONCHANGE"),
    ("CRUD",),
    ("ACTION",),
    ("BUSINESS",),
    ("HOOK",),
    ("CRON",),
    ("TOOLING",),
)
BANNER = re.compile(r"^\s*# === (.+?) === #$")

# What OCA's add-ons of the same field own: we live beside them.
FOREIGN_MODELS = re.compile(
    r"crm\.phonecall(\..*)?|voip\.(call|pbx)|helpdesk\.(ticket.*|sla)|kpi.*"
    r"|sale\.subscription.*|privacy\.(consent|activity)|automation\..*"
    r"|res\.partner\.stage|mail\.activity\.team"
)
FOREIGN_FIELDS = {
    "res.partner": r"stage_(id|state)|phonecall_.*",
    "crm.lead": r"code|ticket_id|phonecall_ids|score",
    "crm.stage": r"probability|on_change|mail_template_id|show_won_button",
    "res.users": r"voip_.*",
    "mailing.list": r"dynamic|sync_.*",
}
# Odoo computes these: whoever writes them fights with it.
CORE_FIELDS = {"probability", "automated_probability"}
MERGE_HOOKS = {"_merge_dependences", "_merge_get_fields", "_merge_get_fields_specific"}


# === 9. SIZES === #


def check_file_sizes(tree):
    """A file is read in one sitting: about 400 lines."""
    findings = []
    for file in tree.files:
        if file.suffix not in MEASURED or file.is_in("data", "demo", "lib", "i18n"):
            continue
        lines = len(file.text.splitlines())
        if lines > MAX_FILE_LINES:
            findings.append(file.finding(1, f"{lines} lines, {MAX_FILE_LINES} at most"))
    return findings


def check_method_sizes(tree):
    """Methods and functions without their docstring."""
    findings = []
    for file in tree.files:
        if file.suffix != ".py":
            continue
        for function in functions(file.code):
            lines = length(function)
            if lines > MAX_METHOD_LINES:
                message = f"{function.name}() has {lines} lines"
                findings.append(file.finding(function, message, function.name))
    return findings


def length(function):
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and constant(first.value):
        lines -= first.end_lineno - first.lineno + 1
    return lines


def check_lead_is_lean(tree):
    """At most ten methods on crm.lead for each add-on."""
    methods, findings = {}, []
    for model in ModelIndex(tree).classes:
        if "crm.lead" in {model.name, *model.inherits}:
            methods.setdefault(model.addon.name, []).extend(
                (model.file, method) for method in model.methods
            )
    for addon, found in methods.items():
        if len(found) > MAX_LEAD_METHODS:
            file, method = found[MAX_LEAD_METHODS]
            message = f"{addon} has {len(found)} methods on crm.lead"
            findings.append(file.finding(method, message))
    return findings


# === 10. CORE'S OWN FIELDS, MERGING === #


def check_core_fields(tree):
    """Nobody writes or redefines what core computes."""
    findings = []
    for file in tree.production:
        for node in ast.walk(file.code):
            name = written_field(node)
            if name in CORE_FIELDS:
                findings.append(file.finding(node, f"{name} is core's to write", name))
    for model in ModelIndex(tree).classes:
        for name in CORE_FIELDS & set(model.fields):
            if model.name == "crm.lead":
                message = f"{name} is redefined"
                findings.append(model.file.finding(model.node, message, name))
    return findings


def written_field(node):
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return constant(node.slice)
    if isinstance(node, ast.Call) and called(node) in {"write", "create", "update"}:
        keys = {
            constant(key)
            for argument in node.args
            for child in ast.walk(argument)
            if isinstance(child, ast.Dict)
            for key in child.keys
        }
        return next(iter(keys & CORE_FIELDS), "")
    return ""


def check_merge(tree):
    """Whoever points at leads says what becomes of it when leads are merged."""
    index = ModelIndex(tree)
    prepared = {
        model.addon.name
        for model in index.classes
        if model.name == "crm.lead"
        if MERGE_HOOKS & {method.name for method in model.methods}
    }
    return [
        model.file.finding(field.call, f"{model.name}.{field.name}: no merge hook")
        for model in index.classes
        for field in model.fields.values()
        if field.kind == "Many2one" and field.comodel == "crm.lead" and field.is_stored
        if model.kind == "table" and model.name not in index.match_tables
        if model.addon.name not in prepared
    ]


# === 14. OTHER PEOPLE'S NAMES === #


def check_names(tree):
    """None of the names that OCA's add-ons of the same field own."""
    findings = []
    for model in ModelIndex(tree).classes:
        if model.is_new and FOREIGN_MODELS.fullmatch(model.name):
            message = f"the model name {model.name} is taken"
            findings.append(model.file.finding(model.node, message, model.name))
        taken = FOREIGN_FIELDS.get(model.name, "(?!)")
        for field in model.fields.values():
            if re.fullmatch(taken, field.name):
                message = f"the field name {field.name} on {model.name} is taken"
                findings.append(model.file.finding(field.call, message, field.name))
    return findings


# === ONE MODEL A FILE, ITS ORDER === #


def check_one_model_a_file(tree):
    """``crm_call.py`` holds crm.call; ``crm_call_desk.py`` may hold more of it."""
    index, findings, seen = ModelIndex(tree), [], {}
    for model in index.classes:
        seen.setdefault(model.file.path, []).append(model)
        stem = model.name.replace(".", "_")
        own = index.owners.get(model.name) == model.addon.name
        more = own and not model.is_new and model.file.name.startswith(f"{stem}_")
        if model.file.name != f"{stem}.py" and not more:
            message = f"{model.name} belongs in {stem}.py"
            findings.append(model.file.finding(model.node, message, model.name))
    for models in seen.values():
        for model in models[1:]:
            message = f"a second model in the file: {model.name}"
            findings.append(model.file.finding(model.node, message, model.name))
    return findings


def check_section_order(tree):
    """The banners come from one list, in its order."""
    findings = []
    for file in {m.file.path: m.file for m in ModelIndex(tree).classes}.values():
        last = -1
        for number, line in enumerate(file.text.splitlines(), 1):
            match = BANNER.match(line)
            if not match:
                continue
            ranks = [r for r, words in enumerate(SECTIONS) if mentions(match[1], words)]
            if not ranks:
                findings.append(file.finding(number, f"unknown section {match[1]!r}"))
            elif min(ranks) < last:
                findings.append(file.finding(number, f"{match[1]!r} comes too late"))
            last = max([last, *ranks])
    return findings


def mentions(banner, words):
    return any(word in banner.partition(" - ")[0] for word in words)


def check_docstrings(tree):
    """Each new model says what one record is; hooks and crons say what they do."""
    findings = []
    for model in ModelIndex(tree).new:
        if not ast.get_docstring(model.node):
            findings.append(
                model.file.finding(model.node, f"{model.name}: no docstring")
            )
        for method in model.methods:
            if method.name.startswith("_cron_") and not ast.get_docstring(method):
                findings.append(
                    model.file.finding(method, f"{method.name}: no docstring")
                )
    return findings
