from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

from ..models.crm_lead_score_model_readiness import OPEN

#: Leads that are compared; of more, so many are taken, evenly spread.
MOST_LEADS = 100_000
#: Movements and changes of readiness, in the order in which they are shown.
MOVEMENTS = ("up", "same", "down")


class CrmLeadScoreCompare(models.TransientModel):
    """Two scoring models on the same leads: who would get another grade, and why.

    The leads are those that the first model scores, as far as the user may read them.
    Both models are worked out anew; no score is changed.
    """

    _name = "crm.lead.score.compare"
    _description = "Comparison of Scoring Models"

    # === FIELDS === #

    old_model_id = fields.Many2one(
        "crm.lead.score.model",
        "From",
        required=True,
        ondelete="cascade",
        domain=[("active", "in", [True, False])],
        help="Its leads are compared.",
    )
    new_model_id = fields.Many2one(
        "crm.lead.score.model",
        "To",
        required=True,
        ondelete="cascade",
        domain=[("active", "in", [True, False])],
    )
    with_closed = fields.Boolean(
        "Closed Leads Too", help="Compare won and lost leads as well."
    )
    # what came out
    compared_at = fields.Datetime(readonly=True)
    lead_count = fields.Integer("Leads in All", readonly=True)
    compared_count = fields.Integer("Compared", readonly=True)
    up_count = fields.Integer("Better Grade", readonly=True)
    same_count = fields.Integer("Same Grade", readonly=True)
    down_count = fields.Integer("Worse Grade", readonly=True)
    becomes_count = fields.Integer("Become Ready", readonly=True)
    loses_count = fields.Integer("Not Ready Any More", readonly=True)
    mean_difference = fields.Float(digits=(16, 1), readonly=True)
    matrix = fields.Json(readonly=True)
    note = fields.Text(readonly=True)
    line_ids = fields.One2many("crm.lead.score.compare.line", "compare_id", "Leads")
    rule_ids = fields.One2many("crm.lead.score.compare.rule", "compare_id", "Rules")

    # === COMPUTE METHODS === #

    @api.depends("old_model_id", "new_model_id")
    def _compute_display_name(self):
        for compare in self:
            compare.display_name = self.env._(
                "%(old)s → %(new)s",
                old=compare.old_model_id.name or "…",
                new=compare.new_model_id.name or "…",
            )

    # === ACTION METHODS === #

    def action_compare(self):
        """Work the comparison out, and show it."""
        self.ensure_one()
        self.old_model_id.check_access("write")
        self.new_model_id.check_access("write")
        if self.old_model_id == self.new_model_id:
            raise UserError(self.env._("Choose two different scoring models."))
        self._compare()
        self.env["crm.lead.score.onboarding"]._note_check()
        return self._open()

    def action_swap(self):
        """Compare the other way round, on the leads of the other model."""
        self.ensure_one()
        self.write(
            {"old_model_id": self.new_model_id.id, "new_model_id": self.old_model_id.id}
        )
        return self.action_compare()

    def action_view_lines(self):
        """Open the leads of one kind: ``movement`` or ``readiness`` in the context."""
        self.ensure_one()
        domain, title = Domain("compare_id", "=", self.id), self.display_name
        for name in ("movement", "readiness"):
            value = self.env.context.get(name)
            labels = dict(self.line_ids._fields[name]._description_selection(self.env))
            if value in labels:
                domain &= Domain(name, "=", value)
                title = labels[value]
        return self._open_lines(domain, title)

    def action_view_cell(self, old_grade_id, new_grade_id):
        """Open the leads that go from one grade to another.

        :param int old_grade_id: grade in the first model; 0 for none, ``None`` for all
        :param int new_grade_id: grade in the second model, likewise
        """
        self.ensure_one()
        domain, names = Domain("compare_id", "=", self.id), []
        for name, grade in (("old", old_grade_id), ("new", new_grade_id)):
            if grade is not None:
                domain &= Domain(f"{name}_grade_id", "=", grade or False)
            grades = self[f"{name}_model_id"].grade_ids
            found = grades.filtered(lambda record, key=grade: record.id == key)
            names.append(found.name or "…")
        return self._open_lines(domain, " → ".join(names))

    # === BUSINESS METHODS === #

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Scoring Models"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _open_lines(self, domain, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "crm.lead.score.compare.line",
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"create": False},
        }

    def _compare(self):
        """Fill the comparison anew."""
        engine.pending.run(self.env)
        lines = self.env["crm.lead.score.compare.line"]
        engine.comparison.forget(self.env, lines._table, self.id)
        ids, lead_count = self._find_leads()
        sides = self._prepare_sides()
        count = 0
        if ids:
            now = fields.Datetime.now()
            count = engine.comparison.compare(
                self.env,
                lines._table,
                *sides,
                ids,
                OPEN,
                self.old_model_id._get_today(),
                {"compare_id": self.id, "create_date": now, "write_date": now},
            )
        lines.invalidate_model()
        self.invalidate_recordset(["line_ids"])
        self.rule_ids._fill(self)
        self.write(
            {
                "compared_at": fields.Datetime.now(),
                "lead_count": lead_count,
                "compared_count": count,
                "note": self._describe_limits(sides, lead_count, count),
                **self._summarize(),
            }
        )

    def _find_leads(self):
        """Return ids of the leads to compare, and how many there are in all."""
        domain = self.old_model_id._get_own_scope()
        if not self.with_closed:
            domain &= OPEN
        leads = self.env["crm.lead"].with_context(active_test=False)
        ids = leads.search(domain, order="id").ids
        if len(ids) <= MOST_LEADS:
            return ids, len(ids)
        step = len(ids) / MOST_LEADS
        return [ids[int(number * step)] for number in range(MOST_LEADS)], len(ids)

    def _prepare_sides(self):
        """Both models as the engine wants them, for who may compare them."""
        self.ensure_one()
        (self.old_model_id + self.new_model_id).check_access("write")
        return [
            model.sudo()._prepare_side()
            for model in self.old_model_id + self.new_model_id
        ]

    def _summarize(self):
        """Count the lines: by movement, by readiness, and for each pair of grades."""
        lines = self.env["crm.lead.score.compare.line"]
        domain = [("compare_id", "=", self.id)]
        moved = dict(lines._read_group(domain, ["movement"], ["__count"]))
        ready = dict(lines._read_group(domain, ["readiness"], ["__count"]))
        [[difference]] = lines._read_group(domain, [], ["difference:avg"])
        cells = {
            (old.id, new.id): count
            for old, new, count in lines._read_group(
                domain, ["old_grade_id", "new_grade_id"], ["__count"]
            )
        }
        return {
            **{f"{name}_count": moved.get(name, 0) for name in MOVEMENTS},
            "becomes_count": ready.get("becomes", 0),
            "loses_count": ready.get("loses", 0),
            "mean_difference": difference or 0,
            "matrix": self._prepare_matrix(cells),
        }

    def _prepare_matrix(self, cells):
        """The matrix of the form: grades of both models, and leads of each pair."""
        axes = []
        for model, position in ((self.old_model_id, 0), (self.new_model_id, 1)):
            grades = model.grade_ids.sorted(lambda grade: (grade.sequence, grade.id))
            found = [
                {"id": grade.id, "name": grade.name, "color": grade.color}
                for grade in grades
            ]
            if any(not pair[position] for pair in cells):
                found.append({"id": 0, "name": "–", "color": 0})
            axes.append(found)
        old, new = axes
        return {
            "old": old,
            "new": new,
            "cells": [
                [
                    cells.get((row["id"] or False, column["id"] or False), 0)
                    for column in new
                ]
                for row in old
            ],
        }

    def _describe_limits(self, sides, lead_count, count):
        """Sentences about what the numbers leave out."""
        lines = []
        if count < lead_count:
            lines.append(
                self.env._(
                    "%(count)s of %(all)s leads are compared, evenly spread from the"
                    " oldest to the newest.",
                    count=count,
                    all=lead_count,
                )
            )
        for model, side in zip(self._models(), sides, strict=True):
            if not model.rule_ids:
                lines.append(
                    self.env._(
                        "“%(model)s” has no rules: its leads get no points and the"
                        " lowest grade.",
                        model=model.name,
                    )
                )
            keys = [criterion.key for criterion in side.criteria if criterion.error]
            for rule in model.rule_ids.browse(keys):
                lines.append(
                    self.env._(
                        "The rule “%(rule)s” of “%(model)s” does not work and gives no"
                        " points here.",
                        rule=rule.name,
                        model=model.name,
                    )
                )
            if side.gate.must and side.gate.must.error:
                lines.append(
                    self.env._(
                        "The must-haves of “%(model)s” do not work: nobody counts as"
                        " ready there.",
                        model=model.name,
                    )
                )
        return "\n".join(lines) or False

    def _models(self):
        return [self.old_model_id, self.new_model_id]
