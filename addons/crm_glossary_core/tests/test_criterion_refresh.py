from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestCriterionRefresh(TransactionCase):
    """The scheduled refresh: order, resumption, failures."""

    def setUp(self):
        super().setUp()
        self.Refresh = self.env["crm.criterion.refresh"]
        self.calls = []
        case = self
        # Two steps that only note what they are asked for; position 3 is their end.
        first, second = "crm.stage", "crm.tag"
        self.steps = [(20, second), (10, first)]

        def batch(model, position):
            case.calls.append((model._name, position))
            return (position + 1 if position < 2 else None), 10, 1

        for name in (first, second):
            cls = type(self.env[name])
            for attribute, value in {
                "_refresh_batch": batch,
                "_refresh_remaining": lambda model, position: 10 * (3 - position),
                "_refresh_problem": lambda model: False,
                "_refresh_watches": lambda model: {"crm.lead"},
                "_refresh_records": lambda model, records, fnames=None: (
                    case.calls.append((model._name, records, fnames))
                ),
            }.items():
                patcher = patch.object(cls, attribute, value, create=True)
                self.startPatcher(patcher)
        self.startPatcher(
            patch.object(
                type(self.Refresh), "_get_refresh_steps", lambda model: self.steps
            )
        )
        self.cron = self.env.ref("crm_glossary_core.ir_cron_refresh")

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def test_steps_run_in_order(self):
        self.run_cron()
        self.assertEqual(
            self.calls,
            [("crm.stage", i) for i in range(3)] + [("crm.tag", i) for i in range(3)],
        )
        rows = self.Refresh.search([])
        self.assertEqual(rows.mapped("state"), ["done", "done"])
        self.assertEqual(rows.mapped("processed"), [30, 30])
        self.assertEqual(rows.mapped("changed"), [3, 3])

    def test_it_goes_on_where_it_stopped(self):
        rows = self.Refresh._get_rows()
        rows[0].state = "done"
        rows[1].write({"state": "running", "position": 1, "processed": 10})
        self.run_cron()
        self.assertEqual(self.calls, [("crm.tag", 1), ("crm.tag", 2)])
        self.assertEqual(rows[1].processed, 30)

    def test_a_request_repeats_one_step(self):
        self.run_cron()
        self.calls.clear()
        self.Refresh._request("crm.tag")
        self.run_cron()
        self.assertEqual(self.calls, [("crm.tag", i) for i in range(3)])

    def test_a_failed_step_stops_no_other(self):
        def broken(model, position):
            raise ValueError("out of order")

        with (
            patch.object(type(self.env["crm.stage"]), "_refresh_batch", broken),
            mute_logger("odoo.addons.crm_glossary_core.models.crm_criterion_refresh"),
        ):
            self.run_cron()
        rows = self.Refresh.search([])
        self.assertEqual(rows.mapped("state"), ["failed", "done"])
        self.assertEqual(rows[0].error_message, "out of order")
        self.run_cron()
        self.assertEqual(rows.mapped("state"), ["done", "done"])
        self.assertFalse(rows[0].error_message)

    def test_a_conflict_is_tried_again(self):
        original = type(self.env["crm.stage"])._refresh_batch
        failures = [SerializationFailure(), SerializationFailure()]

        def contended(model, position):
            if failures:
                raise failures.pop()
            return original(model, position)

        with patch.object(type(self.env["crm.stage"]), "_refresh_batch", contended):
            self.run_cron()
        self.assertEqual(self.Refresh.search([]).mapped("state"), ["done", "done"])

    def test_changes_are_passed_on(self):
        lead = self.env["crm.lead"].create({"name": "Passed on"})
        self.assertFalse(self.calls, "nothing is done before the transaction ends")
        self.cr.flush()
        self.assertEqual([call[0] for call in self.calls], ["crm.stage", "crm.tag"])
        self.assertEqual(self.calls[0][1:], (lead, None))
        self.calls.clear()
        lead.write({"city": "Sofia"})
        lead.write({"partner_id": self.env.user.partner_id.id})
        self.cr.flush()
        self.assertEqual(len(self.calls), 2, "two writes, one refresh a step")
        names = self.calls[0][2]
        self.assertLessEqual({"city", "partner_id"}, names)
        self.assertIn("email_from", names, "computed from the contact")

    def test_a_new_record_that_is_written_stays_new(self):
        lead = self.env["crm.lead"].create({"name": "New"})
        lead.city = "Sofia"
        gone = self.env["crm.lead"].create({"name": "Gone"})
        gone.unlink()
        self.cr.flush()
        self.assertEqual(
            self.calls, [(s, lead, None) for s in ("crm.stage", "crm.tag")]
        )

    def test_steps_of_a_removed_app_disappear(self):
        self.Refresh._get_rows()
        self.steps = [(10, "crm.stage")]
        self.assertEqual(self.Refresh._get_rows().mapped("step"), ["crm.stage"])

    def test_access(self):
        self.Refresh._get_rows()
        user = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman"
        )
        manager = new_test_user(
            self.env, "boss", groups="sales_team.group_sale_manager"
        )
        rows = self.Refresh.search([])
        self.assertTrue(rows.with_user(user).read(["state"]))
        self.assertFalse(rows.with_user(user).has_access("write"))
        rows.with_user(manager).action_refresh()
        self.assertFalse(rows.with_user(manager).has_access("unlink"))
