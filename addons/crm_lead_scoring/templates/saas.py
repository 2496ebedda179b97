from odoo.tools.translate import LazyTranslate

from .parts import (
    COMPANY_EMAIL,
    COUNTRY,
    DISPOSABLE_EMAIL,
    FREE_EMAIL,
    INDUSTRY,
    LEARNS,
    MAILING,
    ROLE_EMAIL,
    WEBSITE,
    any_of,
    event,
    fit,
    grades,
    interest,
    known,
    limited,
    silent,
    stuck,
    worth,
    young,
)

_lt = LazyTranslate(__name__)
# The names are chosen when a model is made: there is no environment here.
# pylint: disable=prefer-env-translation

#: Titles of people who decide about software, and of those who work with it.
BUYS_SOFTWARE = any_of(
    "function",
    "ilike",
    *("founder", "CEO", "CTO", "CIO", "COO", "head of", "director", "VP", "owner"),
    *("директор", "управител", "основател", "собственик", "руководитель", "владелец"),
)
USES_SOFTWARE = any_of(
    "function",
    "ilike",
    *("developer", "engineer", "analyst", "consultant", "specialist", "manager"),
    *("програмист", "инженер", "анализатор", "консултант", "мениджър"),
    *("разработчик", "аналитик", "консультант", "менеджер"),
)

SAAS = {
    "name": _lt("SaaS: software by subscription"),
    "summary": _lt(
        "For whoever sells software by subscription: a demonstration, a trial, prices"
        " looked up again and again, and many addresses that lead to nobody."
    ),
    "grades": grades(50, 25, 45, 20),
    "readiness": {
        "ready_score": 85,
        "unready_score": 65,
        "ready_domain": "[('email_from', '!=', False)]",
    },
    "caps": [
        {"name": _lt("Conversation"), "key": "conversation", "maximum": 45},
        {"name": _lt("Mailings"), "key": "mailings", "maximum": 20},
        {"name": _lt("Website"), "key": "website", "maximum": 35},
    ],
    "rules": [
        fit(_lt("E-mail address of a company"), 15, *COMPANY_EMAIL),
        fit(_lt("Company is known"), 10, *known("partner_name")),
        fit(_lt("Decides about software"), 20, BUYS_SOFTWARE),
        fit(_lt("Works with software"), 10, USES_SOFTWARE),
        fit(_lt("Website is known"), 10, *known("website")),
        fit(_lt("Country is known"), 5, *COUNTRY),
        fit(_lt("Industry is known"), 5, *INDUSTRY),
        fit(_lt("Expected revenue of 1,000 or more"), 10, *worth(1000)),
        fit(_lt("Expected revenue of 10,000 or more"), 10, *worth(10000)),
        fit(_lt("Address of a department, such as info@"), -5, *ROLE_EMAIL),
        fit(_lt("Address of a free provider"), -10, *FREE_EMAIL),
        fit(_lt("Disposable e-mail address"), -30, *DISPOSABLE_EMAIL),
        fit(_lt("Still learning: student or trainee"), -20, *LEARNS),
        interest(_lt("Created in the last 14 days"), 15, *young(14)),
        interest(_lt("Was recommended by somebody"), 10, *known("referred")),
        interest(_lt("Nothing heard for more than 30 days"), -20, *silent(30)),
        interest(_lt("Same stage for more than 60 days"), -10, *stuck(60)),
        event(
            *(_lt("Writes to us"), 10, "mail_received", 14),
            **limited(1, "week"),
            cap=30,
            common_cap="conversation",
        ),
        event(
            *(_lt("Answers our e-mails"), 10, "mail_replied", 14),
            **limited(2, "week"),
            cap=30,
            common_cap="conversation",
        ),
        event(
            *(_lt("Talked to us on the phone"), 12, "call_held", 21),
            **limited(1, "day"),
            cap=36,
            common_cap="conversation",
        ),
        event(
            *(_lt("Was not reached by phone"), -3, "call_not_held", 14),
            **limited(1, "day"),
            cap=9,
            window_days=60,
        ),
        event(_lt("Saw a demonstration"), 30, "meeting_held", 30, cap=60),
        event(_lt("Missed a demonstration"), -15, "meeting_no_show", 30, cap=30),
        event(
            *(_lt("E-mails come back"), -25, "mail_bounced", 45),
            counting="once",
            decay="linear",
        ),
        event(
            *(_lt("Signed up by a form"), 25, "form_submitted", 30),
            counting="once",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Visits the website"), 2, "page_visit", 7),
            **limited(5, "day"),
            window_days=60,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Looks at prices"), 10, "page_visit", 14),
            **limited(1, "day"),
            value_pattern="*pric*",
            window_days=60,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Reads the documentation"), 5, "page_visit", 7),
            **limited(1, "day"),
            value_pattern="*doc*",
            window_days=60,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Comes back to the website"), 5, "return_visit", 14),
            window_days=60,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Opens mailings"), 2, "mail_opened", 14),
            **limited(1, "day"),
            window_days=60,
            common_cap="mailings",
            needs=MAILING,
        ),
        event(
            *(_lt("Clicks in mailings"), 6, "mail_clicked", 14),
            **limited(2, "day"),
            window_days=60,
            common_cap="mailings",
            needs=MAILING,
        ),
        event(
            *(_lt("Unsubscribed"), -25, "mail_unsubscribed", 90),
            counting="once",
            decay="linear",
            needs=MAILING,
        ),
    ],
}
