from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.kpi_reading import PROBLEMS, Side
from .crm_dashboard_pipeline import WAITING


class CrmDashboard(models.AbstractModel):
    """What somebody should look at."""

    _inherit = "crm.dashboard"

    # === BUSINESS METHODS - ATTENTION === #

    def _ask_attention(self, reader, role, filters):
        """Ask for the counts of what is no KPI; return the keys of the answers."""
        rows = self._get_attention_rows(role, filters)
        return {
            code: (label, reader.ask(Side(model, domain, True, None, "__count")))
            for code, (label, model, domain) in rows.items()
        }

    def _get_attention(self, reader, keys, kpis, tiles):
        """Return what needs attention: first the KPIs of that kind, then the rest.

        :return: list of ``{"code", "label", "count", "error"}``
        """
        rows = []
        for kpi in kpis["attention"]:
            tile = tiles[kpi.id]
            rows.append(
                {
                    "code": kpi.code,
                    "label": kpi.name,
                    "count": tile["count"],
                    "error": tile["error"] or tile["note"],
                }
            )
        for code, (label, key) in keys.items():
            row = {"code": code, "label": label, "count": 0, "error": None}
            try:
                row["count"] = reader.get(key).get(None, {}).get("__count") or 0
            except PROBLEMS as error:
                row["error"] = str(error)
            rows.append(row)
        return rows

    def _get_attention_rows(self, role, filters):
        """Return what can need attention beside the KPIs of that kind.

        Hook: extend it with rows of your own. Archived records do not count.

        :return: dict of code -> (label, model, domain)
        """
        if role == "administrator":
            return self._get_setup_rows()
        if filters["user_id"]:
            return {}
        label = self.env._("Leads and opportunities that nobody has")
        nobody = WAITING & Domain("user_id", "=", False)
        domain = nobody & self._get_lead_domain(filters)
        return {"unassigned": (label, "crm.lead", domain)}

    def _get_setup_rows(self):
        """Return what is wrong with the glossary itself, for an administrator."""
        return {
            "broken_kpi": (
                self.env._("KPIs that do not work"),
                "crm.kpi",
                Domain("error_message", "!=", False),
            ),
            "review": (
                self.env._("Terms that wait for a review"),
                "crm.glossary.term",
                Domain("state", "=", "review"),
            ),
            "refresh": (
                self.env._("Refresh steps that failed"),
                "crm.criterion.refresh",
                Domain("error_message", "!=", False),
            ),
        }

    def _open_attention(self, code, filters, part):
        kpi = self._get_kpi(code)
        if kpi:
            return self._open_tile(kpi.id, filters, part)
        rows = self._get_attention_rows(None, filters) | self._get_setup_rows()
        if code not in rows:
            raise UserError(self.env._("The dashboard has no “%(kind)s”.", kind=code))
        label, model, domain = rows[code]
        return self._open_list(label, model, domain, active_test=True)
