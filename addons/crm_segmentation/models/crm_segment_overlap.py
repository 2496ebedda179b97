import itertools

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.crm_glossary_core import engine

#: More segments at once make a matrix that nobody reads.
MOST = 30


class CrmSegment(models.Model):
    """How much segments have in common."""

    _inherit = "crm.segment"

    # === ACTION METHODS === #
    def action_overlap(self):
        """Open the matrix of what these segments have in common."""
        self.check_access("read")
        self._check_comparable()
        return {
            "type": "ir.actions.client",
            "tag": "crm_segmentation.overlap",
            "name": self.env._("Overlap of Segments"),
            "params": {"segment_ids": self.ids},
        }

    def action_combine(self):
        """Open the dialog that makes a new segment of these."""
        self.check_access("read")
        self._check_comparable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Combine Segments"),
            "res_model": "crm.segment.combine",
            "view_mode": "form",
            "target": "new",
            "context": {"default_segment_ids": self.ids},
        }

    # === BUSINESS METHODS === #
    @api.model
    def overlap(self, segment_ids):
        """Return how many members each two segments have in common.

        Of the members that the user may see.

        :param list segment_ids: 2 to 30 segments with members of one kind
        :return: ``{"model": name, "segments": [{"id", "name", "count"}],
            "counts": [[number]]}``; the diagonal holds the sizes
        :raise UserError: too few, too many, or of different kinds
        """
        self.check_access("read")
        segments = self.browse(self._read_ids(segment_ids)).exists()
        segments.check_access("read")
        segments._check_comparable()
        counts = segments._count_pairs()
        return {
            "model": segments[0].model_name,
            "segments": [
                {"id": segment.id, "name": segment.name, "count": counts[place][place]}
                for place, segment in enumerate(segments)
            ],
            "counts": counts,
        }

    def _check_comparable(self):
        if not 2 <= len(self) <= MOST:
            raise UserError(
                self.env._("Choose between 2 and %(most)s segments.", most=MOST)
            )
        if len(set(self.mapped("target"))) > 1:
            raise UserError(
                self.env._(
                    "Some of the segments have contacts as members, others leads:"
                    " choose segments of one kind."
                )
            )

    def _count_pairs(self):
        place = {segment_id: index for index, segment_id in enumerate(self.ids)}
        counts = [[0] * len(self) for _segment in self]
        for ids, count in self._count_combinations().items():
            for one, other in itertools.product(ids, repeat=2):
                counts[place[one]][place[other]] += count
        return counts

    def _count_combinations(self):
        """Count the present members that the user may see, by the segments they share.

        :return: dict ``{frozenset of segment ids: number of members}``
        """
        return engine.overlaps(
            self.env["crm.segment.member"],
            [("date_to", "=", False)],
            self.ids,
            record=f"{self[:1].target}_id",
        )
