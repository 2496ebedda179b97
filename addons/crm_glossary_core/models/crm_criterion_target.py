from odoo import api, models


class CrmCriterionTarget(models.AbstractModel):
    """Records that criteria are about: a change of one is passed on at once."""

    _name = "crm.criterion.target"
    _description = "Target of Criteria"

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["crm.criterion.refresh"]._dispatch(records)
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env["crm.criterion.refresh"]._dispatch(self, set(vals))
        return result
