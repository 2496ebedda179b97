import logging

from odoo import api, fields, models
from odoo.fields import Domain

from .crm_segment_refresh import RETRIED
from .crm_segment_run import BATCH, on_its_own

_logger = logging.getLogger(__name__)


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
        "crm.segment.action", readonly=True, index=True, ondelete="set null"
    )
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, index=True, ondelete="set null"
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
    written = fields.Integer(
        readonly=True,
        help="Id of what was last written there: anything else came from somebody.",
    )
    is_unsettled = fields.Boolean(
        readonly=True, help="Segments were put in another order since."
    )

    _once = models.UniqueIndex("(action_id, member_id, field_name)")
    _unsettled = models.Index("(id) WHERE is_unsettled")

    # === BUSINESS METHODS === #
    @api.model
    def _claim(self, run, record, field_name, value):
        """Let the segment of a run claim a field; return what came of it, or nothing.

        :param run: a ``crm.segment.run``
        :param value: the record that the field is to hold
        """
        is_tag = record._fields[field_name].type == "many2many"
        others = self._get_of(record, field_name)
        if is_tag:
            others = others.filtered(lambda claim: claim.value == value.id)
        elif others and record[field_name].id != others._get_written():
            # Somebody changed it by hand: that is what comes back. Older claims end.
            others.unlink()
            others = self.browse()
        claim = others.filtered(
            lambda claim: (
                claim.action_id == run.action_id and claim.member_id == run.member_id
            )
        )
        if claim:
            claim.value = value.id
        else:
            present = record[field_name]
            before = int(value in present) if is_tag else present.id
            claim = self.create(
                {
                    "action_id": run.action_id.id,
                    "segment_id": run.segment_id.id,
                    "member_id": run.member_id.id,
                    "partner_id": run.partner_id.id,
                    "lead_id": run.lead_id.id,
                    "field_name": field_name,
                    "value": value.id,
                    "original": others[0].original if others else before,
                }
            )
        if is_tag:
            record[field_name] |= value
            return False
        winner = (others | claim)._write_winner(record, field_name)
        if winner != claim:
            return self.env._("“%(name)s” comes first.", name=winner.segment_id.name)
        return False

    def _get_of(self, record, field_name):
        """Return the claims on a field that hold: their members have not left."""
        column = "lead_id" if record._name == "crm.lead" else "partner_id"
        return self.search(
            [
                (column, "=", record.id),
                ("field_name", "=", field_name),
                ("action_id", "!=", False),
                ("segment_id", "!=", False),
                ("member_id", "!=", False),
                ("member_id.date_to", "=", False),
            ]
        )

    def _get_winner(self):
        return self.sorted(lambda claim: (claim.segment_id.priority, claim.id))[:1]

    def _get_written(self):
        """Return the id of what these claims on one field last wrote there."""
        # Claims of before the field was there know only who wins.
        return self[-1:].written or self._get_winner().value

    def _write_winner(self, record, field_name):
        """Write what the first of these claims on one field wants; return it."""
        winner = self._get_winner()
        if record[field_name].id != winner.value:
            record[field_name] = winner.value
        self.write({"written": winner.value, "is_unsettled": False})
        return winner

    @api.model
    def _settle_some(self):
        """Settle fields whose segments were put in another order; return how many."""
        unsettled = self.sudo().search([("is_unsettled", "=", True)], limit=BATCH)
        for claim in unsettled.filtered("is_unsettled"):
            record = claim.lead_id or claim.partner_id
            claims = self._get_of(record, claim.field_name)
            if claims and record[claim.field_name].id == claims._get_written():
                claims._write_winner(record, claim.field_name)
        unsettled.is_unsettled = False
        return len(unsettled)

    @api.model
    def _follow_merge(self, record, column, others, moved):
        """Give the claims on merged contacts or leads to the one that remains.

        What stood there before is what stood on the one that remains.

        :param column: ``partner_id`` or ``lead_id``
        :param others: ids of the records that go
        :param dict moved: the memberships that became part of others, by id
        """
        claims = self.sudo().search([(column, "in", others)])
        present = self.sudo().search([(column, "=", record.id)])
        for claim in claims:
            own = claim._get_rivals(present)
            key = claim._get_merged_key(moved)
            if any(row._get_merged_key(moved) == key for row in own):
                claim.unlink()
                continue
            claim[column] = record
            if own:
                claim.write({"original": own[0].original, "written": own[-1].written})
            present |= claim
        for claim in present.filtered(lambda row: row.member_id.id in moved):
            claim.member_id = moved[claim.member_id.id]

    def _get_rivals(self, claims):
        """Return those of the claims that want the same field, of tags the same tag."""
        field = self.env["crm.lead" if self.lead_id else "res.partner"]._fields.get(
            self.field_name
        )
        is_tag = field and field.type == "many2many"
        return claims.filtered(
            lambda row: (
                row.field_name == self.field_name
                and (not is_tag or row.value == self.value)
            )
        )

    def _get_merged_key(self, moved):
        return self.action_id, moved.get(self.member_id.id, self.member_id.id)

    @api.model
    def _give_back(self, limit=None):
        """End the claims of those who left, and of what was deleted; return how many.

        :param int limit: so many at most
        """
        ended = self.sudo().search(self._get_ended_domain(), limit=limit)
        for claim in ended:
            claim._end()
        count = len(ended)
        ended.unlink()
        return count

    def _give_back_some(self):
        return self._give_back(limit=BATCH)

    def _get_ended_domain(self):
        """Claims of what is deleted, and of those who left and no pause holds."""
        paused = self.env["res.company"].sudo()
        paused = paused.search([("segment_actions_paused", "=", True)])
        left = Domain("member_id", "=", False) | Domain(
            "member_id.date_to", "!=", False
        )
        left &= Domain("segment_id.is_paused", "=", False)
        left &= Domain("segment_id.company_id", "not in", paused.ids)
        if self.env.company in paused:
            left &= Domain("segment_id.company_id", "!=", False)
        gone = Domain("segment_id", "=", False) | Domain("action_id", "=", False)
        return gone | left

    def _end(self):
        """End one claim: what it set goes, unless it was changed by hand."""
        self.ensure_one()
        try:
            with on_its_own(self.env):
                if not self.action_id or self.action_id.is_reverted:
                    self._take_back()
        except RETRIED:
            raise
        except Exception as error:
            # It stays as it is; the log of the action says so.
            _logger.info("Claim %s could not be taken back", self.id, exc_info=True)
            runs = self.env["crm.segment.run"].search(
                [
                    ("action_id", "=", self.action_id.id),
                    ("member_id", "=", self.member_id.id),
                ]
            )
            runs.message = self.env._(
                "Could not be taken back: %(reason)s", reason=str(error).split("\n")[0]
            )

    def _take_back(self):
        record = self.lead_id or self.partner_id
        name = self.field_name
        field = record._fields.get(name)
        if not field:
            return
        values = self.env[field.comodel_name]
        others = self._get_of(record, name) - self
        if field.type == "many2many":
            if not self.original and self.value not in others.mapped("value"):
                record[name] -= values.browse(self.value)
        elif record[name].id != (others or self)._get_written():
            return
        elif others:
            others._write_winner(record, name)
        else:
            record[name] = values.browse(self.original).exists()
