"""What the tests of readiness share: a scoring model with thresholds, and a lever."""

from contextlib import contextmanager

from odoo.exceptions import UserError

from odoo.addons.crm_glossary_core import engine

from .common import ScoringCase


class ReadinessCase(ScoringCase):
    """The expected revenue of a lead is its score: one rule for each bit of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["crm.lead.score.run"]
        cls.Handover = cls.env["crm.lead.score.handover"]
        cls.Reason = cls.env["crm.lead.score.return.reason"]
        cls.model.write({"ready_score": 60, "unready_score": 45})
        for points in (10, 20, 30, 40):
            # A tag of that name gives that many points.
            tag = cls.env["crm.tag"].create({"name": f"Worth {points}"})
            cls._make_rule([("tag_ids", "in", tag.ids)], points, name=tag.name)
            setattr(cls, f"tag_{points}", tag)
        cls.action_lead = cls.env["ir.model"]._get("crm.lead")
        cls.Score._refresh_all()

    def _set_points(self, lead, points):
        """Give a lead the tags that add up to so many points."""
        tags = self.env["crm.tag"]
        for worth in (40, 30, 20, 10):
            if points >= worth:
                tags += getattr(self, f"tag_{worth}")
                points -= worth
        self.assertFalse(points, "not a sum of tags")
        lead.tag_ids = tags
        self._settle()

    @contextmanager
    def assertRefused(self, text, error=UserError):
        """The block is refused with these words, and leaves nothing behind."""
        with self.assertRaises(error) as caught:
            yield
        self.assertIn(text, str(caught.exception))

    def _end(self):
        """What the end of the transaction does."""
        self.env.cr.flush()

    def _make_action(self, code, name="Test action", **values):
        return self.env["ir.actions.server"].create(
            {
                "name": name,
                "model_id": self.action_lead.id,
                "state": "code",
                "code": code,
                "usage": "ir_actions_server",
                **values,
            }
        )

    def _runs(self, lead, **values):
        runs = self.Run.search([("lead_id", "=", lead.id)], order="id")
        return runs.filtered(lambda r: all(r[k] == v for k, v in values.items()))

    def _move_time(self, lead, **column_seconds):
        """Let a lead's time stand so many seconds earlier."""
        for column, seconds in column_seconds.items():
            self.cr.execute(
                f"UPDATE crm_lead_score SET {column} = {column}"  # noqa: S608
                " - %s * INTERVAL '1 second' WHERE id = %s",
                [seconds, lead.id],
            )
        self.env.invalidate_all()

    def _settle(self):
        engine.pending.run(self.env)
