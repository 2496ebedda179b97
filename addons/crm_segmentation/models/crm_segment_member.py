from odoo import api, fields, models

from odoo.addons.crm_glossary_core import engine


def get_match_table(target, reason_in="matched", reason_out="unmatched"):
    """Return the table of memberships for the engine.

    :param str target: "partner" or "lead": whose column holds the record
    :param str reason_in: code that new rows get
    :param str reason_out: code that rows get when they are closed
    """
    return engine.MatchTable(
        "crm_segment_member",
        criterion="segment_id",
        record=f"{target}_id",
        history=True,
        values={"reason_in": reason_in},
        closing={"reason_out": reason_out},
    )


class CrmSegmentMember(models.Model):
    """One stay of a contact or lead in a segment; open while it has no end.

    Written by the criteria engine alone; read by whoever may see the record.
    """

    _name = "crm.segment.member"
    _description = "Segment Membership"
    _order = "date_from desc, id desc"
    _log_access = False

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead", string="Lead or Opportunity", readonly=True, ondelete="cascade"
    )
    date_from = fields.Datetime(string="Member Since", required=True, readonly=True)
    date_to = fields.Datetime(
        string="Until", readonly=True, help="Empty: still a member."
    )
    reason_in = fields.Selection(
        [
            ("matched", "Matched the rule"),
            ("rule_changed", "Rule set or changed"),
            ("added", "Added by hand"),
            ("imported", "From a file"),
        ],
        string="Why In",
        readonly=True,
    )
    reason_out = fields.Selection(
        [
            ("unmatched", "No longer matches"),
            ("rule_changed", "Rule changed"),
            ("removed", "Removed by hand"),
        ],
        string="Why Out",
        readonly=True,
    )
    is_current = fields.Boolean(
        string="Current", compute="_compute_is_current", search="_search_is_current"
    )

    _one_record = models.Constraint(
        "CHECK (num_nonnulls(partner_id, lead_id) = 1)",
        "A membership is of one contact or of one lead.",
    )
    # One open row for each pair; they serve "the members of a segment" too.
    _open_partner = models.UniqueIndex(
        "(segment_id, partner_id) WHERE date_to IS NULL AND partner_id IS NOT NULL"
    )
    _open_lead = models.UniqueIndex(
        "(segment_id, lead_id) WHERE date_to IS NULL AND lead_id IS NOT NULL"
    )
    # The segments of a record, its history, and the cascade when it is deleted.
    _partner_segments = models.Index(
        "(partner_id, segment_id) WHERE partner_id IS NOT NULL"
    )
    _lead_segments = models.Index("(lead_id, segment_id) WHERE lead_id IS NOT NULL")
    # Entries and exits of a period, members on a date.
    _entries = models.Index("(segment_id, date_from)")
    _exits = models.Index("(segment_id, date_to) WHERE date_to IS NOT NULL")

    # === COMPUTE AND SEARCH METHODS === #
    @api.depends("segment_id", "partner_id", "lead_id")
    def _compute_display_name(self):
        for member in self:
            record = member.partner_id or member.lead_id
            member.display_name = self.env._(
                "%(record)s in %(segment)s",
                record=record.display_name,
                segment=member.segment_id.display_name,
            )

    @api.depends("date_to")
    def _compute_is_current(self):
        for member in self:
            member.is_current = not member.date_to

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        if True in value and False in value:
            return fields.Domain.TRUE
        return fields.Domain("date_to", "=" if True in value else "!=", False)

    # === CRUD METHODS === #
    @api.model
    def _search(self, *args, **kwargs):
        # Changes of this transaction that no membership shows yet come first.
        engine.pending.run(self.env)
        return super()._search(*args, **kwargs)

    # === ACTION METHODS === #
    def action_view_record(self):
        """Open the contact or the lead."""
        self.ensure_one()
        self.check_access("read")
        record = self.partner_id or self.lead_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_view_segment(self):
        """Open the segment."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.segment",
            "res_id": self.segment_id.id,
            "views": [(False, "form")],
        }
