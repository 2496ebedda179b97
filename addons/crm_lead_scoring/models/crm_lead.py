from odoo import fields, models

from odoo.addons.crm_glossary_core import engine

#: What must be read again after a refresh wrote the rows of the scores.
SCORE_FIELDS = (
    "score_id",
    "lead_score",
    "lead_score_fit",
    "lead_score_engagement",
    "lead_grade_id",
    "lead_grade_color",
    "score_line_ids",
)


class CrmLead(models.Model):
    """A lead shows its score; the score itself stands in a row of its own."""

    _inherit = "crm.lead"

    # === FIELDS === #

    score_id = engine.Satellite(
        "crm.lead.score", string="Score Details", compute="_compute_score_id"
    )
    lead_score = fields.Integer(
        "Score", related="score_id.total", compute_sudo=True, aggregator="avg"
    )
    lead_score_fit = fields.Integer(
        "Fit", related="score_id.fit", compute_sudo=True, aggregator="avg"
    )
    lead_score_engagement = fields.Integer(
        "Engagement",
        related="score_id.engagement",
        compute_sudo=True,
        aggregator="avg",
    )
    lead_grade_id = fields.Many2one(
        "crm.lead.score.grade",
        "Grade",
        related="score_id.grade_id",
        compute_sudo=True,
    )
    lead_grade_color = fields.Integer(
        "Grade Color",
        related="score_id.grade_id.color",
        compute_sudo=True,
        aggregator=None,
    )
    score_line_ids = fields.One2many(
        "crm.lead.score.line", "lead_id", string="Score Lines", readonly=True
    )

    # === COMPUTE METHODS === #

    def _compute_score_id(self):
        """A lead that came in without the ORM has no row before the next refresh."""
        engine.pending.run(self.env)
        rows = self.env["crm.lead.score"].sudo().browse(self._origin.ids).exists()
        for lead in self:
            lead.score_id = rows & rows.browse(lead._origin.id)

    # === BUSINESS METHODS === #

    def _merge_opportunity(self, *args, **kwargs):
        """The lead that remains is scored with all that came to it."""
        lead = super()._merge_opportunity(*args, **kwargs)
        self.env["crm.criterion.refresh"]._dispatch(lead)
        return lead

    def get_score_explanation(self):
        """Say what the score of this lead is made of.

        :return: dict with ``total``, ``axes`` (points by axis), ``grade`` (its name or
            ``False``), ``model`` (name of the scoring model or ``False``) and
            ``lines``: for each rule that counted ``rule_id``, ``rule`` (its name),
            ``sentence``, ``axis`` and ``points``; the points add up to the total
        :raise AccessError: when the user may not read the lead
        """
        self.ensure_one()
        self.check_access("read")
        lead = self.sudo()
        lines = lead.score_line_ids
        return {
            "total": lead.lead_score,
            "axes": {
                "fit": lead.lead_score_fit,
                "engagement": lead.lead_score_engagement,
            },
            "grade": lead.lead_grade_id.name,
            "model": lead.lead_grade_id.model_id.name,
            "lines": [
                {
                    "rule_id": line.rule_id.id,
                    "rule": line.display_name,
                    "sentence": line.domain_sentence or "",
                    "axis": line.axis,
                    "points": line.points,
                }
                for line in lines
            ],
        }
