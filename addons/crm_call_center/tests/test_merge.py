from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestMerge(CallCenterCase):
    def test_merged_leads_keep_their_calls(self):
        first, second = self._leads(2)
        call = self._call(opportunity_id=second.id)
        call.action_held(duration=40)
        merged = (first | second).merge_opportunity(auto_unlink=True)
        self.assertEqual(call.opportunity_id, merged)
        self.assertEqual(merged.crm_call_count, 1)
        self.assertEqual(call.attempt_ids.duration, 40)

    def test_merged_leads_are_called_once(self):
        call_list = self._running_list(3)
        first, second, third = call_list.call_ids.opportunity_id
        calls = {call.opportunity_id: call for call in call_list.call_ids}
        calls[second].action_not_held()
        merged = (first | second | third).merge_opportunity(auto_unlink=True)
        self.env.flush_all()
        self.assertEqual(call_list.call_ids, calls[second], "the one that went further")
        self.assertEqual(call_list.left_count, 1)
        self.assertEqual(calls[second].opportunity_id, merged)
        for lead in (first, third):
            self.assertEqual(calls[lead].state, "cancelled")
            self.assertEqual(calls[lead].opportunity_id, merged)
        call_list.action_refill()
        self.assertEqual(call_list.call_count, 1)

    def test_salesperson_merges(self):
        """Whoever may merge leads need not see their calls."""
        leads = self._leads(2, user_id=self.salesman.id)
        call_list = self._running_list()
        merged = leads.with_user(self.salesman).merge_opportunity(auto_unlink=False)
        self.assertEqual(call_list.call_ids.opportunity_id.ids, merged.ids)

    def test_merged_contacts(self):
        category = self.env["res.partner.category"].create({"name": "To call"})
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Ann {number}",
                    "phone": f"+1 202-555-012{number}",
                    "email": "ann@example.com",
                    "category_id": [Command.link(category.id)],
                }
                for number in range(2)
            ]
        )
        call_list = self._list(
            model_name="res.partner", domain=f"[('category_id', 'in', {category.ids})]"
        )
        call_list.action_start()
        calls = {call.partner_id: call for call in call_list.call_ids}
        calls[partners[1]].action_held()
        manual = self._call(partner_id=partners[1].id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, partners[0])
        self.env.invalidate_all()
        self.assertEqual(partners.exists(), partners[0])
        moved = calls[partners[0]] | calls[partners[1]] | manual
        self.assertEqual(set(partners[0].crm_call_ids), set(moved))
        self.assertEqual(call_list.call_ids.mapped("state"), ["held"])
        call_list.action_refill()
        self.assertEqual(call_list.call_count, 1)
