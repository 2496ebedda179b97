from odoo.tools.translate import LazyTranslate

from .parts import (
    COMPANY_EMAIL,
    COUNTRY,
    DECIDES,
    INDUSTRY,
    LEARNS,
    MAILING,
    PRIVATE_EMAIL,
    REACHABLE,
    UNREACHABLE,
    WEBSITE,
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

B2B = {
    "name": _lt("B2B: companies"),
    "summary": _lt(
        "For whoever sells to companies: several people decide, it takes weeks, and who"
        " asks matters as much as how much they want."
    ),
    "grades": grades(60, 30, 45, 20),
    "readiness": {
        "ready_score": 90,
        "unready_score": 70,
        "ready_domain": REACHABLE,
    },
    "caps": [
        {"name": _lt("Conversation"), "key": "conversation", "maximum": 50},
        {"name": _lt("Mailings"), "key": "mailings", "maximum": 20},
        {"name": _lt("Website"), "key": "website", "maximum": 30},
    ],
    "rules": [
        fit(_lt("Company is known"), 15, *known("partner_name")),
        fit(_lt("E-mail address of a company"), 10, *COMPANY_EMAIL),
        fit(_lt("Phone number is correct"), 10, "[('phone_state', '=', 'correct')]"),
        fit(_lt("Decides or leads"), 20, *DECIDES),
        fit(_lt("Website is known"), 5, *known("website")),
        fit(_lt("Country is known"), 5, *COUNTRY),
        fit(_lt("Industry is known"), 5, *INDUSTRY),
        fit(_lt("Expected revenue of 10,000 or more"), 15, *worth(10000)),
        fit(_lt("Expected revenue of 50,000 or more"), 10, *worth(50000)),
        fit(_lt("Private e-mail address"), -10, *PRIVATE_EMAIL),
        fit(_lt("Neither e-mail address nor phone number"), -20, *UNREACHABLE),
        fit(_lt("Still learning: student or trainee"), -20, *LEARNS),
        interest(_lt("Created in the last 30 days"), 10, *young(30)),
        interest(_lt("Was recommended by somebody"), 15, *known("referred")),
        interest(_lt("Marked as important"), 5, "[('priority', 'in', ['2', '3'])]"),
        interest(_lt("Nothing heard for more than 60 days"), -15, *silent(60)),
        interest(_lt("Same stage for more than 90 days"), -10, *stuck(90)),
        event(
            *(_lt("Writes to us"), 10, "mail_received", 30),
            **limited(1, "week"),
            cap=30,
            common_cap="conversation",
        ),
        event(
            *(_lt("Answers our e-mails"), 10, "mail_replied", 30),
            **limited(2, "week"),
            cap=30,
            common_cap="conversation",
        ),
        event(
            *(_lt("Talked to us on the phone"), 12, "call_held", 45),
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
        event(_lt("Came to a meeting"), 25, "meeting_held", 60, cap=60),
        event(_lt("Missed a meeting"), -15, "meeting_no_show", 60, cap=30),
        event(
            *(_lt("E-mails come back"), -20, "mail_bounced", 45),
            counting="once",
            decay="linear",
        ),
        event(
            *(_lt("Sent a form"), 20, "form_submitted", 60),
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
            *(_lt("Looks at prices"), 8, "page_visit", 14),
            **limited(1, "day"),
            value_pattern="*pric*",
            window_days=90,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Comes back to the website"), 5, "return_visit", 14),
            window_days=90,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Opens mailings"), 2, "mail_opened", 14),
            **limited(1, "day"),
            window_days=90,
            common_cap="mailings",
            needs=MAILING,
        ),
        event(
            *(_lt("Clicks in mailings"), 6, "mail_clicked", 14),
            **limited(2, "day"),
            window_days=90,
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
