"""What the ORM's usual ways take for the rules of the scoring app (samples)."""

from collections import defaultdict

import methods
from rules import Rules
from scoring_rules import FIELDS, model_of


def _split(env):
    """The rules on fields as (points, domain), and those on events as records."""
    domains = Rules(env).domains()
    fields = [domains[number][1:] for number in FIELDS]
    return fields, model_of(env).rule_ids.filtered(lambda rule: rule.kind == "event")


def _events_of(env, lead):
    return env["crm.lead.score.event"].search(
        [
            "|",
            ("lead_id", "=", lead.id),
            "&",
            ("lead_id", "=", False),
            ("partner_id", "=", lead.partner_id.id or 0),
        ],
        order="date, id",
    )


def _points(rule, events, today):
    """Points of one rule on events, as a usual add-on works them out."""
    total, weeks = 0.0, defaultdict(int)
    for event in events:
        if event.signal_id != rule.signal_id:
            continue
        age = (today - event.date.date()).days
        if rule.window_days and age > rule.window_days:
            continue
        if rule.value_pattern:
            start = rule.value_pattern.rstrip("*").lower()
            if not (event.value or "").lower().startswith(start):
                continue
        if rule.counting == "limited":
            week = event.date.isocalendar()[:2]
            weeks[week] += 1
            if weeks[week] > rule.max_count:
                continue
        left = 1.0
        if rule.decay == "half_life":
            left = 0.5 ** (age / rule.half_life_days)
        elif rule.decay == "linear":
            left = max(1 - age / (2 * rule.half_life_days), 0)
        points = rule.points * left
        total = points if rule.counting == "once" else total + points
    return round(total)


def orm_filtered(env, count=500):
    """What an add-on usually does: each lead asks each rule, then is written."""
    fields, events = _split(env)
    today = env["crm.lead.score.model"]._get_today()
    for lead in env["crm.lead"].browse(methods.some_leads(env, count)):
        score = sum(points for points, d in fields if lead.filtered_domain(d))
        found = _events_of(env, lead)
        score += sum(_points(rule, found, today) for rule in events)
        lead.write({"color": score})
    env.flush_all()
    return count


def orm_search_count(env, count=60):
    """Each lead is looked for with each rule."""
    Lead = env["crm.lead"].with_context(active_test=False)
    fields, events = _split(env)
    today = env["crm.lead.score.model"]._get_today()
    for lead in Lead.browse(methods.some_leads(env, count)):
        score = sum(
            points
            for points, domain in fields
            if Lead.search_count([("id", "=", lead.id), *domain])
        )
        for rule in events:
            score += _points(rule, _events_of(env, lead), today)
        lead.color = score
    env.flush_all()
    return count


def orm_rule_by_rule(env, count=2000):
    """For each rule, for each lead that it finds: add the points to a column."""
    Lead = env["crm.lead"].with_context(active_test=False)
    fields, events = _split(env)
    today = env["crm.lead.score.model"]._get_today()
    leads = Lead.browse(methods.some_leads(env, count))
    for points, domain in fields:
        for lead in Lead.search([("id", "in", leads.ids), *domain]):
            lead.color += points
    for rule in events:
        for lead in leads:
            lead.color += _points(rule, _events_of(env, lead), today)
    env.flush_all()
    return count
