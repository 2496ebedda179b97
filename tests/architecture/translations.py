"""Every text that a user reads is translated, into every language, and up to date."""

import ast
import html
import re

import polib

from model_index import ModelIndex
from source_tree import called, calls, constant

LANGUAGES = ("bg", "ru")
CYRILLIC = re.compile(r"[а-яА-Я]")
# what is no word: placeholders, tags, entities, addresses, technical names
NO_WORDS = re.compile(
    r"%\(\w+\)[sdf]|%[sdf]|%%|\{\w*\}|\$\{\w+\}|<[^>]*>|&\w+;|https?://\S+|\b\w+[._]\w+\b"
)
WORD = re.compile(r"[A-Za-z]{2,}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\w*\}")
TAG = re.compile(r"</?(\w+)")
# brand names and abbreviations that are written alike in every language
SAME_EVERYWHERE = set(
    "CRM CSV Email GDPR GeoIP ID KPI OCA OK Odoo RFM SQL URL UTM VoIP".split()
)
SAME_TEXTS = {"Odoo Community", "Odoo Enterprise"}
#: What stands on the keys of every keyboard.
SAME_TEXTS |= {"Alt Enter", "Ctrl Z", "Enter", "Esc"}
#: Short names of segments are Latin in every language, as is this.
SAME_TEXTS |= {"key_accounts", "SMS"}

JS_TEXT = re.compile(r"""\b_t\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
TRANSLATED_ATTRIBUTES = ("string", "help", "confirm", "placeholder", "title", "alt")
RELATIONAL = {"Many2one", "One2many", "Many2many", "Satellite"}


def squeezed(text):
    return " ".join(html.unescape(text).split())


def catalogue(file):
    return polib.pofile(str(file.full), encoding="utf-8")


# === THE CATALOGUES === #


def check_catalogues(tree):
    """Each add-on has a template and a complete catalogue for every language."""
    findings = []
    for addon in tree.shipped:
        template = addon.file(f"i18n/{addon.name}.pot")
        if not template:
            findings.append(addon.manifest_file.finding(1, f"no i18n/{addon.name}.pot"))
            continue
        wanted = {entry.msgid for entry in catalogue(template)}
        for language in LANGUAGES:
            file = addon.file(f"i18n/{language}.po")
            if not file:
                findings.append(template.finding(1, f"no i18n/{language}.po"))
                continue
            entries = catalogue(file)
            found = {entry.msgid for entry in entries if not entry.obsolete}
            for text in sorted(wanted - found):
                findings.append(file.finding(1, f"{text[:50]!r} is missing", text))
            for entry in entries:
                if entry.msgid not in wanted or entry.obsolete:
                    message = f"{entry.msgid[:50]!r} is no text of the add-on any more"
                    findings.append(file.finding(entry.linenum, message, entry.msgid))
                elif problem := problem_of(entry):
                    message = f"{entry.msgid[:50]!r} {problem}"
                    findings.append(file.finding(entry.linenum, message, entry.msgid))
    return findings


def words_of(text):
    """Return the words in Latin letters that could be translated."""
    if text.strip() in SAME_TEXTS:
        return set()
    return set(WORD.findall(NO_WORDS.sub(" ", text))) - SAME_EVERYWHERE


def problem_of(entry):
    """Return what is wrong with a translation, or None."""
    if not entry.msgstr.strip():
        return "is not translated"
    if entry.fuzzy:
        return "is a guess (fuzzy)"
    if words_of(entry.msgid) and words_of(entry.msgstr):
        if not CYRILLIC.search(entry.msgstr):
            return f"is translated as {entry.msgstr[:30]!r}"
    for pattern, what in ((PLACEHOLDER, "placeholders"), (TAG, "tags")):
        if sorted(pattern.findall(entry.msgid)) != sorted(
            pattern.findall(entry.msgstr)
        ):
            return f"has other {what} in its translation"
    return None


# === THE TEMPLATE AND THE CODE === #


def check_templates(tree):
    """What the code says is in the template: it was exported after the last change."""
    index, findings = ModelIndex(tree), []
    for addon in tree.shipped:
        template = addon.file(f"i18n/{addon.name}.pot")
        if not template:
            continue
        known = {squeezed(entry.msgid) for entry in catalogue(template)}
        models = [model for model in index.classes if model.addon.name == addon.name]
        texts = [
            *(text for file in addon.production for text in python_texts(file)),
            *(text for model in models for text in model_texts(model)),
            *(text for file in addon.with_suffix(".js") for text in js_texts(file)),
            *(text for file in addon.xml_data for text in view_texts(file)),
            *(text for file in addon.templates for text in view_texts(file)),
        ]
        for file, line, text in texts:
            if WORD.search(text) and squeezed(text) not in known:
                message = f"{text[:50]!r} is not in {template.name}"
                findings.append(file.finding(line, message, text))
    return findings


def python_texts(file):
    for call in calls(file.code):
        if called(call) in {"_", "_lt"} and call.args and constant(call.args[0]):
            yield file, call.lineno, constant(call.args[0])


def model_texts(model):
    if model.is_new and model.attribute("_description"):
        yield model.file, model.node.lineno, model.attribute("_description")
    for field in model.fields.values():
        line, label = field.call.lineno, field.keywords.get("string")
        first = field.call.args[0] if field.call.args else None
        if label is None and field.kind not in RELATIONAL | {"Selection"}:
            label = first
        for node in (label, field.keywords.get("help")):
            if constant(node):
                yield model.file, line, constant(node)
        if field.kind == "Selection":
            for node in (first, field.keywords.get("selection")):
                for text in selection_labels(node):
                    yield model.file, line, text


def selection_labels(node):
    if isinstance(node, ast.List):
        for pair in node.elts:
            if isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
                yield constant(pair.elts[1])


def js_texts(file):
    if not file.is_test:
        for match in JS_TEXT.finditer(file.text):
            line = file.text.count("\n", 0, match.start()) + 1
            yield file, line, ast.literal_eval(match[1])


def view_texts(file):
    """Attributes of views and templates, names of menus and actions."""
    for element in file.xml.iter("*"):
        line = element.sourceline
        if element.tag == "menuitem":
            yield file, line, element.get("name") or ""
        is_component = element.tag[:1].isupper()
        if is_component or element.tag in {"record", "template", "menuitem"}:
            continue
        for name in TRANSLATED_ATTRIBUTES:
            yield file, line, element.get(name) or ""
        if element.tag == "field" and element.get("name") == "name":
            model = element.getparent().get("model") or ""
            if model.startswith("ir.actions.") and not element.get("ref"):
                yield file, line, element.text or ""
