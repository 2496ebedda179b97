from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine


class CrmSegmentAction(models.Model):
    """What an action brings: those treated are held against those left alone."""

    _inherit = "crm.segment.action"

    # === FIELDS === #
    goal_domain = fields.Char(
        string="Goal", default="[]", help="What the action is to bring about."
    )
    goal_days = fields.Integer(
        string="Reached After (days)",
        default=0,
        help="Those whose turn was later are not compared yet.",
    )
    uplift_text = fields.Char(string="Effect", compute="_compute_uplift_text")

    # === COMPUTE METHODS === #
    @api.depends("goal_domain", "goal_days", "holdout")
    def _compute_uplift_text(self):
        for action in self:
            action.uplift_text = bool(action._origin) and action._tell_uplift()

    def _tell_uplift(self):
        """Return how many reached the goal, of those treated and those left alone."""
        if not self.holdout:
            return False
        sides = [self._get_compared(state) for state in ("done", "held_out")]
        if not all(sides):
            return self.env._("Nobody to compare yet.")
        try:
            goal = engine.parse(self.env, self.goal_domain)
            reached = [
                side.search_count(goal & Domain("id", "in", side.ids)) for side in sides
            ]
        except (engine.CriterionError, ValueError) as error:
            return self.env._("The goal does not work: %(reason)s", reason=error)
        (done, left), (all_done, all_left) = reached, map(len, sides)
        points = round(100 * done / all_done - 100 * left / all_left)
        return self.env._(
            "%(done)s of %(all_done)s reached the goal, and %(left)s of %(all_left)s of"
            " those left alone: %(points)+d points.",
            done=done,
            all_done=all_done,
            left=left,
            all_left=all_left,
            points=points,
        )

    def _get_compared(self, state):
        """Return the contacts or leads whose turn was long enough ago."""
        runs = self.env["crm.segment.run"].sudo()
        until = fields.Datetime.now() - timedelta(days=self.goal_days)
        runs = runs.search(
            [
                ("action_id", "=", self.id),
                ("state", "=", state),
                ("due", "<=", until),
            ]
        )
        return runs._get_records()
