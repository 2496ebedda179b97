from datetime import datetime, time

from odoo import api, fields, models
from odoo.fields import Domain

#: What an activity is about, and the field of an event for it.
TARGETS = {"crm.lead": "lead_id", "res.partner": "partner_id"}


class MailActivity(models.Model):
    """An activity that was done on a lead or a contact is a signal."""

    _inherit = "mail.activity"

    # === BUSINESS METHODS === #

    def _action_done(self, feedback=False, attachment_ids=None):
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        done = self.exists().filtered(lambda activity: activity.res_model in TARGETS)
        if done:
            self.env["crm.lead.score.event"]._log_records(done)
        return result

    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the activities that were done in a time."""
        return (
            Domain("active", "=", False)
            & Domain("res_model", "in", list(TARGETS))
            & Domain("date_done", ">=", date_from.date())
            & Domain("date_done", "<=", date_to.date())
        )

    def _prepare_score_events(self):
        """Return one event for each activity: a call, a meeting, or any other."""
        events = []
        lang = self.env["crm.lead.score.event"]._get_lang()
        for activity in self.with_context(lang=lang):
            signal = self._get_score_signal(activity.activity_type_id.category)
            kind = activity.activity_type_id.name
            subject = activity.summary if signal != "activity_done" else False
            event = {
                "signal": signal,
                "date": activity._get_score_date(),
                "value": subject or kind,
                "origin": f"mail.activity,{activity.id}",
                "res_model": "mail.activity",
                "res_id": activity.id,
                TARGETS[activity.res_model]: activity.res_id,
            }
            meeting = activity.calendar_event_id
            if meeting and activity.res_model == "crm.lead":
                # The meeting itself is counted when it is over: once is enough.
                event["origin"] = f"calendar.event,{meeting.id}:meeting_held"
                event.update(res_model="calendar.event", res_id=meeting.id)
            events.append(event)
        return events

    def _get_score_date(self):
        """When the activity was done: a date alone is kept, but for today."""
        if not self.date_done or self.date_done >= fields.Date.today():
            return fields.Datetime.now()
        return datetime.combine(self.date_done, time(12))

    # === HOOKS === #

    @api.model
    def _get_score_signal(self, category):
        """Return the code of the signal that a category of activities is."""
        return {"phonecall": "call_held", "meeting": "meeting_held"}.get(
            category, "activity_done"
        )
