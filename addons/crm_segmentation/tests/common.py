from ast import literal_eval
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.crm_glossary_core import engine


class SegmentCase(TransactionCase):
    """A few contacts and leads, one user for each role, and short ways to ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "UTC"
        cls.Segment = cls.env["crm.segment"]
        cls.Member = cls.env["crm.segment.member"]
        # Segments of the demo data would be seen on the test's contacts.
        cls.Segment.search([]).active = False
        cls.salesperson = new_test_user(
            cls.env, "seg_salesperson", groups="sales_team.group_sale_salesman"
        )
        cls.marketer = new_test_user(
            cls.env, "seg_marketer", groups="crm_segmentation.group_segmentation_user"
        )
        cls.bulgaria = cls.env.ref("base.bg")
        cls.austria = cls.env.ref("base.at")
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Segment contact {i}",
                    "ref": "segment-test",
                    "is_company": i % 2 == 0,
                    "country_id": (cls.bulgaria, cls.austria)[i // 2 % 2].id,
                    "phone": f"+359 2 555 01{i:02}" if i % 3 else False,
                    "active": i != 7,
                }
                for i in range(8)
            ]
        )
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Segment lead {i}",
                    "referred": "segment-test",
                    "type": "lead" if i % 3 else "opportunity",
                    "expected_revenue": i * 100,
                    "partner_id": cls.partners[i].id,
                    "user_id": cls.salesperson.id if i < 2 else cls.marketer.id,
                }
                for i in range(5)
            ]
        )

    @classmethod
    def make_segment(cls, *conditions, refresh=True, **vals):
        """A segment of the test's own contacts (or leads), filled.

        :param conditions: parts of the rule's domain, in Polish notation
        """
        mark = "referred" if vals.get("target") == "lead" else "ref"
        if vals.get("kind") != "manual":
            vals.setdefault("domain", str([(mark, "=", "segment-test"), *conditions]))
        segment = cls.Segment.create({"name": "Test segment", **vals})
        if refresh and segment.kind == "rule":
            segment.refresh()
        return segment

    def found(self, segment):
        """What a search with the segment's rule finds."""
        return self.env[segment.model_name].search(literal_eval(segment.domain))

    def settle(self):
        """Do now what happens to changed records when a transaction ends."""
        engine.pending.run(self.env)

    def members(self, segment):
        """The records that are members now, read from the rows themselves."""
        rows = self.Member.sudo().search(
            [("segment_id", "=", segment.id), ("date_to", "=", False)]
        )
        return rows.lead_id if segment.target == "lead" else rows.partner_id

    def stays(self, segment, record):
        """The stays of a record, oldest first: ``(reason in, reason out, is open)``."""
        column = "lead_id" if segment.target == "lead" else "partner_id"
        rows = self.Member.sudo().search(
            [("segment_id", "=", segment.id), (column, "=", record.id)],
            order="date_from, id",
        )
        return [(row.reason_in, row.reason_out, not row.date_to) for row in rows]


class ChangesCase(SegmentCase):
    """What changes, and the scheduled job that follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.env["crm.segment.dirty"].sudo().search([]).unlink()

    def commit(self):
        """Do what happens at the end of a user's transaction."""
        self.env.cr.flush()

    def waiting(self, later=False):
        """What waits: ``{(model, id, source)}``."""
        self.commit()
        rows = self.env["crm.segment.dirty"].search([("is_later", "=", later)])
        return {(row.target, row.record, row.source or None) for row in rows}

    def run_job(self):
        position = 0
        while position is not None:
            position, _done, _changed = self.Segment._refresh_batch(position)
        self.env.invalidate_all()


class ActionCase(SegmentCase):
    """A segment of those in Ruse, and what the job does, without its commits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["crm.segment.run"]
        cls.tag = cls.env["res.partner.category"].create({"name": "From segment"})
        cls.todo = cls.env.ref("mail.mail_activity_data_todo")
        cls.segment = cls.make_segment(("city", "=", "Ruse"), priority=5)
        cls.partner = cls.partners[0]

    def _action(self, on=True, segment=None, **vals):
        action = self.env["crm.segment.action"].create(
            {
                "segment_id": (segment or self.segment).id,
                "name": "Do",
                "kind": "tag",
                "partner_tag_id": self.tag.id,
                **vals,
            }
        )
        if on:
            action.with_context(is_confirmed=True).action_switch_on()
        return action

    def _enter(self, partners, segment=None):
        partners.write({"city": "Ruse"})
        self.env.cr.flush()
        (segment or self.segment).refresh()

    def _leave(self, partners, segment=None):
        partners.write({"city": "Sofia"})
        self.env.cr.flush()
        (segment or self.segment).refresh()

    def _work(self):
        """What the scheduled job does, without its commits."""
        self.env["crm.segment.action"]._plan_all()
        self.env["crm.segment.claim"]._give_back()
        self.env["crm.segment.claim"]._settle_some()
        runs = self.Run.search(self.Run._get_due_domain(), order="due, id")
        runs._execute()
        return runs

    def later(self, **delta):
        """The context in which so much time has passed."""
        return freeze_time(fields.Datetime.now() + timedelta(**delta))
