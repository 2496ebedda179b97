from odoo import fields, models
from odoo.exceptions import UserError


class CrmCallImportBatch(models.Model):
    """One import of a call list: the file, where its numbers come from, what became of
    them. It can be undone as long as nobody was called."""

    _name = "crm.call.import.batch"
    _description = "Import of a Call List"
    _order = "date desc, id desc"
    _check_company_auto = True

    # === FIELDS === #
    name = fields.Char(required=True, readonly=True)
    list_id = fields.Many2one(
        "crm.call.list",
        string="Call List",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(related="list_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Imported By",
        readonly=True,
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)
    state = fields.Selection(
        [("done", "Imported"), ("undone", "Undone")],
        string="Status",
        default="done",
        required=True,
        readonly=True,
    )
    # provenance
    seller = fields.Char(
        string="Came From", readonly=True, help="Who gave or sold the numbers."
    )
    seller_date = fields.Date(string="Received On", readonly=True)
    basis = fields.Char(
        readonly=True, help="Why these people may be called, as the seller says."
    )
    notice = fields.Char(
        readonly=True, help="How the people were told that we have their data."
    )
    # figures
    taken_count = fields.Integer(string="Taken", readonly=True)
    duplicate_count = fields.Integer(string="Duplicates", readonly=True)
    blocked_count = fields.Integer(string="Blocked", readonly=True)
    unreadable_count = fields.Integer(string="Unreadable", readonly=True)
    call_ids = fields.One2many("crm.call", "import_batch_id", string="Calls")

    # === ACTION METHODS === #
    def action_undo(self):
        """Take the imported calls out again; those that were made or given up stay.

        :return: a message with how many went and how many stayed
        """
        self.ensure_one()
        self.check_access("read")
        self.list_id.check_access("write")
        if self.state == "undone":
            raise UserError(self.env._("This import is undone already."))
        calls = self.sudo().call_ids
        busy = calls.filtered("reserved_by")
        made = busy | calls._get_dialled()
        made |= calls.filtered(lambda call: call.state != "open")
        (calls - made).unlink()
        self.sudo().state = "undone"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Calls taken out: %(gone)s. Made already, and kept: %(kept)s.",
                    gone=len(calls) - len(made),
                    kept=len(made),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_calls(self):
        """Open the calls of this import."""
        self.ensure_one()
        return {
            **self.list_id.action_view_calls(),
            "domain": [("import_batch_id", "=", self.id)],
        }

    # === BUSINESS METHODS === #
    def _has_provenance(self):
        """Whether it was said where the numbers come from."""
        return bool(self.seller and self.basis)
