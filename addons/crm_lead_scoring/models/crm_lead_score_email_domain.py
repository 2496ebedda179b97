from odoo import api, fields, models


class CrmLeadScoreEmailDomain(models.Model):
    """What kind of addresses an e-mail domain has, where Odoo's own list is silent.

    Odoo knows the large free providers; what stands here counts first.
    """

    _name = "crm.lead.score.email.domain"
    _description = "E-mail Domain"
    _order = "kind, name"

    # === FIELDS === #

    name = fields.Char(
        "Domain", required=True, help="What stands behind the @, such as example.com."
    )
    kind = fields.Selection(
        [
            ("disposable", "Disposable addresses"),
            ("free", "Free provider"),
            ("company", "Company's own"),
        ],
        default="disposable",
        required=True,
        help="Disposable addresses last for minutes, to get round a form. Addresses of"
        " a free provider say nothing about a company.",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(name)", "This domain is listed already.")
    _name_format = models.Constraint(
        "CHECK (name ~ '^[^@[:space:][:upper:]]+[.][^@[:space:][:upper:]]+$')",
        "A domain is written without the @ and in small letters, such as example.com.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean(vals)
        domains = super().create(vals_list)
        self._request_refresh()
        return domains

    def write(self, vals):
        self._clean(vals)
        result = super().write(vals)
        self._request_refresh()
        return result

    def unlink(self):
        result = super().unlink()
        self._request_refresh()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _request_refresh(self):
        """Have the leads looked at anew; on install that is done anyway."""
        if not self.env.context.get("install_mode"):
            self.env["crm.lead.facts"]._request_refresh()

    @api.model
    def _clean(self, vals):
        """Take a whole address, too, and capitals."""
        if vals.get("name"):
            vals["name"] = vals["name"].strip().lower().rpartition("@")[2]
