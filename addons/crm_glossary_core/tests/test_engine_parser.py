import datetime

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.crm_glossary_core import engine


@tagged("post_install", "-at_install")
class TestEngineParser(TransactionCase):
    """What users write as a domain, well or badly."""

    def assertRefused(self, text, words):
        with self.assertRaises(engine.CriterionError) as caught:
            engine.parse(self.env, text)
        self.assertIn(words, str(caught.exception))

    def test_literals(self):
        for text in ("[]", "", None, "[('name', '=', 'A')]", "['|', ('a', '=', 1), 1]"):
            if text == "['|', ('a', '=', 1), 1]":
                self.assertRefused(text, "malformed")
            else:
                engine.parse(self.env, text)
        domain = engine.parse(self.env, "[('active', '=', true), ('id', '>', -5)]")
        self.assertEqual(list(domain), ["&", ("active", "=", True), ("id", ">", -5)])

    def test_names(self):
        domain = engine.parse(self.env, "[('user_id', '=', uid)]")
        self.assertEqual(list(domain), [("user_id", "=", self.env.uid)])
        domain = engine.parse(self.env, "[('user_id', '=', uid)]", uid=7)
        self.assertEqual(list(domain), [("user_id", "=", 7)])

    def test_relative_dates(self):
        today = datetime.date.today()
        text = (
            "[('date_deadline', '<', (context_today() - relativedelta(days=7))"
            ".strftime('%Y-%m-%d'))]"
        )
        [(_name, _operator, value)] = list(engine.parse(self.env, text))
        self.assertAlmostEqual(
            datetime.date.fromisoformat(value),
            today - datetime.timedelta(days=7),
            delta=datetime.timedelta(days=1),
        )
        engine.parse(
            self.env,
            "[('create_date', '>=', datetime.datetime.combine(context_today()"
            " + relativedelta(weeks=-1, weekday=0), datetime.time(0, 0, 0)).to_utc()"
            ".strftime('%Y-%m-%d %H:%M:%S'))]",
        )
        engine.parse(self.env, "[('create_date', '>=', 'today -30d')]")

    def test_code_is_refused_and_not_run(self):
        for text in (
            "__import__('os').system('true')",
            "[('id', '=', __import__('os').getpid())]",
            "[('name', '=', open('/etc/passwd').read())]",
            "[x for x in (1, 2)]",
            "[('name', '=', ''.__class__.__mro__)]",
            "[('id', '=', (lambda: 1)())]",
            "[('id', '=', env.uid)]",
            "[('name', '=', f'{uid}')]",
            "[('id', '=', 9 ** 9 ** 9)]",
            "[('id', 'in', [0] * 10 ** 9)]",
            "[('d', '=', context_today().strftime('%s' * 9))]",
        ):
            with self.subTest(text=text):
                self.assertRefused(text, "not allowed")

    def test_malformed(self):
        self.assertRefused("[('name', '=', 'A'", "do not match")
        self.assertRefused("'name'", "list of conditions")
        self.assertRefused("[('name', 'resembles', 'A')]", "malformed")
        self.assertRefused("['&', ('name', '=', 'A')]", "malformed")
        self.assertRefused("[('name', 'any!', [])]", "internal")
        self.assertRefused("[('partner_id', 'any', 5)]", "brackets")
        self.assertRefused("\x00", "do not match")

    def test_deep_nesting(self):
        levels = 200
        text = "[('parent_id', 'any', " * levels + "[]" + ")]" * levels
        self.assertRefused(text, "nested")
        self.assertRefused("[" * 5000 + "]" * 5000, "nested")
        alternating = "['&', ('id', '>', 0), '|', ('id', '<', 9), " * (levels // 2)
        text = alternating.replace("[", "")
        self.assertRefused(f"[{text} ('id', '=', 1)]", "nested")
        flat = "'|', ('id', '=', 1), " * levels
        engine.parse(self.env, f"[{flat} ('id', '=', 2)]")

    def test_ten_thousand_ids(self):
        text = f"[('id', 'in', {list(range(10_000))})]"
        domain = engine.parse(self.env, text)
        self.assertEqual(self.env["res.partner"].search_count(domain) > 0, True)

    def test_check_as_a_user(self):
        user = new_test_user(
            self.env, "reader", groups="sales_team.group_sale_salesman"
        )
        env = self.env(user=user)
        for model, text, words in (
            ("crm.lead", "[('x_gone', '=', 1)]", "no field"),
            ("crm.lead", "[('name.more', '=', 1)]", "nothing can follow"),
            ("no.model", "[]", "not in this database"),
            ("ir.config_parameter", "[]", "not allowed"),
            ("crm.lead", "[('expected_revenue', '>', 'much')]", "much"),
            ("res.users", "[('password', '=', 'x')]", "Password"),
            ("crm.lead", "[('user_id.password', 'ilike', 'x')]", "Password"),
            ("crm.lead", "[('user_id', 'any', [('password', '!=', '')])]", "Password"),
            ("crm.lead", "[('is_automated_probability', '=', True)]", "cannot"),
        ):
            with self.subTest(text=text), self.assertRaises(engine.CriterionError) as e:
                engine.check(env, model, text)
            self.assertIn(words, str(e.exception))
        engine.check(env, "crm.lead", "[('partner_id.country_id.code', '=', 'BG')]")
        engine.check(env, "crm.lead", "[('tag_ids', 'any', [('name', '=', 'A')])]")
