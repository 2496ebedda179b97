from dataclasses import dataclass, replace
from datetime import date

from odoo import api, fields, models, tools
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine


@dataclass(frozen=True)
class Plan:
    """What is needed to score the leads of one scoring model, apart from the leads.

    :param int model_id: the scoring model; 0 for leads that none scores
    :param Domain scope: its leads
    :param tuple rules: for each rule its first day, its last day, its criterion
    :param Bands bands: its grades
    """

    model_id: int
    scope: Domain
    rules: tuple
    bands: engine.Bands

    def criteria(self, day: date):
        """Return new criteria of the rules that are in force on a day."""
        return [
            replace(criterion)
            for first, last, criterion in self.rules
            if (not first or first <= day) and (not last or day <= last)
        ]


class CrmLeadScoreModel(models.Model):
    """What the models say about scoring, remembered until somebody changes it."""

    _inherit = "crm.lead.score.model"

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache()
    def _get_plans(self):
        """Return the :class:`Plan` of each active model, and of leads without model.

        Their scopes exclude each other and together hold every lead.
        """
        return tuple(
            Plan(
                model_id=model.id or 0,
                scope=scope,
                rules=tuple(
                    (rule.valid_from, rule.valid_to, rule._prepare_criterion())
                    for rule in model.rule_ids.filtered("active").sorted()
                ),
                bands=engine.Bands("grade_id", model.grade_ids._to_bands()),
            )
            for model, scope in self._find_scopes()
        )

    @api.model
    def _get_scopes(self):
        """Return which leads each active model scores.

        :return: list of ``(model, Domain)``; the domains exclude each other and
            together hold every lead: the last one, with no model, takes the rest
        """
        return [
            (self.browse(plan.model_id or ()), plan.scope) for plan in self._get_plans()
        ]

    @api.model
    def _find_scopes(self):
        # More particular models first: with teams, then of one company.
        ordered = (
            self.sudo()
            .search([("active", "=", True)])
            .sorted(lambda model: (not model.team_ids, not model.company_id))
        )
        scopes, taken = [], Domain.FALSE
        for model in ordered:
            own = Domain.TRUE
            if model.team_ids:
                own &= Domain("team_id", "in", model.team_ids.ids)
            if model.company_id:
                own &= Domain("company_id", "=", model.company_id.id)
            scopes.append((model, own & ~taken))
            taken |= own
        scopes.append((self.browse(), ~taken))
        return [(model, scope) for model, scope in scopes if not scope.is_false()]

    @api.model
    def _get_today(self):
        """The day on whose rules scores stand, and to whose end ages are counted."""
        return fields.Datetime.now().date()
