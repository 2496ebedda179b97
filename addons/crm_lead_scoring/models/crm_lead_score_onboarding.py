from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

#: System parameter: ids of the companies whose managers closed the panel.
CLOSED = "crm_lead_scoring.onboarding_closed"
#: System parameter: when rules were first tried on leads.
CHECKED = "crm_lead_scoring.rules_checked"
#: Channels of what leads themselves do; stages and activities are our own doing.
OWN_CHANNELS = ("stage", "activity")


class CrmLeadScoreOnboarding(models.AbstractModel):
    """The first four steps with lead scoring.

    Nobody ticks a step off: it is done when the data say so.
    """

    _name = "crm.lead.score.onboarding"
    _description = "First Steps with Lead Scoring"

    # === BUSINESS METHODS === #

    @api.model
    @api.readonly
    def get_onboarding(self):
        """Return the first steps and which of them are done.

        :return: list of dicts ``code``, ``title``, ``text``, ``label`` (of the button)
            and ``is_done``; empty when all are done, or when a manager of this company
            closed the panel
        :raise AccessError: for whoever may not change scoring models
        """
        self.env["crm.lead.score.model"].browse().check_access("write")
        if str(self.env.company.id) in self._get_closed():
            return []
        steps = self._get_steps()
        return [] if all(step["is_done"] for step in steps) else steps

    @api.model
    def open_step(self, code):
        """Return the action that opens the place where a step is done.

        :param str code: of :meth:`get_onboarding`
        :raise AccessError: for whoever may not change scoring models
        :raise UserError: when there is no such step
        """
        self.env["crm.lead.score.model"].browse().check_access("write")
        openers = self._get_openers()
        if not isinstance(code, str) or code not in openers:
            raise UserError(self.env._("There is no such step."))
        return getattr(self, openers[code])()

    @api.model
    def close(self):
        """Show the panel no more to the managers of this company.

        :raise AccessError: for whoever may not change scoring models
        """
        self.env["crm.lead.score.model"].browse().check_access("write")
        closed = self._get_closed() | {str(self.env.company.id)}
        self.env["ir.config_parameter"].sudo().set_param(
            CLOSED, ",".join(sorted(closed))
        )
        return True

    @api.model
    def _get_closed(self):
        companies = self.env["ir.config_parameter"].sudo().get_param(CLOSED) or ""
        return set(companies.split(","))

    @api.model
    def _note_check(self):
        """A manager tried rules on leads, or compared two models."""
        if not self.env["crm.lead.score.model"].has_access("write"):
            return
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(CHECKED):
            parameters.set_param(CHECKED, str(fields.Datetime.now()))

    @api.model
    def _get_model(self):
        """The scoring model that the steps are about: the one for leads of no team."""
        models_ = self.env["crm.lead.score.model"].search([])
        return models_.filtered(lambda model: not model.team_ids)[:1] or models_[:1]

    # what is done

    @api.model
    def _has_own_rules(self):
        """Whether anybody chose the rules: by a change, a template, by going live."""
        people = [("create_uid", "!=", SUPERUSER_ID)]
        changed = ["|", ("write_uid", "!=", SUPERUSER_ID), *people]
        rules = self.env["crm.lead.score.rule"].with_context(active_test=False)
        return (
            self._is_live()
            or bool(self.env["crm.lead.score.model"].search_count(people, limit=1))
            or bool(rules.search_count(changed, limit=1))
        )

    @api.model
    def _are_rules_checked(self):
        """Whether rules were tried on leads; who went live has accepted them."""
        parameters = self.env["ir.config_parameter"].sudo()
        return self._is_live() or bool(parameters.get_param(CHECKED))

    @api.model
    def _do_signals_come(self):
        """Whether the ledger knows anything that leads did themselves."""
        domain = [("signal_id.channel", "not in", OWN_CHANNELS)]
        return bool(self.env["crm.lead.score.event"].search_count(domain, limit=1))

    @api.model
    def _is_live(self):
        domain = [("state", "=", "live")]
        return bool(self.env["crm.lead.score.model"].search_count(domain, limit=1))

    # where it is done

    def _open_rules(self):
        return self._open_first(
            "crm_lead_scoring.crm_lead_score_from_template_action",
            "crm_lead_scoring.crm_lead_score_rule_action",
        )

    def _open_check(self):
        """All rules on the best lead; without a lead, the rules."""
        lead = self.env["crm.lead"].search([], order="lead_score desc", limit=1)
        if not lead:
            return self._open_first("crm_lead_scoring.crm_lead_score_rule_action")
        action = self.env["ir.actions.client"]._for_xml_id(
            "crm_lead_scoring.crm_lead_score_rules_of_lead_action"
        )
        return {
            **action,
            "context": {"active_model": lead._name, "active_id": lead.id},
        }

    def _open_signals(self):
        """The first thing that keeps signals away; else all that can be noted."""
        for problem in self.env["crm.lead.score.signal"]._get_health_problems():
            if problem.get("action"):
                return problem["action"]
        return self._open_first("crm_lead_scoring.crm_lead_score_signal_action")

    def _open_readiness(self):
        action = self._open_first("crm_lead_scoring.crm_lead_score_model_action")
        if model := self._get_model():
            action.update(views=[(False, "form")], res_id=model.id)
        return action

    def _open_first(self, *xml_ids):
        for xml_id in xml_ids:
            if self.env.ref(xml_id, raise_if_not_found=False):
                return self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return False

    # === HOOKS === #

    @api.model
    def _get_openers(self):
        """Return the method that opens each step, by its code."""
        return {
            "rules": "_open_rules",
            "check": "_open_check",
            "signals": "_open_signals",
            "live": "_open_readiness",
        }

    @api.model
    def _get_steps(self):
        """Return all steps in order, as :meth:`get_onboarding` does."""
        return [
            {
                "code": "rules",
                "title": self.env._("Choose your rules"),
                "text": self.env._(
                    "Start from a template, or change the rules that are there."
                ),
                "label": self.env._("Choose"),
                "is_done": self._has_own_rules(),
            },
            {
                "code": "check",
                "title": self.env._("Try them on your leads"),
                "text": self.env._("See what the rules say of leads that you know."),
                "label": self.env._("Try"),
                "is_done": self._are_rules_checked(),
            },
            {
                "code": "signals",
                "title": self.env._("Let signals come in"),
                "text": self.env._(
                    "Track pages, get mail, log what other programs know."
                ),
                "label": self.env._("Set Up"),
                "is_done": self._do_signals_come(),
            },
            {
                "code": "live",
                "title": self.env._("Go live"),
                "text": self.env._(
                    "Set from which score a lead is ready, and what follows."
                ),
                "label": self.env._("Set the Threshold"),
                "is_done": self._is_live(),
            },
        ]
