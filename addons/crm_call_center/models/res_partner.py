from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # === FIELDS === #
    crm_call_ids = fields.One2many("crm.call", "partner_id", string="Phone Calls")
    crm_call_count = fields.Integer(
        string="Calls",
        compute="_compute_crm_call_count",
        compute_sudo=False,
        groups="sales_team.group_sale_salesman,crm_call_center.group_call_center_operator",
    )

    # === COMPUTE METHODS === #
    @api.depends("crm_call_ids")
    @api.depends_context("uid")
    def _compute_crm_call_count(self):
        self.env["crm.call"]._count_for(self, "partner_id", "crm_call_count")

    # === CRUD METHODS === #
    @api.ondelete(at_uninstall=False)
    def _unlink_cancel_calls(self):
        self.sudo().crm_call_ids._cancel_orphans()

    # === ACTION METHODS === #
    def action_view_crm_calls(self):
        """Open the calls with the contact."""
        self.ensure_one()
        return self.env["crm.call"]._open_for(self, "partner_id")
