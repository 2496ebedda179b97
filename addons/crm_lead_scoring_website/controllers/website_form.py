from urllib.parse import urlsplit

from odoo.http import request

from odoo.addons.website_crm.controllers import website_form


class WebsiteForm(website_form.WebsiteForm):
    def insert_record(self, request, model_sudo, values, custom, meta=None):
        """A form that makes a lead is a signal, of the page where it stands."""
        record_id = super().insert_record(
            request, model_sudo, values, custom, meta=meta
        )
        if record_id and model_sudo.model == "crm.lead":
            self._log_form(record_id)
        return record_id

    def _log_form(self, lead_id):
        page = request.httprequest.referrer
        try:
            own = urlsplit(page or "").netloc == request.httprequest.host
        except ValueError:
            # Whatever a browser sends: the lead is not lost by it.
            own = False
        event = {
            "signal": "form_submitted",
            "lead_id": lead_id,
            "value": request.env["website.track"]._get_path(page) if own else False,
            "origin": f"crm.lead,{lead_id}:form",
            "res_model": "crm.lead",
            "res_id": lead_id,
        }
        request.env["crm.lead.score.event"]._log_signals([event])
