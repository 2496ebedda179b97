from odoo import models

MAX_SEGMENTS = 200


class CrmDashboard(models.AbstractModel):
    """The dashboard of one segment: its leads, or the leads of its contacts."""

    _inherit = "crm.dashboard"

    # === BUSINESS METHODS - FILTERS === #
    def _prepare_filters(self, role, filters):
        result = super()._prepare_filters(role, filters)
        segment_id = (filters or {}).get("segment_id")
        result["segment_id"] = self._check_record("crm.segment", segment_id)
        return result

    def _get_kpi_filters(self, filters):
        return {
            **super()._get_kpi_filters(filters),
            "segment_id": filters["segment_id"],
        }

    def _get_scope(self, filters):
        scope = super()._get_scope(filters)
        if filters["segment_id"]:
            segment = self.env["crm.segment"].browse(filters["segment_id"])
            return self.env._(
                "%(scope)s, in the segment “%(name)s”",
                scope=scope,
                name=segment.display_name,
            )
        return scope

    def _get_options(self, filters):
        segments = self.env["crm.segment"].search_fetch(
            [], ["name"], limit=MAX_SEGMENTS
        )
        segments |= segments.browse(filters["segment_id"] or [])
        return {
            **super()._get_options(filters),
            "segments": [{"id": one.id, "name": one.display_name} for one in segments],
        }
