from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.crm_glossary_core import engine


class CrmLeadScoreRule(models.Model):
    """The whole rule as sentences, for whoever writes it: who gets what, how long."""

    _inherit = "crm.lead.score.rule"

    # === FIELDS === #

    sentence = fields.Text("The Rule in Words", compute="_compute_sentence")
    conditions_problem = fields.Char(
        compute="_compute_sentence",
        help="Why the conditions, as they stand in the form, cannot be used.",
    )

    # === COMPUTE METHODS === #

    @api.depends("axis", "domain_sentence")
    @api.depends_context("lang", "uid")
    def _compute_sentence(self):
        for rule in self:
            rule.conditions_problem = rule._find_problem()
            if rule.conditions_problem:
                rule.sentence = False
            elif rule.kind == "event":
                rule.sentence = rule._spell_events()
            else:
                rule.sentence = rule._spell_attributes()

    # === BUSINESS METHODS === #

    def _find_problem(self):
        """Say why the conditions cannot be used, to the user who reads them."""
        try:
            engine.check(self.env, "crm.lead", self.domain or "[]")
        except engine.CriterionError as error:
            return str(error)
        return False

    def _spell_attributes(self):
        sentence = self.env._(
            "%(leads)s. Each gets %(points)s (%(axis)s).",
            leads=self._spell_leads(),
            points=self._spell_points(),
            axis=self._spell_axis(),
        )
        return " ".join([sentence, *self._spell_end()])

    def _spell_events(self):
        values = {
            "event": self._spell_signal(),
            "points": self._spell_points(),
            "axis": self._spell_axis(),
        }
        if self.counting == "once":
            head = self.env._(
                "The latest event “%(event)s” counts %(points)s (%(axis)s)", **values
            )
        else:
            head = self.env._(
                "Each event “%(event)s” counts %(points)s (%(axis)s)", **values
            )
        parts = [head, *self._spell_frequency(), *self._spell_age()]
        sentences = [f"{'; '.join(parts)}."]
        if self._has_conditions():
            sentences.append(
                self.env._(
                    "This holds for some leads only: %s.",
                    self._spell_leads(lower=True),
                )
            )
        return " ".join([*sentences, *self._spell_end()])

    def _spell_signal(self):
        name = self.signal_id.name or "…"
        if self.value_pattern:
            name = self.env._(
                "%(signal)s (%(value)s)", signal=name, value=self.value_pattern
            )
        return name

    def _spell_points(self):
        return f"{self.points:+d}".replace("-", "\N{MINUS SIGN}")

    def _spell_axis(self):
        return dict(self._fields["axis"]._description_selection(self.env))[self.axis]

    def _spell_leads(self, lower=False):
        """Say for which leads, with any or all spelled out."""
        domain = engine.parse(self.env, self.domain or "[]")
        node = engine.describe_tree(self.env, "crm.lead", domain)
        if domain.is_true():
            text = self.env._("All leads")
        elif node.kind in ("all", "any"):
            conditions = "; ".join(map(self._spell_node, node.children))
            if node.kind == "all":
                text = self.env._(
                    "Leads for which all of these hold: %(conditions)s",
                    conditions=conditions,
                )
            else:
                text = self.env._(
                    "Leads for which at least one of these holds: %(conditions)s",
                    conditions=conditions,
                )
        else:
            text = self.env._(
                "Leads for which this holds: %(condition)s",
                condition=self._spell_node(node),
            )
        return f"{text[:1].lower()}{text[1:]}" if lower else text

    def _spell_node(self, node):
        """A part of the conditions; a group within a group stands in brackets."""
        if node.kind == "leaf":
            return node.text
        text = engine.describe(self.env, "crm.lead", node.domain)
        return text if node.kind == "not" else f"({text})"

    def _spell_frequency(self):
        """How often events count, and how much together."""
        if self.counting == "limited":
            texts = {
                "day": self.env._("at most %s a day", self.max_count),
                "week": self.env._("at most %s a week", self.max_count),
                "month": self.env._("at most %s a month", self.max_count),
            }
            yield texts[self.period]
        if self.cap and self.counting != "once":
            yield self.env._("together at most %s points", self.cap)
        if self.cap_id:
            yield self.env._(
                "with the other rules of “%(cap)s” at most %(maximum)s points",
                cap=self.cap_id.name,
                maximum=self.cap_id.maximum,
            )

    def _spell_age(self):
        """For how long an event counts, and how fast its points fade."""
        if self.window_days:
            yield self.env._("for %s days", self.window_days)
        if self.decay == "half_life":
            yield self.env._(
                "half of it is left after %(half)s days, a quarter after %(quarter)s",
                half=self.half_life_days,
                quarter=2 * self.half_life_days,
            )
        elif self.decay == "linear":
            yield self.env._(
                "it fades evenly and is gone after %s days", 2 * self.half_life_days
            )
        elif not self.window_days:
            yield self.env._("for good")
        if self.only_after_start and self.start_date:
            yield self.env._(
                "only what happened since %s", format_date(self.env, self.start_date)
            )

    def _spell_end(self):
        """When the rule as a whole begins and ends, and limits of field values."""
        if self.kind == "attribute" and self.cap_id:
            yield self.env._(
                "With the other rules of “%(cap)s” at most %(maximum)s points.",
                cap=self.cap_id.name,
                maximum=self.cap_id.maximum,
            )
        first, last = (
            day and format_date(self.env, day)
            for day in (self.valid_from, self.valid_to)
        )
        if first and last:
            yield self.env._(
                "In force from %(first)s to %(last)s.", first=first, last=last
            )
        elif first:
            yield self.env._("In force from %s on.", first)
        elif last:
            yield self.env._("In force until %s.", last)
