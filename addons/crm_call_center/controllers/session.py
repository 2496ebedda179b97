from odoo import SUPERUSER_ID
from odoo.http import request, route

from odoo.addons.web.controllers.session import Session


class DeskSession(Session):
    """Whoever logs out leaves the calls of the desk to the others."""

    @route()
    def logout(self, *args, **kwargs):
        uid = request.session.uid
        if uid and request.db:
            queue = request.env(user=SUPERUSER_ID)["crm.call.queue"]
            queue._get_queue().release(queue.env, uid)
        return super().logout(*args, **kwargs)
