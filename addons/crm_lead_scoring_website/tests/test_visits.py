"""Pages that are really opened and forms that are really sent."""

from odoo import http
from odoo.tests import new_test_user, tagged

from .common import ESSENTIAL, SiteCase


@tagged("post_install", "-at_install")
class TestVisits(SiteCase):
    def _send_form(self, email="ana@customer.example", page="/pricing", **values):
        """Send the contact form; return the lead."""
        response = self.url_open(
            "/website/form/crm.lead",
            data={
                "name": "Request",
                "contact_name": "Ana",
                "email_from": email,
                "csrf_token": http.Request.csrf_token(self),
                **values,
            },
            headers={"Referer": f"{self.base_url()}{page}"},
        )
        return self.env["crm.lead"].browse(response.json()["id"])

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def test_pages_and_form_of_a_lead(self):
        """What was visited before the form counts at once, later visits when polled."""
        self._rule("page_visit", 3, value_pattern="/pricing*")
        self._rule("form_submitted", 10)
        self._visit("/pricing?utm_source=x", "/about", "/pricing")
        lead = self._send_form()
        self.assertEqual(self._values(lead), ["/pricing"])
        self.assertEqual(self._values(lead, "form_submitted"), ["/pricing"])
        self._settle()
        self.assertEqual(lead.lead_score, 13)
        self._visit("/demo")
        self._poll()
        self._poll()
        self.assertEqual(self._values(lead), ["/pricing", "/demo"])
        self._settle()
        self.assertEqual(lead.lead_score, 13)
        self.assertEqual(lead.visitor_ids, self._visitor())

    def test_without_consent_nothing_is_counted(self):
        for consent in (None, ESSENTIAL, "true", "[]"):
            visitor = self._visit("/pricing", consent=consent)
        self.assertEqual(len(visitor.website_track_ids), 4, "Odoo tracks them")
        lead = self._send_form()
        self._poll()
        self.assertFalse(self._values(lead))
        self.assertEqual(len(self._values(lead, "form_submitted")), 1)

    def test_only_views_with_consent_are_counted(self):
        """Neither what was viewed before nor what is viewed after it is withdrawn."""
        self._visit("/pricing", consent=None)
        self._visit("/demo")
        self._visit("/pricing", consent=ESSENTIAL)
        lead = self._send_form()
        self._poll()
        self.assertEqual(self._values(lead), ["/demo"])

    def test_without_cookies_bar_nobody_was_asked(self):
        self.website.cookies_bar = False
        self._visit("/pricing")
        lead = self._send_form()
        self._poll()
        self.assertFalse(self._values(lead))

    def test_pages_in_another_language_have_the_same_address(self):
        self.env["res.lang"]._activate_lang("bg_BG")
        self.website.language_ids += self.env.ref("base.lang_bg")
        self._visit("/bg/pricing", "/bg")
        lead = self._send_form(page="/bg/pricing")
        self.assertEqual(self._values(lead)[:1], ["/pricing"])
        self.assertEqual(self._values(lead, "form_submitted"), ["/pricing"])

    def test_the_form_of_another_site_has_no_page(self):
        response = self.url_open(
            "/website/form/crm.lead",
            data={
                "name": "Request",
                "email_from": "a@b.example",
                "csrf_token": http.Request.csrf_token(self),
            },
            headers={"Referer": "https://elsewhere.example/secret"},
        )
        lead = self.env["crm.lead"].browse(response.json()["id"])
        self.assertEqual(self._values(lead, "form_submitted"), [False])

    def test_contact_who_logs_in(self):
        """Who was a stranger before is a contact with a lead afterwards."""
        user = new_test_user(self.env, "customer", groups="base.group_portal")
        lead = self._make_lead(partner_id=user.partner_id.id)
        self._rule("page_visit", 2)
        self._visit("/pricing")
        self._poll()
        self.assertFalse(self._values(user.partner_id))
        self.url_open(
            "/web/login",
            data={
                "login": "customer",
                "password": "customer",
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(self._visitor().partner_id, user.partner_id)
        self.assertEqual(self._values(user.partner_id), ["/pricing"])
        self._visit("/demo")
        self._poll()
        self.assertEqual(self._values(user.partner_id), ["/pricing", "/demo"])
        self._settle()
        self.assertEqual(lead.lead_score, 4)

    def test_colleagues_are_no_signals(self):
        user = new_test_user(self.env, "colleague", groups="base.group_user")
        self._make_lead(partner_id=user.partner_id.id)
        self.authenticate("colleague", "colleague")
        self._visit("/pricing")
        self._poll()
        self.assertFalse(self._values(user.partner_id))

    def test_a_page_costs_few_queries_more(self):
        """The page itself scores nothing."""
        self._visit("/pricing")
        self.assertEqual(self._visitor().website_track_ids.scoring_state, "waiting")
        self.assertFalse(self.Event.search([("res_model", "=", "website.visitor")]))
