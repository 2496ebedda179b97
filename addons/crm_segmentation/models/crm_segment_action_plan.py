from dataclasses import replace
from datetime import datetime

from odoo import api, models

from odoo.addons.crm_glossary_core import engine

LONG_AGO = datetime(1970, 1, 1)
UNITS = {"minutes": 60, "hours": 3600, "days": 86_400}
#: Entries of a first filling and of an edited rule are no events of anybody's life.
NO_EVENT = ("rule_changed",)


class CrmSegmentAction(models.Model):
    """For whom an action is to be done, and when."""

    _inherit = "crm.segment.action"

    # === BUSINESS METHODS === #
    def _get_plan(self):
        self.ensure_one()
        return engine.StayPlan(
            action=self.id,
            criterion=self.segment_id.id,
            record=f"{self.target}_id",
            trigger=self.trigger,
            since=self.since,
            ignored=NO_EVENT,
            delay=self.delay * UNITS[self.delay_unit],
            days=self.stay_days,
            once=self.frequency == "ever",
            holdout=self.holdout or 0,
        )

    @api.model
    def _plan_all(self):
        """Plan what is missing for all actions that are on; return how many runs."""
        actions = self.sudo().search(
            [("is_on", "=", True), ("segment_id.active", "=", True)]
        )
        actions = actions.filtered(lambda action: not action._is_paused())
        self.env.flush_all()
        coming = actions.filtered(lambda action: action.trigger != "exit")
        engine.cancel_runs(
            self.env, "crm_segment_member", "crm_segment_run", coming.ids
        )
        count = sum(
            engine.plan_runs(
                self.env, "crm_segment_member", "crm_segment_run", action._get_plan()
            )
            for action in actions
        )
        self.env["crm.segment.run"].invalidate_model()
        return count

    def _plan_present(self):
        """Plan runs for those who are members now, as if they had just entered.

        What was called off for them when the action was switched off is planned anew.
        """
        self.ensure_one()
        plan = self._get_plan()
        runs = self.env["crm.segment.run"].sudo()
        runs.search(
            [
                ("action_id", "=", self.id),
                ("state", "=", "cancelled"),
                ("member_id.date_to", "=", False),
            ]
        ).unlink()
        self.env.flush_all()
        engine.plan_runs(
            self.env,
            "crm_segment_member",
            "crm_segment_run",
            replace(plan, trigger="entry", since=LONG_AGO, ignored=()),
        )
        self.env["crm.segment.run"].invalidate_model()

    def _is_paused(self):
        """Whether nothing is done now: all actions, or those of the segment, pause."""
        company = self.company_id or self.env.company
        return company.segment_actions_paused or self.segment_id.is_paused
