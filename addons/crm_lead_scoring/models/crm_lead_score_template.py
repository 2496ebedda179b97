from odoo import api, models

from odoo.addons.crm_glossary_core import engine

from ..templates import TEMPLATES
from ..templates.parts import APPS
from ..tools.model_file import FORMAT, VERSION
from .crm_lead_score_model_json import SOURCE


class CrmLeadScoreTemplate(models.AbstractModel):
    """Scoring models to start from, made ready for this database.

    Rules that need an app or a field that is not there are left out and named.
    """

    _name = "crm.lead.score.template"
    _description = "Template of a Scoring Model"

    # === BUSINESS METHODS === #

    @api.model
    def _get_cards(self):
        """Return what is offered: dicts ``code``, ``name``, ``summary``, ``rules``.

        ``rules`` is how many of them work in this database.
        """
        return [
            {
                "code": code,
                "name": self._read_text(template["name"]),
                "summary": self._read_text(template["summary"]),
                "rules": sum(not self._find_obstacle(r) for r in template["rules"]),
            }
            for code, template in self._get_templates().items()
        ]

    @api.model
    def _get_values(self, code):
        """Return a template as the dict that ``crm.lead.score.model`` reads.

        Names are English, with translations for all languages of the database.
        """
        template = self._get_templates()[code]
        return {
            "format": FORMAT,
            "version": VERSION,
            **self._prepare_name(template["name"]),
            "grades": template["grades"],
            "caps": [
                {**cap, **self._prepare_name(cap["name"])}
                for cap in template.get("caps", [])
            ],
            "rules": [
                self._prepare_rule(rule)
                for rule in template["rules"]
                if not self._find_obstacle(rule)
            ],
            "readiness": template["readiness"],
        }

    @api.model
    def _get_preview(self, code):
        """Say what a template would create, and what it leaves out.

        :return: dict with ``name``, ``ready_score``, ``grades`` (dicts ``name``,
            ``fit_min``, ``engagement_min``, ``color``), ``rules`` (dicts ``name``,
            ``axis``, ``points``, ``sentence``) and ``left_out`` (dicts ``name``,
            ``reason``); all in the user's language
        """
        template = self._get_templates()[code]
        draft = self.env["crm.lead.score.model"]._read_dict(self._get_values(code))
        usable = [r for r in template["rules"] if not self._find_obstacle(r)]
        shown, left_out = [], []
        for rule, part in zip(usable, draft.rules, strict=True):
            name = self._read_text(rule["name"])
            if part.problems:
                left_out.append({"name": name, "reason": " ".join(part.problems)})
            else:
                shown.append(self._preview_rule(name, part, template))
        left_out += [
            {"name": self._read_text(rule["name"]), "reason": obstacle}
            for rule in template["rules"]
            if (obstacle := self._find_obstacle(rule))
        ]
        return {
            "name": self._read_text(template["name"]),
            "ready_score": template["readiness"]["ready_score"],
            "grades": template["grades"],
            "rules": shown,
            "left_out": left_out,
        }

    @api.model
    def _preview_rule(self, name, part, template):
        """A rule of a draft as it will read, without creating it."""
        vals = {**part.vals, "name": name, "model_name": "crm.lead"}
        key = vals.pop("cap_id")
        rule = self.env["crm.lead.score.rule"].new(vals)
        for cap in template.get("caps", []):
            if cap["key"] == key:
                rule.cap_id = self.env["crm.lead.score.cap"].new(
                    {"name": self._read_text(cap["name"]), "maximum": cap["maximum"]}
                )
        return {
            "name": name,
            "axis": rule.axis,
            "points": rule.points,
            "sentence": rule.domain_sentence,
        }

    @api.model
    def _prepare_rule(self, rule):
        values = {
            name: value
            for name, value in rule.items()
            if name not in ("domains", "needs")
        }
        if domains := rule.get("domains"):
            works = (domain for domain in domains if self._works(domain))
            values["domain"] = next(works, domains[0])
        return {**values, **self._prepare_name(rule["name"])}

    @api.model
    def _works(self, domain):
        try:
            engine.check(self.env, "crm.lead", domain)
        except engine.CriterionError:
            return False
        return True

    @api.model
    def _find_obstacle(self, rule):
        """Say which app a rule waits for; nothing when all is there."""
        needed = rule.get("needs")
        modules = self.env["ir.module.module"].sudo()
        if not needed or modules._get(needed).state == "installed":
            return False
        app = modules._get(APPS.get(needed, needed))
        return self.env._("needs the app “%s”", app.shortdesc or needed)

    @api.model
    def _prepare_name(self, text):
        """A name in English, and in the other languages of the database."""
        source = self.with_context(lang=SOURCE)._read_text(text)
        names = {
            lang: self.with_context(lang=lang)._read_text(text)
            for lang, _label in self.env["res.lang"].get_installed()
            if lang != SOURCE
        }
        return {
            "name": source,
            "translations": {
                lang: {"name": name} for lang, name in names.items() if name != source
            },
        }

    @api.model
    def _read_text(self, text):
        """A lazy translation in the user's language; other text as it is."""
        if isinstance(text, str):
            return text
        return text._translate(self.env.lang or SOURCE)

    # === HOOKS === #

    @api.model
    def _get_templates(self):
        """Return the templates by code; add to what ``super()`` returns.

        See :mod:`..templates` for what a template holds.
        """
        return dict(TEMPLATES)
