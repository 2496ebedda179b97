from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_duration

#: The outcome after which somebody waits for our call.
PROMISED = "callback"


class CrmCall(models.Model):
    """What a call leaves behind: a line in the chatter, and activities that follow it.

    The lead and the contact tell of each dial. The open call activity of the lead is
    done by a call that reached the person; a promise to call back is an activity of
    whoever is to call, moved when it is promised again.
    """

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    def _log_attempt(self, outcome, *args, **kwargs):
        attempt = super()._log_attempt(outcome, *args, **kwargs)
        self._leave_trace(attempt)
        return attempt

    def _postpone(self, outcome, date=None):
        result = super()._postpone(outcome, date)
        if outcome.code == PROMISED:
            for call in self:
                call._plan_activity()
        return result

    def _close(self, state, outcome=None, reason=False):
        result = super()._close(state, outcome, reason)
        promised = self._get_promised_activities()
        if promised:
            promised.unlink()
        return result

    def _leave_trace(self, attempt):
        """Tell the lead and the contact of an attempt."""
        body = self._describe_attempt(attempt)
        activity = self._get_activity_to_close() if attempt.is_contact else None
        for record in (self.opportunity_id, self.partner_id):
            if not record:
                continue
            if activity and activity.res_model == record._name:
                # What is done is told by its own message.
                activity.action_feedback(feedback=body)
            else:
                record._message_log(body=body)

    def _describe_attempt(self, attempt):
        """Return one line of HTML on how it went."""
        titles = {
            "inbound": self.env._("Inbound call"),
            "outbound": self.env._("Outbound call"),
        }
        facts = [attempt.outcome_id.name]
        if attempt.duration:
            facts.append(format_duration(attempt.duration / 60))
        if attempt.list_id:
            facts.append(attempt.list_id.name)
        line = Markup("<b>%s</b>: %s") % (titles[attempt.direction], ", ".join(facts))
        if attempt.note:
            line += Markup("<br/>%s") % attempt.note
        return line

    def _get_activity_to_close(self):
        """Return the one call activity of the lead that this call was.

        The user's own before those of others, then the one that was due first.
        """
        lead = self.opportunity_id
        if not lead:
            return self.env["mail.activity"]
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("activity_type_id.category", "=", "phonecall"),
                ("crm_call_id", "in", [self.id, False]),
            ],
            order="date_deadline, id",
        )
        return activities.sorted(
            lambda row: (row.crm_call_id != self, row.user_id != self.env.user)
        )[:1]

    def _get_promised_activities(self):
        return (
            self.env["mail.activity"].sudo().search([("crm_call_id", "in", self.ids)])
        )

    def _plan_activity(self):
        """Make or move the activity that says: we promised to call."""
        record, user = self._get_activity_record()
        if not record or not self.next_attempt_date:
            return
        moment = fields.Datetime.context_timestamp(
            self.with_context(tz=user.tz), self.next_attempt_date
        )
        vals = {
            "date_deadline": moment.date(),
            "user_id": user.id,
            "summary": self.env._(
                "Call back at %(time)s: %(name)s",
                time=moment.strftime("%H:%M"),
                name=self.name,
            ),
        }
        activity = self._get_promised_activities()[:1]
        if activity:
            activity.write(vals)
            return
        record.activity_schedule(
            "mail.mail_activity_data_call", crm_call_id=self.id, **vals
        )

    def _get_activity_record(self):
        """Return where a promise is kept, and whose it is.

        On the lead if the user may see it, else on the contact.
        """
        user = self.user_id or self.env.user
        for record in (self.opportunity_id, self.partner_id):
            if record and record.with_user(user).has_access("read"):
                return record, user
        return None, user
