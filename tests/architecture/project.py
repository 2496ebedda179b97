"""The project as a whole: manifests, packages, tests, and nothing of one machine."""

import ast
import re
import socket
import struct

VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
KEYS = ("name", "summary", "version", "category", "author", "license", "depends")
ICON_SIZE = (128, 128)

TEXT_SUFFIXES = (".py", ".js", ".cjs", ".xml", ".csv", ".po", ".pot", ".md", ".html")
TEXT_SUFFIXES += (".scss", ".css", ".toml", ".txt", ".yaml", ".yml", ".json", ".conf")
TEXT_SUFFIXES += (".sh", ".svg", ".sql", ".cfg", "")
CONFLICT = re.compile(r"^(<{7}|>{7}|\|{7})( |$)", re.MULTILINE)
# folders that exist on somebody's machine only
MACHINE_PATH = re.compile(r"(?<![\w.~$}/-])/(work|root|home|Users|mnt|media)/[\w.-]+")
TEMPORARY = re.compile(r"(?<![\w.~$}/-])/(?:var/)?tmp/[A-Za-z][\w.-]*")
# a host that is put together ("shop%s.example", "shop{number}...") is made up
ADDRESS = re.compile(
    r"""\b(?:https?|ftp|git|ssh)://([\w.-]+)(?![\w.{%-]|["']\s*(?:\|\||\+))"""
)
# hosts that may be named: documentation, name spaces, examples, this machine
PUBLIC_HOSTS = re.compile(
    r"127\.0\.0\.1|localhost|([\w-]+\.)*(example(\.(com|org|net))?|test|invalid)"
    r"|(www\.)?(gnu|fsf|w3|python|postgresql|debian|nodejs)\.org|(www\.)?fsf\.org"
    r"|(www\.)?github\.com|(www\.)?odoo\.com|odoo-community\.org|(www\.)?pypi\.org"
    r"|docs\.(python|astral|pytest)\.\w+|json\.schemastore\.org|translation\.odoo\.com"
)
# packages whose __init__.py decides what Odoo loads
ODOO_PACKAGES = {"models", "wizard", "report", "controllers", "tests"}
NETWORK_MODULES = {"requests", "urllib.request", "http.client", "smtplib", "socket"}
NETWORK_MODULES |= {"websocket", "httpx", "aiohttp"}


# === MANIFESTS === #


def check_manifests(tree):
    """A manifest that looks right in *Apps*, and files that exist."""
    findings = []
    for addon in tree.addons.values():
        for problem in manifest_problems(addon):
            findings.append(addon.manifest_file.finding(1, problem))
    return findings


def manifest_problems(addon):
    manifest = addon.manifest
    yield from (f"no {key!r}" for key in KEYS if not manifest.get(key))
    if not VERSION.fullmatch(str(manifest.get("version"))):
        yield f"version {manifest.get('version')}: not 19.0.x.y.z"
    if manifest.get("license") != "LGPL-3":
        yield f"licence {manifest.get('license')}: not LGPL-3"
    for key in ("data", "demo"):
        for name in manifest.get(key, []):
            if not addon.file(name):
                yield f"{name} does not exist"
            if key == "data" and name.startswith("demo/"):
                yield f"{name} is demo data and is loaded always"
            if key == "demo" and not name.startswith("demo/"):
                yield f"{name} is loaded as demo data and is not in demo/"
    if not (addon.is_test_only or addon.file("static/description/icon.png")):
        yield "no static/description/icon.png"
    if manifest.get("application"):
        for name in ("icon.svg", "index.html"):
            if not addon.file(f"static/description/{name}"):
                yield f"an application without static/description/{name}"


def check_icons(tree):
    """Icons are square PNG files of one size."""
    findings = []
    for addon in tree.shipped:
        icon = addon.file("static/description/icon.png")
        if icon and (size := png_size(icon.full.read_bytes())) != ICON_SIZE:
            findings.append(icon.finding(1, f"size {size}, not {ICON_SIZE}"))
    return findings


def png_size(content):
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    return struct.unpack(">II", content[16:24])


def check_neutralized(tree):
    """An add-on that talks to the network is silent in a copy (invariant 13)."""
    findings = []
    for addon in tree.shipped:
        if addon.file("data/neutralize.sql"):
            continue
        for file in addon.production:
            for node in ast.walk(file.code):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [
                        node.module,
                        *(f"{node.module}.{a.name}" for a in node.names),
                    ]
                if NETWORK_MODULES & set(names):
                    message = "uses the network and has no data/neutralize.sql"
                    findings.append(file.finding(node, message))
    return findings


# === PACKAGES === #


def check_everything_is_imported(tree):
    """Odoo's packages import all their files; of others each file is used somewhere."""
    findings = []
    for addon in tree.addons.values():
        used = {name for file in addon.python for name in imported_names(file)}
        packages = {f.path: f for f in addon.python if f.name == "__init__.py"}
        for file in addon.python:
            folder, _, name = file.path.rpartition("/")
            if name in {"__init__.py", "__manifest__.py"} or file.is_in("migrations"):
                continue
            package = packages.get(f"{folder}/__init__.py")
            listed = file.parts[-2] in ODOO_PACKAGES and not name.startswith("common")
            if package is None:
                findings.append(file.finding(1, f"no __init__.py in {folder}"))
            elif name[:-3] not in (imported_names(package) if listed else used):
                findings.append(file.finding(1, "imported nowhere"))
    return findings


def imported_names(package):
    names = set()
    for node in ast.walk(package.code):
        if isinstance(node, ast.ImportFrom) and node.level:
            names |= {alias.name for alias in node.names}
            names |= set((node.module or "").split("."))
    return names


def check_no_skipped_tests(tree):
    """A test that does not run proves nothing."""
    findings = []
    for addon in tree.addons.values():
        for file in addon.python:
            for node in ast.walk(file.code) if file.is_test else ():
                name = getattr(node, "attr", None) or getattr(node, "id", None)
                if name in {
                    "skip",
                    "skipIf",
                    "skipUnless",
                    "skipTest",
                    "expectedFailure",
                }:
                    findings.append(
                        file.finding(node, f"{name}: a test is left out", name)
                    )
    return findings


# === TEXT === #


def check_text_files(tree):
    """UTF-8, Unix line ends, one at the end, no conflict markers."""
    findings = []
    for file in tree.files:
        if file.suffix not in TEXT_SUFFIXES:
            continue
        content = file.full.read_bytes()
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            findings.append(file.finding(1, f"not UTF-8: {error.reason}"))
            continue
        if "\r" in text:
            findings.append(file.finding(1, "carriage returns"))
        if text and not text.endswith("\n"):
            findings.append(file.finding(1, "no line end at the end"))
        if CONFLICT.search(text):
            findings.append(file.finding(1, "conflict markers"))
    return findings


def check_no_machine(tree):
    """No path, host or user of one machine in any file."""
    hostname = re.compile(rf"\b{re.escape(socket.gethostname())}\b")
    findings = []
    for file in tree.files:
        if file.suffix not in TEXT_SUFFIXES:
            continue
        for number, line in enumerate(file.text.splitlines(), 1):
            for pattern in (MACHINE_PATH, TEMPORARY, hostname):
                if match := pattern.search(line):
                    findings.append(
                        file.finding(number, f"{match[0]}: of one machine", match[0])
                    )
            for host in ADDRESS.findall(line):
                if not PUBLIC_HOSTS.fullmatch(host):
                    findings.append(file.finding(number, f"the host {host}", host))
    return findings


def check_no_leftovers(tree):
    """No backup file, no compiled file, nothing big in the tree."""
    findings = []
    for file in tree.files:
        if file.suffix in {".pyc", ".orig", ".rej", ".bak", ".swp", ".log"}:
            findings.append(file.finding(0, "a leftover"))
        if file.full.stat().st_size > 2_000_000:
            findings.append(file.finding(0, "bigger than 2 MB"))
    return findings


def check_comments(tree):
    """No TODO: what is missing is said where plans are made, not in the code."""
    pattern = re.compile(r"#.*\b(TODO|FIXME|XXX)\b")
    return [
        file.finding(number, "an open end in the code")
        for file in tree.files
        if file.suffix == ".py" and not file.path.startswith("tests/architecture/")
        for number, line in enumerate(file.text.splitlines(), 1)
        if pattern.search(line)
    ]
