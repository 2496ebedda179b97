from odoo import api, fields, models

#: Numbers of a list that are looked for in other lists.
COMPARED = 20_000


class CrmCallList(models.Model):
    """What a list is to reach, and what stands in its way."""

    _inherit = "crm.call.list"

    # === FIELDS === #
    goal_kind = fields.Selection(
        [("held", "Calls Held"), ("opportunity", "Opportunities")],
        string="Goal",
        default="held",
        required=True,
    )
    goal = fields.Integer(string="How Many", help="0: no goal.")
    goal_reached = fields.Integer(string="Reached", compute="_compute_goal_reached")
    goal_progress = fields.Float(
        string="Towards the Goal", compute="_compute_goal_reached"
    )
    hint = fields.Text(compute="_compute_hint")

    _goal_positive = models.Constraint(
        "CHECK (goal >= 0)", "A goal cannot be negative."
    )

    # === COMPUTE METHODS === #
    @api.depends("goal", "goal_kind", "call_ids.state", "call_ids.opportunity_id")
    def _compute_goal_reached(self):
        Call = self.env["crm.call"]
        won = dict(
            Call._read_group(
                [
                    ("list_id", "in", self.ids),
                    ("state", "=", "held"),
                    ("opportunity_id.type", "=", "opportunity"),
                ],
                ["list_id"],
                ["opportunity_id:count_distinct"],
            )
        )
        for call_list in self:
            reached = call_list.held_count
            if call_list.goal_kind == "opportunity":
                reached = won.get(call_list._origin, 0)
            call_list.goal_reached = reached
            call_list.goal_progress = (
                100.0 * reached / call_list.goal if call_list.goal else 0.0
            )

    @api.depends("operator_ids", "state", "policy_id", "purpose", "legal_basis")
    @api.depends_context("lang")
    def _compute_hint(self):
        """What is worth knowing before the list runs, or while it does."""
        for call_list in self:
            call_list.hint = "\n".join(call_list._list_hints())

    # === BUSINESS METHODS === #
    def _list_hints(self):
        hints = []
        if not self.operator_ids:
            hints.append(self.env._("Nobody calls: the list has no operators."))
        if self.purpose == "marketing" and not self.legal_basis:
            hints.append(
                self.env._(
                    "Say on what ground these people are called: where the law asks for"
                    " a consent, nobody is called without one."
                )
            )
        if self._origin and self.state == "running":
            shared = self._count_shared_numbers()
            if shared:
                hints.append(
                    self.env._(
                        "%s numbers are in another running list too: each is called by"
                        " one operator at a time.",
                        shared,
                    )
                )
        return hints

    def _count_shared_numbers(self):
        """Return how many numbers of the list another running list calls too."""
        Call = self.env["crm.call"].sudo()
        todo = [("state", "in", ("open", "not_held")), ("phone_sanitized", "!=", False)]
        groups = Call._read_group(
            [*todo, ("list_id", "=", self._origin.id)],
            ["phone_sanitized"],
            limit=COMPARED,
        )
        others = Call._read_group(
            [
                *todo,
                ("list_id", "!=", self._origin.id),
                ("list_id.state", "=", "running"),
                ("list_id.active", "=", True),
                ("phone_sanitized", "in", [number for (number,) in groups]),
            ],
            [],
            ["phone_sanitized:count_distinct"],
        )
        return others[0][0]
