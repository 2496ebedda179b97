from odoo import api, fields, models


class CrmSegmentClaim(models.Model):
    """What a segment makes of a field of its member, and what stood there before.

    Several segments may claim one field: the first in the order of priority wins. When
    its claim ends, the next one holds, and after the last the original comes back.
    Whatever somebody changed by hand meanwhile is kept.
    """

    _name = "crm.segment.claim"
    _description = "Claim of a Segment"
    _order = "id"
    _log_access = False

    # === FIELDS === #
    action_id = fields.Many2one(
        "crm.segment.action", required=True, readonly=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    member_id = fields.Many2one(
        "crm.segment.member", readonly=True, ondelete="set null", index=True
    )
    partner_id = fields.Many2one(
        "res.partner", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    field_name = fields.Char(required=True, readonly=True)
    value = fields.Integer(readonly=True, help="Id of what the segment wants.")
    original = fields.Integer(
        readonly=True,
        help="Id of what stood there before, or 0; of a tag: 1 if it was there.",
    )

    _once = models.UniqueIndex("(action_id, member_id, field_name)")

    # === BUSINESS METHODS === #
    @api.model
    def _claim(self, run, record, field_name, value):
        """Let the segment of a run claim a field; return what came of it, or nothing.

        :param run: a ``crm.segment.run``
        :param value: the record that the field is to hold
        """
        others = self._get_of(record, field_name)
        claim = self.create(
            {
                "action_id": run.action_id.id,
                "segment_id": run.segment_id.id,
                "member_id": run.member_id.id,
                "partner_id": run.partner_id.id,
                "lead_id": run.lead_id.id,
                "field_name": field_name,
                "value": value.id,
                "original": self._find_original(record, field_name, value, others),
            }
        )
        if record._fields[field_name].type == "many2many":
            record[field_name] |= value
            return False
        winner = (others | claim)._get_winner()
        if record[field_name].id != winner.value:
            record[field_name] = winner.value
        if winner != claim:
            return self.env._("“%(name)s” comes first.", name=winner.segment_id.name)
        return False

    def _find_original(self, record, field_name, value, others):
        present = record[field_name]
        if record._fields[field_name].type == "many2many":
            same = others.filtered(lambda claim: claim.value == value.id)
            return same[0].original if same else int(value in present)
        if others and present.id == others._get_winner().value:
            return others[0].original
        # Somebody changed it by hand: that is what comes back. The older claims end.
        others.unlink()
        return present.id or 0

    def _get_of(self, record, field_name):
        column = "lead_id" if record._name == "crm.lead" else "partner_id"
        return self.search([(column, "=", record.id), ("field_name", "=", field_name)])

    def _get_winner(self):
        return self.sorted(lambda claim: (claim.segment_id.priority, claim.id))[:1]

    def _release(self):
        """End claims; what they set goes, unless it was changed by hand."""
        for claim in self:
            record = claim.lead_id or claim.partner_id
            others = self._get_of(record, claim.field_name) - claim
            if record._fields[claim.field_name].type == "many2many":
                same = others.filtered(lambda other, c=claim: other.value == c.value)
                if not same and not claim.original:
                    record[claim.field_name] -= record[claim.field_name].browse(
                        claim.value
                    )
            elif record[claim.field_name].id == (others | claim)._get_winner().value:
                rest = others._get_winner()
                record[claim.field_name] = rest.value if rest else claim.original
            claim.unlink()

    @api.model
    def _give_back(self):
        """End the claims of those who left their segment, and of actions that ended."""
        ended = self.sudo().search(
            [
                "|",
                ("member_id", "=", False),
                ("member_id.date_to", "!=", False),
                ("action_id.is_reverted", "=", True),
            ]
        )
        ended._release()
