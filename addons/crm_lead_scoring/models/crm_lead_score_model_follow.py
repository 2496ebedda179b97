from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

#: Leads that are ready already are acted upon at once up to this many; the scheduled
#: job takes so many at a time.
CATCH_UP = 1000


class CrmLeadScoreModel(models.Model):
    """What follows when a lead becomes ready for sales, or ready no longer.

    In state *observe* leads become ready and nothing follows; in state *live* it does.
    """

    _inherit = "crm.lead.score.model"

    # === FIELDS === #

    ready_convert = fields.Boolean(
        "Convert to Opportunity",
        help="A lead that becomes ready becomes an opportunity.",
    )
    ready_notify = fields.Boolean(
        "Notify the Salesperson",
        help="Whoever is in charge of the lead is told; without a salesperson, the"
        " leader of the sales team.",
    )
    ready_activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        domain=[("res_model", "=", "crm.lead")],
        index="btree_not_null",
    )
    ready_action_ids = fields.Many2many(
        "ir.actions.server",
        "crm_lead_score_model_ready_action_rel",
        "model_id",
        "action_id",
        string="Actions when Ready",
        domain=[("model_name", "=", "crm.lead"), ("usage", "=", "ir_actions_server")],
        groups="base.group_system",
        help="Server actions for leads. They are done with all rights, so an"
        " administrator of the system chooses them.",
    )
    unready_action_ids = fields.Many2many(
        "ir.actions.server",
        "crm_lead_score_model_unready_action_rel",
        "model_id",
        "action_id",
        string="Actions when No Longer Ready",
        domain=[("model_name", "=", "crm.lead"), ("usage", "=", "ir_actions_server")],
        groups="base.group_system",
        help="They follow also when the salesperson returns the lead. An administrator"
        " of the system chooses them.",
    )
    is_catching_up = fields.Boolean(
        "Catching Up",
        readonly=True,
        copy=False,
        help="Leads that were ready before the model went live wait to be acted upon.",
    )
    # what others than administrators see of the actions
    ready_action_names = fields.Char(
        "Actions when Ready (names)", compute="_compute_action_names", compute_sudo=True
    )
    unready_action_names = fields.Char(
        "Actions when No Longer Ready (names)",
        compute="_compute_action_names",
        compute_sudo=True,
    )

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("ready_action_ids.name", "unready_action_ids.name")
    @api.depends_context("lang")
    def _compute_action_names(self):
        for model in self:
            model.ready_action_names = ", ".join(model.ready_action_ids.mapped("name"))
            model.unready_action_names = ", ".join(
                model.unready_action_ids.mapped("name")
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("ready_action_ids", "unready_action_ids", "ready_activity_plan_id")
    def _check_follow_ups(self):
        """What follows is about leads."""
        for model in self.sudo():
            for action in model.ready_action_ids | model.unready_action_ids:
                if action.model_name != "crm.lead":
                    raise ValidationError(
                        self.env._(
                            "“%(action)s” is an action for “%(other)s”. Choose one for"
                            " leads.",
                            action=action.name,
                            other=action.model_id.name or "",
                        )
                    )
            plan = model.ready_activity_plan_id
            if plan and plan.res_model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "The plan “%(plan)s” is not for leads. Choose one for leads.",
                        plan=plan.name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "observe":
            self.is_catching_up = False
            self.env["crm.lead.score.run"].sudo()._skip_waiting_of(self)
        return result

    # === ACTION METHODS === #

    def action_go_live(self):
        """Let follow what is set up to follow; ask about leads that are ready now."""
        self.ensure_one()
        self.check_access("write")
        if self._find_ready_leads(limit=1):
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Go Live"),
                "res_model": "crm.lead.score.go.live",
                "view_mode": "form",
                "target": "new",
                "context": {"default_model_id": self.id},
            }
        self.state = "live"
        return None

    def action_observe(self):
        """Stop: scores go on, and nothing follows any more."""
        self.check_access("write")
        self.state = "observe"

    # === BUSINESS METHODS === #

    def _follow(self, transitions, at_once=True):
        """Note what follows from transitions, if this model is live.

        :param bool at_once: do it when this transaction ends, if it is not too much;
            else the scheduled job does it
        """
        if self and self.state == "live":
            self.env["crm.lead.score.run"].sudo()._queue(self, transitions, at_once)

    def _count_transitions(self, most):
        """How many transitions make so many rows, what follows included; at least 1."""
        follow_ups = self._get_follow_ups() if self and self.state == "live" else ()
        return max(most // (1 + len(follow_ups)), 1)

    def _follow_ready_leads(self):
        """Act on leads that are ready already, as if they became so now.

        Where they are many, the scheduled job does it, a part at a time.
        """
        self.ensure_one()
        if self._follow_some_ready_leads(0) is not None:
            self.sudo().is_catching_up = True
            self.env["crm.lead.score.run"]._request()

    def _follow_some_ready_leads(self, position):
        """Note what follows for ready leads whose ids are greater than ``position``.

        What is noted already is not noted again.

        :return: the id up to which it is done; ``None`` if that is all
        """
        leads = self._find_ready_leads(Domain("id", ">", position), CATCH_UP)
        scores = self.env["crm.lead.score"].sudo().browse(leads.ids)
        self._follow([(score.id, True, score.transitions) for score in scores])
        return leads.ids[-1] if len(leads) == CATCH_UP else None

    # === HOOKS === #

    def _get_follow_ups(self):
        """What follows when a lead becomes ready, and when it is so no longer.

        :return: list of :class:`engine.readiness.FollowUp`, in the order of doing; a
            kind is done by ``crm.lead.score.run._follow_<kind>()``
        """
        self.ensure_one()
        todo = [(True, 0, "handover"), (False, 0, "withdraw")]
        if self.ready_convert:
            todo.append((True, 10, "convert"))
        if self.ready_activity_plan_id:
            todo.append((True, 20, "plan"))
        if self.ready_notify:
            todo.append((True, 30, "notify"))
        for ready, actions in (
            (True, self.sudo().ready_action_ids),
            (False, self.sudo().unready_action_ids),
        ):
            for position, action in enumerate(actions):
                todo.append((ready, 100 + position, "action", action.id))
        return [engine.readiness.FollowUp(*item) for item in todo]
