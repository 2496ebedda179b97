"""Calls are judged by policies, and attempts tell ringing from talking."""

from odoo.api import SUPERUSER_ID, Environment

#: What outcomes that were shipped before say now.
FLAGS = {
    "outcome_refused": {"is_refusal": True},
    "outcome_wrong_number": {"marks_wrong": True},
}
CHUNK = 5000


def migrate(cr, version):
    """Give each list its policy, each outcome its flags, each attempt its details."""
    env = Environment(
        cr, SUPERUSER_ID, {"active_test": False, "tracking_disable": True}
    )
    for name, flags in FLAGS.items():
        if outcome := env.ref(f"crm_call_center.{name}", raise_if_not_found=False):
            outcome.write(flags)
    for call_list in env["crm.call.list"].search([("policy_id", "=", False)]):
        call_list.policy_id = env["crm.call.policy"]._get_for_purpose(call_list.purpose)
    attempts = env["crm.call.attempt"].search([], order="id")
    for start in range(0, len(attempts), CHUNK):
        for attempt in attempts[start : start + CHUNK]:
            reached = attempt.outcome_id.is_contact
            attempt.write(
                {
                    "partner_id": attempt.call_id.partner_id.id,
                    "purpose": attempt.list_id.purpose or "service",
                    "is_contact": reached,
                    "is_refusal": attempt.outcome_id.is_refusal,
                    "talk_duration" if reached else "ring_duration": attempt.duration,
                }
            )
        env.flush_all()
        env.invalidate_all()
