import json
import re
from urllib.parse import unquote

from odoo import models
from odoo.http import request

#: What a visitor answered to the cookies bar, as his browser sends it.
ANSWER = re.compile(r"(?:^|;)\s*website_cookies_bar=([^;]*)")


class Website(models.Model):
    """A website asks its visitors whether their visits may be counted."""

    _inherit = "website"

    # === HOOKS === #

    def _is_visit_counted(self):
        """Whether the visitor of the current request consented to optional cookies.

        Odoo takes it as consent when a website has no cookies bar. We do not: nobody
        was asked. Override this where another tool asks for consent.
        """
        return bool(self.cookies_bar) and (
            self.env["ir.http"]._is_allowed_cookie("optional")
            or self._read_cookies_answer().get("optional") is True
        )

    def _read_cookies_answer(self):
        """Return the visitor's answer to the cookies bar, empty without one.

        Browsers send it as bare JSON, and newer versions of Werkzeug leave a cookie
        with quotes in it out of ``request.cookies``: Odoo does not see it then.
        """
        match = ANSWER.search(request.httprequest.headers.get("Cookie", ""))
        try:
            answer = json.loads(unquote(match[1].strip())) if match else {}
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}
