from odoo.http import Controller, content_disposition, request, route

from ..tools import model_file


class CrmLeadScoreModelController(Controller):
    @route("/crm_lead_scoring/model/<int:model_id>", type="http", auth="user")
    def download(self, model_id, **_kwargs):
        """Give a scoring model as a file to those who may write it."""
        models_ = request.env["crm.lead.score.model"]
        models_.check_access("write")
        model = models_.browse(model_id).exists()
        if not model:
            return request.not_found()
        model.check_access("write")
        return request.make_response(
            model_file.dumps(model._to_dict()),
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(model._get_file_name())),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
