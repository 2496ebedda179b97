"""Uninstalling leaves nothing behind: the database is then as if it had never been.

Each product is installed on a database that has the core, then uninstalled; then all
apps together on a database that has nothing of ours.
"""

from collections import Counter

import pytest

from launcher.places import ADDONS, manifests
from launcher.testbed import own_addons

CORE = "crm_glossary_core"
UNINSTALL = """
modules = env["ir.module.module"].search([("name", "in", {names!r})])
modules.button_immediate_uninstall()
"""
# What a database consists of, by title. Names only: ids and order may differ.
SCHEMA = {
    "tables and views": """
        select relkind::text || ' ' || relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')
    """,
    "columns": """
        select table_name || '.' || column_name || ' ' || data_type || ' '
               || is_nullable || ' ' || coalesce(column_default, '')
        from information_schema.columns where table_schema = 'public'
    """,
    "indexes": "select indexdef from pg_indexes where schemaname = 'public'",
    "sequences": "select sequencename from pg_sequences where schemaname = 'public'",
    "constraints": """
        select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace
    """,
    "functions": """
        select proname from pg_proc where pronamespace = 'public'::regnamespace
    """,
    "triggers": "select tgname from pg_trigger where not tgisinternal",
    "types": """
        select typname from pg_type
        where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
    """,
    "models": "select model from ir_model",
    "fields": "select model || '.' || name from ir_model_fields",
    "selections": """
        select f.model || '.' || f.name || ' ' || s.value
        from ir_model_fields_selection s join ir_model_fields f on f.id = s.field_id
    """,
    "database constraints": "select name from ir_model_constraint",
    "relations": "select name from ir_model_relation",
    "access rights": "select name from ir_model_access",
    "record rules": "select name from ir_rule",
    "groups": "select name->>'en_US' from res_groups",
    "privileges": "select name->>'en_US' from res_groups_privilege",
    "groups of users": """
        select u.login || ' ' || (g.name->>'en_US') from res_groups_users_rel r
        join res_users u on u.id = r.uid join res_groups g on g.id = r.gid
    """,
    "implied groups": """
        select a.name->>'en_US' || ' > ' || (b.name->>'en_US')
        from res_groups_implied_rel r
        join res_groups a on a.id = r.gid join res_groups b on b.id = r.hid
    """,
    "views of the interface": "select model || ' ' || name from ir_ui_view",
    "menus": "select name->>'en_US' from ir_ui_menu",
    "actions": "select type || ' ' || (name->>'en_US') from ir_actions",
    "scheduled jobs": "select cron_name from ir_cron",
    "parameters": "select key from ir_config_parameter",
    "sequences of numbers": "select name from ir_sequence",
    "defaults": """
        select f.model || '.' || f.name from ir_default d
        join ir_model_fields f on f.id = d.field_id
    """,
    "saved filters": "select name from ir_filters",
    "assets": "select name from ir_asset",
    "attachments": """
        select name from ir_attachment where coalesce(url, '') not like '/web/assets/%'
    """,
    "mail templates": "select name->>'en_US' from mail_template",
    "activity types": "select name->>'en_US' from mail_activity_type",
    "message subtypes": "select name->>'en_US' from mail_message_subtype",
    # Odoo leaves the external ids of inheritances, of any model with messages, itself:
    # they stand in the names of the modules that extend mail.thread.
    "external ids": """
        select module || '.' || name from ir_model_data
        where model != 'ir.model.inherit'
    """,
    "inheritances": """
        select m.model || ' ' || p.model from ir_model_inherit i
        join ir_model m on m.id = i.model_id join ir_model p on p.id = i.parent_id
    """,
    "tours": "select name from web_tour_tour",
}


def apps():
    """Our apps that stand on the core."""
    return [
        name
        for name, manifest in manifests(ADDONS).items()
        if manifest.get("application") and name != CORE
    ]


def snapshot(odoo, database):
    """{title: names, counted} of everything in the database."""
    return {
        title: Counter(" ".join(row) for row in odoo.sql(query, database))
        for title, query in SCHEMA.items()
    }


def difference(before, after):
    """{title: what was left behind or is missing}, only where something differs."""
    result = {}
    for title, names in before.items():
        left, gone = after[title] - names, names - after[title]
        if left or gone:
            result[title] = {"left behind": sorted(left), "missing": sorted(gone)}
    return result


def uninstall(odoo, database, names):
    """Press *Uninstall* on the modules."""
    odoo.shell(database, UNINSTALL.format(names=names), f"uninstall {', '.join(names)}")
    assert not set(names) & set(odoo.states(database))


@pytest.fixture(scope="module")
def database(testbed):
    """A copy of the dependencies' database, nothing of ours in it."""
    name = f"run_{testbed.owner}_uninstall"
    testbed.odoo.clone(testbed.template(), name)
    yield name
    testbed.odoo.drop(name)


@pytest.fixture(scope="module")
def before(testbed, database):
    """What the database held at first."""
    return snapshot(testbed.odoo, database)


@pytest.fixture(scope="module")
def with_core(testbed, database, before):
    """What it holds with the core alone."""
    testbed.odoo.install(database, [CORE])
    return snapshot(testbed.odoo, database)


@pytest.mark.parametrize("app", apps())
def test_an_app_leaves_the_core_as_it_was(testbed, database, with_core, app):
    testbed.odoo.install(database, [app])
    added = difference(with_core, snapshot(testbed.odoo, database))
    assert {"tables and views", "columns", "menus", "groups"} <= set(added)
    uninstall(testbed.odoo, database, [app])
    assert difference(with_core, snapshot(testbed.odoo, database)) == {}


def test_the_core_leaves_odoo_as_it_was(testbed, database, before, with_core):
    uninstall(testbed.odoo, database, [CORE])
    assert difference(before, snapshot(testbed.odoo, database)) == {}


def test_all_apps_together_leave_odoo_as_it_was(testbed, before):
    everything = testbed.clone()
    try:
        uninstall(testbed.odoo, everything, own_addons())
        assert difference(before, snapshot(testbed.odoo, everything)) == {}
    finally:
        testbed.odoo.drop(everything)
