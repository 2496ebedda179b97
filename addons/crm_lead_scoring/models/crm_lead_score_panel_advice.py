from odoo import api, models
from odoo.tools import formatLang

from odoo.addons.crm_glossary_core import engine

#: Rules that are named as what would make a lead ready.
SUGGESTIONS = 3
#: Odoo's prediction means nothing with fewer won, or fewer lost, leads than this. Odoo
#: itself names no number and predicts from one of each; Microsoft's manual of Dynamics
#: 365 Sales ("Configure predictive lead scoring") asks for 40 qualified and 40
#: disqualified leads before a model is made, and that number is taken over here.
MINIMUM_HISTORY = 40


class CrmLeadScore(models.Model):
    """What would help a lead, and how far Odoo's prediction can be trusted."""

    _inherit = "crm.lead.score"

    # === BUSINESS METHODS === #

    # What would make it ready

    @api.model
    def _suggest(self, lead, model, readiness):
        """Return rules that would give a lead points it does not have.

        First what can still be done or found out: events, and values that the lead
        does not have. Values that it does have, and that are others, come last.

        :return: list of dicts ``rule_id``, ``rule``, ``sentence``, ``points``
        """
        lead = lead.sudo()
        if not model or readiness["is_ready"] or lead.won_status != "pending":
            return []
        lines = lead.score_line_ids
        ranked = []
        for rule in model._find_rules_in_force() - lines.rule_id:
            points = self._get_possible_points(rule, lines)
            if points > 0:
                unknown = rule.kind == "event" or self._has_gap(rule, lead)
                ranked.append((not unknown, -points, rule.sequence, rule.id, rule))
        return [
            {
                "rule_id": rule.id,
                "rule": rule.name,
                "sentence": rule.with_env(self.env).sudo().domain_sentence or "",
                "points": -points,
            }
            for _known, points, _sequence, _id, rule in sorted(ranked)[:SUGGESTIONS]
        ]

    def _get_possible_points(self, rule, lines):
        """What a rule would give once, with the limits that leave room for it."""
        limits = [rule.points]
        if rule.kind == "event" and rule.cap:
            limits.append(rule.cap)
        if rule.cap_id:
            used = sum(
                line.points
                for line in lines
                if line.rule_id.cap_id == rule.cap_id and line.points > 0
            )
            limits.append(rule.cap_id.maximum - used)
        return min(limits)

    def _has_gap(self, rule, lead):
        """Whether the lead has no value in a field that the rule looks at."""
        names = engine.touched_fields(self.env, rule._prepare_criterion())
        return any(not lead[name] for name in names if name in lead._fields)

    # The prediction

    @api.model
    def _describe_probability(self, lead):
        """Odoo's own prediction, and what it is based on.

        :return: dict with ``value`` (in force), ``predicted`` (texts in percent),
            ``is_automated``, ``won`` and ``lost`` (how many leads it is based on),
            ``minimum``, ``is_meaningful`` and ``notes`` (sentences)
        """
        lead = lead.sudo()
        won, lost, team = self._count_history(lead)
        is_meaningful = won >= MINIMUM_HISTORY and lost >= MINIMUM_HISTORY
        predicted = self._in_percent(lead.automated_probability)
        is_automated = lead.is_automated_probability or lead.won_status != "pending"
        notes = []
        if not is_automated:
            notes.append(
                self.env._(
                    "Set by hand to %(value)s; Odoo predicts %(predicted)s.",
                    value=self._in_percent(lead.probability),
                    predicted=predicted,
                )
            )
        if lead.won_status == "pending" and not is_meaningful:
            notes.append(self._word_history(won, lost, team))
        return {
            "value": self._in_percent(lead.probability),
            "predicted": predicted,
            "is_automated": is_automated,
            "won": won,
            "lost": lost,
            "minimum": MINIMUM_HISTORY,
            "is_meaningful": is_meaningful,
            "notes": notes,
        }

    def _word_history(self, won, lost, team):
        values = {"won": won, "lost": lost, "minimum": MINIMUM_HISTORY}
        if team:
            return self.env._(
                "Too little history to mean anything: the team %(team)s has %(won)s won"
                " and %(lost)s lost leads. It takes at least %(minimum)s of each.",
                team=team.name,
                **values,
            )
        return self.env._(
            "Too little history to mean anything: there are %(won)s won and %(lost)s"
            " lost leads. It takes at least %(minimum)s of each.",
            **values,
        )

    def _in_percent(self, value):
        digits = 0 if value == int(value) else 2
        return self.env._("%s %%", formatLang(self.env, value, digits=digits))

    @api.model
    def _count_history(self, lead):
        """Count the closed leads that the prediction for a lead is based on.

        Odoo looks at the lead's team if it knows anything of that, else at all teams
        together. It reads both numbers off the first stage, through which every lead
        is taken to have come.

        :return: tuple ``(won, lost, team or none)``
        """
        frequencies = self.env["crm.lead.scoring.frequency"].sudo()
        team = lead.team_id
        if not team or not frequencies.search_count([("team_id", "=", team.id)], 1):
            team = team.browse()
        first_stage = (
            self.env["crm.stage"]
            .sudo()
            .search([("team_ids", "=", False)], order="sequence, id", limit=1)
        )
        domain = [("variable", "=", "stage_id"), ("value", "=", str(first_stage.id))]
        if team:
            domain.append(("team_id", "=", team.id))
        [(won, lost)] = frequencies._read_group(
            domain, [], ["won_count:sum", "lost_count:sum"]
        )
        # Odoo adds a tenth to each count, team by team.
        return int(won or 0), int(lost or 0), team
