from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Meetings that ended so long ago are looked at once more: an attendee may answer late.
LATE_DAYS = 30
BATCH_SIZE = 1000


class CalendarEvent(models.Model):
    """A meeting that is over was held, or somebody did not come.

    What happened is said by hand, or follows from the answers of the guests: one who
    accepted came, one who declined did not. Where nobody answered, nothing is known and
    nothing is counted.
    """

    _name = "calendar.event"
    _inherit = ["calendar.event", "crm.criterion.step"]

    # === FIELDS === #

    meeting_result = fields.Selection(
        [("held", "Held"), ("no_show", "No-Show")],
        string="Outcome",
        copy=False,
        help="Whether the guests came. If you do not say it, their answers to the"
        " invitation decide when the meeting is over: who accepted came. It counts for"
        " the score of the lead.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        meetings._log_meeting_results()
        return meetings

    def write(self, vals):
        result = super().write(vals)
        if vals.get("meeting_result"):
            self._log_meeting_results()
        return result

    # === BUSINESS METHODS === #

    def _log_meeting_results(self):
        """Log what users said of meetings that have begun, at once."""
        now = fields.Datetime.now()
        said = self.sudo().filtered(
            lambda meeting: meeting.meeting_result and meeting.start <= now
        )
        if said:
            self.env["crm.lead.score.event"]._log_records(said)

    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the meetings that ended in a time; cancelled ones are archived."""
        return (
            Domain("active", "=", True)
            & Domain("stop", ">=", date_from)
            & Domain("stop", "<", date_to)
        )

    def _prepare_score_events(self):
        """Return the events that meetings in the past are.

        A meeting about a lead is one event of the lead. Any other is an event of each
        guest who is the contact of a lead.
        """
        guests = self.attendee_ids.filtered(
            lambda guest: guest.partner_id.partner_share
        )
        contacts = self.env["crm.lead.score.event"]._get_lead_contacts(
            guests.partner_id
        )
        events = []
        for meeting in self:
            own = guests.filtered(
                lambda guest, meeting=meeting: (guest.event_id == meeting)
            )
            lead = meeting._get_score_lead()
            if lead:
                results = [("lead_id", lead.id, meeting._get_result(own))]
            else:
                results = [
                    ("partner_id", guest.partner_id.id, meeting._get_result(guest))
                    for guest in own
                    if guest.partner_id in contacts
                ]
            events += [
                meeting._prepare_score_event(*result) for result in results if result[2]
            ]
        return events

    def _prepare_score_event(self, field, target_id, signal):
        origin = f"calendar.event,{self.id}:{signal}"
        if field == "partner_id":
            origin = f"{origin}:res.partner,{target_id}"
        return {
            "signal": signal,
            field: target_id,
            "date": self.stop,
            # What a private meeting is about is nobody else's business.
            "value": self.name if self.effective_privacy != "private" else False,
            "origin": origin,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _get_score_lead(self):
        """Return the lead that the meeting is about."""
        if not self.opportunity_id and self.res_model == "crm.lead" and self.res_id:
            return self.env["crm.lead"].browse(self.res_id).exists()
        return self.opportunity_id

    # === HOOKS === #

    def _get_result(self, guests):
        """Return the signal that follows from a meeting, ``None`` if nothing does.

        :param guests: the attendees in question, without colleagues; where none was
            invited, the answers of the colleagues count
        """
        if self.meeting_result:
            return {"held": "meeting_held", "no_show": "meeting_no_show"}[
                self.meeting_result
            ]
        states = set((guests or self.attendee_ids).mapped("state"))
        if "accepted" in states:
            return "meeting_held"
        return "meeting_no_show" if guests and states == {"declined"} else None

    # The step of the refresh

    def _refresh_remaining(self, position):
        return self.sudo().search_count(self._get_due_domain(position))

    def _refresh_batch(self, position):
        meetings = self.sudo().search(
            self._get_due_domain(position), order="id", limit=BATCH_SIZE
        )
        logged = self.env["crm.lead.score.event"]._log_signals(
            meetings._prepare_due_events()
        )
        more = len(meetings) == BATCH_SIZE
        return meetings[-1:].id if more else None, len(meetings), logged

    def _prepare_due_events(self):
        """Return the events of meetings that nothing is known of yet."""
        known = self.env["crm.lead.score.event"]._get_known(self._name, self.ids)
        return [
            event
            for event in self._prepare_score_events()
            if (
                event["res_id"],
                event.get("lead_id", False),
                event.get("partner_id", False),
            )
            not in known
        ]

    @api.model
    def _get_due_domain(self, position):
        """Domain of the meetings that ended of late, after a position."""
        now = fields.Datetime.now()
        return self._get_score_domain(now - timedelta(days=LATE_DAYS), now) & Domain(
            "id", ">", position
        )
