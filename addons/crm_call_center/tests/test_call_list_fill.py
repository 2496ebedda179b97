from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallListFill(CallCenterCase):
    def test_fill_from_leads(self):
        leads = self._leads(3)
        leads[0].contact_name = "Ann"
        call_list = self._running_list()
        calls = call_list.call_ids
        self.assertEqual(calls.opportunity_id, leads)
        self.assertEqual(set(calls.mapped("state")), {"open"})
        self.assertEqual(set(calls.mapped("origin")), {"lead"})
        self.assertEqual(
            sorted(calls.mapped("phone_sanitized")),
            ["+12025550100", "+12025550101", "+12025550102"],
        )
        self.assertFalse(calls.user_id)
        self.assertEqual((call_list.call_count, call_list.left_count), (3, 3))

    def test_fill_from_contacts(self):
        category = self.env["res.partner.category"].create({"name": "To call"})
        partner = self.env["res.partner"].create(
            {
                "name": "Ann",
                "phone": "+1 202-555-0120",
                "category_id": [Command.link(category.id)],
            }
        )
        call_list = self._list(
            model_name="res.partner", domain=f"[('category_id', 'in', {category.ids})]"
        )
        call_list.action_start()
        self.assertEqual(call_list.call_ids.partner_id, partner)
        self.assertEqual(call_list.call_ids.origin, "partner")
        self.assertFalse(call_list.call_ids.opportunity_id)
        call_list.action_refill()
        self.assertEqual(call_list.call_count, 1)

    def test_refill_is_idempotent(self):
        call_list = self._running_list(3)
        calls = call_list.call_ids
        call_list.action_refill()
        self.assertEqual(call_list.call_ids, calls)
        new = self._lead(50)
        call_list.action_refill()
        self.assertEqual((call_list.call_ids - calls).opportunity_id, new)

    def test_refill_does_not_resurrect(self):
        call_list = self._running_list(2)
        call_list.call_ids[0].action_cancel("No")
        call_list.call_ids[1].action_held()
        call_list.action_refill()
        self.assertEqual(call_list.call_count, 2)
        self.assertEqual(call_list.left_count, 0)
        self.assertEqual(call_list.served_count, 2)
        self.assertEqual(call_list.progress, 100)

    def test_left_out_without_a_usable_number(self):
        self._lead(1)
        self._lead(None, name="No phone")
        self._lead(None, name="No number", phone="ask Ann")
        call_list = self._running_list()
        self.assertEqual(call_list.call_count, 1)
        self.assertEqual(call_list.no_phone_count, 2)
        action = call_list.action_view_left_out()
        shown = self.env["crm.lead"].search(action["domain"])
        self.assertEqual(set(shown.mapped("name")), {"No phone", "No number"})

    def test_left_out_do_not_call(self):
        leads = self._leads(3)
        self.env["phone.blacklist"].create({"number": leads[1].phone})
        call_list = self._running_list()
        self.assertEqual(call_list.call_ids.opportunity_id, leads[0] | leads[2])
        self.assertEqual(call_list.blocked_count, 1)
        self.assertEqual(call_list.left_out_count, 1)
        entries = self.env["crm.do.not.call"].search(
            [("phone_sanitized", "=", leads[1].phone_sanitized)]
        )
        entries._remove("Asked for it in writing")
        call_list.action_refill()
        self.assertEqual(call_list.call_count, 3)
        self.assertEqual(call_list.blocked_count, 0)

    def test_left_out_is_counted_once(self):
        leads = self._leads(2)
        self.env["phone.blacklist"].create({"number": leads[0].phone})
        call_list = self._running_list()
        call_list.action_refill()
        call_list.action_refill()
        self.assertEqual(call_list.blocked_count, 1)

    def test_the_database_refuses_a_lead_twice(self):
        call_list = self._running_list(1)
        call = call_list.call_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            call.copy({"list_id": call_list.id, "origin": "lead"})

    def test_a_list_needs_operators(self):
        call_list = self._list(operator_ids=False)
        with self.assertRaises(UserError):
            call_list.action_start()
        self.assertEqual(call_list.state, "draft")

    def test_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        mine = self._lead(1, company_id=self.env.company.id)
        shared = self._lead(2, company_id=False)
        self._lead(3, company_id=other.id, team_id=False)
        call_list = self._running_list()
        self.assertEqual(call_list.call_ids.opportunity_id, mine | shared)
        self.assertEqual(call_list.call_ids.company_id, self.env.company)

    def test_fill_does_not_depend_on_who_asks(self):
        """A supervisor who starts the list, or the scheduled job: the same calls."""
        self._leads(2, user_id=self.salesman.id)
        call_list = self._list().with_user(self.supervisor)
        call_list.action_start()
        self.assertEqual(call_list.call_count, 2)

    def test_source_cannot_change_once_there_are_calls(self):
        call_list = self._running_list(1)
        with self.assertRaises(UserError):
            call_list.write({"model_name": "res.partner", "domain": "[]"})

    def test_broken_criterion_is_refused(self):
        with self.assertRaises(ValidationError):
            self._list(domain="[('no_such_field', '=', 1)]")

    def test_criterion_that_breaks_later_is_told(self):
        call_list = self._running_list(1)
        # As if the field had been removed after the list was made.
        self.env.cr.execute(
            "UPDATE crm_call_list SET domain = %s WHERE id = %s",
            ["[('x_gone', '=', 1)]", call_list.id],
        )
        call_list.invalidate_recordset()
        with self.assertRaises(UserError):
            call_list.action_refill()
        self.assertEqual(call_list.call_count, 1)

    def test_form(self):
        self._lead(1)
        with Form(self.env["crm.call.list"].with_user(self.supervisor)) as form:
            form.name = "From the form"
            form.model_name = "res.partner"
            form.model_name = "crm.lead"
            form.domain = f"[('tag_ids', 'in', {self.tag.ids})]"
            form.operator_ids.add(self.operator)
        form.record.action_start()
        self.assertEqual(form.record.state, "running")
        self.assertEqual(form.record.call_count, 1)
        self.assertEqual(form.record.matching_count, 1)

    def test_list_of_a_file_without_a_filter(self):
        """Whoever imports a file does not mean all leads of the database."""
        self._leads(2)
        call_list = self._list(domain="[]")
        call_list.import_rows([{"phone": "+359888123456", "name": "From the file"}])
        told = call_list.action_start()["params"]["message"]
        self.assertEqual(call_list.call_ids.mapped("origin"), ["import"])
        self.assertEqual(call_list.refill_policy, "none")
        self.assertIn("keeps to the calls", told)
        call_list.action_refill()
        self.assertEqual(len(call_list.call_ids), 1)

    def test_list_of_calls_by_hand_without_a_filter(self):
        self._leads(2)
        call_list = self._list(domain="[]")
        call = self._call(list_id=call_list.id)
        call_list.action_start()
        self.assertEqual(call_list.call_ids, call)

    def test_deleting_a_list(self):
        call_list = self._running_list(1)
        call_list.call_ids.action_not_held()
        with self.assertRaises(UserError):
            call_list.unlink()
        untouched = self._running_list(1)
        calls = untouched.call_ids
        untouched.unlink()
        self.assertFalse(calls.exists())

    def test_deleting_a_lead_cancels_its_calls(self):
        call_list = self._running_list(2)
        call = call_list.call_ids[0]
        call.opportunity_id.unlink()
        self.assertEqual(call.state, "cancelled")
        self.assertEqual(call.list_id, call_list)
        self.assertTrue(call.phone)

    def test_copy(self):
        call_list = self._running_list(1)
        copy = call_list.copy()
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.name, call_list.name)
        self.assertFalse(copy.call_ids)
        self.assertFalse(copy.filled_on)
