"""Segments follow scores; coming to a segment counts for the score."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_lead_scoring.tests.common import ScoringCase


@tagged("post_install", "-at_install")
class TestSegmentScore(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Segment = cls.env["crm.segment"]
        cls.lead = cls._make_lead(referred="segment-score")
        cls.signal = cls.env["crm.lead.score.signal"].create(
            {"name": "Came to a segment", "code": "came_to_segment"}
        )
        cls._make_event_rule("came_to_segment", 25)
        cls._make_rule([("city", "=", "Ruse")], 40)

    def setUp(self):
        super().setUp()
        self._commit()
        self.env["crm.segment.dirty"].sudo().search([]).unlink()

    def _segment(self, leaf, **vals):
        segment = self.Segment.create(
            {
                "name": "Scored",
                "target": "lead",
                "domain": str([("referred", "=", "segment-score"), leaf]),
                **vals,
            }
        )
        segment.refresh()
        return segment

    def _commit(self):
        """Do what happens at the end of a user's transaction."""
        self.env.cr.flush()

    def _run(self, model):
        position = 0
        while position is not None:
            position, _done, _changed = model._refresh_batch(position)
        self.env.invalidate_all()

    def _members(self, segment):
        rows = self.env["crm.segment.member"].search(
            [("segment_id", "=", segment.id), ("date_to", "=", False)]
        )
        return rows.lead_id or rows.partner_id

    def test_members_follow_the_score(self):
        hot = self._segment(("lead_score", ">=", 40))
        self.lead.city = "Ruse"
        self._commit()
        self.assertEqual(self.lead.lead_score, 40)
        self._run(self.Segment)
        self.assertEqual(self._members(hot), self.lead)
        self.lead.city = "Varna"
        self._commit()
        self._run(self.Segment)
        self.assertFalse(self._members(hot))

    def test_a_signal_of_the_lead(self):
        hot = self._segment(("lead_score", ">=", 25))
        self._log(self.lead, signal="came_to_segment")
        self._commit()
        self._run(self.Segment)
        self.assertEqual(self._members(hot), self.lead)

    def test_a_contact_by_the_score_of_its_lead(self):
        partner = self.env["res.partner"].create({"name": "Scored", "ref": "scored"})
        self.lead.partner_id = partner
        hot = self._segment(
            ("opportunity_ids.lead_score", ">=", 40),
            target="partner",
            domain="[('ref', '=', 'scored'), ('opportunity_ids.lead_score', '>=', 40)]",
        )
        self._commit()
        self.lead.city = "Ruse"
        self._commit()
        self._run(self.Segment)
        self.assertEqual(self._members(hot), partner)

    def test_a_change_of_all_scores(self):
        hot = self._segment(("lead_score", ">=", 7))
        calm = self._segment(("city", "=", "Varna"))
        self._make_rule([("referred", "=", "segment-score")], 9)
        self._run(self.Score)
        self.assertFalse(hot.full_refresh_at)
        self.assertTrue(calm.full_refresh_at)
        self._run(self.Segment)
        self.assertEqual(self._members(hot), self.lead)

    def test_nothing_is_noted_where_nobody_asks(self):
        self.Segment.search([]).active = False
        self._segment(("city", "=", "Varna"), refresh_policy="daily")
        self.lead.city = "Ruse"
        self._commit()
        rows = self.env["crm.segment.dirty"].search([("source", "=", "crm.lead.score")])
        self.assertFalse(rows)

    def test_coming_to_a_segment_counts_once(self):
        segment = self._segment(("city", "=", "Varna"))
        action = self.env["crm.segment.action"].create(
            {
                "segment_id": segment.id,
                "kind": "score_event",
                "signal_id": self.signal.id,
            }
        )
        action.with_context(is_confirmed=True).action_switch_on()
        action.sudo().since = fields.Datetime.subtract(action.since, minutes=1)
        self.lead.city = "Varna"
        self._commit()
        segment.refresh()
        self.env["crm.segment.action"]._plan_all()
        runs = self.env["crm.segment.run"].search([("action_id", "=", action.id)])
        self.assertEqual(runs.lead_id, self.lead)
        runs._execute()
        self._commit()
        self.assertEqual(runs.mapped("state"), ["done"])
        self.assertEqual(self.lead.lead_score, 25)
        event = self.Event.search([("signal_id", "=", self.signal.id)])
        self.assertEqual(event.value, segment.name)
        runs.state = "planned"
        runs._execute()
        self._commit()
        self.assertEqual(runs.mapped("message"), ["Noted already."])
        self.assertEqual(self.lead.lead_score, 25)

    def test_a_trial_counts_nothing(self):
        segment = self._segment(("city", "=", False))
        self.assertEqual(self._members(segment), self.lead)
        action = self.env["crm.segment.action"].create(
            {
                "segment_id": segment.id,
                "kind": "score_event",
                "signal_id": self.signal.id,
            }
        )
        trial = self.env["crm.segment.dry.run"].create({"action_id": action.id})
        self.assertEqual(trial.done_count, 1)
        self._commit()
        self.assertEqual(self.lead.lead_score, 0)
        self.assertFalse(self.Event.search([("signal_id", "=", self.signal.id)]))

    def test_a_salesperson_sees_what_is_counted(self):
        segment = self._segment(("city", "=", "Varna"))
        self._make_users()
        self.salesman.group_ids = [
            Command.link(self.env.ref("crm_segmentation.group_segmentation_user").id)
        ]
        action = (
            self.env["crm.segment.action"]
            .with_user(self.salesman)
            .create(
                {
                    "segment_id": segment.id,
                    "kind": "score_event",
                    "signal_id": self.signal.id,
                }
            )
        )
        self.assertEqual(action.signal_id.name, "Came to a segment")
