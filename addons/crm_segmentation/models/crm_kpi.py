from odoo import api, models
from odoo.fields import Domain

#: Where the segments of a KPI's records may be found.
PATHS = (
    "segment_ids",
    "partner_id.segment_ids",
    "lead_id.segment_ids",
    "opportunity_id.segment_ids",
)


class CrmKpi(models.Model):
    """KPIs by segment: of the records themselves, of their leads, of their customers.

    A record that is in two segments counts in both groups.
    """

    _inherit = "crm.kpi"

    # === BUSINESS METHODS - GROUPS === #
    def _get_group_by_names(self):
        names = super()._get_group_by_names()
        return [*names, *(path for path in PATHS if path not in names)]

    def _get_path_field(self, model_name, path):
        label = super()._get_path_field(model_name, path)
        if label and path == "partner_id.segment_ids":
            return self.env._("Segments of the customer")
        return label

    # === BUSINESS METHODS - FILTERS === #
    @api.model
    def _get_model_filter(self, model_name, filters):
        domain = super()._get_model_filter(model_name, filters)
        segment_id = (filters or {}).get("segment_id")
        if domain is None or not segment_id:
            return domain
        segment = self.env["crm.segment"].browse(segment_id)
        for path in PATHS:
            model = self._get_segment_model(model_name, path)
            if model == segment.model_name:
                return domain & Domain(path, "in", segment.ids)
        return None

    @api.model
    def _get_segment_model(self, model_name, path):
        """Return the model whose segments a path leads to; ``None`` if to none."""
        for name in path.split(".")[:-1]:
            field = self.env[model_name]._fields.get(name)
            if field is None or field.type != "many2one":
                return None
            model_name = field.comodel_name
        return model_name if "segment_ids" in self.env[model_name]._fields else None

    def _get_snapshot_values(self, starts, filters):
        """What is kept of the past is about everybody."""
        if (filters or {}).get("segment_id"):
            return {}
        return super()._get_snapshot_values(starts, filters)
