"""Benchmark of the dashboard: queries and CPU seconds, whole and tile by tile.

    python bench/dashboard.py --sizes 10k,100k,1m

The floor is one hand-written count over the leads, measured in the same run. It asserts
no time; README.md says what the limits are.
"""

import argparse
import sys
from pathlib import Path

import common
from engine import Run, read_size

#: A calendar quarter of the generated data, whatever day it is.
PERIOD = {"period": "custom", "date_from": "2026-07-01", "date_to": "2026-09-30"}
#: As long, but no calendar period: each KPI is asked for three times.
ROLLING = {"period": "custom", "date_from": "2026-06-20", "date_to": "2026-09-17"}
MAX_QUERIES = 25
ROLES = ("salesperson", "manager", "marketer", "administrator")
FLOOR = "hand-written count of open opportunities"
WHOLE = "whole, manager"
#: The clock of PostgreSQL's processes ticks a hundred times a second: count it often.
FLOOR_TIMES = 40


# === WHO LOOKS === #


def manager(env):
    return env.ref("base.user_admin")


def salesperson(env):
    """One of the hundred generated ones, with the rights of a salesperson."""
    user = env["res.users"].search([("login", "like", "bench_%")], limit=1)
    group = env.ref("sales_team.group_sale_salesman")
    if group not in user.group_ids:
        user.group_ids |= group
        env.flush_all()
    return user


# === WAYS TO READ: each returns its number of queries === #


def counted(who, read):
    """Return a method that reads as somebody, and one that warms its caches."""

    def prepare(env):
        read(env(user=who(env).id))
        env.flush_all()
        env.invalidate_all()

    def measured(env):
        user = env(user=who(env).id)
        env.invalidate_all()
        before = env.cr.sql_log_count
        read(user)
        return env.cr.sql_log_count - before

    return measured, prepare


def floor(env):
    for _time in range(FLOOR_TIMES):
        env.cr.execute(
            "SELECT COUNT(*), SUM(expected_revenue) FROM crm_lead"
            " WHERE type = 'opportunity' AND active AND won_status = 'pending'"
        )
    return 1


def whole(role, filters=PERIOD):
    return lambda env: env["crm.dashboard"].get_dashboard(role, dict(filters))


def more(env):
    env["crm.dashboard"].get_more_tiles("manager", dict(PERIOD))


def tile(code):
    """One KPI alone, as a tile with its twelve periods."""

    def read(env):
        kpi = env["crm.kpi"].search([("code", "=", code)], limit=1)
        [found] = kpi._get_tiles(*_window())
        if found["error"]:
            raise ValueError(f"{code}: {found['error']}")

    return read


def part(name):
    """One part of the page that is no tile."""

    def read(env):
        from odoo.addons.crm_glossary_core.tools.kpi_reading import Reader

        dashboard, reader = env["crm.dashboard"], Reader(env)
        filters = dashboard._prepare_filters("manager", dict(PERIOD))
        if name == "win rate by source":
            kpis = dashboard._get_kpis("manager")
            asked = dashboard._ask_sources(reader, kpis, filters)
            reader.run(together=True)
            dashboard._get_sources(reader, asked)
        elif name == "forecast":
            keys = dashboard._ask_forecast(reader, filters)
            reader.run(together=True)
            dashboard._get_forecast(reader, keys)
        else:
            key = dashboard._ask_funnel(reader, filters)
            reader.run(together=True)
            dashboard._get_funnel(reader, key, filters)

    return read


def _window():
    from odoo.fields import Date

    return [Date.to_date(PERIOD[name]) for name in ("date_from", "date_to")]


# === RUNS === #


class DashboardRun(Run):
    """The measurements at one size."""

    def measure(self):
        ways = {
            WHOLE: counted(manager, whole("manager")),
            "whole, manager, 90 days": counted(manager, whole("manager", ROLLING)),
            "whole, one salesperson": counted(
                salesperson, whole("salesperson", {**PERIOD, "user_id": False})
            ),
            "whole, marketer": counted(manager, whole("marketer")),
            "whole, administrator": counted(manager, whole("administrator")),
            "more numbers, manager": counted(manager, more),
        }
        for name in ("funnel with medians", "forecast", "win rate by source"):
            ways[name] = counted(manager, part(name))
        for code in self.once(find_codes).result:
            ways[f"tile {code}"] = counted(manager, tile(code))
        rounds = self.options.rounds
        self.costs = common.take_turns(self.registry, {FLOOR: floor, **ways}, rounds)
        self.costs[FLOOR].cpu /= FLOOR_TIMES
        self.costs[FLOOR].wall /= FLOOR_TIMES

    def report(self):
        base = self.costs[FLOOR].cpu
        rows = [
            (
                name,
                cost.result,
                f"{1000 * cost.cpu:.1f}",
                f"{cost.cpu / base:.1f}",
                f"{1000 * cost.wall:.0f}",
            )
            for name, cost in self.costs.items()
        ]
        header = ("what", "queries", "CPU ms", "to the floor", "wall ms")
        common.print_table(f"{self.leads:,} leads", header, rows)


def find_codes(env):
    """Return the codes of the KPIs that stand on some dashboard."""
    dashboard, kpis = env["crm.dashboard"], env["crm.kpi"]
    for role in ROLES:
        found = dashboard._get_kpis(role)
        kpis |= found["shown"] | found["more"] | found["attention"]
    return kpis.sorted().mapped("code")


def limits(runs):
    """Return the rows of the limits: (what, size, measured, limit, met)."""
    rows = []
    for run in runs:
        for name, cost in run.costs.items():
            if not name.startswith("whole"):
                continue
            met = cost.result <= MAX_QUERIES
            verdict = "met" if met else "NOT MET"
            limit = f"<= {MAX_QUERIES}"
            rows.append(
                (f"queries: {name}", f"{run.leads:,}", cost.result, limit, verdict)
            )
    for small, large in zip(runs, runs[1:], strict=False):
        times = large.leads / small.leads
        for name in (FLOOR, WHOLE):
            ratio = large.costs[name].cpu / max(small.costs[name].cpu, 0.001)
            met = ratio <= 1.2 * times
            verdict = "met" if met else "NOT MET"
            limit = f"<= {1.2 * times:.0f}"
            size = f"{small.leads:,} to {large.leads:,}"
            rows.append((f"growth: {name}", size, f"{ratio:.1f}x", limit, verdict))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="10k,100k", help="e.g. 10k,100k,1m")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    parser.add_argument("--keep", action="store_true", help="use them even if outdated")
    options = parser.parse_args()
    common.use_server()
    common.load_odoo()
    runs = []
    for size in sorted(read_size(part) for part in options.sizes.split(",")):
        print(f"{size:,} leads", flush=True)
        run = DashboardRun(size, options)
        run.prepare()
        run.measure()
        run.report()
        runs.append(run)
    header = ("what", "leads", "measured", "limit", "")
    common.print_table("Limits", header, limits(runs))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
