from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """A contact shows the best score among the open leads of its company.

    The names are those of the lead's fields: the badge of the grade knows them.
    """

    _inherit = "res.partner"

    # === FIELDS === #

    best_lead_id = fields.Many2one(
        "crm.lead",
        compute="_compute_best_lead",
        groups="crm_lead_scoring.group_lead_scoring_user",
        help="The open lead with the highest score, of this contact or of another one"
        " of its company, among those that you may see.",
    )
    lead_score = fields.Integer(
        "Best Lead Score",
        compute="_compute_best_lead",
        groups="crm_lead_scoring.group_lead_scoring_user",
    )
    lead_grade_id = fields.Many2one(
        "crm.lead.score.grade",
        "Best Lead Grade",
        compute="_compute_best_lead",
        groups="crm_lead_scoring.group_lead_scoring_user",
    )
    lead_grade_color = fields.Integer(
        compute="_compute_best_lead",
        groups="crm_lead_scoring.group_lead_scoring_user",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_best_lead(self):
        """A number of queries that does not depend on the number of contacts."""
        best = self._find_best_leads()
        for partner in self:
            lead = best.get(partner.commercial_partner_id, self.env["crm.lead"])
            partner.best_lead_id = lead
            partner.lead_score = lead.lead_score
            partner.lead_grade_id = lead.lead_grade_id
            partner.lead_grade_color = lead.lead_grade_color

    # === ACTION METHODS === #

    def action_view_best_lead(self):
        """Open the lead whose score the contact shows."""
        self.ensure_one()
        lead = self.best_lead_id
        lead.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": lead.display_name,
            "res_model": "crm.lead",
            "res_id": lead.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _find_best_leads(self):
        """Return the best open lead of each company of these contacts.

        :return: dict ``{commercial partner: lead}``, of leads that the user may read
        """
        leads = self.env["crm.lead"]
        entities = self.commercial_partner_id
        if not entities or not leads.has_access("read"):
            return {}
        domain = Domain("won_status", "=", "pending") & Domain(
            "partner_id.commercial_partner_id", "in", entities.ids
        )
        best = {}
        for partner, score in leads._read_group(
            domain, ["partner_id"], ["lead_score:max"]
        ):
            entity = partner.sudo().commercial_partner_id.with_env(self.env)
            known = best.get(entity)
            if known is None or score > known[0]:
                best[entity] = (score, partner)
        wanted = Domain.OR(
            Domain("partner_id", "=", partner.id) & Domain("lead_score", "=", score)
            for score, partner in best.values()
        )
        found = leads._read_group(domain & wanted, ["partner_id"], ["id:max"])
        # One recordset, so that the fields of all are read at once.
        newest = dict(
            zip(
                (partner for partner, _lead in found),
                leads.browse([lead for _partner, lead in found]),
                strict=True,
            )
        )
        return {
            entity: newest[partner]
            for entity, (_score, partner) in best.items()
            if partner in newest
        }
