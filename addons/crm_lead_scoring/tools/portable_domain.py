"""Domains that name records by words instead of numbers, for another database.

In a file ``[('country_id', 'in', [ref('base.bg')])]`` stands for what is stored as
``[('country_id', 'in', [23])]``. A record is named by its external id, or, without
one, by its name: ``named('Newsletter')``. A record that is gone is ``missing(7)``.
"""

import ast

#: Names that Odoo's own export makes up: no other database knows them.
MADE_UP = "__export__."
#: What a text that is no Python can do to the parser.
UNREADABLE = (SyntaxError, ValueError, MemoryError, RecursionError)


def follow(model, path):
    """Return the model that the end of a path points to; ``None`` if it is a value."""
    for name in path.split("."):
        field = model._fields.get(name) if model is not None else None
        if field is None:
            return None
        if name != "id":
            model = model.env[field.comodel_name] if field.comodel_name else None
    return model


def conditions(model, text):
    """Yield ``(model, path)`` of each condition of a domain, sub-domains too."""
    try:
        tree = ast.parse(text.strip() or "[]", mode="eval")
        yield from _Walk(lambda _comodel, node: node).run(model, tree.body)
    except UNREADABLE:
        return


def to_portable(model, text):
    """Return the domain with words for the records that it names by number.

    A text that cannot be read is returned as it is.
    """
    return _rewrite(model, text, _name_records)


def from_portable(model, text, problems):
    """Return the domain with the numbers that its records have in this database.

    :param list problems: receives a sentence for each record that is not found
    """
    return _rewrite(
        model, text, lambda comodel, node: _find_records(comodel, node, problems)
    )


def _rewrite(model, text, change):
    try:
        tree = ast.parse(text.strip() or "[]", mode="eval")
        for _condition in _Walk(change).run(model, tree.body):
            pass
        return ast.unparse(tree.body)
    except UNREADABLE:
        return text


class _Walk:
    """Visits the conditions of a domain's syntax tree, and changes their values."""

    def __init__(self, change):
        self.change = change

    def run(self, model, node):
        """Yield ``(model, path)`` of each condition below ``node``."""
        for item in _elements(node):
            parts = _elements(item)
            if len(parts) != 3 or not all(_is(part, str) for part in parts[:2]):
                continue
            path, operator = parts[0].value, parts[1].value
            yield model, path
            comodel = follow(model, path)
            if comodel is None:
                continue
            if operator in ("any", "not any"):
                yield from self.run(comodel, parts[2])
            else:
                item.elts[2] = self.change(comodel, parts[2])


def _elements(node):
    return node.elts if isinstance(node, ast.List | ast.Tuple) else []


def _is(node, kind):
    return isinstance(node, ast.Constant) and type(node.value) is kind


def _call(name, value):
    return ast.Call(ast.Name(name), [ast.Constant(value)], [])


# === TO WORDS === #


def _name_records(comodel, node):
    values = _elements(node) or [node]
    ids = [value.value for value in values if _is(value, int)]
    names = _external_ids(comodel, ids)
    for position, value in enumerate(values):
        if _is(value, int):
            values[position] = _name_record(comodel.browse(value.value), names)
    return node if _elements(node) else values[0]


def _name_record(record, names):
    if names.get(record.id):
        return _call("ref", names[record.id])
    record = record.with_context(lang="en_US", active_test=False)
    if not record.exists() or not record.has_access("read"):
        return _call("missing", record.id)
    return _call("named", record[_name_field(record)] or "")


def _external_ids(comodel, ids):
    """Return the first external id of each record that has one."""
    names = comodel.browse(ids).sudo()._get_external_ids()
    return {
        record: min(known)
        for record, found in names.items()
        if (known := [name for name in found if not name.startswith(MADE_UP)])
    }


def _name_field(model):
    return model._rec_name or "display_name"


# === TO NUMBERS === #


def _find_records(comodel, node, problems):
    values = _elements(node) or [node]
    for position, value in enumerate(values):
        finder = _finder(value)
        if finder:
            found = finder(comodel, value.args[0].value, problems)
            values[position] = ast.Constant(found or 0)
    return node if _elements(node) else values[0]


def _finder(node):
    if (
        not isinstance(node, ast.Call)
        or not isinstance(node.func, ast.Name)
        or node.keywords
        or len(node.args) != 1
        or not isinstance(node.args[0], ast.Constant)
    ):
        return None
    kind = {"ref": str, "named": str, "missing": int}.get(node.func.id)
    if kind is None or not _is(node.args[0], kind):
        return None
    return {"ref": _by_external_id, "named": _by_name, "missing": _gone}[node.func.id]


def _by_external_id(comodel, name, problems):
    env = comodel.env
    record = env.ref(name, raise_if_not_found=False) if "." in name else None
    if record is not None and record._name == comodel._name:
        return record.id
    problems.append(
        env._(
            "“%(name)s” (%(kind)s) is not in this database.",
            name=name,
            kind=comodel._description,
        )
    )
    return None


def _by_name(comodel, name, problems):
    env = comodel.env
    if not comodel.has_access("read"):
        problems.append(
            env._("You are not allowed to read “%(name)s”.", name=comodel._description)
        )
        return None
    for lang in ("en_US", env.lang):
        model = comodel.with_context(lang=lang, active_test=False)
        found = model.search([(_name_field(comodel), "=", name)], limit=2)
        if len(found) == 1:
            return found.id
        if found:
            problems.append(
                env._(
                    "Several records are called “%(name)s” (%(kind)s): nobody can tell"
                    " which one is meant.",
                    name=name,
                    kind=comodel._description,
                )
            )
            return None
    problems.append(
        env._(
            "“%(name)s” (%(kind)s) is not in this database.",
            name=name,
            kind=comodel._description,
        )
    )
    return None


def _gone(comodel, number, problems):
    problems.append(
        comodel.env._(
            "It names a record (%(kind)s, number %(number)s) that was gone already when"
            " the file was made.",
            kind=comodel._description,
            number=number,
        )
    )
