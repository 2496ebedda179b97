"""The database of ./run: made, recovered, brought up to date, filled with a sample."""

from .database import quote
from .messages import Fault, say, step
from .places import ADDONS, ROOT, applications

# login = password; the add-ons' demo data makes all but the first
LOGINS = (
    ("admin", "everything, with Settings and Apps"),
    ("manager", "CRM as sales manager: reports, scoring, segments, call lists"),
    ("salesperson", "CRM: the pipeline, its leads with score and grade"),
    ("operator", "Call Center: the desk with the next call"),
    ("marketer", "Segments: who belongs where, and why"),
)

ASSETS = """
for bundle in {bundles!r}:
    env["ir.qweb"]._get_asset_bundle(bundle, css=False, js=True).js()
    env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False).css()
env.cr.commit()
"""
LANGUAGE = """
users = env["res.users"].with_context(active_test=False).search([("share", "=", False)])
(users.partner_id | env["res.company"].search([]).partner_id).lang = {lang!r}
env.cr.commit()
"""
SAMPLE = """
import sys
sys.path.insert(0, {root!r})
from launcher import sample
try:
    sample.load(env, {directory!r}, lambda text: print("SAMPLE", text, flush=True))
except sample.FileProblem as problem:
    print("PROBLEM", " ".join(str(problem).split()), flush=True)
else:
    env.cr.commit()
"""
BUNDLES = ("web.assets_web", "web.assets_frontend", "web.assets_frontend_minimal")


def ensure(odoo, name, options, languages):
    """Leave the database `name` ready to serve.

    :param odoo: the :class:`~launcher.database.Odoo`
    :param options: ``fresh``, ``no_demo``, ``lang`` of the command line
    :param languages: codes whose translations are loaded
    """
    note = odoo.read_note(name)
    if note == {}:
        raise Fault(
            f"The database {name} was not made by ./run, so it is left alone.\n"
            "Choose another one with --db NAME. (To use the apps in a database of your "
            "own, see the README.)"
        )
    if note and note.get("state") != "ready":
        say(f"  An earlier start was interrupted: the database {name} is made anew.")
        note = None
    if note is None or options.fresh:
        note = _make(odoo, name, not options.no_demo, languages)
    elif options.no_demo and note.get("demo"):
        raise Fault(
            f"The database {name} was made with demo data.\n"
            "--no-demo --fresh makes it anew (its data is lost), --no-demo --db NAME "
            "makes another one."
        )
    else:
        note = _update(odoo, name, note)
    if options.lang and options.lang != note.get("lang", "en_US"):
        with step(f"Language {options.lang}"):
            odoo.shell(name, LANGUAGE.format(lang=options.lang), "set the language")
        odoo.write_note(name, {**note, "lang": options.lang})


def _make(odoo, name, demo, languages):
    """A new database with every app; what was there under the name is dropped."""
    apps = applications()
    if not apps:
        raise Fault(
            f"There is no app in {ADDONS.relative_to(ROOT)}/: nothing to start."
        )
    digests = odoo.digests()
    odoo.drop(name)
    odoo.create(name)
    odoo.write_note(name, {"state": "building"})
    title = f"Database {name}" + (" with demo data" if demo else "")
    with step(title) as progress:
        options = {"demo": demo, "languages": languages, "progress": progress}
        report(odoo, odoo.install(name, apps, **options))
        check_installed(odoo, name, apps)
    with step("Web pages' scripts and styles"):
        odoo.shell(name, ASSETS.format(bundles=BUNDLES), "prepare the web pages")
    note = {"state": "ready", "demo": demo, "addons": digests}
    odoo.write_note(name, note)
    return note


def _update(odoo, name, note):
    """Install apps that are new and upgrade add-ons whose files changed."""
    digests, known = odoo.digests(), note.get("addons", {})
    if digests == known:
        return note
    states = odoo.states(name)
    new = [app for app in applications() if app not in states]
    changed = [
        addon
        for addon in states
        if addon in digests and digests[addon] != known.get(addon)
    ]
    if new or changed:
        with step("Changed add-ons") as progress:
            trouble = odoo.install(
                name, new, changed, demo=note.get("demo", False), progress=progress
            )
            report(odoo, trouble)
            check_installed(odoo, name, [*new, *changed])
    note = {**note, "addons": digests}
    odoo.write_note(name, note)
    return note


def check_installed(odoo, name, modules):
    """Odoo skips a module that it cannot install and goes on: say so."""
    states = odoo.states(name)
    missing = [module for module in modules if states.get(module) != "installed"]
    if missing:
        log = (odoo.folder / "log" / "install.log").relative_to(ROOT)
        raise Fault(f"Not installed: {', '.join(missing)}. The reason is in {log}.")


def report(odoo, trouble):
    """Mention warnings of an installation that went through."""
    if trouble:
        log = (odoo.folder / "log" / "install.log").relative_to(ROOT)
        say(f"\n  ({len(trouble)} warnings in {log}; the first one:)")
        say(f"  {trouble[0][:300]}")


def logins(odoo, name):
    """[(login, what to open)] of the users in the database whose password is known."""
    wanted = ", ".join(quote(login) for login, _what in LOGINS)
    rows = odoo.sql(
        f"select login from res_users where active and login in ({wanted})", name
    )
    present = {row[0] for row in rows}
    return [(login, what) for login, what in LOGINS if login in present]


def load_sample(odoo, name, directory):
    """Load the prepared sample of a folder; what is there already is left alone."""
    package = ROOT / "launcher" / "sample"
    if not (package.with_suffix(".py").exists() or (package / "__init__.py").exists()):
        raise Fault("--sample: this copy of the project has no launcher/sample.")
    problems = []
    with step("Sample data", quiet=3) as progress:

        def show(line):
            kind, _space, text = line.partition(" ")
            if kind == "SAMPLE":
                progress.update(text)
            elif kind == "PROBLEM":
                problems.append(text)

        script = SAMPLE.format(root=str(ROOT), directory=str(directory))
        odoo.shell(name, script, f"load the sample of {directory}", on_line=show)
        if problems:
            raise Fault(f"The sample was not loaded: {problems[0]}")
