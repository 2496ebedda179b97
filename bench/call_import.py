"""Benchmark of the import of call lists: a CSV file with 100,000 rows.

    python bench/call_import.py [--rows 100000]

The file goes through all that the dialog does with it: reading, numbers, country,
duplicates, contacts, the do-not-call list, the gate, calls and their places in the
queue. README.md says what is expected, and what the floor is.
"""

import argparse
import base64
import csv
import io
import os
import sys
from pathlib import Path

import common

DATABASE = "bench_call_import"
#: Of the rows, one in so many is told twice, cannot be read, must not be called, and
#: belongs to a contact.
TWICE, BROKEN, BLOCKED, KNOWN = 50, 100, 100, 10
SECONDS, MEMORY_MB = 60, 250


def number_of(row):
    return f"+359888{row % 1_000_000:06d}"


def make_file(rows):
    """Return a CSV file as a spreadsheet writes it."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";")
    writer.writerow(["Name", "Phone", "Company", "Email", "City", "Source"])
    for row in range(rows):
        number = number_of(row)
        if row % TWICE == 7:
            number = number_of(row - 1)
        elif row % BROKEN == 3:
            number = "3.59888E+11"
        elif row % 3 == 1:
            number = f"0{number[4:7]}/{number[7:10]}-{number[10:]}"
        writer.writerow(
            [
                f"Person {row}",
                number,
                f"Company {row // 3}",
                f"p{row}@example.com",
                "Ruse",
                "Fair",
            ]
        )
    return output.getvalue().encode("utf-8-sig")


def make_data(env, rows):
    """Contacts with numbers of the file, requests not to be called, and two lists."""
    env.company.country_id = env.ref("base.bg")
    env.company.partner_id.tz = "Europe/Sofia"
    env["res.partner"].with_context(tracking_disable=True).create(
        [
            {"name": f"Contact {row}", "phone": number_of(row)}
            for row in range(0, rows, KNOWN)
        ]
    )
    blocked = env["crm.do.not.call"]
    for row in range(5, rows, BLOCKED):
        blocked._request(number_of(row))
    env["crm.call.list"].create(
        {
            "name": "Bench",
            "model_name": "res.partner",
            "domain": "[('id', '=', 0)]",
            "purpose": "marketing",
            "legal_basis": "consent",
        }
    )


def find_list(env):
    return env["crm.call.list"].search([("name", "=", "Bench")])


def by_dialog(content, dry_run=False):
    """The dialog's way, from the bytes of the file to the report."""

    def method(env):
        wizard = env["crm.call.import"].create(
            {
                "list_id": find_list(env).id,
                "file": base64.b64encode(content),
                "filename": "bench.csv",
                "seller": "Fair",
                "basis": "Consent",
            }
        )
        wizard._onchange_file()
        (wizard.action_check if dry_run else wizard.action_import)()
        env.flush_all()
        counts = ("taken", "duplicate", "blocked", "unreadable")
        return [wizard[f"{name}_count"] for name in counts]

    return method


def by_create(content):
    """The floor: the rows as calls by one ``create``, nothing asked, none left out."""

    def method(env):
        lines = csv.DictReader(
            io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"
        )
        call_list = find_list(env)
        calls = env["crm.call"].with_context(tracking_disable=True)
        vals_list = []
        for line in lines:
            vals_list.append(
                {
                    "list_id": call_list.id,
                    "name": line["Name"],
                    "contact_name": line["Name"],
                    "company_name": line["Company"],
                    "email_from": line["Email"],
                    "phone": line["Phone"],
                    "user_id": False,
                }
            )
        count = 0
        for start in range(0, len(vals_list), 5000):
            count += len(calls.create(vals_list[start : start + 5000]))
            env.flush_all()
            env.invalidate_all()
        return count

    return method


def measure(registry, rows, options):
    content = make_file(rows)
    print(f"{rows:,} rows, {len(content) / 1e6:.1f} MB", flush=True)
    ways = {
        "check": by_dialog(content, dry_run=True),
        "import": by_dialog(content),
        "plain create": by_create(content),
    }
    return common.take_turns(registry, ways, options.rounds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--database", help="clone this one instead of the template")
    options = parser.parse_args()
    rows = options.rows // 10 if options.quick else options.rows
    common.use_server()
    common.load_odoo()
    print(f"Load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    if not options.database:
        note = common.digest_of("addons/*/models/*.py", "addons/*/__manifest__.py")
        common.ensure_template("crm_call_center", note)
    from odoo.modules.registry import Registry

    common.clone(options.database or common.TEMPLATE, DATABASE)
    registry = Registry(DATABASE)
    common.run_once(registry, lambda env: make_data(env, rows), commit=True)
    common.query(DATABASE, "VACUUM ANALYZE")
    small = measure(registry, rows // 4, options)
    costs = measure(registry, rows, options)
    table = [
        (name, f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{cost.rss:.0f}", cost.result)
        for name, cost in costs.items()
    ]
    header = ("way", "wall s", "CPU s", "MB", "taken, duplicate, blocked, unreadable")
    common.print_table(f"{rows:,} rows", header, table)
    done = costs["import"]
    per_row = done.rss - small["import"].rss
    goals = [
        ("import, wall s", f"{done.wall:.1f}", f"<= {SECONDS}"),
        ("import / plain create, CPU", f"{done.cpu / costs['plain create'].cpu:.2f}"),
        ("memory, MB", f"{done.rss:.0f}", f"<= {MEMORY_MB}"),
        ("memory for four times the rows, MB more", f"{per_row:.0f}"),
    ]
    goals = [(*goal, "")[:3] for goal in goals]
    common.print_table("Goals", ("goal", "measured", "limit"), goals)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
