"""A website with a tracked page, its visitors, and a rule on their visits."""

import json
from urllib.parse import urlsplit

from odoo.tests import HttpCase

from odoo.addons.crm_lead_scoring.tests.common import ScoringCase

CONSENT = json.dumps({"required": True, "optional": True})
ESSENTIAL = json.dumps({"required": True, "optional": False})


class SiteCase(HttpCase, ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo tracks no page that a read-only replica serves.
        cls.set_registry_readonly_mode(False)
        cls.Event = cls.env["crm.lead.score.event"]
        cls.Track = cls.env["website.track"]
        cls.website = cls.env["website"].get_current_website()
        cls.website.cookies_bar = True
        cls.pages = {
            name: cls._make_page(f"/{name}", track=name != "about")
            for name in ("pricing", "demo", "about")
        }

    @classmethod
    def _make_page(cls, url, track):
        view = cls.env["ir.ui.view"].create(
            {
                "name": url,
                "type": "qweb",
                "key": f"website.scoring_{url[1:]}",
                "arch": '<t t-call="website.layout"><div id="wrap">Text</div></t>',
                "track": track,
            }
        )
        return cls.env["website.page"].create(
            {"url": url, "view_id": view.id, "is_published": True}
        )

    def _rule(self, code, points=10, **values):
        return self._make_rule(
            [],
            points,
            "engagement",
            kind="event",
            signal_id=self.env.ref(f"crm_lead_scoring.crm_lead_score_signal_{code}").id,
            **values,
        )

    def _visit(self, *urls, consent=CONSENT):
        """Open pages in the same browser; the visitor's answer to the cookies bar."""
        cookies, host = self.opener.cookies, urlsplit(self.base_url()).hostname
        cookies.set("website_cookies_bar", consent or None, domain=host, path="/")
        for url in urls:
            self.assertEqual(self.url_open(url).status_code, 200)
        return self._visitor()

    def _visitor(self):
        """The latest visitor."""
        self.env.invalidate_all()
        return self.env["website.visitor"].search([], order="id desc", limit=1)

    def _poll(self):
        position = 0
        while position is not None:
            position, _done, _changed = self.Track._refresh_batch(position)

    def _values(self, owner, code="page_visit"):
        """Values of the events of a lead or a contact, oldest first."""
        field = "lead_id" if owner._name == "crm.lead" else "partner_id"
        domain = [(field, "=", owner.id), ("signal_id.code", "=", code)]
        return self.Event.search(domain, order="date, id").mapped("value")
