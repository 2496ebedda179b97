from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine


class CrmLeadScoreRule(models.Model):
    """What becomes of a rule in use: leads that come back; a rule that breaks."""

    _inherit = "crm.lead.score.rule"

    # === FIELDS === #

    returned_count = fields.Integer(
        "Returned",
        compute="_compute_returned_count",
        help="Hand-overs that salespeople returned and to which this rule had given"
        " points, among those that you may see.",
    )

    # === COMPUTE METHODS === #

    def _compute_returned_count(self):
        counts = dict(
            self.env["crm.lead.score.handover"]._read_group(
                self._get_returned_domain(), ["rule_ids"], ["__count"]
            )
        )
        for rule in self:
            rule.returned_count = counts.get(rule._origin, 0)

    # === ACTION METHODS === #

    def action_view_returned(self):
        """Open the hand-overs that came back, by the reasons that were given."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_scoring.crm_lead_score_handover_action"
        )
        return action | {
            "display_name": self.env._("Returned: %s", self.name),
            "domain": list(self._get_returned_domain()),
            "context": {"search_default_groupby_reason": 1},
        }

    def action_check_again(self):
        """See whether a rule that could not be used works now."""
        self.ensure_one()
        self.check_access("write")
        criterion = self._prepare_criterion()
        engine.try_out(self.env, criterion)
        self._store_criterion_errors([criterion])
        works = not criterion.error
        if works:
            self._forget_scores()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if works else "danger",
                "message": self.env._(
                    "The rule works again. Its points come with the next refresh."
                )
                if works
                else criterion.error,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #

    def _get_returned_domain(self):
        return Domain("state", "=", "returned") & Domain(
            "rule_ids", "in", self._origin.ids
        )
