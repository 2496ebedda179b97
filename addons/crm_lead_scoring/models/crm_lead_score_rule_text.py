from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.crm_glossary_core import engine

from ..tools.protected_attributes import find_protected


class CrmLeadScoreRule(models.Model):
    """What a rule says in words, and a warning where it touches a protected trait."""

    _inherit = "crm.lead.score.rule"

    # === FIELDS === #

    warning = fields.Char(
        compute="_compute_warning",
        help="The rule can be used; somebody should have a look whether it may be.",
    )

    # === COMPUTE METHODS === #

    @api.depends("domain", "model_name")
    @api.depends_context("lang", "uid")
    def _compute_warning(self):
        for rule in self:
            names = rule._find_protected_fields()
            rule.warning = rule._warn_of(names) if names else False

    @api.depends(
        "cap",
        "cap_id.maximum",
        "cap_id.name",
        "counting",
        "decay",
        "domain",
        "half_life_days",
        "kind",
        "max_count",
        "model_name",
        "only_after_start",
        "period",
        "points",
        "signal_id.name",
        "start_date",
        "valid_from",
        "valid_to",
        "value_pattern",
        "window_days",
    )
    @api.depends_context("lang", "uid")
    def _compute_domain_sentence(self):
        return super()._compute_domain_sentence()

    # === BUSINESS METHODS === #

    def _describe(self):
        """The rule as a sentence: what counts, how much, how long, for which leads."""
        if self.kind != "event":
            parts = [super()._describe(), *self._describe_validity()]
            return "; ".join(parts)
        head = self.signal_id.name or self.env._("An event")
        if self.value_pattern:
            head = self.env._(
                "%(signal)s (%(value)s)", signal=head, value=self.value_pattern
            )
        parts = [
            self._describe_counting(),
            *self._describe_limits(),
            *self._describe_age(),
            *self._describe_validity(),
        ]
        sentence = self.env._(
            "%(signal)s: %(conditions)s", signal=head, conditions=", ".join(parts)
        )
        if self._has_conditions():
            sentence = self.env._(
                "%(sentence)s; only leads with: %(domain)s",
                sentence=sentence,
                domain=super()._describe(),
            )
        return sentence

    def _has_conditions(self):
        """Whether the rule counts the events of some leads only."""
        try:
            return not engine.parse(self.env, self.domain).is_true()
        except engine.CriterionError:
            return True

    def _describe_counting(self):
        points = f"{self.points:+d}"
        if self.counting == "once":
            return self.env._("%(points)s once", points=points)
        if self.counting == "each":
            return self.env._("%(points)s each", points=points)
        sentences = {
            "day": self.env._(
                "%(points)s each, at most %(count)s a day",
                points=points,
                count=self.max_count,
            ),
            "week": self.env._(
                "%(points)s each, at most %(count)s a week",
                points=points,
                count=self.max_count,
            ),
            "month": self.env._(
                "%(points)s each, at most %(count)s a month",
                points=points,
                count=self.max_count,
            ),
        }
        return sentences[self.period]

    def _describe_limits(self):
        if self.cap:
            yield self.env._("no more than %s points in all", self.cap)
        if self.cap_id:
            yield self.env._(
                "with others of “%(cap)s” no more than %(maximum)s points",
                cap=self.cap_id.name,
                maximum=self.cap_id.maximum,
            )

    def _describe_age(self):
        if self.window_days:
            yield self.env._("counts for %s days", self.window_days)
        if self.decay == "half_life":
            yield self.env._("halves every %s days", self.half_life_days)
        elif self.decay == "linear":
            yield self.env._("fades evenly within %s days", 2 * self.half_life_days)
        if self.only_after_start and self.start_date:
            yield self.env._("since %s", format_date(self.env, self.start_date))

    def _describe_validity(self):
        if self.valid_from:
            yield self.env._("valid from %s", format_date(self.env, self.valid_from))
        if self.valid_to:
            yield self.env._("valid until %s", format_date(self.env, self.valid_to))

    def _warn_of(self, names):
        return self.env._(
            "This rule looks at %(fields)s. Points for gender, nationality, religion"
            " and the like treat people differently for what they are; in many"
            " countries that is against the law. Have a lawyer look at it, or leave it"
            " out.",
            fields=", ".join(f"“{name}”" for name in names),
        )

    def _find_protected_fields(self):
        """Labels of protected fields that the domain names, also at a path's end."""
        try:
            domain = engine.parse(self.env, self.domain or "[]")
        except engine.CriterionError:
            return []
        found = {}
        self._collect_protected(self.env[self.model_name or "crm.lead"], domain, found)
        return list(found)

    def _collect_protected(self, model, domain, found):
        for condition in domain.iter_conditions():
            comodel = model
            for name in condition.field_expr.split("."):
                field = comodel._fields.get(name) if comodel is not None else None
                if field is None:
                    break
                label = field.get_description(self.env, ["string"])["string"]
                if find_protected(name) or find_protected(label):
                    found[label] = True
                comodel = self.env[field.comodel_name] if field.relational else None
            if condition.operator in ("any", "not any") and comodel is not None:
                self._collect_protected(comodel, Domain(condition.value), found)
