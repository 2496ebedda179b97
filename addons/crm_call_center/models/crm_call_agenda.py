from odoo import api, fields, models

from .crm_call import TO_DO


class CrmCall(models.Model):
    """When something was agreed on with somebody: what the calendar shows."""

    _inherit = "crm.call"

    # === FIELDS === #
    agenda_date = fields.Datetime(
        string="Agreed For",
        compute="_compute_agenda",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="The moment of the next attempt, or of the meeting that was agreed on.",
    )
    agenda_kind = fields.Selection(
        [
            ("callback", "Callback"),
            ("planned", "Planned Call"),
            ("retry", "Another Try"),
            ("meeting", "Meeting"),
        ],
        string="Agreed",
        compute="_compute_agenda",
        store=True,
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #
    @api.depends(
        "state",
        "next_attempt_date",
        "outcome_id",
        "meeting_ids.start",
        "meeting_ids.active",
    )
    def _compute_agenda(self):
        for call in self:
            call.agenda_date, call.agenda_kind = call._get_agenda()

    # === BUSINESS METHODS === #
    def _get_agenda(self):
        """Return the moment and what was agreed on for it; twice ``False`` if nothing.

        A call that is still to be made comes before the meetings of earlier ones.
        """
        if self.state in TO_DO and self.next_attempt_date:
            kind = "retry" if self.state == "not_held" else "planned"
            if self.outcome_id.code == "callback":
                kind = "callback"
            return self.next_attempt_date, kind
        meeting = self.meeting_ids.filtered("active").sorted("start")[-1:]
        return (meeting.start, "meeting") if meeting else (False, False)
