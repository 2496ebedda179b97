"""The models that the add-ons define or extend, read from the source."""

import ast
from functools import cached_property

from source_tree import called, calls, constant, dotted

BASES = {"Model": "table", "AbstractModel": "abstract", "TransientModel": "wizard"}
TABLES = ("MatchTable", "TallyTable")


class Field:
    """``kind`` is the name of the class: Char, Many2one, ..."""

    def __init__(self, name, call):
        self.name = name
        self.call = call
        self.kind = called(call)
        self.keywords = {k.arg: k.value for k in call.keywords if k.arg}

    @property
    def comodel(self):
        if "comodel_name" in self.keywords:
            return constant(self.keywords["comodel_name"])
        return constant(self.call.args[0]) if self.call.args else ""

    @property
    def is_stored(self):
        computed = {"compute", "related"} & set(self.keywords)
        store = self.keywords.get("store")
        return not computed or (isinstance(store, ast.Constant) and store.value is True)


class ModelClass:
    """One class statement of a model: a new one, or an extension of another's."""

    def __init__(self, addon, file, node, kind):
        self.addon = addon
        self.file = file
        self.node = node
        self.kind = kind
        self.attributes = {}
        self.fields = {}
        self.methods = [n for n in node.body if isinstance(n, ast.FunctionDef)]
        for statement in node.body:
            self._read(statement)

    def _read(self, statement):
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            return
        name, value = dotted(statement.targets[0]), statement.value
        self.attributes[name] = value
        if isinstance(value, ast.Call) and not name.startswith("_"):
            self.fields[name] = Field(name, value)

    def attribute(self, name, default=None):
        try:
            return ast.literal_eval(self.attributes[name])
        except (KeyError, ValueError):
            return default

    @property
    def inherits(self):
        inherited = self.attribute("_inherit", ())
        return [inherited] if isinstance(inherited, str) else list(inherited)

    @property
    def name(self):
        return self.attribute("_name") or next(iter(self.inherits), "")

    @property
    def is_new(self):
        return bool(self.attribute("_name")) and self.name not in self.inherits


class ModelIndex:
    def __init__(self, tree):
        self.tree = tree

    @cached_property
    def classes(self):
        return [
            model
            for addon in self.tree.shipped
            for file in addon.production
            for model in classes_of(addon, file)
        ]

    @property
    def new(self):
        return [model for model in self.classes if model.is_new]

    @cached_property
    def by_name(self):
        """The classes that make each model, by its name."""
        found = {}
        for model in self.classes:
            found.setdefault(model.name, []).append(model)
        return found

    @cached_property
    def owners(self):
        """The add-on that defines each model of the suite."""
        return {model.name: model.addon.name for model in self.new}

    def _ancestry(self, name, seen=None):
        """Yield the classes of a model and of the suite's mixins that it inherits."""
        seen = seen if seen is not None else set()
        if name in seen:
            return
        seen.add(name)
        for model in self.by_name.get(name, ()):
            yield model
            for inherited in model.inherits:
                yield from self._ancestry(inherited, seen)

    def fields(self, name):
        """Return every field that the suite gives to a model, mixins included."""
        found = {}
        for model in self._ancestry(name):
            for field in model.fields.values():
                found.setdefault(field.name, field)
        return found

    def attribute(self, name, attribute):
        """Return a class attribute of a model, looked up in its mixins too."""
        values = (m.attribute(attribute) for m in self._ancestry(name))
        return next((value for value in values if value is not None), None)

    @cached_property
    def match_tables(self):
        """The models that the engine alone writes.

        Those are the models that

        * keep no author and date of a change (``_log_access = False``) or are views
          (``_auto = False``), and
        * those whose table is given to ``engine.MatchTable`` or ``engine.TallyTable``.
        """
        found = set()
        for model in self.new:
            for flag in ("_log_access", "_auto"):
                if model.kind == "table" and model.attribute(flag) is False:
                    found.add(model.name)
        tables = {name.replace(".", "_"): name for name in self.owners}
        for file in self.tree.production:
            for call in calls(file.code):
                table = constant(call.args[0]) if call.args else ""
                if called(call) in TABLES and table in tables:
                    found.add(tables[table])
        return found


def classes_of(addon, file):
    for node in ast.walk(file.code):
        if not isinstance(node, ast.ClassDef):
            continue
        kinds = [BASES.get(dotted(base).rpartition(".")[2]) for base in node.bases]
        kind = next(filter(None, kinds), None)
        if kind and not file.is_engine:
            yield ModelClass(addon, file, node, kind)
