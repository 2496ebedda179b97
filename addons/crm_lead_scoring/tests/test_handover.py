from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_readiness import ReadinessCase


@tagged("post_install", "-at_install")
class TestHandover(ReadinessCase):
    """Accepted or returned, by whom, and what is learnt from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.leader = new_test_user(
            cls.env, "score_leader", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.salesman_two = new_test_user(
            cls.env, "score_two", groups="sales_team.group_sale_salesman"
        )
        cls.team.user_id = cls.leader
        cls.model.state = "live"
        cls.reason = cls.env.ref(
            "crm_lead_scoring.crm_lead_score_return_reason_no_budget"
        )
        cls.lead = cls._offer("Own", user_id=cls.salesman.id, team_id=cls.team.id)

    @classmethod
    def _offer(cls, name="Lead", **values):
        tags = cls.tag_40 + cls.tag_30
        lead = cls._make_lead(name, tag_ids=tags.ids, **values)
        cls.env.cr.flush()
        return lead

    def test_accept(self):
        lead = self.lead.with_user(self.salesman)
        self.assertEqual(lead.handover_state, "offered")
        self.assertTrue(lead.can_answer_handover)
        lead.action_accept_handover()
        self.assertEqual(lead.handover_state, "accepted")
        self.assertFalse(lead.can_answer_handover)
        handover = lead.handover_ids
        self.assertEqual(handover.user_id, self.salesman)
        answered = handover.answer_date
        self.assertTrue(answered)
        messages = lead.message_ids
        lead.action_accept_handover()
        self.assertEqual(lead.message_ids, messages)
        # Accepted once, a lead that goes to and fro is not offered to the same again.
        for points in (0, 70):
            self._set_points(self.lead, points)
            self._end()
        self.assertEqual(self.lead.handover_ids, handover)
        self.assertEqual(handover.state, "accepted")

    def test_return_and_the_way_back(self):
        """A returned lead is not ready again before something new happened."""
        lead = self.lead
        lead.with_user(self.salesman).action_return_to_marketing(
            self.reason.id, "In May"
        )
        handover = lead.handover_ids
        self.assertEqual(handover.state, "returned")
        self.assertEqual(handover.reason_id, self.reason)
        self.assertEqual(handover.note, "In May")
        self.assertFalse(lead.is_sales_ready)
        self.assertEqual(lead.lead_score, 70)
        self.assertIn("In May", lead.message_ids[0].body)
        self._refresh()
        self.assertFalse(lead.is_sales_ready)
        self.assertEqual(lead.get_readiness()["held_score"], 70)
        self._set_points(lead, 60)
        self.assertFalse(lead.is_sales_ready)
        self._set_points(lead, 70)
        self.assertTrue(lead.is_sales_ready)
        self._end()
        self.assertEqual(lead.handover_state, "offered")
        self.assertEqual(len(lead.handover_ids), 2)

    def test_return_and_a_higher_score(self):
        lead = self.lead.with_user(self.salesman)
        lead.action_return_to_marketing(self.reason)
        self._set_points(self.lead, 90)
        self.assertTrue(self.lead.is_sales_ready)

    def test_offered_again_by_a_manager(self):
        self.lead.with_user(self.salesman).action_return_to_marketing(self.reason.id)
        handover = self.lead.handover_ids
        with self.assertRaises(AccessError):
            handover.with_user(self.salesman).action_offer_again()
        handover.with_user(self.manager).action_offer_again()
        self._end()
        self.assertEqual(self.lead.handover_state, "offered")

    def test_what_follows_a_return(self):
        self.model.unready_action_ids = self._make_action(
            "record.write({'referred': 'nurture'})"
        )
        self.lead.with_user(self.salesman).action_return_to_marketing(self.reason.id)
        self._end()
        self.assertEqual(self.lead.referred, "nurture")
        self.assertEqual(self.lead.handover_ids.state, "returned")

    def test_who_may_answer(self):
        for user in (self.seller_all, self.salesman_two):
            lead = self.lead.with_user(user)
            for answer in (
                lead.action_accept_handover,
                lambda lead=lead: lead.action_return_to_marketing(self.reason.id),
            ):
                with self.assertRaises(AccessError):
                    answer()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.employee).action_accept_handover()
        for user in (self.salesman, self.leader, self.manager):
            lead = self._offer("One", user_id=self.salesman.id, team_id=self.team.id)
            self.assertTrue(lead.with_user(user).can_answer_handover)
            lead.with_user(user).action_return_to_marketing(self.reason.id)
            self.assertEqual(lead.handover_ids.user_id, self.salesman)

    def test_lead_of_nobody(self):
        """Whoever accepts it is in charge of it then."""
        lead = self._offer(user_id=False, team_id=False)
        self.assertFalse(lead.handover_ids.user_id)
        found = self._inbox(self.salesman)
        self.assertEqual(found & (lead + self.lead), lead + self.lead)
        lead.with_user(self.salesman).action_accept_handover()
        self.assertEqual(lead.user_id, self.salesman)
        self.assertEqual(lead.handover_ids.user_id, self.salesman)
        with self.assertRefused("score_salesman", AccessError):
            lead.with_user(self.seller_all).action_accept_handover()
        self.assertNotIn(lead, self._inbox(self.salesman))

    def _inbox(self, user):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_scoring.crm_lead_action_ready"
        )
        domain = action["domain"].replace("uid", str(user.id))
        # pylint: disable=eval-used
        found = self.env["crm.lead"].with_user(user).search(eval(domain))
        return found.with_env(self.env)

    def test_new_salesperson_is_to_answer(self):
        self.lead.user_id = self.seller_all
        self.assertEqual(self.lead.handover_ids.user_id, self.seller_all)
        self.assertIn(self.lead, self._inbox(self.seller_all))
        self.assertNotIn(self.lead, self._inbox(self.salesman))
        self.lead.with_user(self.seller_all).action_accept_handover()
        self.lead.user_id = self.salesman
        self.assertEqual(self.lead.handover_ids.user_id, self.seller_all)

    def test_reason(self):
        lead = self.lead.with_user(self.salesman)
        for nothing in (False, None, "", "  "):
            with self.assertRefused("why"):
                lead.action_return_to_marketing(nothing)
        with self.assertRefused("no such reason"):
            lead.action_return_to_marketing(10**6)
        self.assertEqual(lead.handover_state, "offered")
        lead.action_return_to_marketing("  no BUDGET ")
        self.assertEqual(lead.handover_ids.reason_id, self.reason)

    def test_reason_in_own_words(self):
        lead = self.lead.with_user(self.salesman)
        lead.action_return_to_marketing("100% of _them_ moved away")
        self.assertEqual(
            lead.handover_ids.reason_id,
            self.env.ref("crm_lead_scoring.crm_lead_score_return_reason_other"),
        )
        self.assertEqual(lead.handover_ids.note, "100% of _them_ moved away")
        with self.assertRefused("Archive it"):
            lead.handover_ids.reason_id.sudo().unlink()

    def test_neither_handed_over_nor_ready(self):
        lead = self._make_lead(user_id=self.salesman.id)
        with self.assertRefused("nothing to return"):
            lead.with_user(self.salesman).action_return_to_marketing(self.reason.id)
        with self.assertRefused("nothing to accept"):
            lead.with_user(self.salesman).action_accept_handover()
        self.lead.with_user(self.salesman).action_return_to_marketing(self.reason.id)
        with self.assertRefused("nothing to return"):
            self.lead.with_user(self.salesman).action_return_to_marketing(1)

    def test_accepted_then_returned(self):
        lead = self.lead.with_user(self.salesman)
        lead.action_accept_handover()
        lead.action_return_to_marketing(self.reason.id)
        self.assertEqual(lead.handover_ids.state, "returned")
        self.assertFalse(lead.is_sales_ready)

    def test_return_while_the_model_observes(self):
        self.model.state = "observe"
        lead = self._offer(user_id=self.salesman.id)
        self.assertFalse(lead.handover_ids)
        lead.with_user(self.salesman).action_return_to_marketing(self.reason.id)
        self.assertEqual(lead.handover_ids.state, "returned")
        self.assertFalse(lead.is_sales_ready)

    def test_wizard_for_several_leads(self):
        other = self._offer("Other", user_id=self.salesman.id)
        leads = self.lead + other
        wizard = (
            self.env["crm.lead.score.return"]
            .with_user(self.salesman)
            .with_context(active_model="crm.lead", active_ids=leads.ids)
            .create({"reason_id": self.reason.id, "note": "Both"})
        )
        self.assertEqual(wizard.lead_count, 2)
        wizard.action_apply()
        self.assertEqual(set(leads.mapped("handover_state")), {"returned"})

    def test_reasons_count_against_the_rules(self):
        rule_40, rule_30 = (
            self.model.rule_ids.filtered(lambda r, n=name: r.name == n)
            for name in ("Worth 40", "Worth 30")
        )
        before = self.reason.with_user(self.manager).handover_count
        handover = self.lead.handover_ids
        self.assertEqual(handover.rule_ids, rule_40 + rule_30)
        self.assertEqual(handover.decisive_rule_ids, rule_40 + rule_30)
        self.assertEqual(handover.total, 70)
        more = self._make_lead(
            tag_ids=(self.tag_40 + self.tag_30 + self.tag_20).ids,
            user_id=self.salesman.id,
        )
        self._end()
        self.assertEqual(more.handover_ids.decisive_rule_ids, rule_40)
        for lead in (self.lead, more):
            lead.with_user(self.salesman).action_return_to_marketing(self.reason.id)
        groups = self.Handover.with_user(self.manager)._read_group(
            [
                ("state", "=", "returned"),
                ("id", "in", (handover + more.handover_ids).ids),
            ],
            ["decisive_rule_ids", "reason_id"],
            ["__count"],
        )
        self.assertEqual(
            {(rule.name, reason): count for rule, reason, count in groups},
            {("Worth 40", self.reason): 2, ("Worth 30", self.reason): 1},
        )
        self.reason.invalidate_recordset(["handover_count"])
        count = self.reason.with_user(self.manager).handover_count
        self.assertEqual(count, before + 2)

    def test_access(self):
        handover = self.lead.handover_ids
        runs = self._runs(self.lead)
        for user in (self.salesman, self.seller_all, self.manager):
            self.assertTrue(handover.with_user(user).read(["state"]))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(handover.with_user(user).has_access(operation))
                self.assertFalse(runs.with_user(user).has_access(operation))
        self.assertFalse(handover.with_user(self.salesman_two).has_access("read"))
        self.assertFalse(handover.with_user(self.employee).has_access("read"))
        self.assertTrue(runs.with_user(self.manager).read(["state"]))
        self.assertFalse(runs.with_user(self.salesman).has_access("read"))
        for call in (
            lambda: runs.with_user(self.salesman).action_retry(),
            lambda: self.model.with_user(self.salesman).action_go_live(),
            lambda: self.model.with_user(self.salesman).action_observe(),
            lambda: self.reason.with_user(self.salesman).write({"name": "N"}),
            lambda: self.lead.with_user(self.employee).get_readiness(),
            lambda: self.lead.with_user(self.salesman_two).get_readiness(),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertTrue(self.lead.with_user(self.salesman).get_readiness()["is_ready"])

    def test_companies(self):
        company = self.env["res.company"].create({"name": "Company Two"})
        lead = self._offer(company_id=company.id, user_id=False, team_id=False)
        self.assertEqual(lead.handover_ids.state, "offered")
        for records in (lead.handover_ids, self._runs(lead)):
            found = records.with_user(self.manager).search([("id", "in", records.ids)])
            self.assertFalse(found)
        with self.assertRaises(AccessError):
            lead.with_user(self.manager).action_accept_handover()
        self.manager.company_ids += company
        allowed = lead.with_user(self.manager).with_context(
            allowed_company_ids=self.manager.company_ids.ids
        )
        allowed.action_accept_handover()
        self.assertEqual(lead.handover_state, "accepted")
