"""Benchmark of segments: many of them over many contacts.

    python bench/segments.py            # 100 segments, 500,000 contacts
    python bench/segments.py --quick    # 24 segments, 20,000 contacts

The floor is what the same rules cost when they are only evaluated and counted.
README.md says what is expected.
"""

import argparse
import os
import random
import sys
from pathlib import Path

import common
from engine import read_size

DATABASE = "bench_segments"
#: Ratios to the floor, and to the app for the ORM's way.
GOALS = {
    "fill": 1.3,
    "refresh, nothing changed": 1.2,
    "refresh, 1 % changed": 1.3,
    "100 changed contacts": 1 / 50,
}
CITIES = ["Ruse", "Varna", "Sofia", "Plovdiv", "Graz", "Linz", "Kazan", "Omsk"]
FUNCTIONS = ["CEO", "Buyer", "Engineer", "Owner", "Clerk"]


# === DATA === #


def make_contacts(env, count):
    """Contacts with cities, countries, functions, tags and dates."""
    countries = env["res.country"].search([], limit=40).ids
    tags = env["res.partner.category"].create([{"name": f"T{n}"} for n in range(12)])
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, is_company, type, city,
               function, country_id, phone, email, color, lang, partner_share,
               create_uid, create_date, write_uid, write_date)
        SELECT 'Bench ' || n, 'Bench ' || n, TRUE, n %% 4 = 0, 'contact',
               (%(cities)s)[1 + n %% %(city_count)s], (%(functions)s)[1 + n %% 5],
               (%(countries)s)[1 + (n * 7) %% 40],
               CASE WHEN n %% 3 > 0 THEN '+35988' || lpad(n::text, 7, '0') END,
               CASE WHEN n %% 5 > 0 THEN 'p' || n || '@example.com' END,
               n %% 11, 'en_US', TRUE, 1,
               now() AT TIME ZONE 'utc' - (n %% 900) * INTERVAL '1 day', 1, now()
          FROM generate_series(1, %(count)s) AS n
        """,
        {
            "cities": CITIES,
            "city_count": len(CITIES),
            "functions": FUNCTIONS,
            "countries": countries,
            "count": count,
        },
    )
    env.cr.execute("UPDATE res_partner SET commercial_partner_id = id")
    env.cr.execute(
        "INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)"
        " SELECT id, (%s)[1 + id %% 12] FROM res_partner WHERE id %% 3 = 0",
        [tags.ids],
    )
    return tags.ids, countries


def make_rule(dice, tags, countries):
    """One condition to three, on text, numbers, dates, links and tags."""
    leaves = [
        ("city", "=", dice.choice(CITIES)),
        ("city", "in", dice.sample(CITIES, 2)),
        ("function", "=", dice.choice(FUNCTIONS)),
        ("country_id", "in", dice.sample(countries, 3)),
        ("is_company", "=", dice.choice([True, False])),
        ("create_date", ">=", f"-{dice.choice([7, 30, 90, 365])}d"),
        ("create_date", "<", f"-{dice.choice([180, 365, 700])}d"),
        ("category_id", "in", dice.sample(tags, 2)),
        ("email", "!=", False),
        ("phone", "=", False),
        ("color", "<", dice.randint(2, 9)),
        ("name", "ilike", str(dice.randint(10, 99))),
    ]
    return str(dice.sample(leaves, dice.randint(2, 3)))


def make_segments(env, count, tags, countries):
    dice = random.Random(5)
    env["crm.segment"].create(
        [
            {
                "name": f"Bench {number}",
                "domain": make_rule(dice, tags, countries),
                "refresh_policy": "at_once",
            }
            for number in range(count)
        ]
    )


def make_data(env, options):
    env["crm.segment"].search([]).active = False
    tags, countries = make_contacts(env, options.contacts)
    make_segments(env, options.segments, tags, countries)


# === WAYS === #


def get_segments(env):
    return env["crm.segment"].search([("name", "=like", "Bench %")])


def evaluate(env):
    """The floor: every rule evaluated, the matches counted, nothing stored."""
    from odoo.tools import SQL

    from odoo.addons.crm_glossary_core import engine

    total = 0
    for criterion in get_segments(env)._to_criteria():
        found = engine.query_of(env, criterion).select()
        [[count]] = env.execute_query(SQL("SELECT COUNT(*) FROM (%s) AS found", found))
        total += count
    return total


def refresh(env):
    """All segments, whole."""
    diff = get_segments(env)._refresh()
    env.flush_all()
    return f"+{diff.added} -{diff.gone}"


def fill(env):
    """All segments for the first time; each is committed, as the job does."""
    added = 0
    for segment in get_segments(env):
        added += segment._refresh().added
        env.cr.commit()
    return f"+{added}"


def change(share):
    """Return what changes a share of the contacts behind everybody's back."""

    def method(env):
        env.cr.execute(
            "UPDATE res_partner SET city = 'Moved' WHERE name LIKE 'Bench %%'"
            " AND id %% %s = 0",
            [round(1 / share)],
        )

    return method


def refresh_few(env):
    """A hundred contacts held against all segments."""
    from odoo.addons.crm_glossary_core import engine
    from odoo.addons.crm_segmentation.models.crm_segment_member import get_match_table

    env.cr.execute(
        "SELECT id FROM res_partner WHERE name LIKE 'Bench %' AND id % 97 = 0 LIMIT 100"
    )
    ids = [row[0] for row in env.cr.fetchall()]
    criteria = get_segments(env)._to_criteria()
    diff = engine.refresh(env, get_match_table("partner"), criteria, ids=ids)
    return f"+{diff.added} -{diff.gone}"


def by_orm(env):
    """A tag for each segment, written on its members: Odoo's own many2many."""
    from odoo.fields import Command

    rows = 0
    for segment in get_segments(env)[:4]:
        tag = env["res.partner.category"].create({"name": segment.name})
        partners = env["res.partner"].search(eval_domain(segment))
        tag.with_context(tracking_disable=True).write(
            {"partner_ids": [Command.set(partners.ids)]}
        )
        env.flush_all()
        env.invalidate_all()
        rows += len(partners)
    return rows


def eval_domain(segment):
    from odoo.addons.crm_glossary_core import engine

    return engine.parse(segment.env, segment.domain)


def fill_four(env):
    """The same four segments by the app."""
    return get_segments(env)[:4]._refresh().added


def list_stock(env):
    """What the list of contacts asks: a page, and how many there are."""
    return read_page(env, [])


def list_by_segment(env):
    return read_page(env, [("segment_ids", "in", get_segments(env)[:1].ids)])


def list_by_tag(env):
    """The same by one of Odoo's own links, about as many contacts as the segment."""
    tag = env["res.partner.category"].search([("name", "=", "T3")], limit=1)
    return read_page(env, [("category_id", "in", tag.ids)])


def read_page(env, domain):
    contacts = env["res.partner"]
    for _turn in range(5):
        env.invalidate_all()
        page = contacts.web_search_read(
            domain, {"complete_name": {}, "email": {}}, limit=80, count_limit=10_001
        )
    return page["length"]


# === MAIN === #


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contacts", type=read_size, default=500_000)
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="small numbers")
    parser.add_argument("--keep", action="store_true", help="keep an older template")
    options = parser.parse_args()
    if options.quick:
        options.contacts, options.segments = 20_000, 24
    common.use_server()
    common.load_odoo()
    print(f"Load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    note = common.digest_of("addons/crm_[gs]*/**/*.py")
    common.TEMPLATE = "bench_segments_template"
    common.ensure_template("crm_segmentation", note, options.keep)
    from odoo.modules.registry import Registry

    common.clone(common.TEMPLATE, DATABASE)
    registry = Registry(DATABASE)
    common.run_once(registry, lambda env: make_data(env, options), commit=True)
    common.query(DATABASE, "VACUUM ANALYZE")
    costs = common.take_turns(
        registry,
        {"evaluate (floor)": evaluate, "4 segments": fill_four, "4 by ORM": by_orm},
        options.rounds,
        after=tell,
    )
    costs["fill"] = common.run_once(registry, fill, commit=True)
    tell("fill")
    common.query(DATABASE, "VACUUM ANALYZE")
    costs |= common.take_turns(
        registry,
        {
            "refresh, nothing changed": refresh,
            "refresh, 1 % changed": (refresh, change(0.01)),
            "100 changed contacts": refresh_few,
            "list of contacts": list_stock,
            "list by tag": list_by_tag,
            "list by segment": list_by_segment,
        },
        options.rounds,
        after=tell,
    )
    report(costs, options)


def tell(name):
    """Say how far it is: the full size takes a quarter of an hour."""
    print(f"  measured: {name}", flush=True)


def report(costs, options):
    floor = costs["evaluate (floor)"].cpu
    rows = [
        [name, f"{c.cpu:.2f}", f"{c.cpu / floor:.3f}", f"{c.rss:.0f}", c.result]
        for name, c in costs.items()
    ]
    title = f"{options.segments} segments, {options.contacts:,} contacts"
    common.print_table(title, ["way", "CPU s", "to the floor", "MB", "result"], rows)
    rows = [
        [name, f"{costs[name].cpu / floor:.3f}", f"<= {limit:.3g}"]
        for name, limit in GOALS.items()
    ]
    times = costs["4 by ORM"].cpu / costs["4 segments"].cpu
    rows.append(["ORM many2many / app", f"{times:.1f}", ">= 5"])
    ratio = costs["list by segment"].cpu / costs["list of contacts"].cpu
    rows.append(["list by segment / stock list", f"{ratio:.2f}", "<= 1.2"])
    ratio = costs["list by segment"].cpu / costs["list by tag"].cpu
    rows.append(["list by segment / by tag", f"{ratio:.2f}", ""])
    common.print_table("Goals", ["goal", "measured", "limit"], rows)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
