import json

from werkzeug.exceptions import InternalServerError

from odoo.exceptions import UserError
from odoo.http import (
    Controller,
    content_disposition,
    request,
    route,
    serialize_exception,
)

from ..tools.dashboard_sheet import write_dashboard

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CrmDashboardController(Controller):
    @route(
        "/crm_glossary_core/dashboard.xlsx",
        type="http",
        auth="user",
        methods=["POST"],
        readonly=True,
    )
    def export_dashboard(self, role=None, filters="{}"):
        """Send the numbers of the dashboard, read with the rights of the user."""
        dashboard = request.env["crm.dashboard"]
        try:
            chosen = json.loads(filters)
            data = dashboard.get_dashboard(role or None, chosen)
            data["tiles"] += dashboard.get_more_tiles(data["role"], data["filters"])
        except ValueError:
            return self._refuse(
                UserError(request.env._("The filters are not readable."))
            )
        except UserError as error:
            return self._refuse(error)
        name = f"{request.env._('CRM Dashboard')} {data['filters']['date_to']}.xlsx"
        return request.make_response(
            write_dashboard(request.env, data),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _refuse(self, error):
        """Let the web client show the reason, as for Odoo's own exports."""
        payload = {
            "code": 0,
            "message": "Odoo Server Error",
            "data": serialize_exception(error),
        }
        raise InternalServerError(json.dumps(payload)) from error
