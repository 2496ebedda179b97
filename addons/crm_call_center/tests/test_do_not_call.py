import base64
import hashlib

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CallCenterCase

SOFIA = "+359888123456"
OTHER = "+359888654321"


@tagged("post_install", "-at_install")
class TestDoNotCall(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._user("cc_officer", "group_privacy_officer")
        cls.entries = cls.env["crm.do.not.call"]

    def _import(self, register, content, user=None, **values):
        content = content if isinstance(content, bytes) else content.encode()
        wizard = (
            self.env["crm.do.not.call.import"]
            .with_user(user or self.officer)
            .create(
                {
                    "register_id": register.id,
                    "file": base64.b64encode(content),
                    "version": "1",
                    "date": "2026-11-01",
                    **values,
                }
            )
        )
        return wizard.action_import()

    def _register(self, **values):
        return self.env["crm.do.not.call.register"].create(
            {"name": "Test register", **values}
        )

    # === ENTRIES === #

    def test_request_once(self):
        entry = self.entries._request("0888/12-34-56 ".replace("0", "+359", 1))
        self.assertEqual(entry.phone_sanitized, SOFIA)
        self.assertEqual(self.entries._request(SOFIA), entry)
        other = self.entries._request(SOFIA, scope="purpose", purpose="marketing")
        self.assertNotEqual(other, entry)

    def test_scopes(self):
        call_list = self._list()
        self.entries._request(SOFIA, scope="purpose", purpose="marketing")
        self.entries._request(OTHER, scope="list", list_id=call_list.id)

        def blocked(**values):
            return set(self.entries._get_blocks([SOFIA, OTHER], **values))

        self.assertEqual(blocked(purpose="marketing"), {SOFIA})
        self.assertEqual(blocked(purpose="service"), set())
        self.assertEqual(blocked(purpose="service", list_id=call_list.id), {OTHER})

    def test_company(self):
        company = self.env["res.company"].create({"name": "Foreign"})
        self.entries._request(SOFIA, company_id=company.id)
        self.assertFalse(
            self.entries._get_blocks([SOFIA], company_id=self.env.company.id)
        )
        self.assertTrue(self.entries._get_blocks([SOFIA], company_id=company.id))

    def test_branch(self):
        """Who asked a company not to call is called by none of its branches."""
        company = self.env["res.company"].create({"name": "Parent"})
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": company.id}
        )
        self.entries._request(SOFIA, company_id=company.id)
        self.assertTrue(self.entries._get_blocks([SOFIA], company_id=branch.id))
        other = self.env["res.company"].create(
            {"name": "Other branch", "parent_id": company.id}
        )
        self.entries._request(SOFIA, company_id=other.id)
        found = self.entries._get_blocks([SOFIA], company_id=branch.id)
        self.assertEqual(len(found[SOFIA]), 1)

    def test_entries_only_get_stronger(self):
        entry = self.entries._request(SOFIA, expires_on="2030-01-01")
        for values in (
            {"expires_on": "2027-01-01"},
            {"scope": "list"},
            {"phone_sanitized": OTHER},
            {"removed_on": "2026-01-01"},
            {"date": "2026-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                entry.sudo().write(values)
        blacklist = self.env["phone.blacklist"]
        self.assertFalse(blacklist.search([("number", "=", SOFIA)]))
        entry.write({"expires_on": False})
        self.assertTrue(blacklist.search([("number", "=", SOFIA)]))
        with self.assertRaises(UserError):
            entry.write({"expires_on": "2030-01-01"})
        with self.assertRaises(UserError):
            entry.unlink()

    def test_context_opens_no_door(self):
        entry = self.entries._request(SOFIA)
        for trick in (True, ["removed_on"], {"removed_on": 1}):
            with self.assertRaises(UserError):
                entry.with_context(do_not_call_removal=trick).write(
                    {"removed_on": fields.Datetime.now()}
                )

    def test_only_the_officer_removes(self):
        entry = self.entries._request(SOFIA)
        for user in (self.operator, self.supervisor, self.salesman):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                entry.with_user(user)._remove("because")
            with self.assertRaises(AccessError):
                entry.with_user(user).action_remove()
        with self.assertRaises(ValidationError):
            entry.with_user(self.officer)._remove("  ")
        action = entry.with_user(self.officer).action_remove()
        wizard = (
            self.env["crm.do.not.call.remove"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({"reason": "Asked for it in writing"})
        )
        wizard.action_confirm()
        self.assertEqual(entry.state, "removed")
        self.assertEqual(entry.removed_by, self.officer)
        self.assertFalse(self.entries._get_blocks([SOFIA]))
        # history stays, and a new wish makes a new entry
        again = self.entries._request(SOFIA)
        self.assertNotEqual(again, entry)
        self.assertEqual(again.state, "active")

    def test_no_outcome_removes_it(self):
        call = self._call(phone=SOFIA)
        self.entries._request(SOFIA)
        for outcome in self.env["crm.call.outcome"].search([("kind", "=", "not_held")]):
            call.action_reopen()
            call.action_not_held(outcome_id=outcome.id)
            self.assertTrue(self.entries._get_blocks([SOFIA]))

    def test_state_is_searched(self):
        active = self.entries._request(SOFIA)
        past = self.entries.create(
            {"phone_sanitized": OTHER, "expires_on": "2020-01-01"}
        )
        mine = [("id", "in", (active | past).ids)]
        found = self.entries.search([*mine, ("state", "=", "active")])
        self.assertEqual(found, active)
        found = self.entries.search([*mine, ("state", "in", ["expired", "removed"])])
        self.assertEqual(found, past)

    def test_bad_numbers(self):
        for number in ("3.59E+11", "letters", "", False):
            with self.subTest(number=number), self.assertRaises(ValidationError):
                self.entries.create({"phone_sanitized": number})

    # === BLACKLIST === #

    def test_blacklist_follows_and_is_followed(self):
        blacklist = self.env["phone.blacklist"]
        self.entries._request(SOFIA)
        self.assertTrue(blacklist.search([("number", "=", SOFIA)]))
        with self.assertRaises(UserError):
            blacklist.remove(SOFIA)
        blacklist.add(OTHER)
        entry = self.entries.search([("phone_sanitized", "=", OTHER)])
        self.assertEqual(entry.source, "blacklist")
        # text messages are wanted again; calls are not
        blacklist.remove(OTHER)
        self.assertTrue(self.entries._get_blocks([OTHER]))

    def test_removal_frees_text_messages(self):
        blacklist = self.env["phone.blacklist"]
        entry = self.entries._request(SOFIA)
        entry.with_user(self.officer)._remove("Asked for it")
        self.assertFalse(blacklist.search([("number", "=", SOFIA)]))

    # === REGISTERS === #

    def test_register_of_numbers_and_sums(self):
        register = self._register(country_id=self.env.ref("base.bg").id)
        digest = hashlib.sha256(OTHER.encode()).hexdigest()
        self._import(register, f"number;name\n0888 123 456;x\n{digest.upper()}\n\n")
        self.assertEqual(register.line_count, 2)
        blocks = self.entries._get_blocks([SOFIA, OTHER], "marketing")
        self.assertEqual(set(blocks), {SOFIA, OTHER})
        self.assertEqual(blocks[SOFIA], (("in_register", None, register.name),))
        self.assertFalse(self.entries._get_blocks([SOFIA], "service"))

    def test_new_version_replaces_the_old_one(self):
        one, two = self._register(name="One"), self._register(name="Two")
        self._import(one, f"{SOFIA}\n{OTHER}")
        self._import(two, SOFIA)
        self._import(one, OTHER, version="2", date="2026-11-15")
        self.assertEqual(one.line_count, 1)
        blocks = self.entries._get_blocks([SOFIA, OTHER], "marketing")
        self.assertEqual([b[2] for b in blocks[SOFIA]], ["Two"])
        with self.assertRaises(UserError):
            self._import(one, SOFIA, date="2026-10-01")

    def test_bad_files(self):
        register = self._register()
        self._import(register, SOFIA)
        for content in (
            b"\xff\xfe\x00binary",
            "",
            "title only",
            f"title\n{OTHER}\nnot a number\n{SOFIA}",
        ):
            with self.subTest(content=content), self.assertRaises(UserError):
                self._import(register, content, date="2026-11-20")
            self.assertEqual(register.line_ids.mapped("key"), [SOFIA])

    def test_only_the_officer_imports(self):
        register = self._register()
        for user in (self.operator, self.supervisor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._import(register, SOFIA, user=user)

    def test_nobody_makes_a_removed_entry(self):
        for user in (self.supervisor, self.officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.entries.with_user(user).create(
                    {"phone_sanitized": SOFIA, "removed_on": "2026-01-01"}
                )

    def test_blacklist_does_not_lose_a_number(self):
        self.entries._request(SOFIA, source="call")
        line = self.env["phone.blacklist"].search([("number", "=", SOFIA)])
        with self.assertRaises(UserError):
            line.number = OTHER
