from dataclasses import dataclass, replace

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

from ..tools.field_values import shown_value
from ..tools.rpc_values import clean_text, read_dict, read_id, shown
from .crm_lead_score import AXES

#: Key of a rule that is not saved yet, among those of saved rules.
NEW_RULE = -1
#: Keys of what is worked out beside the rules.
EVENTS_KEY, OWN_LIMIT_KEY = -2, -3
#: First key of the parts of a domain.
FIRST_PART = -10


@dataclass
class _Part(engine.Criterion):
    """A part of a rule's conditions, parsed already."""

    part: Domain = Domain.TRUE

    def parse(self, env):
        return self.part


class CrmLeadScoreRule(models.Model):
    """A rule tried out on one lead: what it gives, and why. Nothing is written.

    What matches and what it gives is worked out by the engine, with all that works on
    the score (common caps, days in force, which model scores the lead): the answer
    cannot differ from the score. Only the reasons are put into words here.
    """

    _inherit = "crm.lead.score.rule"

    # === BUSINESS METHODS === #

    @api.model
    def test_on_lead(self, lead_id, rule_id=False, values=None):
        """Say what a rule gives to a lead and why, part by part.

        :param int lead_id: a lead that the user may read
        :param int rule_id: the rule; none for one that is not saved yet
        :param dict values: fields that are edited and not saved; for managers
        :return: dict with ``lead``, ``problem`` (the rule cannot be used: why),
            ``is_match``, ``points`` (what counts), ``axis``, ``notes`` (sentences),
            ``conditions`` (tree of dicts ``kind``, ``text``, ``value``, ``holds``,
            ``children``), ``events`` (see ``_explain_events``; ``False`` for a rule on
            field values), ``sums`` (steps from the events to the points) and
            ``change`` (a sentence, or ``False``)
        :raise AccessError: for a lead or a rule that the user may not read; for edited
            values when the user may not write rules
        :raise UserError: when the lead or the rule is gone
        """
        lead = self._get_tested_lead(lead_id)
        rule = self._get_tested_rule(rule_id, values)
        result = {
            "lead": lead.display_name,
            "problem": rule._find_problem(),
            "is_match": False,
            "points": 0,
            "axis": rule.axis and rule._spell_axis(),
            "notes": [],
            "conditions": False,
            "events": False,
            "sums": [],
            "change": False,
        }
        if not result["problem"] and rule.kind == "event" and not rule.signal_id:
            result["problem"] = self.env._("Say first what the lead did: the signal.")
        if result["problem"]:
            return result
        try:
            with self.env.cr.savepoint():
                return result | rule._explain_on(lead)
        except (psycopg2.DataError, psycopg2.ProgrammingError):
            problem = self.env._("The database refuses a value in the conditions.")
            return result | {"problem": problem}

    @api.model
    def get_results_of_lead(self, lead_id):
        """Say what each rule of a lead's scoring model gives to the lead now.

        :return: dict with ``lead``, ``model`` (name or ``False``) and ``rules``: dicts
            ``id``, ``name``, ``axis``, ``points`` and ``sentence``, in the order of the
            model
        :raise AccessError: for a lead that the user may not read
        :raise UserError: when the lead is gone
        """
        lead = self._get_tested_lead(lead_id)
        self.browse().check_access("read")
        model = self.env["crm.lead.score.model"]._get_of(lead).sudo(False)
        rules = model.rule_ids.filtered("active").sorted()
        points = rules._get_points_at(lead, model._get_today()) if rules else {}
        return {
            "lead": lead.display_name,
            "model": model.name,
            "rules": [
                {
                    "id": rule.id,
                    "name": rule.name,
                    "axis": rule.axis,
                    "points": points.get(rule.id, 0),
                    "sentence": rule.domain_sentence,
                }
                for rule in rules
            ],
        }

    @api.model
    def _get_tested_lead(self, lead_id):
        lead = self.env["crm.lead"].browse(read_id(self.env, lead_id)).exists()
        if not lead:
            raise UserError(self.env._("This lead is no longer there."))
        lead.check_access("read")
        self.env["crm.lead.score.onboarding"]._note_check()
        return lead

    @api.model
    def _get_tested_rule(self, rule_id, values):
        """The rule as it stands in the form: a record that is never saved."""
        rule = self.browse(rule_id and read_id(self.env, rule_id) or ()).exists()
        values = read_dict(self.env, values)
        if rule_id and not rule:
            raise UserError(self.env._("This rule is no longer there."))
        rule.check_access("read")
        if rule and not values:
            return rule
        rule.check_access("write" if rule else "create")
        wanted = (self._scoring_fields | {"name"}) - {"model_name"}
        values = {name: values[name] for name in wanted & set(values)}
        values["model_name"] = "crm.lead"
        self._check_integers([values], self)
        for name, value in values.items():
            values[name] = self._read_tested_value(self._fields[name], value)
        # What was tried out before in this transaction is forgotten.
        self.new(origin=rule).invalidate_recordset(flush=False)
        draft = self.new(values, origin=rule or None)
        draft._compute_start_date()
        return draft

    @api.model
    def _read_tested_value(self, field, value):
        """Return a value as it was sent, or say that the field cannot have it."""
        if field.type == "many2one":
            if not value:
                return False
            record = self.env[field.comodel_name].browse(read_id(self.env, value))
            record.check_access("read")
            return record.exists().id
        if field.type in ("char", "text"):
            return clean_text(value)
        try:
            field.convert_to_cache(value, self, validate=True)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(
                self.env._(
                    "“%(value)s” is no value for “%(field)s”.",
                    value=shown(value),
                    field=field.get_description(self.env, ["string"])["string"],
                )
            ) from error
        return value

    # What the engine says

    def _explain_on(self, lead):
        day = self.model_id._get_today()
        points = self._get_points_on(lead, day)
        node = engine.describe_tree(
            self.env, "crm.lead", engine.parse(self.env, self.domain or "[]")
        )
        parts, works = self._prepare_parts(node), self._prepare_limits()
        found = self._tally([*parts.values(), *works], lead)
        holds = {part: criterion.key in found for part, criterion in parts.items()}
        events = self._explain_events(lead) if self.kind == "event" else False
        may_change = bool(events["counted"] if events else holds[node])
        return {
            "is_match": bool(holds[node] and (points or self.kind == "attribute")),
            "points": points,
            "notes": list(self._find_notes(lead, day)),
            "conditions": self._explain_node(node, holds, lead)
            if node.kind != "leaf" or node.path
            else False,
            "events": events,
            "sums": list(self._explain_sums(found, holds[node], points)),
            "change": self._find_change(lead, day, points, may_change),
        }

    def _prepare_parts(self, node):
        """A criterion for each part of the conditions, the first one for the whole."""
        own = self._prepare_criterion()
        return {
            part: _Part(
                key=FIRST_PART - number,
                model=own.model,
                active_test=False,
                points={AXES[0]: 1},
                uid=own.uid,
                part=part.domain,
            )
            for number, part in enumerate(node.walk())
        }

    def _prepare_limits(self):
        """What the events give before the rule's own limit, and before the cap."""
        own = replace(self._prepare_criterion(), cap=None, domain="[]")
        if own.events is None:
            return []
        free = replace(own.events, limit=0)
        return [
            replace(own, key=EVENTS_KEY, events=free),
            replace(own, key=OWN_LIMIT_KEY),
        ]

    @api.model
    def _tally(self, criteria, lead, scope=None, as_of=None):
        """Return ``{key: points}`` of these criteria for a lead; ``None`` out of scope.

        Nothing is stored.
        """
        rows = engine.tally_rows(
            self.env,
            engine.TallyTable(self.env["crm.lead.score"]._table, AXES),
            [self.env["crm.lead.score"]._prepare_base_criterion(), *criteria],
            ids=lead.ids,
            scope=scope,
            as_of=as_of,
        )
        if not rows:
            return None
        return dict(zip(rows[0]["criterion_ids"], rows[0]["points"], strict=True))

    def _get_points_on(self, lead, day):
        """Points of this rule for a lead, with the other rules of its model."""
        return self._get_points_at(lead, day).get(self._origin.id or NEW_RULE, 0)

    def _get_points_at(self, lead, day):
        """Points of these rules for a lead, edited ones instead of the saved ones.

        Only rules that may cut what these give are looked at besides.

        :return: dict ``{id or NEW_RULE: points}``
        """
        others = self.model_id._origin.sudo().rule_ids - self._origin.sudo()
        caps = self.cap_id._origin
        others = others.filtered(lambda rule: rule.cap_id and rule.cap_id in caps)
        rules = sorted(
            [*self.sudo(), *others],
            key=lambda rule: (rule.sequence, rule._origin.id or float("inf")),
        )
        criteria = [
            replace(rule._prepare_criterion(), key=rule._origin.id or NEW_RULE)
            for rule in rules
            if rule._is_in_force(day)
        ]
        return self._tally(criteria, lead, as_of=day) or {}

    def _is_in_force(self, day):
        return (
            self.active
            and (not self.valid_from or self.valid_from <= day)
            and (not self.valid_to or day <= self.valid_to)
        )

    def _find_notes(self, lead, day):
        """What else decides whether the points count for this lead."""
        model = self.model_id._origin
        if not self.active:
            yield self.env._("The rule is archived: it gives no points.")
        if self.active and not self._is_in_force(day):
            yield self.env._("The rule is not in force today.")
        if not model:
            yield self.env._("The rule belongs to no scoring model yet.")
        elif not model.active:
            yield self.env._(
                "The scoring model “%s” is archived: its points do not count.",
                model.name,
            )
        elif (own := self.env["crm.lead.score.model"]._get_of(lead)) != model:
            yield self.env._(
                "This lead is scored by the model “%(own)s”, not by “%(model)s”:"
                " these points do not count for it.",
                own=own.name or "–",
                model=model.name,
            )

    # Words

    def _explain_node(self, node, holds, lead, said=""):
        """The part as the screen draws it.

        :param str said: the field whose value stands at the part before
        """
        children, paths = [], ["", *(child.path for child in node.children)]
        for path, child in zip(paths, node.children, strict=False):
            children.append(self._explain_node(child, holds, lead, path))
        shows_value = node.path and node.path != said
        return {
            "kind": node.kind,
            "text": node.text,
            "value": self._read_value(lead, node.path) if shows_value else False,
            "holds": holds[node],
            "children": children,
        }

    @api.model
    def _read_value(self, lead, path):
        """What the lead has in the field of a condition, as far as the user may see."""
        records = lead
        for name in path.split("."):
            field = records._fields.get(name)
            if field is None or not records._has_field_access(field, "read"):
                return self.env._("(not for you to see)")
            if not field.relational:
                return shown_value(records, field)
            values = records.mapped(name)
            records = values._filtered_access("read")
            if values and not records:
                return self.env._("(not for you to see)")
        names = records[:3].mapped("display_name")
        return ", ".join(names) + ("…" if len(records) > 3 else "") or "–"
