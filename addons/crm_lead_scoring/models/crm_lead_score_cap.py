from odoo import api, fields, models


class CrmLeadScoreCap(models.Model):
    """A limit for several rules together, so that one behaviour cannot dominate."""

    _name = "crm.lead.score.cap"
    _description = "Cap on Points"
    _order = "model_id, sequence, id"

    # === FIELDS === #

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    model_id = fields.Many2one(
        "crm.lead.score.model",
        string="Scoring Model",
        required=True,
        index=True,
        ondelete="cascade",
    )
    maximum = fields.Integer(
        "Most Points",
        default=30,
        required=True,
        help="The rules with this cap give at most so many points together; what is"
        " more is cut from the last ones. Points that rules take away are limited in"
        " the same way.",
    )
    rule_ids = fields.One2many("crm.lead.score.rule", "cap_id", "Rules", copy=False)

    _maximum_range = models.Constraint(
        "CHECK (maximum BETWEEN 1 AND 1000000)",
        "A cap allows between 1 and 1,000,000 points.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_integers(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_integers([vals])
        result = super().write(vals)
        if "maximum" in vals:
            self.env["crm.lead.score.rule"]._forget_scores()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["crm.lead.score.rule"]._forget_scores()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _check_integers(self, vals_list):
        self.env["crm.lead.score.rule"]._check_integers(vals_list, self)
