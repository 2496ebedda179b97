"""Bindings: found or not, what the interface calls them, who may do what."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_binding import BindingCommon

GOOD = {
    "model": "crm.lead",
    "field": "crm.lead.expected_revenue",
    "menu": "crm.crm_menu_root",
    "action": "crm.crm_lead_action_pipeline",
    "module": "crm",
}
GONE = {
    "model": "crm.gone",
    "field": "crm.lead.x_gone",
    "menu": "crm.menu_gone",
    "action": "crm.action_gone",
    "kpi": "gone",
    "module": "gone",
}


@tagged("post_install", "-at_install")
class TestGlossaryBinding(BindingCommon):
    # --- states ---
    def test_what_is_there_is_found(self):
        term = self._bind("Here", *GOOD.items())
        self.assertEqual(set(term.binding_ids.mapped("state")), {"ok"})
        self.assertEqual(term.binding_state, "ok")

    def test_what_is_gone_is_missing(self):
        term = self._bind("Gone", *GONE.items())
        self.assertEqual(set(term.binding_ids.mapped("state")), {"missing"})
        self.assertEqual(term.binding_state, "missing")
        self.assertIn(term, self.Term.search([("binding_state", "=", "missing")]))
        self.assertNotIn(term, self.Term.search([("binding_state", "!=", "missing")]))

    def test_what_comes_with_an_absent_app(self):
        term = self._bind(
            "Absent",
            ("module", "absent_app"),
            ("model", "absent.model"),
            ("field", "crm.lead.absent_field"),
            ("menu", "absent_app.menu"),
            ("action", "absent_app.action"),
        )
        self.assertEqual(set(term.binding_ids.mapped("state")), {"not_installed"})
        self.assertEqual(term.binding_state, "not_installed")
        self.assertTrue(term.can_open is False and not term.places)
        found = self.Term.search([("binding_state", "=", "not_installed")])
        self.assertIn(term, found)

    def test_modules_of_other_editions_are_unknown_here(self):
        term = self._bind("Elsewhere", ("module", "never_heard_of"))
        self.assertEqual(term.binding_ids.state, "missing")
        for edition in ("enterprise", "oca", "suite"):
            term.edition = edition
            self.Term.verify_bindings()
            self.assertEqual(term.binding_ids.state, "not_installed", edition)

    def test_a_term_that_names_nothing(self):
        term = self._create_term("Abstract")
        self.assertFalse(term.binding_state)
        self.assertIn(term, self.Term.search([("binding_state", "=", False)]))

    def test_a_menu_that_is_switched_off_is_gone(self):
        term = self._bind("Menu", ("menu", "crm.crm_opportunity_report_menu"))
        self.assertEqual(term.binding_ids.state, "ok")
        self.env.ref("crm.crm_menu_report").active = False
        self.assertEqual(term.verify_bindings()["missing"], 1)
        self.assertEqual(term.binding_ids.state, "missing")

    def test_a_custom_field_comes_and_goes(self):
        term = self._bind("Custom", ("field", "crm.lead.x_glossary_test"))
        self.assertEqual(term.binding_ids.state, "missing")
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_glossary_test",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "ttype": "char",
                "field_description": "Our Own Field",
            }
        )
        term.verify_bindings()
        self.assertEqual(term.binding_ids.state, "ok")
        self.assertEqual(term.binding_ids.ui_label, "Our Own Field")
        bound = self.Term.with_user(self.reader).get_bound_fields()
        self.assertEqual(bound["crm.lead"]["x_glossary_test"]["code"], term.code)
        field.unlink()
        # before anybody has verified: nothing breaks
        self.env.invalidate_all()
        self.assertEqual(term.binding_ids.ui_label, "crm.lead.x_glossary_test")
        self.Term.get_cards([term.code])
        self.env["crm.criterion.refresh"]._get_rows().filtered(
            lambda row: row.step == "crm.glossary.binding"
        )._run_batch()
        self.assertEqual(term.binding_ids.state, "missing")
        self.assertNotIn(
            "x_glossary_test", self.Term.get_bound_fields().get("crm.lead", {})
        )

    def test_form_opens_whatever_is_gone(self):
        term = self._bind("Gone", *GONE.items())
        for user in (self.reader, self.editor):
            with self.subTest(user=user.login), Form(term.with_user(user)) as form:
                self.assertEqual(form.name, "Gone")

    # --- references ---
    def test_malformed_references_are_refused(self):
        wrong = {
            "model": ["crm lead", "Lead", "crm.lead;", ""],
            "field": ["stage_id", "crm.lead.", "crm.lead.stage id"],
            "menu": ["crm_menu_root", "crm.", "CRM / Sales"],
            "action": ["pipeline", "crm.a b"],
            "kpi": ["win rate", "win-rate"],
            "module": ["sale crm", "sale.crm"],
        }
        term = self._create_term("Wrong")
        for kind, references in wrong.items():
            for reference in filter(None, references):
                with (
                    self.subTest(kind=kind, reference=reference),
                    self.assertRaisesRegex(ValidationError, "named"),
                ):
                    self.Binding.create(
                        {"term_id": term.id, "kind": kind, "reference": reference}
                    )

    def test_spaces_around_a_reference_are_no_part_of_it(self):
        term = self._bind("Spaces", ("model", " crm.lead "))
        self.assertEqual(term.binding_ids.reference, "crm.lead")
        self.assertEqual(term.binding_ids.state, "ok")

    def test_a_thing_is_bound_once(self):
        term = self._bind("Once", ("model", "crm.lead"))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.Binding.create(
                {"term_id": term.id, "kind": "model", "reference": "crm.lead"}
            )

    def test_nobody_claims_a_state(self):
        term = self._create_term("Claim")
        binding = self.Binding.with_user(self.editor).create(
            {
                "term_id": term.id,
                "kind": "model",
                "reference": "crm.gone",
                "state": "ok",
            }
        )
        self.assertEqual(binding.state, "missing")
        binding.write({"state": "ok"})
        self.assertEqual(binding.state, "missing")
        binding.write({"reference": "crm.lead", "state": "missing"})
        self.assertEqual(binding.state, "ok")

    # --- labels ---
    def test_label_is_the_word_of_the_interface(self):
        term = self._bind("Labels", *GOOD.items())
        for lang in ("en_US", "bg_BG", "ru_RU"):
            labels = {
                b.kind: b.ui_label for b in term.with_context(lang=lang).binding_ids
            }
            env = self.env(context={"lang": lang})
            field = env["crm.lead"].fields_get(["expected_revenue"], ["string"])
            with self.subTest(lang=lang):
                self.assertEqual(labels["field"], field["expected_revenue"]["string"])
                self.assertEqual(labels["model"], env["ir.model"]._get("crm.lead").name)
                self.assertEqual(labels["menu"], env.ref(GOOD["menu"]).name)
                self.assertEqual(labels["action"], env.ref(GOOD["action"]).name)
                self.assertEqual(labels["module"], env.ref("base.module_crm").shortdesc)
        bulgarian = term.with_context(lang="bg_BG").binding_ids
        self.assertIn("Очакван приход", bulgarian.mapped("ui_label"))

    def test_label_follows_a_renamed_field(self):
        term = self._bind("Renamed", ("field", GOOD["field"]))
        field = self.env["ir.model.fields"]._get("crm.lead", "expected_revenue")
        field.with_context(lang="en_US").field_description = "Deal Amount"
        self.env.invalidate_all()
        self.assertEqual(term.binding_ids.ui_label, "Deal Amount")

    def test_label_of_a_kpi(self):
        kpi = self.env["crm.kpi"].search([], limit=1)
        term = self._bind("Measured", ("kpi", kpi.code))
        self.assertEqual(term.binding_ids.state, "ok")
        self.assertEqual(
            term.with_context(lang="bg_BG").binding_ids.ui_label,
            kpi.with_context(lang="bg_BG").name,
        )

    def test_many_bindings_take_few_queries(self):
        bindings = self.Binding.search([])
        self.assertGreater(len(bindings), 300)
        self.env.invalidate_all()
        # Each app with menus of its own (a website) takes a few more.
        with self.assertQueryCount(150):
            bindings._verify()
            bindings.mapped("ui_label")

    # --- opening ---
    def test_open_goes_where_the_reader_may_go(self):
        term = self._bind(
            "Pipeline Here", ("model", "crm.lead"), ("menu", GOOD["menu"])
        )
        action = term.with_user(self.reader).action_open()
        self.assertIn(action["type"], ("ir.actions.act_window", "ir.actions.server"))
        self.assertTrue(term.with_user(self.reader).can_open)

    def test_open_leaves_out_what_the_reader_may_not_see(self):
        settings = self._bind("Settings Here", ("menu", "crm.crm_config_settings_menu"))
        with self.assertRaises(UserError):
            settings.with_user(self.reader).action_open()
        self.assertFalse(settings.with_user(self.reader).can_open)
        model = self._bind("Parameters", ("model", "ir.config_parameter"))
        self.assertFalse(model.with_user(self.reader).can_open)

    def test_a_wizard_of_another_screen_is_no_place_to_go(self):
        term = self._bind(
            "Convert", ("action", "crm.action_crm_lead2opportunity_partner")
        )
        self.assertEqual(term.binding_ids.state, "ok")
        self.assertFalse(term.can_open)

    # --- installing ---
    def test_only_an_administrator_installs(self):
        term = self._bind("Absent", ("module", "absent_app"))
        self.assertEqual(term.absent_module_name, "Absent App")
        with self.assertRaises(AccessError):
            term.with_user(self.editor).action_install_module()
        self.assertFalse(term.with_user(self.editor).can_install)
        admin = self.env.ref("base.user_admin")
        self.assertTrue(term.with_user(admin).can_install)
        with patch.object(
            type(self.absent), "button_immediate_install", lambda module: module.name
        ):
            installed = term.with_user(admin).action_install_module()
        self.assertEqual(installed, "absent_app")

    def test_what_cannot_be_installed_is_not_offered(self):
        for name in ("paid_app", "never_heard_of"):
            term = self._bind(name, ("module", name), edition="enterprise")
            with self.subTest(module=name):
                self.assertTrue(term.absent_module_name)
                self.assertFalse(term.can_install)
                with self.assertRaises(UserError):
                    term.action_install_module()
        here = self._bind("Here", ("module", "crm"))
        self.assertFalse(here.absent_module_name)
        with self.assertRaises(UserError):
            here.action_install_module()

    def test_a_term_that_is_partly_there_lacks_nothing(self):
        term = self._bind("Partly", ("module", "absent_app"), ("model", "crm.lead"))
        self.assertFalse(term.absent_module_name)
        self.assertEqual(
            self._get_states(term), {"absent_app": "not_installed", "crm.lead": "ok"}
        )

    # --- verifying ---
    def test_verify_all(self):
        self._bind("Gone", ("model", "crm.gone"))
        states = self.Term.with_user(self.editor).verify_bindings()
        self.assertEqual(sum(states.values()), self.Binding.search_count([]))
        self.assertGreaterEqual(states["missing"], 1)
        notice = self.Term.with_user(self.editor).action_verify_bindings()
        self.assertEqual(notice["params"]["type"], "warning")

    def test_readers_do_not_verify(self):
        with self.assertRaises(AccessError):
            self.Term.with_user(self.reader).verify_bindings()
        with self.assertRaises(AccessError):
            self.Term.with_user(self.outsider).verify_bindings()

    def test_server_action_verifies_what_is_selected(self):
        term = self._bind("Gone", ("model", "crm.gone"))
        action = self.env.ref("crm_glossary_core.crm_glossary_term_action_verify")
        context = {"active_model": term._name, "active_ids": term.ids}
        result = action.with_user(self.editor).with_context(**context).run()
        self.assertIn("Not found: 1", result["params"]["message"])

    def test_health_counts_and_opens_what_is_gone(self):
        term = self._bind("Gone", ("model", "crm.gone"), ("model", "crm.lead"))
        rows = self.env["crm.criterion.refresh"]._get_rows()
        row = rows.filtered(lambda row: row.step == "crm.glossary.binding")
        row._run_batch()
        self.assertIn("1", row.error_message)
        action = row.with_user(self.editor).action_view_problem()
        found = self.Binding.with_user(self.editor).search(action["domain"])
        self.assertEqual(found, term.binding_ids.filtered_domain(action["domain"]))
        self.assertTrue(row.has_problem_action)
        term.active = False
        row._run_batch()
        self.assertFalse(row.error_message)

    def test_updates_verify(self):
        term = self._bind("Hooked", ("model", "crm.lead"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_glossary_binding SET state = 'missing' WHERE id = %s",
            [term.binding_ids.id],
        )
        self.env.invalidate_all()
        with patch.object(self.registry, "updated_modules", []):
            self.Binding._register_hook()
        self.assertEqual(term.binding_ids.state, "missing")
        with patch.object(self.registry, "updated_modules", ["sale"]):
            self.Binding._register_hook()
        self.assertEqual(term.binding_ids.state, "ok")

    # --- rights ---
    def test_rights(self):
        expected = {
            self.reader: {"read"},
            self.editor: {"read", "write", "create", "unlink"},
            self.outsider: set(),
        }
        for user, operations in expected.items():
            bindings = self.Binding.with_user(user)
            allowed = {
                operation
                for operation in ("read", "write", "create", "unlink")
                if bindings.has_access(operation)
            }
            with self.subTest(user=user.login):
                self.assertEqual(allowed, operations)

    def test_bindings_are_seen_with_their_term(self):
        draft = self._bind("Draft", ("model", "crm.lead"), state="draft")
        theirs = self._bind(
            "Theirs", ("model", "crm.lead"), company_id=self.other_company.id
        )
        hidden = draft.binding_ids | theirs.binding_ids
        domain = [("id", "in", hidden.ids)]
        self.assertFalse(self.Binding.with_user(self.reader).search(domain))
        found = self.Binding.with_user(self.editor).search(domain)
        self.assertEqual(found, draft.binding_ids)

    def test_a_copy_is_bound_to_the_same(self):
        term = self._bind("Original", ("model", "crm.lead"))
        self.assertEqual(term.copy().binding_ids.mapped("reference"), ["crm.lead"])
        term.binding_ids = [Command.clear()]
        self.assertFalse(term.binding_state)
