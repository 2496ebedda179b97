from odoo import api, fields, models

#: What of a call its row in the queue is made of.
WATCHED = {
    "state",
    "list_id",
    "user_id",
    "priority",
    "next_attempt_date",
    "phone",
    "partner_id",
    "opportunity_id",
    "company_id",
}


class CrmCall(models.Model):
    """Who has a call now: its row in the queue tells; the row follows the call."""

    _inherit = "crm.call"

    # === FIELDS === #
    reserved_by = fields.Many2one(
        "res.users", compute="_compute_reserved", compute_sudo=True
    )
    reserved_until = fields.Datetime(
        compute="_compute_reserved",
        compute_sudo=True,
        help="Until then nobody else is given this call.",
    )

    # === COMPUTE METHODS === #
    @api.depends("state", "list_id")
    def _compute_reserved(self):
        now = fields.Datetime.now()
        rows = self.env["crm.call.queue"].search_fetch(
            [("id", "in", self.ids), ("lease_until", ">", now)],
            ["reserved_by", "lease_until"],
        )
        leases = {row.id: row for row in rows}
        for call in self:
            row = leases.get(call._origin.id, rows.browse())
            call.reserved_by = row.reserved_by
            call.reserved_until = row.lease_until

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        listed = calls.filtered("list_id")
        if listed:
            self.env["crm.call.queue"].sudo()._follow(listed.ids)
        return calls

    def write(self, vals):
        result = super().write(vals)
        if WATCHED & vals.keys():
            self.env["crm.call.queue"].sudo()._follow(self.ids)
        return result

    # === BUSINESS METHODS === #
    def _give_back(self):
        """End the leases on these calls, whoever has them."""
        Queue = self.env["crm.call.queue"].sudo()
        Queue._get_queue().release(self.env, None, self.ids)
        Queue.invalidate_model()
        self.invalidate_recordset(["reserved_by", "reserved_until"])
