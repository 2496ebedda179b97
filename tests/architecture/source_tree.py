"""The files of the project as the checks see them: parsed once, never imported.

A check is a function that takes a :class:`Tree` and returns :class:`Finding` objects;
no finding means that the invariant holds. Nothing here needs Odoo or a database.
"""

import ast
import csv
import os
import shutil
import subprocess
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from lxml import etree

from odoo_modules import ODOO_DEPENDS

CORE = "crm_glossary_core"
ENGINE = PurePosixPath("addons", CORE, "engine")


class Finding(NamedTuple):
    """``subject`` is the word by which an exception of the rule is named."""

    path: str
    line: int
    message: str
    subject: str = ""

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


class SourceFile:
    """One file; ``path`` is relative to the root, with slashes."""

    def __init__(self, root, path):
        self.path = path
        self.full = root / path

    @property
    def parts(self):
        return PurePosixPath(self.path).parts

    @property
    def name(self):
        return self.parts[-1]

    @property
    def suffix(self):
        return PurePosixPath(self.path).suffix

    def is_in(self, *folders):
        """Whether one of the folders on the way to this file has one of the names."""
        return bool(set(folders) & set(self.parts[:-1]))

    @property
    def is_engine(self):
        return PurePosixPath(self.path).is_relative_to(ENGINE)

    @property
    def is_test(self):
        return self.is_in("tests")

    @cached_property
    def text(self):
        return self.full.read_text(encoding="utf-8")

    @cached_property
    def code(self):
        return ast.parse(self.text, filename=self.path)

    @cached_property
    def xml(self):
        return etree.fromstring(self.text.encode())

    @cached_property
    def rows(self):
        """The lines of a CSV file as ``(line number, dict)``."""
        reader = csv.DictReader(self.text.splitlines())
        return [(reader.line_num, row) for row in reader]

    def finding(self, line, message, subject=""):
        return Finding(self.path, getattr(line, "lineno", line) or 0, message, subject)


class Addon:
    def __init__(self, name, folder, files):
        self.name = name
        self.folder = folder
        self.files = files

    @cached_property
    def manifest_file(self):
        return self.file("__manifest__.py")

    @cached_property
    def manifest(self):
        return ast.literal_eval(self.manifest_file.text)

    @property
    def depends(self):
        return self.manifest.get("depends", [])

    @property
    def is_test_only(self):
        """Add-ons under tests/ tie everything together and ship nothing."""
        return self.folder.startswith("tests/")

    def file(self, path):
        """Return the file at ``path`` in the add-on, or None."""
        wanted = f"{self.folder}/{path}"
        return next((f for f in self.files if f.path == wanted), None)

    def with_suffix(self, *suffixes):
        return [f for f in self.files if f.suffix in suffixes]

    @property
    def python(self):
        return self.with_suffix(".py")

    @property
    def production(self):
        """The Python files that run at a customer's: no tests."""
        return [f for f in self.python if not f.is_test]

    @property
    def data_files(self):
        """The XML and CSV files that the manifest loads, in its order."""
        names = [*self.manifest.get("data", []), *self.manifest.get("demo", [])]
        return [f for f in map(self.file, names) if f]

    @property
    def xml_data(self):
        return [f for f in self.data_files if f.suffix == ".xml"]

    @property
    def csv_data(self):
        return [f for f in self.data_files if f.suffix == ".csv"]

    @property
    def templates(self):
        """The QWeb templates of the browser."""
        return [f for f in self.with_suffix(".xml") if f.is_in("static")]


class Tree:
    """The project below ``root``."""

    def __init__(self, root):
        self.root = Path(root)

    @cached_property
    def files(self):
        """Every file that is, or would be, tracked."""
        return [SourceFile(self.root, path) for path in sorted(self._paths())]

    def _paths(self):
        if (self.root / ".git").exists() and shutil.which("git"):
            command = ["git", "ls-files", "-z", "-co", "--exclude-standard"]
            listing = subprocess.run(command, cwd=self.root, capture_output=True)
            if listing.returncode == 0:
                names = set(listing.stdout.decode().split("\0")) - {""}
                return [name for name in names if (self.root / name).is_file()]
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [
                f for f in folders if f not in {".suite", ".git", "__pycache__"}
            ]
            here = Path(folder).relative_to(self.root)
            found += [(here / name).as_posix() for name in names]
        return found

    @cached_property
    def addons(self):
        """The suite's add-ons by name."""
        manifests = [f for f in self.files if f.name == "__manifest__.py"]
        found = {}
        for manifest in manifests:
            folder = str(PurePosixPath(manifest.path).parent)
            files = [f for f in self.files if f.path.startswith(f"{folder}/")]
            found[manifest.parts[-2]] = Addon(manifest.parts[-2], folder, files)
        return found

    @property
    def shipped(self):
        """The add-ons that are installed at a customer's."""
        return [addon for addon in self.addons.values() if not addon.is_test_only]

    @cached_property
    def production(self):
        return [f for addon in self.shipped for f in addon.production]

    def closure(self, name):
        """Return ``name`` and every module it depends on, directly or not."""
        found, todo = set(), [name]
        while todo:
            module = todo.pop()
            if module in found:
                continue
            found.add(module)
            addon = self.addons.get(module)
            todo += addon.depends if addon else ODOO_DEPENDS.get(module, ())
        return found | {"base"}


def dotted(node):
    """Return ``self.env.cr`` for such an expression; calls and indexes are passed by.

    ``self.env["x"].sudo().create`` gives ``self.env.sudo.create``.
    """
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return node.id if isinstance(node, ast.Name) else ""


def called(node):
    """Return the last word of the function that ``node`` (a call) calls."""
    return dotted(node.func).rpartition(".")[2]


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def constant(node):
    """Return the string that ``node`` is, or an empty one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""


def functions(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def docstrings(tree):
    """Return the nodes of all docstrings and other bare strings."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def unexcused(findings, allowed):
    """Return the findings that ``allowed`` does not excuse, and its stale entries.

    :param allowed: dict of ``(path, subject) -> reason``
    """
    used = {(f.path, f.subject) for f in findings} & set(allowed)
    kept = [f for f in findings if (f.path, f.subject) not in used]
    stale = [
        Finding(path, 0, f"the exception for {subject!r} is needed no longer", subject)
        for path, subject in set(allowed) - used
    ]
    return kept + stale
