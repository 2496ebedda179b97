import base64
import json

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_model_file import ModelFileCase


@tagged("post_install", "-at_install")
class TestHostileFiles(ModelFileCase):
    """Each bad file gets a sentence, and creates nothing."""

    def _problems(self, content):
        """What the import says of a file, as one text."""
        if isinstance(content, dict | list):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        wizard = self.env["crm.lead.score.import"].create(
            {"file": base64.b64encode(content), "file_name": "x.json"}
        )
        self.assertFalse(wizard.can_import, str(content[:80]))
        count = self.Model.with_context(active_test=False).search_count([])
        with self.assertRaises(ValidationError):
            wizard.action_import()
        self.assertEqual(
            self.Model.with_context(active_test=False).search_count([]), count
        )
        return f"{wizard.problems or ''}{wizard.broken_rules or ''}"

    def test_no_model_at_all(self):
        for content, words in (
            (b"{", "no JSON"),
            (b"\xff\xfe\x00", "UTF-8"),
            (b"[" * 200_000, "no JSON"),
            (b'{"version": NaN}', "no JSON"),
            ("9" * 6000, "no JSON"),
            ("[]", "no scoring model"),
            ("null", "no scoring model"),
            ('"text"', "no scoring model"),
            ({"format": "something.else"}, "no scoring model"),
            ({"format": "crm.lead.score.model"}, "which version"),
            ({"format": "crm.lead.score.model", "version": "1"}, "which version"),
            ({"format": "crm.lead.score.model", "version": 2}, "newer version"),
            (b" " * 50_000_000, "50 MB"),
        ):
            self.assertIn(words, self._problems(content), str(content)[:60])

    def test_wrong_shapes(self):
        for values, words in (
            (self._values(name=None), "“name”"),
            (self._values(name="  "), "“name” is empty"),
            (self._values(rules="all"), "“rules” should be a list"),
            (self._values(rules=[7]), "an object"),
            (self._values(grades=[{"name": "A"}, {"name": "A"}]), "two of that name"),
            (self._values(grades=[{"fit_min": "much"}]), "whole number"),
            (self._values(caps=[{"name": "C", "maximum": 0}]), "between 1 and"),
            (self._values(readiness={"ready_score": 1e9}), "whole number"),
            (self._values(readiness={"ready_score": 10}), "cannot be the greater"),
            (self._values(readiness={"ready_domain": "[('x', '=', 1)]"}), "no field"),
            (self._values(readiness=[1]), "an object"),
            (self._values(translations=[]), None),
            (self._values(translations={"bg_BG": "x"}), "by language"),
            (self._values(*[self._rule()] * 1001), "at most 1000"),
        ):
            if words:
                self.assertIn(words, self._problems(values), str(values)[-200:])

    def test_wrong_rules(self):
        for rule, words in (
            ({"points": "ten"}, "whole number, not &#34;ten&#34;"),
            ({"points": True}, "whole number"),
            ({"points": 1.5}, "whole number"),
            ({"points": 0}, "between 1 and 10,000"),
            ({"points": 10**30}, "between -10000 and 10000"),
            ({"axis": "height"}, "fit, engagement"),
            ({"axis": None}, "“axis” is missing"),
            ({"name": "\0"}, "a text"),
            ({"name": "\ud800"}, "a text"),
            ({"active": "yes"}, "true or false"),
            ({"valid_from": "soon"}, "a day such as"),
            ({"valid_from": 20260101}, "a day such as"),
            (
                {"valid_from": "2026-02-01", "valid_to": "2026-01-01"},
                "before it begins",
            ),
            ({"common_cap": "None such"}, "None such"),
            ({"common_cap": ["a"]}, "no cap"),
            ({"kind": "event"}, "needs a signal"),
            ({"kind": "event", "signal": "flies"}, "“flies”"),
            ({"kind": "event", "signal": ["x"]}, "signal"),
            (
                {
                    "kind": "event",
                    "signal": "page_visit",
                    "decay": "linear",
                    "half_life_days": 0,
                },
                "“half_life_days” lies between 1",
            ),
            ({"domain": "[('phone', '=', open('/etc/passwd').read())]"}, "not allowed"),
            ({"domain": "[('phone', '=', ref('base.bg'))]"}, "not allowed"),
            (
                {"domain": "[('country_id', '=', ref('base.main_company'))]"},
                "base.main",
            ),
            ({"domain": "[('country_id', '=', ref(1))]"}, "not allowed"),
            ({"domain": "[('country_id'"}, "brackets"),
            ({"domain": "7"}, "list of conditions"),
            ({"domain": ["phone"]}, "a text"),
            ({"domain": "[('expected_revenue', '=', 'much')]"}, "A rule"),
        ):
            said = self._problems(self._values(self._rule(**rule)))
            self.assertIn(words, said, rule)
            self.assertIn("A rule" if "name" not in rule else "Rule 1", said)

    def test_unknown_keys_are_told(self):
        values = self._values(self._rule(pints=3), unready=1)
        draft = self.Model._read_dict(values)
        self.assertFalse(draft.problems + draft.broken)
        self.assertTrue(any("“pints”" in note for note in draft.notes))

    def test_missing_app_and_language(self):
        values = self._values(
            self._rule(translations={"xx_XX": {"name": "?"}}), apps=["no_such_app"]
        )
        draft = self.Model._read_dict(values)
        notes = " ".join(draft.notes)
        self.assertIn("no_such_app", notes)
        self.assertIn("xx_XX", notes)
        self.assertTrue(self.Model._create_from(draft))

    def test_import_with_rules_left_out(self):
        values = self._values(self._rule(name="Good"), self._rule(name="Bad", points=0))
        wizard = self.env["crm.lead.score.import"].create(
            {"file": base64.b64encode(json.dumps(values).encode())}
        )
        self.assertEqual((wizard.rule_count, wizard.broken_count), (2, 1))
        self.assertFalse(wizard.can_import)
        wizard.skip_broken = True
        self.assertTrue(wizard.can_import)
        action = wizard.action_import()
        self.assertIn("Bad", action["params"]["message"])
        model = self.Model.browse(action["params"]["next"]["res_id"])
        self.assertEqual(model.rule_ids.mapped("name"), ["Good"])

    def test_markup_in_names_is_only_text(self):
        rule = self._rule(name="<script>x</script>", points=0)
        said = self._problems(self._values(rule))
        self.assertNotIn("<script", said)
