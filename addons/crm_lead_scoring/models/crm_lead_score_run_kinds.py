from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError


class CrmLeadScoreRun(models.Model):
    """The kinds of things that follow.

    Each is done by a method ``_follow_<kind>()`` that returns the state of the run,
    *done* or *skipped*, and a message or ``False``; what it raises makes it *failed*.
    """

    _inherit = "crm.lead.score.run"

    # === HOOKS === #

    def _follow_handover(self):
        return self.env["crm.lead.score.handover"]._offer(self)

    def _follow_withdraw(self):
        return self.env["crm.lead.score.handover"]._withdraw(self.lead_id)

    def _follow_convert(self):
        lead = self.lead_id
        if lead.type == "opportunity":
            return "skipped", self.env._("It is an opportunity already.")
        lead.convert_opportunity(lead.partner_id or lead._find_matching_partner())
        return "done", False

    def _follow_plan(self):
        plan = self.model_id.ready_activity_plan_id
        if not plan:
            return "skipped", self.env._("The scoring model has no activity plan.")
        company = self.lead_id.company_id
        if company and plan.company_id and company != plan.company_id:
            return "skipped", self.env._("The plan is for another company.")
        schedule = self.env["mail.activity.schedule"].create(
            {
                "res_model": "crm.lead",
                "res_ids": str(self.lead_id.ids),
                "plan_id": plan.id,
                "plan_on_demand_user_id": self._get_person().id or SUPERUSER_ID,
            }
        )
        schedule.action_schedule_plan()
        return "done", False

    def _follow_notify(self):
        user = self._get_person()
        if not user:
            return "skipped", self.env._("Nobody is in charge of the lead.")
        lead = self.lead_id.with_context(lang=user.lang)
        lead.message_notify(
            partner_ids=user.partner_id.ids,
            subject=lead.env._("Ready for sales: %(lead)s", lead=lead.name),
            body=lead.env._(
                "The lead has %(score)s points and is handed over to sales. Accept it,"
                " or return it and say why.",
                score=lead.lead_score,
            ),
        )
        return "done", False

    def _follow_action(self):
        action = self.action_id
        if not action:
            return "skipped", self.env._("The action was deleted.")
        if action.model_name != "crm.lead":
            raise UserError(
                self.env._(
                    "“%(action)s” is not an action for leads any more.",
                    action=action.name,
                )
            )
        action.with_context(
            active_model="crm.lead",
            active_id=self.lead_id.id,
            active_ids=self.lead_id.ids,
        ).run()
        return "done", False

    def _get_person(self):
        """Who is told: the salesperson, else the leader of the sales team."""
        return self.lead_id.user_id or self.lead_id.team_id.user_id
