"""A scoring model with something of everything, and files made by hand."""

from odoo.addons.crm_lead_scoring.tools import model_file

from .common import ScoringCase


class ModelFileCase(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("bg_BG", "ru_RU"):
            cls.env["res.lang"]._activate_lang(code)
        cls.bulgaria = cls.env.ref("base.bg")
        cls.tag = cls.env["crm.tag"].create({"name": "Trade fair 2026"})

    @classmethod
    def _make_full(cls):
        """A model with something of everything that a file can hold."""
        cls.model.write(
            {
                "name": "B2B",
                "team_ids": cls.team.ids,
                "ready_score": 70,
                "unready_score": 50,
                "ready_domain": f"[('country_id', '=', {cls.bulgaria.id})]",
                "ready_dwell_hours": 1.5,
                "ready_notify": True,
            }
        )
        cls._translate(cls.model, "B2B модел", "Модель B2B")
        cap = cls.env["crm.lead.score.cap"].create(
            {"name": "Web", "maximum": 20, "model_id": cls.model.id}
        )
        cls._translate(cap, "Уеб", "Сайт")
        cap.copy({"name": "Web", "maximum": 7})
        rule = cls._make_rule(
            f"[('country_id', 'in', [{cls.bulgaria.id}]),"
            f" ('tag_ids', 'in', [{cls.tag.id}]),"
            " ('create_date', '>=', 'today -30d'), ('user_id', '=', uid)]",
            name="At home",
        )
        cls._translate(rule, "У дома", "Дома")
        cls._make_event_rule(
            "page_visit",
            5,
            name="Visits",
            value_pattern="/цени*",
            counting="limited",
            max_count=2,
            period="day",
            cap=15,
            decay="half_life",
            half_life_days=7,
            window_days=60,
            only_after_start=True,
            start_date="2026-02-03",
            valid_from="2026-01-01",
            cap_id=cap.id,
        )
        cls._make_rule("[('phone', '!=', False)]", -3, active=False, name="Old")
        return cls.model

    @classmethod
    def _translate(cls, record, bulgarian, russian):
        record.update_field_translations("name", {"bg_BG": bulgarian, "ru_RU": russian})

    def _text(self, model):
        return model_file.dumps(model._to_dict())

    def _values(self, *rules, **values):
        return {
            "format": "crm.lead.score.model",
            "version": 1,
            "name": "From a file",
            "teams": [self.team_two.name],
            "rules": list(rules),
            **values,
        }

    def _rule(self, **values):
        return {"name": "A rule", "axis": "fit", "points": 5, **values}
