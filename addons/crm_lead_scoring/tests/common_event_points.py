"""What event rules give, worked out in plain Python from the ledger, rule by rule."""

import math
import re
from collections import defaultdict
from datetime import timedelta


def line_of(rule, events, day):
    """Points of one rule for one lead.

    :param rule: a rule on events
    :param events: events that count for the lead, of all signals
    :param date day: the day at whose end it is looked
    """
    counted = [event for event in events if _counts(rule, event, day)]
    counted.sort(key=lambda event: (event.date, event.id))
    if rule.counting == "once":
        counted = counted[-1:]
    elif rule.counting == "limited":
        by_period = defaultdict(list)
        for event in counted:
            by_period[_period(rule.period, event.date.date())].append(event)
        counted = [
            event for group in by_period.values() for event in group[: rule.max_count]
        ]
    # Each event is rounded to a hundred-thousandth of a point, as the rule says.
    exact = sum(
        round(abs(rule.points) * 100_000 * _left(rule, (day - e.date.date()).days))
        for e in counted
    )
    points = math.floor(exact / 100_000 + 0.5)
    if rule.cap:
        points = min(points, rule.cap)
    return points if rule.points > 0 else -points


def lines_of(rules, gives):
    """Points of all rules of a model for one lead, after the common caps.

    :param rules: the rules in order
    :param gives: function of a rule: its points before the cap
    """
    used, points = defaultdict(int), {}
    for rule in rules:
        own = gives(rule)
        if rule.cap_id:
            key = (rule.cap_id, rule.points > 0)
            room = max(rule.cap_id.maximum - used[key], 0)
            used[key] += abs(own)
            own = min(abs(own), room) * (1 if own > 0 else -1)
        if own:
            points[rule.id] = own
    return points


def _counts(rule, event, day):
    if event.signal_id != rule.signal_id or event.date.date() > day:
        return False
    age = (day - event.date.date()).days
    if rule.window_days and age > rule.window_days:
        return False
    if rule.only_after_start and event.date.date() < rule.start_date:
        return False
    if rule.value_pattern:
        parts = map(re.escape, rule.value_pattern.split("*"))
        return bool(
            re.fullmatch(".*".join(parts), event.value or "", re.IGNORECASE | re.DOTALL)
        )
    return True


def _left(rule, age):
    if rule.decay == "half_life":
        return 0.5 ** (age / rule.half_life_days)
    if rule.decay == "linear":
        return max(1 - age / (2 * rule.half_life_days), 0)
    return 1


def _period(period, day):
    if period == "week":
        return day - timedelta(days=day.weekday())
    return (day.year, day.month) if period == "month" else day
