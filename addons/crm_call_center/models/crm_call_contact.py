from odoo import api, fields, models

from .crm_call import TO_DO


class CrmCall(models.Model):
    """Whom a call reaches as long as nobody has made a contact or a lead of them."""

    _inherit = "crm.call"

    # === FIELDS === #
    contact_name = fields.Char(help="Who is called, as the imported list says.")
    company_name = fields.Char()
    email_from = fields.Char(string="Email")
    origin = fields.Selection(
        selection_add=[("import", "Imported")], ondelete={"import": "set default"}
    )
    import_batch_id = fields.Many2one(
        "crm.call.import.batch",
        string="Imported With",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    import_values = fields.Json(
        readonly=True, copy=False, help="The other columns of the imported row."
    )

    _imported_once = models.UniqueIndex(
        "(list_id, phone_sanitized) WHERE origin = 'import'",
        "The number is in this call list already.",
    )

    # === COMPUTE METHODS === #
    @api.depends("contact_name", "company_name")
    def _compute_name(self):
        result = super()._compute_name()
        for call in self:
            if not call.name:
                call.name = call.contact_name or call.company_name
        return result

    # === BUSINESS METHODS === #
    def _keeps_number(self):
        """Whether a new phone of the contact or lead says nothing about this call.

        A call that was made keeps what was dialled, an imported one what the import
        vouches for.
        """
        self.ensure_one()
        return self.state not in TO_DO or self.origin == "import"

    # === HOOKS === #
    def _prepare_callee_vals(self):
        vals = super()._prepare_callee_vals()
        if self.partner_id:
            return vals
        return {
            **vals,
            "contact_name": self.contact_name,
            "partner_name": self.company_name,
            "email_from": self.email_from,
        }

    def _prepare_next_call_vals(self, date=None, user_id=None, name=None, note=None):
        vals = super()._prepare_next_call_vals(date, user_id, name, note)
        return {
            **vals,
            "contact_name": self.contact_name,
            "company_name": self.company_name,
            "email_from": self.email_from,
        }

    def _has_provenance(self):
        if self.origin == "import":
            return self.import_batch_id._has_provenance()
        return super()._has_provenance()
