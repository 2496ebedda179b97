from dataclasses import replace

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

from .crm_lead_score_event import LEDGER

#: What PostgreSQL can store in an integer.
INTEGER_MAX = 2**31 - 1


class CrmLeadScoreRule(models.Model):
    """Leads get signed points on one axis of a scoring model.

    A rule on field values gives its points to the leads in its domain; a rule on events
    gives them for what those leads did. Managers write rules; everybody whose leads are
    scored may read them.
    """

    _name = "crm.lead.score.rule"
    _description = "Lead Scoring Rule"
    _inherit = ["crm.criterion.mixin"]
    _order = "model_id, sequence, id"
    _check_company_auto = True

    #: Fields whose change makes scores out of date.
    _scoring_fields = frozenset(
        {
            "active",
            "axis",
            "cap",
            "cap_id",
            "counting",
            "decay",
            "domain",
            "half_life_days",
            "kind",
            "max_count",
            "model_id",
            "model_name",
            "only_after_start",
            "period",
            "points",
            "sequence",
            "signal_id",
            "start_date",
            "valid_from",
            "valid_to",
            "value_pattern",
            "window_days",
        }
    )

    # === DEFAULTS === #

    def _default_model_id(self):
        """The only scoring model; where there are several, somebody has to choose."""
        models_ = self.env["crm.lead.score.model"].search([], limit=2)
        return models_ if len(models_) == 1 else False

    # === FIELDS === #

    # identity
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    # the scoring model; the model of the records is always the lead
    model_id = fields.Many2one(
        "crm.lead.score.model",
        string="Scoring Model",
        default=lambda self: self._default_model_id(),
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        compute=None,
        inverse=None,
        search=None,
        help="The rule scores the leads of this model.",
    )
    company_id = fields.Many2one(related="model_id.company_id", store=True)
    model_name = fields.Char(readonly=True, copy=False)
    # effect
    kind = fields.Selection(
        [("attribute", "Field Values"), ("event", "Events")],
        default="attribute",
        required=True,
        help="What the rule looks at: the values that the lead has now, or what the"
        " lead did.",
    )
    axis = fields.Selection(
        [("fit", "Fit"), ("engagement", "Engagement")],
        default="fit",
        required=True,
        help="Fit: how well the lead suits what we sell. Engagement: how much interest"
        " it shows.",
    )
    points = fields.Integer(
        default=10,
        required=True,
        help="Points that each matching lead gets, or that each event gives; below zero"
        " they are taken away.",
    )
    cap_id = fields.Many2one(
        "crm.lead.score.cap",
        string="Common Cap",
        index="btree_not_null",
        ondelete="set null",
        domain="[('model_id', '=', model_id)]",
        help="Rules with the same cap give no more than its points together.",
    )
    valid_from = fields.Date(help="The rule gives points from this day on.")
    valid_to = fields.Date(
        "Valid until", help="The rule gives points until the end of this day."
    )
    # which events
    signal_id = fields.Many2one(
        "crm.lead.score.signal", ondelete="restrict", help="What the lead did."
    )
    value_pattern = fields.Char(
        "Value",
        help="Which page, subject or stage; * stands for any text: /pricing*. Empty:"
        " any.",
    )
    window_days = fields.Integer(
        "Counts for (days)",
        help="Older events do not count. 0: events count however old they are.",
    )
    only_after_start = fields.Boolean(
        "Only after the start",
        help="Only what happened since the start date counts, not the history.",
    )
    start_date = fields.Date(
        compute="_compute_start_date", store=True, readonly=False, precompute=True
    )
    # how much they count
    counting = fields.Selection(
        [
            ("once", "Once"),
            ("each", "Each Time"),
            ("limited", "A Few Times a Period"),
        ],
        default="each",
        required=True,
        help="Once: the latest event alone gives points. A few times a period: the"
        " first ones of each day, week or month do.",
    )
    max_count = fields.Integer("At most", default=3)
    period = fields.Selection(
        [("day", "Day"), ("week", "Week"), ("month", "Month")],
        default="week",
        required=True,
    )
    cap = fields.Integer(
        "Most Points",
        help="The rule gives, or takes, no more than so many points in all. 0: no"
        " limit.",
    )
    decay = fields.Selection(
        [("none", "Never"), ("half_life", "By Half Each Time"), ("linear", "Evenly")],
        "Points Fade",
        default="none",
        required=True,
        help="By half each time: after so many days half of an event's points is left,"
        " after twice as many a quarter. Evenly: after so many days half is left, after"
        " twice as many nothing.",
    )
    half_life_days = fields.Integer(
        "Half Left after (days)", default=14, help="Days after which half is left."
    )
    error_message = fields.Char(
        help="Why the rule cannot be used at present. Until it is mended it gives no"
        " points; the other rules go on.",
    )

    _points_range = models.Constraint(
        "CHECK (points BETWEEN -10000 AND 10000 AND points <> 0)",
        "A rule gives or takes between 1 and 10,000 points.",
    )
    _model_name_is_lead = models.Constraint(
        "CHECK (model_name = 'crm.lead')", "A scoring rule is about leads."
    )
    _event_has_signal = models.Constraint(
        "CHECK (kind <> 'event' OR signal_id IS NOT NULL)",
        "A rule about events needs a signal: say what the lead did.",
    )
    _half_life_positive = models.Constraint(
        "CHECK (decay = 'none' OR half_life_days BETWEEN 1 AND 36500)",
        "Points that fade need a number of days, 1 or more, after which half is left.",
    )
    _max_count_positive = models.Constraint(
        "CHECK (counting <> 'limited' OR max_count BETWEEN 1 AND 10000)",
        "Say how many events of a period count: at least 1.",
    )
    _window_not_negative = models.Constraint(
        "CHECK (window_days BETWEEN 0 AND 36500)",
        "The days that an event counts cannot be below 0; 0 means always.",
    )
    _cap_not_negative = models.Constraint(
        "CHECK (cap BETWEEN 0 AND 1000000)",
        "The most points of a rule cannot be below 0; 0 means no limit.",
    )
    _validity_in_order = models.Constraint(
        "CHECK (valid_from <= valid_to)",
        "A rule cannot end before it begins: check the days it is valid.",
    )

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("only_after_start")
    def _compute_start_date(self):
        """A rule that leaves the history out starts today, unless told otherwise."""
        for rule in self:
            if not rule.only_after_start:
                rule.start_date = False
            elif not rule.start_date:
                rule.start_date = fields.Datetime.now().date()

    @api.depends("kind", *sorted(_scoring_fields - {"active", "sequence"}))
    def _compute_matching_count(self):
        return super()._compute_matching_count()

    # === CONSTRAINT METHODS === #

    @api.constrains("cap_id", "model_id")
    def _check_cap(self):
        for rule in self:
            if rule.cap_id and rule.cap_id.model_id != rule.model_id:
                raise ValidationError(
                    self.env._(
                        "The cap “%(cap)s” belongs to another scoring model than the"
                        " rule “%(rule)s”.",
                        cap=rule.cap_id.name,
                        rule=rule.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_integers(vals_list, self)
        rules = super().create(vals_list)
        self._forget_scores()
        return rules

    def write(self, vals):
        self._check_integers([vals], self)
        result = super().write(vals)
        if vals.keys() & self._scoring_fields:
            self._forget_scores()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_scores()
        return result

    def copy_data(self, default=None):
        """A cap belongs to one scoring model: whoever copies that copies it too."""
        vals_list = super().copy_data(default=default)
        if self.env.context.get("copying_scoring_model"):
            for vals in vals_list:
                vals.pop("cap_id", None)
        return vals_list

    # === ACTION METHODS === #

    def action_view_records(self):
        """Open the leads that match; for events, those that have the points."""
        action = super(CrmLeadScoreRule, self.with_context(without_events=True))
        action = action.action_view_records()
        if self.kind == "event":
            action["domain"] = [("score_line_ids.rule_id", "=", self.id)]
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _check_integers(self, vals_list, records):
        """Refuse numbers that no integer column holds, before the database does."""
        for vals in vals_list:
            for name, value in vals.items():
                field = records._fields.get(name)
                if (
                    field is not None
                    and field.type == "integer"
                    and isinstance(value, int | float)
                    and abs(value) > INTEGER_MAX
                ):
                    raise ValidationError(
                        self.env._(
                            "%(number)s is too large a number for “%(field)s”.",
                            number=value,
                            field=field.get_description(self.env, ["string"])["string"],
                        )
                    )

    def _forget_scores(self):
        """Scores are out of date: have them refreshed, and look at the rules anew."""
        self.env.registry.clear_cache()
        self.env["crm.lead.score"]._request_refresh()

    @api.model
    @tools.ormcache()
    def _get_touched_by_rule(self):
        """Names of the lead's fields that the conditions of each rule look at.

        :return: tuple of ``(rule id, id of its signal, frozenset of field names)`` for
            all rules in use
        """
        rules = self.sudo().search(
            [("active", "=", True), ("model_id.active", "=", True)]
        )
        return tuple(
            (
                rule.id,
                rule.signal_id.id if rule.kind == "event" else False,
                frozenset(engine.touched_fields(self.env, rule._prepare_criterion())),
            )
            for rule in rules
        )

    @api.model
    def _find_touched(self, fnames):
        """Return the ids of the rules that look at one of these fields of the lead."""
        return {
            rule
            for rule, _signal, names in self._get_touched_by_rule()
            if fnames & names
        }

    @api.model
    def _find_on_events(self, signals=None):
        """Return the ids of the rules on events, of these signals or of all."""
        return {
            rule
            for rule, signal, _names in self._get_touched_by_rule()
            if signal and (signals is None or signal in signals)
        }

    # === HOOKS === #

    def _get_criterion_model_name(self):
        return "crm.lead"

    def _get_shown_domain(self):
        """The matching leads are among those that the scoring model scores."""
        domain = super()._get_shown_domain() & self.model_id._get_shown_scope()
        criterion = self._prepare_criterion()
        if criterion.events and not self.env.context.get("without_events"):
            domain &= Domain("id", "in", engine.event_records(self.env, criterion))
        return domain

    def _prepare_criterion(self):
        """Archived leads are scored as well: a lost lead keeps its score."""
        cap = self.cap_id.sudo()
        return replace(
            super()._prepare_criterion(),
            active_test=False,
            points={self.axis: self.points},
            events=self._prepare_events(),
            cap=engine.Cap(cap.id, cap.maximum) if cap else None,
        )

    def _prepare_events(self):
        """Return the events that count, as the engine wants them; ``None`` if none."""
        if self.kind != "event" or not self.signal_id or not self.points:
            return None
        return engine.EventCount(
            ledger=LEDGER,
            signal=self.signal_id.id,
            pattern=self.value_pattern or None,
            counting=self.counting,
            maximum=max(self.max_count, 1),
            period=self.period,
            limit=self.cap,
            window=self.window_days,
            decay=self.decay if self.half_life_days > 0 else "none",
            days=self.half_life_days,
            since=self.start_date if self.only_after_start else None,
        )
