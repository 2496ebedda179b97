from odoo.tools.translate import LazyTranslate

from .parts import (
    COUNTRY,
    DISPOSABLE_EMAIL,
    MAILING,
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

B2C = {
    "name": _lt("B2C: private persons"),
    "summary": _lt(
        "For whoever sells to private persons: many leads, a quick decision, and"
        " interest that is gone within days."
    ),
    "grades": grades(45, 20, 40, 15),
    "readiness": {
        "ready_score": 100,
        "unready_score": 80,
        "ready_domain": REACHABLE,
    },
    "caps": [
        {"name": _lt("Conversation"), "key": "conversation", "maximum": 50},
        {"name": _lt("Mailings"), "key": "mailings", "maximum": 15},
        {"name": _lt("Website"), "key": "website", "maximum": 25},
    ],
    "rules": [
        fit(_lt("Phone number is correct"), 15, "[('phone_state', '=', 'correct')]"),
        fit(_lt("E-mail address is correct"), 10, "[('email_state', '=', 'correct')]"),
        fit(
            _lt("Can be reached both ways"),
            5,
            *known("phone", "email_from"),
        ),
        fit(_lt("Name of the person is known"), 10, *known("contact_name")),
        fit(_lt("Place is known"), 10, *known("city")),
        fit(_lt("Country is known"), 5, *COUNTRY),
        fit(_lt("Expected revenue is entered"), 5, *worth(1)),
        fit(_lt("Expected revenue of 1,000 or more"), 10, *worth(1000)),
        fit(_lt("Disposable e-mail address"), -30, *DISPOSABLE_EMAIL),
        fit(_lt("Neither e-mail address nor phone number"), -30, *UNREACHABLE),
        interest(_lt("Created in the last 3 days"), 15, *young(3)),
        interest(_lt("Created in the last 14 days"), 10, *young(14)),
        interest(_lt("Was recommended by somebody"), 15, *known("referred")),
        interest(_lt("Nothing heard for more than 30 days"), -20, *silent(30)),
        interest(_lt("Same stage for more than 30 days"), -10, *stuck(30)),
        event(
            *(_lt("Writes to us"), 12, "mail_received", 7),
            **limited(1, "day"),
            cap=36,
            common_cap="conversation",
        ),
        event(
            *(_lt("Answers our e-mails"), 12, "mail_replied", 7),
            **limited(1, "day"),
            cap=24,
            common_cap="conversation",
        ),
        event(
            *(_lt("Talked to us on the phone"), 20, "call_held", 10),
            **limited(1, "day"),
            cap=40,
            common_cap="conversation",
        ),
        event(
            *(_lt("Was not reached by phone"), -4, "call_not_held", 7),
            **limited(1, "day"),
            cap=12,
            window_days=30,
        ),
        event(_lt("Came to an appointment"), 25, "meeting_held", 14, cap=50),
        event(
            *(_lt("Missed an appointment"), -20, "meeting_no_show", 14),
            cap=40,
            decay="linear",
        ),
        event(
            *(_lt("E-mails come back"), -15, "mail_bounced", 30),
            counting="once",
            decay="linear",
        ),
        event(
            *(_lt("Sent a form"), 20, "form_submitted", 10),
            counting="once",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Visits the website"), 2, "page_visit", 4),
            **limited(5, "day"),
            window_days=30,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Looks at the shop"), 5, "page_visit", 7),
            **limited(1, "day"),
            value_pattern="/shop*",
            window_days=30,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Comes back to the website"), 6, "return_visit", 7),
            window_days=30,
            common_cap="website",
            needs=WEBSITE,
        ),
        event(
            *(_lt("Opens mailings"), 2, "mail_opened", 7),
            **limited(1, "day"),
            window_days=30,
            common_cap="mailings",
            needs=MAILING,
        ),
        event(
            *(_lt("Clicks in mailings"), 8, "mail_clicked", 7),
            **limited(1, "day"),
            window_days=30,
            common_cap="mailings",
            needs=MAILING,
        ),
        event(
            *(_lt("Unsubscribed"), -20, "mail_unsubscribed", 60),
            counting="once",
            decay="linear",
            needs=MAILING,
        ),
    ],
}
