from odoo.tools.translate import LazyTranslate

from .parts import (
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

SERVICES = {
    "name": _lt("Services: projects and advice"),
    "summary": _lt(
        "For whoever sells work by people - advice, agencies, crafts: a need that is"
        " described, a budget, a date, and recommendations above all."
    ),
    "grades": grades(55, 25, 45, 20),
    "readiness": {
        "ready_score": 85,
        "unready_score": 65,
        "ready_domain": REACHABLE,
    },
    "caps": [
        {"name": _lt("Conversation"), "key": "conversation", "maximum": 45},
        {"name": _lt("Mailings"), "key": "mailings", "maximum": 15},
        {"name": _lt("Website"), "key": "website", "maximum": 20},
    ],
    "rules": [
        fit(_lt("Phone number is correct"), 10, "[('phone_state', '=', 'correct')]"),
        fit(_lt("E-mail address is correct"), 5, "[('email_state', '=', 'correct')]"),
        fit(_lt("Company is known"), 10, *known("partner_name")),
        fit(_lt("Decides or leads"), 15, *DECIDES),
        fit(_lt("Place is known"), 5, *known("city")),
        fit(_lt("Country is known"), 5, *COUNTRY),
        fit(_lt("Industry is known"), 5, *INDUSTRY),
        fit(_lt("The need is described"), 10, *known("description")),
        fit(_lt("The need has a tag"), 5, *known("tag_ids")),
        fit(_lt("Expected revenue of 2,000 or more"), 15, *worth(2000)),
        fit(_lt("Expected revenue of 20,000 or more"), 10, *worth(20000)),
        fit(_lt("Private e-mail address"), -5, *PRIVATE_EMAIL),
        fit(_lt("Neither e-mail address nor phone number"), -25, *UNREACHABLE),
        fit(_lt("Still learning: student or trainee"), -20, *LEARNS),
        interest(_lt("Was recommended by somebody"), 25, *known("referred")),
        interest(_lt("Created in the last 30 days"), 10, *young(30)),
        interest(
            _lt("Wants it within 60 days"),
            15,
            "[('date_deadline', '>=', 'today'), ('date_deadline', '<=', 'today +60d')]",
        ),
        interest(_lt("Nothing heard for more than 45 days"), -15, *silent(45)),
        interest(_lt("Same stage for more than 60 days"), -10, *stuck(60)),
        event(
            *(_lt("Writes to us"), 8, "mail_received", 21),
            **limited(2, "week"),
            cap=24,
            common_cap="conversation",
        ),
        event(
            *(_lt("Answers our e-mails"), 8, "mail_replied", 21),
            **limited(2, "week"),
            cap=24,
            common_cap="conversation",
        ),
        event(
            *(_lt("Talked to us on the phone"), 15, "call_held", 30),
            **limited(1, "day"),
            cap=45,
            common_cap="conversation",
        ),
        event(
            *(_lt("Was not reached by phone"), -3, "call_not_held", 14),
            **limited(1, "day"),
            cap=9,
            window_days=60,
        ),
        event(_lt("Came to a meeting"), 25, "meeting_held", 45, cap=75),
        event(_lt("Missed a meeting"), -20, "meeting_no_show", 45, cap=40),
        event(
            *(_lt("E-mails come back"), -20, "mail_bounced", 45),
            counting="once",
            decay="linear",
        ),
        event(
            *(_lt("Sent a form"), 15, "form_submitted", 45),
            counting="once",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Visits the website"), 2, "page_visit", 14),
            **limited(3, "day"),
            window_days=90,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Looks at references"), 6, "page_visit", 21),
            **limited(1, "day"),
            value_pattern="*reference*",
            window_days=90,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Clicks in mailings"), 5, "mail_clicked", 21),
            **limited(1, "day"),
            window_days=90,
            common_cap="mailings",
            needs=MAILING,
        ),
        event(
            *(_lt("Unsubscribed"), -20, "mail_unsubscribed", 90),
            counting="once",
            decay="linear",
            needs=MAILING,
        ),
    ],
}
