from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from .crm_lead_score_health import Problem
from .crm_lead_score_model_readiness import OPEN

#: After so long a model was looked at enough.
OBSERVED = timedelta(days=30)
#: Leads without a model are counted up to this.
MOST_LEADS = 1000
MODEL_ACTION = "crm_lead_scoring.crm_lead_score_model_action"


class CrmLeadScoreHealth(models.AbstractModel):
    """Rules that do not work, models that do nothing, leads that none scores."""

    _inherit = "crm.lead.score.health"

    # === BUSINESS METHODS === #

    @api.model
    def _find_broken_rules(self):
        rules = self.env["crm.lead.score.rule"].search(
            [("error_message", "!=", False), ("model_id.active", "=", True)]
        )
        models_ = self.env["crm.lead.score.model"].search(
            [("ready_error_message", "!=", False)]
        )
        found = []
        if rules:
            message = self.env._(
                "%(count)s rules do not work and give no points, the first is"
                " “%(rule)s”.",
                count=len(rules),
                rule=rules[0].name,
            )
            if len(rules) == 1:
                message = self.env._(
                    "The rule “%s” does not work and gives no points.", rules.name
                )
            fix = partial(
                self._open,
                rules,
                self.env._("Rules with a Problem"),
                "crm_lead_scoring.crm_lead_score_rule_action",
            )
            label = self.env._("Open the Rules")
            found.append(Problem("broken_rules", message, "danger", label, fix))
        for model in models_:
            message = self.env._(
                "The must-haves of “%s” do not work: no lead becomes ready.", model.name
            )
            fix = partial(self._open, model, model.name, MODEL_ACTION)
            label = self.env._("Open the Model")
            found.append(Problem("broken_must_haves", message, "danger", label, fix))
        return found

    @api.model
    def _find_idle_models(self):
        """Models without rules, and those that nobody dares to set live."""
        found = []
        before = fields.Datetime.now() - OBSERVED
        for model in self.env["crm.lead.score.model"].search([]):
            if not model.rule_count:
                message = self.env._(
                    "“%s” has no rules: its leads get no points.", model.name
                )
                fix = partial(self._open, model, model.name, MODEL_ACTION)
                label = self.env._("Add Rules")
                found.append(Problem("no_rules", message, "warning", label, fix))
            elif model.state == "observe" and model.create_date < before:
                message = self.env._(
                    "“%s” has only observed for more than a month: nothing follows"
                    " when a lead is ready.",
                    model.name,
                )
                fix = partial(self._go_live, model)
                code = f"observes_{model.id}"
                found.append(Problem(code, message, "hint", self.env._("Go Live"), fix))
        return found

    def _go_live(self, model):
        return model.action_go_live() or self.env._("“%s” is live.", model.name)

    @api.model
    def _find_unscored_leads(self):
        """Open leads that no scoring model is for."""
        models_ = self.env["crm.lead.score.model"]
        for model, scope in models_._get_scopes():
            if model:
                continue
            leads = self.env["crm.lead"].search_count(scope & OPEN, limit=MOST_LEADS)
            if not leads:
                continue
            message = self.env._(
                "Open leads of no scoring model, which have no score: %s.",
                f"{leads}+" if leads == MOST_LEADS else leads,
            )
            archived = models_.with_context(active_test=False).search(
                [("active", "=", False), ("team_ids", "=", False)], limit=1
            )
            label = self.env._("Make a Model")
            if archived:
                label = self.env._("Use “%s”", archived.name)
            fix = partial(self._use_model, archived)
            return [Problem("no_model", message, "warning", label, fix)]
        return []

    def _use_model(self, model):
        """Take an archived model for these leads; without one, open a new one."""
        if not model:
            action = self.env["ir.actions.act_window"]._for_xml_id(MODEL_ACTION)
            return {**action, "views": [(False, "form")], "context": {}}
        model.active = True
        self.env["crm.lead.score"]._refresh_now_or_soon()
        return self.env._("“%s” scores them now.", model.name)

    @api.model
    def _find_missing_settings(self):
        """Without the Leads setting every inquiry is an opportunity at once."""
        everybody = self.env.ref("base.group_user").sudo()
        if self.env.ref("crm.group_use_lead").sudo() in everybody.all_implied_ids:
            return []
        message = self.env._(
            "The setting “Leads” of CRM is off: inquiries become opportunities before"
            " anybody has qualified them."
        )
        is_admin = self.env.user.has_group("base.group_system")
        if not is_admin:
            message = self.env._(
                "%s An administrator can switch it on in the settings of CRM.", message
            )
        label = self.env._("Switch On") if is_admin else ""
        fix = self._use_leads if is_admin else None
        return [Problem("leads_off", message, "hint", label, fix)]

    def _use_leads(self):
        self.env["res.config.settings"].create({"group_use_lead": True}).set_values()
        return self.env._("Leads are used now.")

    # === HOOKS === #

    @api.model
    def _find_problems(self):
        return [
            *super()._find_problems(),
            *self._find_broken_rules(),
            *self._find_idle_models(),
            *self._find_unscored_leads(),
            *self._find_missing_settings(),
        ]
