"""The phrases a description is made of: whole templates, one for each meaning.

A template is translated as a whole, so every language has its own order of words,
and is filled afterwards. ``%(field)s`` is a label of the interface ("Contact ›
Country"), ``%(value)s`` a value ready to be read, ``%(condition)s`` a description.
"""


def get_phrases(env):
    """Return every template of a description in the language of ``env``.

    :param env: environment; its language decides
    :return: dict of key -> template for the ``%`` operator with a dict
    """
    return {
        **_get_structure_phrases(env),
        **_get_comparison_phrases(env),
        **_get_text_phrases(env),
        **_get_relation_phrases(env),
        **_get_value_phrases(env),
        **_get_date_phrases(env),
    }


def _get_structure_phrases(env):
    """How conditions are put together."""
    return {
        "true": env._("all records"),
        "false": env._("no record"),
        "all": env._("all of: %(conditions)s"),
        "any": env._("any of: %(conditions)s"),
        "not": env._("not: %(condition)s"),
        "more_conditions": env._("and %(count)s more conditions"),
        "computed": env._("(a condition that the program adds)"),
    }


def _get_comparison_phrases(env):
    """A field and a value; keys are operators, with a suffix for dates."""
    return {
        "=": env._("%(field)s is %(value)s"),
        "!=": env._("%(field)s is not %(value)s"),
        "in": env._("%(field)s is one of: %(value)s"),
        "not in": env._("%(field)s is none of: %(value)s"),
        "set": env._("%(field)s is set"),
        "not set": env._("%(field)s is not set"),
        # the placeholder's name tells translators that this is a check box
        "yes": env._("%(flag)s is set"),
        "no": env._("%(flag)s is not set"),
        ">": env._("%(field)s is more than %(value)s"),
        ">=": env._("%(field)s is at least %(value)s"),
        "<": env._("%(field)s is less than %(value)s"),
        "<=": env._("%(field)s is at most %(value)s"),
        "> date": env._("%(field)s is later than %(value)s"),
        ">= date": env._("%(field)s is %(value)s or later"),
        "< date": env._("%(field)s is earlier than %(value)s"),
        "<= date": env._("%(field)s is %(value)s or earlier"),
        "or": env._("%(first)s or %(second)s"),
        "and": env._("%(first)s and %(second)s"),
    }


def _get_text_phrases(env):
    """Comparisons of text; negations are whole phrases too."""
    return {
        "contains": env._("%(field)s contains %(value)s"),
        "not contains": env._("%(field)s does not contain %(value)s"),
        "starts": env._("%(field)s starts with %(value)s"),
        "not starts": env._("%(field)s does not start with %(value)s"),
        "ends": env._("%(field)s ends with %(value)s"),
        "not ends": env._("%(field)s does not end with %(value)s"),
        "pattern": env._("%(field)s matches the pattern %(value)s"),
        "not pattern": env._("%(field)s does not match the pattern %(value)s"),
        "exact case": env._("%(condition)s (case-sensitive)"),
        "any case": env._("%(condition)s (in any case)"),
    }


def _get_relation_phrases(env):
    """Conditions on linked records."""
    return {
        "one any": env._("%(field)s matches (%(condition)s)"),
        "one not any": env._("%(field)s does not match (%(condition)s)"),
        "many any": env._("at least one of %(field)s matches (%(condition)s)"),
        "many not any": env._("none of %(field)s matches (%(condition)s)"),
        "many =": env._("%(field)s include %(value)s"),
        "many !=": env._("%(field)s do not include %(value)s"),
        "many in": env._("%(field)s include at least one of: %(value)s"),
        "many not in": env._("%(field)s include none of: %(value)s"),
        "child_of": env._("%(field)s is %(value)s or below it"),
        "parent_of": env._("%(field)s is %(value)s or above it"),
    }


def _get_value_phrases(env):
    """Values that are not shown as they are."""
    return {
        "quoted": env._("“%(text)s”"),
        "more": env._("%(values)s and %(count)s more"),
        "nothing": env._("(nothing)"),
        "empty": env._("(empty)"),
        "true value": env._("yes"),
        "false value": env._("no"),
        "hidden": env._("(hidden record)"),
        "deleted": env._("(deleted record)"),
        "computed value": env._("(a computed value)"),
    }


def _get_date_phrases(env):
    """Dates relative to the day of reading; steps follow one another."""
    return {
        "today": env._("today"),
        "now": env._("now"),
        "this week": env._("the first day of this week"),
        "this month": env._("the first day of this month"),
        "last month": env._("the first day of last month"),
        "next month": env._("the first day of next month"),
        "this year": env._("the first day of this year"),
        "+": env._("plus %(duration)s"),
        "-": env._("minus %(duration)s"),
        "=d": env._("day %(number)s of the month"),
        "=m": env._("month: %(month)s"),
        "=y": env._("year %(number)s"),
        "=H": env._("hour %(number)s"),
        "=M": env._("minute %(number)s"),
        "=S": env._("second %(number)s"),
        "= weekday": env._("%(weekday)s of the week"),
        "+ weekday": env._("the next %(weekday)s"),
        "- weekday": env._("the previous %(weekday)s"),
        "= week_start": env._("the first day of the week"),
        "+ week_start": env._("the first day of the next week"),
        "- week_start": env._("the first day of the week before"),
        "year_number": env._("year"),
        "quarter_number": env._("quarter"),
        "month_number": env._("month"),
        "iso_week_number": env._("week number"),
        "day_of_week": env._("day of the week"),
        "day_of_month": env._("day of the month"),
        "day_of_year": env._("day of the year"),
        "hour_number": env._("hour"),
        "minute_number": env._("minute"),
        "second_number": env._("second"),
    }
