"""How views become events: visits, owners, purge, runs at once, health."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_scoring_website.models import website_track

from .common import SiteCase


@tagged("post_install", "-at_install")
class TestCounting(SiteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.visitor = cls._make_visitor("a")

    @classmethod
    def _make_visitor(cls, letter, **values):
        visitor = cls.env["website.visitor"].create(
            {"access_token": letter * 32, "website_id": cls.website.id}
        )
        visitor.write(values)
        return visitor

    def _view(self, path, hours, visitor=None, state="waiting"):
        """A page that was viewed some hours ago."""
        return self.Track.create(
            {
                "visitor_id": (visitor or self.visitor).id,
                "url": f"https://site.example{path}?x=1#y",
                "visit_datetime": self.now - timedelta(hours=hours),
                "scoring_state": state,
            }
        )

    def test_visits(self):
        """A page counts once a visit; a later visit is a return."""
        lead = self._make_lead(visitor_ids=[(4, self.visitor.id)])
        for path, hours in [
            ("/a", 40),
            ("/a/", 39),
            ("/b", 38),
            ("/b", 29),
            ("/a", 20),
            ("/c", 19),
        ]:
            self._view(path, hours)
        expected = ["/a", "/b", "/b", "/a", "/c"]
        with patch.object(website_track, "BATCH_SIZE", 2):
            self._poll()
        self.assertEqual(self._values(lead), expected)
        self.assertEqual(self._values(lead, "return_visit"), ["/b", "/a"])
        self.assertFalse(self.Track.search([("scoring_state", "=", "waiting")]))
        # All at once, the result is the same; twice, nothing changes.
        self.visitor.website_track_ids.scoring_state = "waiting"
        self._poll()
        self.assertEqual(self._values(lead), expected)

    def test_views_without_consent_are_no_visit_before(self):
        lead = self._make_lead(visitor_ids=[(4, self.visitor.id)])
        self._view("/a", 40, state=False)
        self._view("/a", 20)
        self._poll()
        self.assertEqual(self._values(lead), ["/a"])
        self.assertFalse(self._values(lead, "return_visit"))

    def test_addresses(self):
        path = self.Track._get_path
        self.assertEqual(path("https://s.example"), "/")
        self.assertEqual(path("https://s.example/bg/"), "/")
        self.assertEqual(path("https://s.example/bgr/x"), "/bgr/x")
        self.assertEqual(path("https://s.example/%D1%86%D0%B5%D0%BD%D0%B8"), "/цени")
        self.assertEqual(path(False), "/")

    def test_stranger_who_becomes_a_lead_later(self):
        self._view("/a", 300)
        self._view("/b", 200)
        self._poll()
        self.assertFalse(self.Event.search([("res_model", "=", "website.visitor")]))
        lead = self._make_lead()
        self.visitor.lead_ids = lead
        self.assertEqual(self._values(lead), ["/a", "/b"])
        self.assertEqual(self._values(lead, "return_visit"), ["/b"])

    def test_lead_that_gets_a_visitor(self):
        self._view("/a", 3)
        lead = self._make_lead()
        lead.write({"visitor_ids": [(4, self.visitor.id)]})
        self.assertEqual(self._values(lead), ["/a"])

    def test_a_long_past_is_left_to_the_refresh(self):
        for hours in range(6):
            self._view(f"/{hours}", hours)
        self._poll()
        lead = self._make_lead()
        path = "odoo.addons.crm_lead_scoring_website.models.website_visitor"
        with patch(f"{path}.VISITS_AT_ONCE", 2):
            self.visitor.lead_ids = lead
        self.assertEqual(len(self._values(lead)), 2)
        self._poll()
        self.assertEqual(len(self._values(lead)), 6)

    def test_a_visit_has_one_owner(self):
        """A contact with leads, else the newest open lead; merging doubles nothing."""
        first, second = self._make_lead(), self._make_lead()
        lost = self._make_lead(active=False)
        self.visitor.lead_ids = first + second + lost
        self._view("/a", 3)
        self._poll()
        self.assertFalse(self._values(first))
        self.assertFalse(self._values(lost))
        self.assertEqual(self._values(second), ["/a"])
        contact = self.env["res.partner"].create({"name": "Ana"})
        self.visitor.partner_id = contact
        self._view("/b", 2)
        self._poll()
        self.assertEqual(self._values(second), ["/a", "/b"])
        first.partner_id = contact
        self._view("/c", 1)
        self._poll()
        self.assertEqual(self._values(contact), ["/c"])
        merged = (first + second).merge_opportunity()
        self.assertEqual(self._values(merged), ["/a", "/b"])

    def test_visitors_are_merged_at_login(self):
        contact = self.env["res.partner"].create({"name": "Ana"})
        self._make_lead(partner_id=contact.id)
        known = self._make_visitor("b", partner_id=contact.id)
        self._view("/a", 30)
        self._view("/a", 20, known)
        self._poll()
        self.assertEqual(self._values(contact), ["/a"])
        self.visitor._merge_visitor(known)
        self.assertEqual(self._values(contact), ["/a", "/a"])
        self._poll()
        self.assertEqual(self._values(contact), ["/a", "/a"])

    def test_purge_counts_first(self):
        """What is waiting is counted before visitors are deleted; events stay."""
        lead = self._make_lead(visitor_ids=[(4, self.visitor.id)])
        self._view("/a", 2000)
        stranger = self._make_visitor("c")
        self._view("/b", 2000, stranger)
        (self.visitor + stranger).last_connection_datetime = self.now - timedelta(100)
        lead.visitor_ids = False
        self.visitor.lead_ids = lead
        with self.enter_registry_test_mode():
            self.env.ref("website.website_visitor_cron").method_direct_trigger()
        self.assertFalse(stranger.exists())
        self.assertTrue(self.visitor.exists(), "Odoo keeps visitors with a lead")
        self.visitor.unlink()
        self.assertEqual(self._values(lead), ["/a"])

    def test_ten_thousand_views_are_read_in_batches(self):
        lead = self._make_lead(visitor_ids=[(4, self.visitor.id)])
        self.Track.create(
            [
                {
                    "visitor_id": self.visitor.id,
                    "url": f"https://site.example/{number}",
                    "visit_datetime": self.now - timedelta(minutes=number),
                    "scoring_state": "waiting",
                }
                for number in range(2500)
            ]
        )
        self.env.flush_all()
        with self.assertQueryCount(120):
            self._poll()
        self.assertEqual(len(self._values(lead)), 2500)

    def test_health(self):
        signal = self.env["crm.lead.score.signal"]

        def problems(user=None):
            found = signal.with_user(user or self.env.user)._get_health_problems()
            return {problem["code"]: problem for problem in found}

        for website in self.env["website"].search([]):
            website.cookies_bar = True
        self.assertFalse(problems())
        self.env["ir.ui.view"].search([("track", "=", True)]).track = False
        self.env["website"].search([], limit=1).cookies_bar = False
        self.assertEqual(set(problems()), {"pages_not_tracked", "no_cookies_bar"})
        self._make_users()
        self.assertFalse(problems(self.manager)["pages_not_tracked"]["action"])
        designer = new_test_user(
            self.env,
            "designer",
            groups="sales_team.group_sale_manager,website.group_website_designer",
        )
        action = problems(designer)["pages_not_tracked"]["action"]
        self.assertEqual(action["res_model"], "website.page")
        # Odoo offers the list of pages with this filter.
        self.env["website.page"].get_view(
            self.env.ref("website.website_pages_view_search").id
        )
        self.assertEqual(action["context"], {"search_default_not_tracked": 1})

    def test_texts_that_are_no_address(self):
        """What strangers send as an address of a page stops nothing."""
        tracks = self.env["website.track"]
        self.assertEqual(tracks._get_path("http://["), "/")
        events = self.env["crm.lead.score.event"]
        lead = self.env["crm.lead"].create({"name": "Lead"})
        logged = events._log_signals(
            [
                {
                    "signal": "page_visit",
                    "lead_id": lead.id,
                    "value": tracks._get_path("https://shop.example/a%00b"),
                    "origin": "hostile/page",
                }
            ]
        )
        self.assertEqual(logged, 1)
        event = events.search([("origin", "=", "hostile/page")])
        self.assertEqual(event.value, "/ab")
