from odoo import models
from odoo.exceptions import UserError

from ..tools.kpi_reading import PROBLEMS

#: More than fit on a screen help nobody; the others follow on demand.
MAX_TILES = 8
#: These are lists of work rather than results: they stand under "needs attention".
ATTENTION = (
    "overdue_activities",
    "open_without_activity",
    "slipped_deals",
    "rotting_deals",
)
WIN_RATE = "win_rate_closed"
MAX_SOURCES = 8


class CrmDashboard(models.AbstractModel):
    """The KPIs on the dashboard: tiles and the win rate by source."""

    _inherit = "crm.dashboard"

    # === BUSINESS METHODS - KPIS === #

    def _get_kpis(self, role):
        """Return the KPIs of a role's dashboard by where they stand.

        :return: ``{"shown", "more", "attention", "win_rate"}`` of ``crm.kpi``
        """
        audience_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"crm_glossary_core.audience_{role}"
        )
        own = self.env["crm.kpi"].search([("audience_ids", "in", [audience_id])])
        tiles = own.filtered(lambda kpi: kpi.code not in ATTENTION)
        win_rate = self._pick(own, WIN_RATE) or self._get_kpi(WIN_RATE)
        return {
            "shown": tiles[:MAX_TILES],
            "more": tiles[MAX_TILES:],
            "attention": own.filtered(lambda kpi: kpi.code in ATTENTION).sorted(
                lambda kpi: ATTENTION.index(kpi.code)
            ),
            "win_rate": win_rate,
        }

    def _pick(self, kpis, code):
        """Return the KPI of a code; one of the company before that of all."""
        found = kpis.filtered(lambda kpi: kpi.code == code)
        return found.sorted(lambda kpi: not kpi.company_id)[:1]

    def _get_kpi(self, code):
        return self._pick(self.env["crm.kpi"].search([("code", "=", code)]), code)

    # === BUSINESS METHODS - TILES === #

    def _get_tiles(self, reader, kpis, filters):
        """Return ``{kpi id: tile}`` of what the page shows; runs the reader."""
        tiles = (kpis["shown"] | kpis["attention"])._get_tiles(
            filters["date_from"],
            filters["date_to"],
            self._get_kpi_filters(filters),
            reader=reader,
        )
        return {tile["id"]: tile for tile in tiles}

    def _open_tile(self, kpi_id, filters, part):
        kpi = self.env["crm.kpi"]
        if isinstance(kpi_id, int):
            kpi = kpi.search([("id", "=", kpi_id)])
        if not kpi:
            raise UserError(self.env._("This KPI does not exist any more."))
        return self._open_kpi(kpi, filters, part or "numerator")

    def _open_kpi(self, kpi, filters, part, **group):
        domain = kpi._get_filter_domain(self._get_kpi_filters(filters))
        if domain is None:
            raise UserError(kpi._get_unfiltered_note())
        return kpi.action_open_records(
            filters["date_from"],
            filters["date_to"],
            domain=domain,
            part=part,
            **group,
        )

    # === BUSINESS METHODS - WIN RATE BY SOURCE === #

    def _ask_sources(self, reader, kpis, filters):
        """Ask for the closed and the won deals by source; return what to read."""
        kpi = kpis["win_rate"]
        try:
            sides = kpi and kpi._get_filtered_sides(self._get_kpi_filters(filters))
            window = filters["date_from"], filters["date_to"]
            keys = [
                reader.ask(side, window, kpi._get_groupby(side, sides, "source_id"))
                for side in sides or ()
            ]
        except PROBLEMS as error:
            return {"kpi": kpi, "error": str(kpi._explain(error))}
        return {"kpi": kpi, "sides": sides, "keys": keys, "error": None}

    def _get_sources(self, reader, asked):
        """Return the sources with most closed deals, and what was won of them.

        :return: ``{"rows": [{"source_id", "label", "value", "numerator",
            "denominator"}], "more": number of sources left out, "error"}``
        """
        kpi, nothing = asked["kpi"], {"rows": [], "more": 0, "error": asked["error"]}
        if asked["error"] or not asked["keys"]:
            return nothing
        try:
            answers = [reader.get(key) for key in asked["keys"]]
        except PROBLEMS as error:
            return {**nothing, "error": str(kpi._explain(error))}
        found = kpi._combine(asked["sides"], answers)
        closed = {group: row for group, row in found.items() if row["denominator"]}
        order = sorted(closed, key=lambda group: -closed[group]["denominator"])
        shown = order[:MAX_SOURCES]
        labels = kpi._get_group_labels(asked["sides"][0], "source_id", shown)
        rows = [
            {
                "source_id": group or False,
                "label": labels[group] if group else self.env._("Without source"),
                "value": closed[group]["value"],
                "numerator": closed[group]["numerator"],
                "denominator": closed[group]["denominator"],
            }
            for group in shown
        ]
        return {"rows": rows, "more": len(order) - len(shown), "error": None}

    def _open_source(self, source_id, filters, part):
        kpi = self._get_kpi(WIN_RATE)
        if not kpi or source_id and not isinstance(source_id, int):
            raise UserError(self.env._("This KPI does not exist any more."))
        return self._open_kpi(
            kpi,
            filters,
            part or "denominator",
            group_by="source_id",
            group=source_id,
        )
