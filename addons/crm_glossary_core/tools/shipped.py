"""The glossary texts that a module ships: those of its data files and translations."""

import csv
import hashlib
from collections import defaultdict
from pathlib import Path

from lxml import etree

from odoo.modules import Manifest
from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationImporter, get_po_paths

TERM = "crm.glossary.term"
#: the texts of a term, the name first
TEXTS = ("name", "definition", "practice", "pitfall")
ENGLISH = "en_US"


def fingerprint(module, langs):
    """Say in a few letters which texts a module ships.

    :param str module: technical name of an add-on
    :param list langs: codes of the languages that count
    :return: the same str as long as none of the files changes
    """
    total = hashlib.sha256(repr(sorted(langs)).encode())
    for path in [*_data_files(module), *_po_files(module, langs)]:
        total.update(path.read_bytes())
    return total.hexdigest()


def read_texts(env, module, langs):
    """Read the texts of the terms that a module ships.

    :param str module: technical name of an add-on
    :param list langs: codes of active languages; English is always read
    :return: ``{name of the external id: {field name: {language code: text}}}``
    """
    texts = defaultdict(lambda: defaultdict(dict))
    importer = TranslationImporter(env.cr, verbose=False)
    for path in _data_files(module):
        reader = _read_xml if path.suffix == ".xml" else _read_csv
        for name, values in reader(path, module):
            for fname in TEXTS:
                if values.get(fname):
                    texts[name][fname][ENGLISH] = values[fname]
        for lang in set(langs) - {ENGLISH}:
            importer.load_file(str(path), lang, module=module)
    for lang in set(langs) - {ENGLISH}:
        for path in get_po_paths(module, lang):
            importer.load_file(path, lang)
    for fname, by_xmlid in importer.model_translations[TERM].items():
        for xmlid, by_lang in by_xmlid.items():
            owner, _dot, name = xmlid.partition(".")
            if owner == module and fname in texts.get(name, ()):
                texts[name][fname].update(by_lang)
    return {name: dict(values) for name, values in texts.items()}


def _data_files(module):
    manifest = Manifest.for_addon(module, display_warning=False) or {}
    return [
        Path(file_path(f"{module}/{path}"))
        for path in manifest.get("data", ())
        if path.endswith(".xml") or _is_term_csv(path)
    ]


def _po_files(module, langs):
    return [Path(path) for lang in sorted(langs) for path in get_po_paths(module, lang)]


def _is_term_csv(path):
    """Odoo takes the model from the file's name: ``crm.glossary.term-more.csv``."""
    return Path(path).name.removesuffix(".csv").split("-")[0] == TERM


def _read_xml(path, module):
    """Yield ``(name of the external id, values)`` of an XML file's terms."""
    for record in etree.parse(str(path)).iter("record"):
        name = _own_name(record.get("id", ""), module)
        if record.get("model") == TERM and name:
            yield name, {field.get("name"): field.text for field in record}


def _read_csv(path, module):
    """Yield ``(name of the external id, values)`` of a CSV file's terms."""
    with path.open(encoding="utf-8", newline="") as source:
        for values in csv.DictReader(source):
            if name := _own_name(values.get("id") or "", module):
                yield name, values


def _own_name(xmlid, module):
    """The name of an external id of the module, an empty str for another one's."""
    owner, dot, name = xmlid.rpartition(".")
    return name if not dot or owner == module else ""
