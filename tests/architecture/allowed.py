"""Exceptions from the rules, each with its reason.

``EXCEPTIONS[check][(path, subject)] = reason``. The subject is the word that the
finding is about (the function called, the id of the view). An entry that is needed no
longer is reported itself.
"""

CORE = "addons/crm_glossary_core"
SCORING = "addons/crm_lead_scoring"
SEGMENTS = "addons/crm_segmentation"

EXCEPTIONS = {
    "check_transactions": {
        (f"{CORE}/models/crm_criterion_refresh.py", "rollback"): (
            "A batch that met a concurrent change is tried again from a new snapshot;"
            " nothing but that batch is in the transaction."
        ),
        (f"{CORE}/engine/own_transaction.py", "cursor"): (
            "A call is taken in a short transaction that reads what others have"
            " committed: in the caller's, which reads a snapshot, it would fail."
        ),
        (f"{SEGMENTS}/models/crm_segment_refresh_schedule.py", "rollback"): (
            "A batch that met a concurrent change is tried again from a new snapshot;"
            " nothing but that batch is in the transaction."
        ),
        (f"{SEGMENTS}/models/crm_segment_run.py", "rollback"): (
            "A batch that met a concurrent change is done anew from a new snapshot;"
            " nothing but that batch is in the transaction."
        ),
        (f"{SCORING}/models/crm_lead_score_run.py", "rollback"): (
            "What follows for one lead and met a concurrent change waits for the next"
            " run; nothing but that lead's part is in the transaction."
        ),
    },
}
