import json
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestLogActions(ScoringCase):
    """Events from automations and by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.leads = cls._make_lead("One") + cls._make_lead("Two")
        cls._make_event_rule("call_held", 7)
        cls.signal = cls.env["crm.lead.score.signal"].search(
            [("code", "=", "call_held")]
        )

    def _make_action(self, model="crm.lead", **values):
        return self.env["ir.actions.server"].create(
            {
                "model_id": self.env["ir.model"]._get_id(model),
                "state": "log_score_event",
                "score_signal_id": self.signal.id,
                "score_value": "Fair",
                "name": "Log",
                **values,
            }
        )

    @freeze_time("2026-06-17 12:00:00")
    def test_server_action(self):
        action = self._make_action()
        run = action.with_context(
            active_model="crm.lead", active_ids=self.leads.ids, active_id=self.leads.ids
        )
        run.run()
        self.assertEqual(self.leads.mapped("lead_score"), [7, 7])
        run.run()
        self.assertEqual(self.leads.mapped("lead_score"), [7, 7], "the same moment")
        event = self.Event.search([("lead_id", "=", self.leads[0].id)])
        self.assertEqual((event.signal, event.value), ("call_held", "Fair"))

    def test_server_action_on_contacts(self):
        partner = self.env["res.partner"].create({"name": "A"})
        self.leads[0].partner_id = partner
        action = self._make_action("res.partner")
        action.with_context(active_model="res.partner", active_id=partner.id).run()
        self.assertEqual(self.leads.mapped("lead_score"), [7, 0])

    def test_server_action_says_what_is_missing(self):
        self.assertFalse(self._make_action().warning)
        self.assertIn("signal", self._make_action(score_signal_id=False).warning)
        self.assertIn("leads and contacts", self._make_action("res.users").warning)
        self.assertEqual(
            set(self._make_action().available_model_ids.mapped("model")),
            {"crm.lead", "res.partner"},
        )

    def test_by_hand(self):
        self.leads.user_id = self.salesman
        Log = self.env["crm.lead.score.log"].with_user(self.salesman)
        with Form(
            Log.with_context(active_model="crm.lead", active_ids=self.leads.ids)
        ) as form:
            form.signal_id = self.signal
            form.value = "Fair"
        wizard = form.record
        wizard.action_apply()
        wizard.action_apply()
        self.assertEqual(self.leads.mapped("lead_score"), [7, 7])
        self.leads[1].user_id = self.seller_all
        with self.assertRaises(AccessError):
            Log.create(
                {"lead_ids": self.leads[1].ids, "signal_id": self.signal.id}
            ).action_apply()

    def test_events_of_a_lead(self):
        partner = self.env["res.partner"].create({"name": "A"})
        lead, other = self.leads
        lead.partner_id = other.partner_id = partner
        self._log(lead, "call_held")
        self._log(other, "call_held")
        self._log(signal="call_held", partner_id=partner.id)
        action = lead.action_view_score_events()
        found = self.Event.search(action["domain"])
        self.assertEqual(len(found), 2)
        self.assertNotIn(other, found.lead_id)


@tagged("post_install", "-at_install")
class TestLogOverHttp(HttpCase):
    """Any program adds a signal: /json/2 with a key of its user."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env, "score_robot", groups="sales_team.group_sale_salesman"
        )
        key = self.env["res.users.apikeys"].with_user(self.user)
        self.key = key._generate(
            "rpc", "test", fields.Datetime.now() + timedelta(days=1)
        )
        self.lead = self.env["crm.lead"].create(
            {"name": "Lead", "user_id": self.user.id}
        )

    def _post(self, values_list):
        return self.url_open(
            "/json/2/crm.lead.score.event/log",
            data=json.dumps({"values_list": values_list}),
            headers={
                "Authorization": f"bearer {self.key}",
                "Content-Type": "application/json",
            },
        )

    def test_log(self):
        event = {
            "lead_id": self.lead.id,
            "signal": "chat",
            "date": "2026-01-31T10:00:00Z",
            "value": "Help desk",
            "origin": "robot/1",
        }
        answer = self._post([event])
        self.assertEqual(answer.status_code, 200, answer.text)
        [event_id] = answer.json()
        found = self.env["crm.lead.score.event"].browse(event_id)
        self.assertEqual((found.lead_id, found.value), (self.lead, "Help desk"))
        self.assertEqual(found.create_uid, self.user)
        self.assertEqual(self._post([event]).json(), [], "the same event again")

    def test_errors_are_sentences(self):
        for values, status, text in (
            ({"signal": "nonsense"}, 422, "there is no signal “nonsense”"),
            ({"lead_id": 10**9}, 422, "not there"),
            ({"date": "2999-01-01"}, 422, "in the future"),
        ):
            event = {"lead_id": self.lead.id, "signal": "chat", "origin": "robot/2"}
            answer = self._post([{**event, **values}])
            self.assertEqual(answer.status_code, status, answer.text)
            self.assertIn(text, answer.json()["message"])
        self.lead.user_id = False
        self.lead.team_id = False
        other = new_test_user(
            self.env, "score_other", groups="sales_team.group_sale_salesman"
        )
        self.lead.user_id = other
        answer = self._post(
            [{"lead_id": self.lead.id, "signal": "chat", "origin": "robot/3"}]
        )
        self.assertEqual(answer.status_code, 403)
