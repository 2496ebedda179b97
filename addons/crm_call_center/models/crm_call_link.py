from odoo import api, models
from odoo.exceptions import AccessError


class CrmCall(models.Model):
    """To what a user may tie a call: a call tells the name and number of its lead."""

    _inherit = "crm.call"

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_links(vals)
            self._check_begins(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_links(vals)
        return super().write(vals)

    @api.model
    def _check_begins(self, vals):
        """A call that is over was made: its methods say so, and leave an attempt."""
        if self.env.su or self.env.user.has_group(
            "crm_call_center.group_call_center_supervisor"
        ):
            return
        names = {"state", "outcome_id", "cancel_reason", "date_closed"}
        self._check_guarded(
            {name for name in names if vals.get(name) not in (False, None, "open")}
        )

    def onchange(self, values, field_names, fields_spec):
        # The form of a new call tells the number before anything is written.
        self._check_lead(values.get("opportunity_id"))
        return super().onchange(values, field_names, fields_spec)

    def _check_links(self, vals):
        """Refuse leads and lists that the user does not know."""
        if vals.get("list_id") and not self.env.su:
            self.env["crm.call.list"].browse(vals["list_id"]).check_access("read")
        self._check_lead(vals.get("opportunity_id"))

    @api.model
    def _check_lead(self, lead_id):
        """An operator, who reads no leads, knows those of the calls he is given."""
        lead = self.env["crm.lead"].browse(lead_id or ())
        if not lead or lead.has_access("read"):
            return
        if not self.search_count([("opportunity_id", "=", lead.id)], limit=1):
            raise AccessError(
                self.env._(
                    "The lead “%(id)s” is not yours: its number is not told.",
                    id=lead.id,
                )
            )
