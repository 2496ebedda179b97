"""What the suite does with the sample: a scorecard, segments and a call list.

Every record has an external id: a second load leaves them as they are by then.
"""

from collections.abc import Callable

from .campaign import TEAM_ID

# name, axis, points, who gets them. The length of the call, the answer and the
# economic figures are known afterwards or are a date in disguise: no rule uses them.
CAMPAIGN_RULES = [
    ("Student or retired", "fit", 30, [("x_job", "in", ["student", "retired"])]),
    ("60 or older", "fit", 20, [("x_age", ">=", 60)]),
    ("University degree", "fit", 10, [("x_education", "=", "university.degree")]),
    ("Credit in default, or not known", "fit", -10, [("x_default", "!=", "no")]),
    ("Said yes last time", "engagement", 40, [("x_poutcome", "=", "success")]),
    ("Contacted before this campaign", "engagement", 10, [("x_previous", ">", 0)]),
    ("Reached on a mobile phone", "engagement", 15, [("x_contact", "=", "cellular")]),
    ("More than five contacts already", "engagement", -15, [("x_campaign", ">", 5)]),
]

# Letter by fit, number by engagement, each with its minimum; the last is open below.
FIT_GRADES = (("A", 50), ("B", 25), ("C", 0))
ENGAGEMENT_GRADES = (("1", 40), ("2", 20), ("3", 0))
COLORS = (10, 7, 4, 3, 0)  # Odoo's, from green to none

# external id, name, model of the members, who belongs to it
CAMPAIGN_SEGMENTS = [
    ("said_yes", "Said yes before", "lead", [("x_poutcome", "=", "success")]),
    (
        "never_contacted",
        "Never contacted before",
        "lead",
        [("x_poutcome", "=", "nonexistent")],
    ),
    ("called_too_often", "Called too often", "lead", [("x_campaign", ">", 10)]),
    (
        "young_or_retired_mobile",
        "Students and retired, on a mobile phone",
        "lead",
        [("x_job", "in", ["student", "retired"]), ("x_contact", "=", "cellular")],
    ),
]
_WON = ("won_status", "=", "won")
PIPELINE_SEGMENTS = [
    (
        "large_deals_won",
        "Won for 5,000 or more",
        "lead",
        [_WON, ("expected_revenue", ">=", 5000)],
    ),
    ("large_accounts", "Large accounts", "partner", [("x_employees", ">=", 5000)]),
    (
        "bought_gtk_500",
        "Bought a GTK 500",
        "partner",
        [("opportunity_ids", "any", [("x_product", "=", "GTK 500"), _WON])],
    ),
]

WELCOME_SCRIPT = """
<p>Good day, this is <b>your name</b> from the bank. Thank you for your deposit.</p>
<ul>
<li>Did the papers arrive?</li>
<li>Is anything about the term or the interest not clear?</li>
<li>May we call again when it ends?</li>
</ul>
"""
# New customers of this campaign, and those of the last one.
WELCOME_CALLS = ["|", ("x_y", "=", "yes"), ("x_poutcome", "=", "success")]


def build(env, say: Callable[[str], None]) -> dict[str, int]:
    """Make what is missing for the data that is there, and bring it up to date."""
    fields = env["crm.lead"]._fields
    made = []
    if "x_poutcome" in fields:
        made += _scorecard(env) + _segments(env, CAMPAIGN_SEGMENTS)
    if "x_product" in fields:
        made += _segments(env, PIPELINE_SEGMENTS)
    say("Scores and segments")
    refresh(env)
    if "x_poutcome" in fields:
        made += _call_list(env, say)
        refresh(env)  # a long list is filled by the job
    return {"records of the suite": len(made)}


def refresh(env) -> None:
    """Bring scores, segments and call lists up to date: *Run Manually* on the job."""
    job = env.ref("crm_glossary_core.ir_cron_refresh", raise_if_not_found=False)
    if job:
        env.cr.commit()  # the job works in a transaction of its own
        job.method_direct_trigger()
        env.invalidate_all()


def _ensure(env, model: str, key: str, values: dict) -> list:
    """The record of an external id; made when there is none yet."""
    if model not in env:
        return []
    data = {"xml_id": f"sample_suite.{key}", "values": values, "noupdate": True}
    known = env.ref(data["xml_id"], raise_if_not_found=False)
    return [known or env[model]._load_records([data])]


def _scorecard(env) -> list:
    rules = [
        (
            0,
            0,
            {
                "name": name,
                "axis": axis,
                "points": points,
                "domain": repr(domain),
                "sequence": 10 * number,
            },
        )
        for number, (name, axis, points, domain) in enumerate(CAMPAIGN_RULES, 1)
    ]
    grades = [
        (
            0,
            0,
            {
                "name": letter + number,
                "sequence": 10 * (row * len(ENGAGEMENT_GRADES) + column + 1),
                "fit_min": fit,
                "engagement_min": engagement,
                "color": COLORS[row + column],
            },
        )
        for row, (letter, fit) in enumerate(FIT_GRADES)
        for column, (number, engagement) in enumerate(ENGAGEMENT_GRADES)
    ]
    values = {
        "name": "Telephone campaign",
        "state": "live",
        "grade_ids": grades,
        "team_ids": [(6, 0, [env.ref(TEAM_ID).id])],
        "rule_ids": rules,
    }
    return _ensure(env, "crm.lead.score.model", "scorecard", values)


def _segments(env, definitions: list) -> list:
    made = []
    for number, (key, name, target, domain) in enumerate(definitions, 1):
        values = {
            "name": name,
            "kind": "rule",
            "target": target,
            "domain": repr(domain),
            "priority": 10 + number,
        }
        made += _ensure(env, "crm.segment", f"segment_{key}", values)
    return made


def _call_list(env, say: Callable[[str], None]) -> list:
    """A running list of welcome calls for all operators there are."""
    if "crm.call.list" not in env:
        return []
    say("Call list")
    group = env.ref("crm_call_center.group_call_center_operator")
    operators = group.all_user_ids.filtered("active") or env.user
    lists = _ensure(
        env,
        "crm.call.list",
        "call_list_welcome",
        {
            "name": "Welcome calls",
            "purpose": "service",
            "model_name": "crm.lead",
            "domain": repr(WELCOME_CALLS),
            "script": WELCOME_SCRIPT,
            "operator_ids": [(6, 0, operators.ids)],
            "team_id": env.ref(TEAM_ID).id,
        },
    )
    lists[0].filtered(lambda call_list: call_list.state == "draft").action_start()
    return lists
