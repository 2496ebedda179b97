from odoo import api, fields, models


class CrmLeadScoreGrade(models.Model):
    """One cell of a scoring model's matrix of grades, such as A1 or C3.

    A lead gets the first grade (by sequence) whose two minimums it reaches; the lowest
    row and the lowest column of the matrix are open below. Managers set the minimums.
    """

    _name = "crm.lead.score.grade"
    _description = "Lead Grade"
    _order = "model_id, sequence, id"

    # === FIELDS === #

    model_id = fields.Many2one(
        "crm.lead.score.model",
        string="Scoring Model",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    fit_min = fields.Integer(
        "Fit from",
        help="A lead with fewer points on the fit axis does not get this grade. The"
        " lowest value in the matrix is open below.",
    )
    engagement_min = fields.Integer(
        "Engagement from",
        help="A lead with fewer points on the engagement axis does not get this grade."
        " The lowest value in the matrix is open below.",
    )
    color = fields.Integer()
    lead_count = fields.Integer("Leads", compute="_compute_lead_count")

    _name_unique = models.UniqueIndex(
        "(model_id, name)", "A scoring model has each grade only once."
    )

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    def _compute_lead_count(self):
        """Leads with this grade among those that the reader may see."""
        groups = self.env["crm.lead"]._read_group(
            [("lead_grade_id", "in", self.ids)], ["lead_grade_id"], ["__count"]
        )
        counts = {grade.id: count for grade, count in groups}
        for grade in self:
            grade.lead_count = counts.get(grade._origin.id, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env["crm.lead.score.rule"]._check_integers(vals_list, self)
        grades = super().create(vals_list)
        self.env["crm.lead.score.rule"]._forget_scores()
        return grades

    def write(self, vals):
        self.env["crm.lead.score.rule"]._check_integers([vals], self)
        result = super().write(vals)
        if vals.keys() & {"sequence", "fit_min", "engagement_min", "model_id"}:
            self.env["crm.lead.score.rule"]._forget_scores()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["crm.lead.score.rule"]._forget_scores()
        return result

    # === ACTION METHODS === #

    def action_view_leads(self):
        """Open the leads of this grade."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_scoring.crm_lead_action_by_score"
        )
        action["display_name"] = self.env._("Leads graded %(grade)s", grade=self.name)
        action["domain"] = [("lead_grade_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    # === BUSINESS METHODS === #

    def _to_bands(self):
        """Return the grades of one model as the engine wants them.

        :return: tuple of ``(grade id, {column: minimum})``, best grade first
        """
        floors = {
            name: min(self.mapped(f"{name}_min"), default=0)
            for name in ("fit", "engagement")
        }
        return tuple(
            (
                grade.id,
                {
                    name: grade[f"{name}_min"]
                    for name, floor in floors.items()
                    if grade[f"{name}_min"] > floor
                },
            )
            for grade in self.sorted(lambda grade: (grade.sequence, grade.id))
        )
