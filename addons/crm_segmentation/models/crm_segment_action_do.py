from datetime import timedelta

from odoo import fields, models

from .crm_segment_run import NotDone


class CrmSegmentAction(models.Model):
    """What each kind of action does for one contact or lead.

    A kind is a method ``_do_<kind>(record, run)``. It returns a text to note, or
    nothing; it raises :class:`NotDone` with the reason why there was nothing to do.
    """

    _inherit = "crm.segment.action"

    def _do(self, record, run):
        """Do it for one record, as the user who switched it on where rights matter."""
        self.ensure_one()
        return getattr(self, f"_do_{self.kind}")(record, run)

    def _do_server_action(self, record, run):
        # A trial is in the name of who tries it: it will be theirs once it is on.
        user = self.user_id if self.is_on else self.env.user
        action = self.server_action_id.with_user(user)
        action.sudo(False).with_context(
            active_model=record._name, active_id=record.id, active_ids=record.ids
        ).run()

    def _do_activity(self, record, run):
        record.activity_schedule(
            activity_type_id=self.activity_type_id.id,
            date_deadline=fields.Date.context_today(self)
            + timedelta(days=self.activity_days),
            summary=self.message or self.segment_id.name,
            user_id=self._get_owner(record).id,
        )

    def _do_plan(self, record, run):
        schedule = self.env["mail.activity.schedule"].with_context(
            active_model=record._name, active_ids=record.ids
        )
        schedule.create(
            {
                "plan_id": self.plan_id.id,
                "plan_on_demand_user_id": self._get_owner(record).id,
            }
        ).action_schedule_plan()

    def _do_tag(self, record, run):
        is_lead = record._name == "crm.lead"
        tag = self.lead_tag_id if is_lead else self.partner_tag_id
        fname = "tag_ids" if is_lead else "category_id"
        claims = self.env["crm.segment.claim"]._get_of(record, fname)
        if tag in record[fname] and tag.id not in claims.mapped("value"):
            raise NotDone(self.env._("The tag is there already."))
        self.env["crm.segment.claim"]._claim(run, record, fname, tag)

    def _do_email(self, record, run):
        address = record.email if record._name == "res.partner" else record.email_from
        if not address:
            raise NotDone(self.env._("No e-mail address."))
        if record.is_blacklisted:
            raise NotDone(self.env._("The address is on the blacklist."))
        self.mail_template_id.send_mail(record.id, force_send=False)

    def _do_sms(self, record, run):
        if "sms.sms" not in self.env:
            raise NotDone(self.env._("Text messages need the SMS app."))
        if not record.phone_sanitized:
            raise NotDone(self.env._("No valid phone number."))
        if record.phone_sanitized_blacklisted:
            raise NotDone(self.env._("The number is on the blacklist."))
        # The queue sends: what was sent could not be taken back.
        record._message_sms(self.message, put_in_queue=True)

    def _do_notify(self, record, run):
        owner = self._get_owner(record)
        record.message_notify(
            partner_ids=owner.partner_id.ids,
            subject=self.segment_id.name,
            body=self.message,
        )

    def _do_owner(self, record, run):
        claims = self.env["crm.segment.claim"]._get_of(record, "user_id")
        was_owner = record.user_id == self.owner_id and not claims
        # Claimed all the same: a segment that comes later must not take it away.
        told = self.env["crm.segment.claim"]._claim(
            run, record, "user_id", self.owner_id
        )
        if was_owner:
            return self.env._(
                "%(owner)s is the owner already.", owner=self.owner_id.name
            )
        return told

    def _get_owner(self, record):
        """Who is told: the record's salesperson, else the segment's responsible."""
        return (
            record.user_id or self.segment_id.user_id or self.user_id or self.env.user
        )
