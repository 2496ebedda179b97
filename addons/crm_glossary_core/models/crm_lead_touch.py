from odoo import api, fields, models

from .. import engine


class CrmLeadTouch(models.Model):
    """When a lead was first touched: an internal user did or sent something.

    A touch is an activity done or a message sent. Notes, changes of fields and what
    OdooBot does are no touches. Written by the engine alone.
    """

    _name = "crm.lead.touch"
    _description = "First Touch of a Lead"
    _rec_name = "lead_id"
    _log_access = False

    # === FIELDS === #
    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    date_first_touch = fields.Datetime(required=True)

    _lead_unique = models.UniqueIndex("(lead_id)", "A lead has one first touch.")

    # === CRUD METHODS === #
    def init(self):
        """Read the first touches of the leads that are there already."""
        sent = self.env.ref("mail.mt_comment").id
        engine.fill_touches(self.env, sent, self.env.ref("base.user_root").id)

    # === BUSINESS METHODS === #
    @api.model
    def _note(self, leads, message):
        """Remember the message, if it is a touch."""
        message = message.sudo()
        done = message.mail_activity_type_id
        sent = message.message_type in (
            "comment",
            "email_outgoing",
        ) and message.subtype_id == self.env.ref("mail.mt_comment")
        root = self.env.ref("base.user_root")
        people = message.author_id.with_context(active_test=False).user_ids - root
        if (done or sent) and people.filtered(lambda user: not user.share):
            engine.note_touch(self.env, leads.ids, message.date)
