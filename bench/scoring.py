"""Benchmark of the scoring app with everything on: two axes, grades, breakdown, events.

    python bench/scoring.py --sizes 100k,1m

Compares it with SQL that is written by hand for the same result, row by row, and with
Odoo's own ways; README.md says what is measured. As many events as leads.
"""

import argparse
import os
import sys
from pathlib import Path

import common
import methods
from engine import Run, read_size

SPOIL = methods.spoil
#: The usual ways, and how many times faster the app is to be.
ORM = {
    "filtered_domain and write": 250,
    "search_count for each lead": 1000,
    "rule by rule, lead by lead": 100,
}
#: What happens while the user waits.
AT_ONCE = ("one lead after a write", "one lead and its new event")


class ScoringRun(Run):
    """The measurements at one size."""

    prefix = "bench_scoring"

    def __init__(self, leads, options):
        super().__init__(leads, options)
        self.database = f"{self.prefix}_{leads}"

    def prepare(self):
        from scoring_rules import make_records, model_of

        super().prepare()
        if not self.once(lambda env: len(model_of(env))).result:
            self.once(make_records, commit=True)

    def take_turns(self, ways, warm=None, **kwargs):
        import scoring_methods as own

        return common.take_turns(
            self.registry, ways, self.options.rounds, warm=warm or own.warm, **kwargs
        )

    def vacuum(self, _name=None):
        import scoring_methods as own

        for table in (own.TABLE, own.HAND, own.PLAIN):
            common.query(self.database, f"VACUUM {table}")

    def measure(self):
        import scoring_methods as own

        self.costs |= self.take_turns(
            {
                "hand-written SQL": own.hand,
                "hand-written SQL with breakdown": own.hand_breakdown,
                "engine": own.engine_totals,
                "engine with breakdown": own.engine_breakdown,
            }
        )
        self.check(own)
        before = common.counters(self.database, "crm_lead")
        self.facts["first fill"] = self.once(own.product_refresh, commit=True)
        self.once(own.settle, commit=True)
        self.once(own.make_hand_tables, commit=True)
        common.query(self.database, "VACUUM ANALYZE")
        self.costs |= self.take_turns(self.stores(own), after=self.vacuum, commit=True)
        self.costs |= self.take_turns(
            {
                "one lead": own.one_lead,
                "one lead after a write": own.after_write,
                "one lead and its new event": own.after_event,
                "1,000 leads": own.thousand_leads,
            }
        )
        self.costs |= self.take_turns(
            {"list, default": own.list_default, "list by score": own.list_by_score},
            warm=own.warm_lists,
        )
        after = common.counters(self.database, "crm_lead")
        self.facts["lead rows rewritten"] = after[0] - before[0]
        self.facts["WAL of refresh"] = self.once(own.wal_of_refresh).result
        self.vacuum()
        if not self.options.quick:
            self.costs |= self.take_turns(self.orm_ways())
            self.facts["WAL of wide update"] = self.once(
                methods.wal_of_wide_update
            ).result
            common.query(self.database, "VACUUM crm_lead")
            if self.leads <= self.options.predictive_up_to:
                self.measure_predictive()

    @staticmethod
    def orm_ways():
        import scoring_orm as orm

        ways = (orm.orm_filtered, orm.orm_search_count, orm.orm_rule_by_rule)
        return dict(zip(ORM, ways, strict=True))

    @staticmethod
    def stores(own):
        return {
            "app, nothing changed": own.product_refresh,
            "app, 2 % changed": (own.product_refresh, SPOIL(0.02)),
            "app, all changed": (own.product_refresh, SPOIL(1)),
            "hand-written, nothing changed": own.hand_refresh,
            "hand-written, 2 % changed": (own.hand_refresh, SPOIL(0.02, own.HAND)),
            "hand-written, all changed": (own.hand_refresh, SPOIL(1, own.HAND)),
            "no breakdown, 2 % changed": (own.plain_refresh, SPOIL(0.02, own.PLAIN)),
            "no breakdown, all changed": (own.plain_refresh, SPOIL(1, own.PLAIN)),
        }

    def check(self, own):
        """Engine and hand-written SQL must agree in every column of every lead."""
        different = self.once(own.difference).result
        sums = {name: cost.result for name, cost in self.costs.items() if "SQL" in name}
        if different:
            raise SystemExit(f"{different} leads differ: {sums}")
        leads, fit, engagement, *_rest = self.costs["engine"].result
        print(f"  {leads:,} leads, fit {fit:,}, engagement {engagement:,}: all agree")


class Goals:
    """The goals and whether they are met: rows of texts for the report."""

    def __init__(self):
        self.rows = []

    def row(self, goal, run, value, limit, unit="x", least=False):
        met = value >= limit if least else value <= limit
        shown = str(value) if isinstance(value, int) else f"{value:.2f}{unit}"
        limit = f"{'>=' if least else '<='} {limit:g}{unit if unit != 'x' else ''}"
        self.rows.append(
            (goal, f"{run.leads:,}", shown, limit, "met" if met else "NOT MET")
        )

    def whole(self, run):
        """The full run: to hand-written SQL, to Odoo's ways, what it leaves behind."""
        cpu = {name: cost.cpu for name, cost in run.costs.items()}
        hand, stored = cpu["hand-written SQL"], cpu["app, 2 % changed"]
        for share in ("nothing", "2 %", "all"):
            ratio = cpu[f"app, {share} changed"] / cpu[f"hand-written, {share} changed"]
            self.row(
                f"app / hand-written for the same, {share} changed", run, ratio, 1.5
            )
        self.row("G1 compute / hand-written", run, cpu["engine"] / hand, 1.0)
        ratio = cpu["engine with breakdown"] / cpu["hand-written SQL with breakdown"]
        self.row("G1 the same, with breakdown", run, ratio, 1.0)
        self.row("G2 store 2 % / hand-written compute", run, stored / hand, 1.1)
        per_lead = stored / run.leads
        for name, limit in ORM.items():
            if name in cpu:
                ratio = cpu[name] / run.costs[name].result / per_lead
                self.row(f"G3 faster than {name}", run, ratio, limit, least=True)
        if predictive := run.costs.get("Odoo's predictive scoring"):
            ratio = predictive.cpu / predictive.result / per_lead
            self.row("G4 faster than predictive scoring", run, ratio, 20, least=True)
        rss = max(cost.rss for name, cost in run.costs.items() if "app," in name)
        self.row("G5 Python memory", run, rss, 20, " MB")
        rewritten = run.facts["lead rows rewritten"]
        self.row("G6 rows of crm_lead rewritten", run, rewritten, 0)
        if wide := run.facts.get("WAL of wide update"):
            ratio = run.facts["WAL of refresh"] / wide
            self.row("G6 WAL / WAL of a wide update", run, ratio, 0.1)
        for share in ("2 %", "all"):
            ratio = cpu[f"app, {share} changed"] / cpu[f"no breakdown, {share} changed"]
            self.row(f"G8 app / no breakdown, {share} changed", run, ratio, 1.4)

    def few(self, run):
        """Few leads, and lists."""
        cpu = {name: cost.cpu for name, cost in run.costs.items()}
        for name in ("one lead", *AT_ONCE):
            single = 1000 * cpu[name] / run.costs[name].result
            self.row(f"G7 {name}", run, single, 10, " ms")
        if run.leads >= 1_000_000:
            ratio = cpu["app, 2 % changed"] / cpu["1,000 leads"]
            self.row("G7 full run / 1,000 leads", run, ratio, 40, least=True)
        ratio = cpu["list by score"] / cpu["list, default"]
        self.row("G11 list by score / default list", run, ratio, 1.2)

    def growth(self, small, large):
        """Two sizes."""
        limit = 1.2 * large.leads / small.leads
        for name in ("engine", "app, 2 % changed"):
            ratio = large.costs[name].cpu / small.costs[name].cpu
            self.row(f"G5 growth: {name}", large, ratio, limit)
        ratio = large.costs["list by score"].cpu / small.costs["list by score"].cpu
        self.row("G11 growth: list by score", large, ratio, 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="100k", help="e.g. 100k,1m")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="leave Odoo's ways out")
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    parser.add_argument("--keep", action="store_true", help="use them even if outdated")
    parser.add_argument("--predictive-up-to", type=int, default=200_000, metavar="N")
    options = parser.parse_args()
    common.use_server()
    common.load_odoo()
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"Load of this machine: {load:.1f} on {cores} cores; ratios want it quiet")
    runs = []
    for size in sorted(read_size(part) for part in options.sizes.split(",")):
        print(f"{size:,} leads, {size:,} events", flush=True)
        run = ScoringRun(size, options)
        run.prepare()
        run.measure()
        run.report()
        runs.append(run)
    goals = Goals()
    for run in runs:
        goals.whole(run)
        goals.few(run)
    for small, large in zip(runs, runs[1:], strict=False):
        goals.growth(small, large)
    header = ("goal", "leads", "measured", "limit", "")
    common.print_table("Goals", header, goals.rows)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
