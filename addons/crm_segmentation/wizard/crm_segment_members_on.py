import datetime

from odoo import api, fields, models


class CrmSegmentMembersOn(models.TransientModel):
    """Who was in a segment at the end of a day, and what changed until another day."""

    _name = "crm.segment.members.on"
    _description = "Members on a Date"

    # === DEFAULTS === #
    def _default_date(self):
        return fields.Date.context_today(self) - datetime.timedelta(days=30)

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(
        string="Members On", required=True, default=lambda self: self._default_date()
    )
    other_date = fields.Date(
        string="Compared With",
        default=fields.Date.context_today,
        help="Empty: the members of one day only.",
    )
    member_count = fields.Integer(string="Members", compute="_compute_counts")
    stayed_count = fields.Integer(string="Stayed", compute="_compute_counts")
    entered_count = fields.Integer(string="Entered", compute="_compute_counts")
    left_count = fields.Integer(string="Left", compute="_compute_counts")

    # === COMPUTE METHODS === #
    @api.depends("segment_id", "date", "other_date")
    def _compute_counts(self):
        for wizard in self:
            wizard.member_count = len(wizard._get_ids("members"))
            wizard.stayed_count = len(wizard._get_ids("stayed"))
            wizard.entered_count = len(wizard._get_ids("entered"))
            wizard.left_count = len(wizard._get_ids("left"))

    # === ACTION METHODS === #
    def action_view_members(self):
        """Open those who were members on the first day."""
        self.check_access("read")
        return self._view("members", self.env._("Members"))

    def action_view_stayed(self):
        """Open those who were members on both days."""
        self.check_access("read")
        return self._view("stayed", self.env._("Stayed"))

    def action_view_entered(self):
        """Open those who were members on the later day only."""
        self.check_access("read")
        return self._view("entered", self.env._("Entered"))

    def action_view_left(self):
        """Open those who were members on the earlier day only."""
        self.check_access("read")
        return self._view("left", self.env._("Left"))

    # === TOOLING === #
    def _get_ids(self, which):
        """Return ids of contacts or leads.

        :param str which: ``members`` (on the first day), ``stayed``, ``entered``,
            ``left`` (between the earlier and the later day)
        """
        self.ensure_one()
        if not self.segment_id or not self.date:
            return []
        if which == "members":
            return self.segment_id.members_on(self.date)
        if not self.other_date:
            return []
        first, last = sorted((self.date, self.other_date))
        before = set(self.segment_id.members_on(first))
        after = set(self.segment_id.members_on(last))
        sides = {
            "stayed": before & after,
            "entered": after - before,
            "left": before - after,
        }
        return sorted(sides[which])

    def _view(self, which, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.segment_id.display_name}: {title}",
            "res_model": self.segment_id.model_name,
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", self._get_ids(which))],
            "context": {"active_test": False},
        }
