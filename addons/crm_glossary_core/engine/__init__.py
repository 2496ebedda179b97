"""The criteria engine: a model and a domain, compiled, applied and kept up to date.

Plain Python over the ORM, and the only SQL of the suite outside reports. A scoring
rule, a segment, a KPI's numerator and a call list's source are all one thing here: a
:class:`Criterion`.

*How it is used* (a product's refresh step)::

    criteria = rules._to_criteria()
    diff = engine.refresh(env, MEMBERS, criteria, ids=changed.ids)
    rules._store_criterion_errors(criteria)

*How it works*: :func:`parse` reads the user's text, :func:`compile` turns many criteria
into one statement, :func:`sync` makes a table equal to what that statement yields and
writes only the rows that differ. Work is done with system rights and an explicit
company; who may use which field is checked when a criterion is stored (:func:`check`).
"""

from .aggregates import read_many
from . import bulk
from .batches import count_after, count_range, next_range
from .check import check, touched_fields
from . import comparison
from .compiler import compile, query_of, system_model  # noqa: A004
from .criterion import (
    Bands,
    Cap,
    Criterion,
    Diff,
    EventCount,
    Ledger,
    MatchTable,
    TallyTable,
)
from .describe import describe
from .describe_tree import describe_tree
from . import dirty
from .due import due_domain, find_due, read_clock
from .errors import CriterionError
from .evidence import event_evidence, event_records
from .facts import DaysSince, FactSources, refresh_facts
from .footprint import footprint
from .lead_touches import fill_touches, note_touch
from .ledger import append_events, move_events, purge_events
from .match_field import CurrentMatches
from .matching import matching, within_time
from .merge import merge_history
from .own_transaction import own_transaction
from .overlap import overlaps
from . import pending, readiness
from .parser import build, parse
from .purchases import (
    Documents,
    Lines,
    Purchase,
    PurchasesMet,
    any_purchase,
    measure_purchases,
)
from .queue import Queue
from .satellite import Satellite, are_settled, ensure_satellite, fill_satellite
from .shared_value import shared_value
from .snapshots import write_snapshots
from .stage_visits import drop_stages, fill_stages, follow_stages
from .stay_runs import Plan as StayPlan
from .stay_runs import cancel_runs, plan_runs
from .sync import pairs, refresh, sync, tally_rows, try_out
from .taken_over import TakenOver
