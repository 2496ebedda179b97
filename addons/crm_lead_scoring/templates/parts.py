"""What the rules of several templates have in common."""

WEBSITE = "crm_lead_scoring_website"
MAILING = "crm_lead_scoring_mass_mailing"
#: The app that people know, by the module that notes its signals.
APPS = {WEBSITE: "website", MAILING: "mass_mailing"}

REACHABLE = "['|', ('phone', '!=', False), ('email_from', '!=', False)]"


def any_of(field, operator, *values):
    """A domain that compares a field with one of these values."""
    leaves = [(field, operator, value) for value in values]
    return str(["|"] * (len(leaves) - 1) + leaves)


def fit(name, points, *domains):
    """A rule on field values about how well the lead suits."""
    return {"name": name, "axis": "fit", "points": points, "domains": domains}


def interest(name, points, *domains):
    """A rule on field values about how much interest there is."""
    return {"name": name, "axis": "engagement", "points": points, "domains": domains}


def event(name, points, signal, half_life, **values):
    """A rule on events whose points fade by half each time.

    :param int half_life: days after which half is left; without sign
    """
    return {
        "name": name,
        "kind": "event",
        "axis": "engagement",
        "points": points,
        "signal": signal,
        "decay": "half_life",
        "half_life_days": half_life,
        **values,
    }


def limited(maximum, period):
    """So many events of a period count."""
    return {"counting": "limited", "max_count": maximum, "period": period}


def grades(fit_a, fit_b, engagement_1, engagement_2):
    """The matrix A1 to C3 with these minimums."""
    colors = (10, 7, 4, 3, 0)
    return [
        {
            "name": letter + number,
            "fit_min": fit_min,
            "engagement_min": engagement_min,
            "color": colors[row + column],
        }
        for row, (letter, fit_min) in enumerate((("A", fit_a), ("B", fit_b), ("C", 0)))
        for column, (number, engagement_min) in enumerate(
            (("1", engagement_1), ("2", engagement_2), ("3", 0))
        )
    ]


# Conditions; where there are two, the second is for databases without the field of the
# first.
PRIVATE_EMAIL = (
    "[('email_kind', 'in', ['free', 'disposable'])]",
    any_of(
        "email_normalized",
        "ilike",
        *("@gmail.", "@yahoo.", "@hotmail.", "@outlook.", "@abv.bg", "@mail.ru"),
    ),
)
FREE_EMAIL = ("[('email_kind', '=', 'free')]", PRIVATE_EMAIL[1])
DISPOSABLE_EMAIL = (
    "[('email_kind', '=', 'disposable')]",
    any_of(
        "email_normalized",
        "ilike",
        *("@mailinator.", "@yopmail.", "@guerrillamail.", "@10minutemail.", "@temp"),
    ),
)
ROLE_EMAIL = (
    "[('email_kind', '=', 'role')]",
    any_of("email_normalized", "=ilike", "info@%", "office@%", "contact@%", "sales@%"),
)
COMPANY_EMAIL = (
    "[('email_kind', '=', 'company')]",
    "[('email_state', '=', 'correct'), ('partner_name', '!=', False)]",
)
COUNTRY = ("[('score_country_id', '!=', False)]", "[('country_id', '!=', False)]")
INDUSTRY = (
    "[('industry_id', '!=', False)]",
    "[('partner_id.industry_id', '!=', False)]",
)
UNREACHABLE = ("[('email_from', '=', False), ('phone', '=', False)]",)
DECIDES = (
    any_of(
        "function",
        "ilike",
        *("director", "manager", "head of", "owner", "founder", "CEO", "president"),
        *("директор", "управител", "ръководител", "собственик", "руководитель"),
        *("владелец", "основател", "начальник"),
    ),
)
LEARNS = (
    any_of(
        "function",
        "ilike",
        *("student", "intern", "trainee", "pupil", "студент", "стажант", "стажер"),
        *("стажёр", "ученик"),
    ),
)


def silent(days):
    """Nothing was heard from the lead for so many days."""
    return (
        f"[('days_of_silence', '>', {days})]",
        f"[('date_last_stage_update', '<', 'today -{days}d')]",
    )


def stuck(days):
    """The lead stands in the same stage for so many days."""
    return (f"[('date_last_stage_update', '<', 'today -{days}d')]",)


def young(days):
    """The lead was created in the last days."""
    return (f"[('create_date', '>=', 'today -{days}d')]",)


def worth(amount):
    """Revenue of at least so much is expected."""
    return (f"[('expected_revenue', '>=', {amount})]",)


def known(*names):
    """All of these fields have a value."""
    return (str([(name, "!=", False) for name in names]),)
