"""Actions put people on a mailing list and take them off; opt-outs hold."""

from odoo.tests import tagged

from odoo.addons.crm_segmentation.tests.common import ActionCase

ADDRESS = "acted@example.com"


@tagged("post_install", "-at_install")
class TestSegmentMailingAction(ActionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.email = ADDRESS
        cls.mailing_list = cls.env["mailing.list"].create({"name": "By action"})
        cls.put = {"kind": "mailing_list", "mailing_list_id": cls.mailing_list.id}

    def _states(self):
        runs = self.Run.search([("partner_id", "=", self.partner.id)], order="id")
        return [(run.state, run.message) for run in runs]

    def test_put_on_once(self):
        self._action(**self.put)
        self._enter(self.partner)
        self._work()
        self.assertEqual(self._states(), [("done", False)])
        row = self.mailing_list.subscription_ids
        self.assertEqual(row.contact_id.email_normalized, ADDRESS)
        self.assertFalse(row.is_from_segment, "an exit does not take it off")
        with self.later(days=1):
            self._leave(self.partner)
            self._enter(self.partner)
            self._work()
        self.assertEqual(self._states()[1], ("skipped", "On the list already."))

    def test_who_opted_out_stays_so(self):
        self.mailing_list._subscribe({ADDRESS: self.partner})
        self.mailing_list._update_subscription_from_email(ADDRESS, opt_out=True)
        self._action(**self.put)
        self._action(trigger="exit", **{**self.put, "kind": "mailing_list_off"})
        with self.later(days=1):
            self._enter(self.partner)
            self._work()
        with self.later(days=2):
            self._leave(self.partner)
            self._work()
        self.assertEqual(self._states(), [("skipped", "Opted out of the list.")] * 2)
        self.assertTrue(self.mailing_list.subscription_ids.opt_out)

    def test_an_opt_out_goes_with_the_person_to_another_address(self):
        self._action(**self.put)
        with self.later(days=1):
            self._enter(self.partner)
            self._work()
        self.mailing_list._update_subscription_from_email(ADDRESS, opt_out=True)
        self.partner.email = "elsewhere@example.com"
        with self.later(days=2):
            self._leave(self.partner)
            self._enter(self.partner)
            self._work()
        self.assertEqual(
            self._states(), [("done", False), ("skipped", "Opted out of the list.")]
        )
        self.assertEqual(self.mailing_list.subscription_ids.mapped("opt_out"), [True])

    def test_take_off(self):
        self.mailing_list._subscribe({ADDRESS: self.partner})
        self._action(**{**self.put, "kind": "mailing_list_off"})
        self._enter(self.partner)
        self._work()
        self.assertFalse(self.mailing_list.subscription_ids)

    def test_what_cannot_be_done_says_why(self):
        self.partner.email = False
        self._action(**self.put)
        self._enter(self.partner)
        self._work()
        self.assertEqual(self._states(), [("skipped", "No e-mail address.")])

    def test_a_trial_puts_nobody_on(self):
        action = self._action(on=False, **self.put)
        self._enter(self.partner)
        trial = self.env["crm.segment.dry.run"].create({"action_id": action.id})
        self.assertEqual(trial.done_count, 1)
        self.assertFalse(self.mailing_list.subscription_ids)
