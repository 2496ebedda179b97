from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

from .crm_lead_score import AXES


class CrmLeadScoreModel(models.Model):
    """Scoring models copied, and held against each other."""

    _inherit = "crm.lead.score.model"

    # === FIELDS === #

    copied_from_id = fields.Many2one(
        "crm.lead.score.model",
        "Copy of",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The model that this one was copied from.",
    )

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        """A copy knows what it is to be compared with.

        Fields that the user may not read are left to :meth:`copy`.
        """
        hidden = dict.fromkeys(self._get_hidden_follow_ups())
        vals_list = super().copy_data(default={**(default or {}), **hidden})
        for model, vals in zip(self, vals_list, strict=True):
            vals["copied_from_id"] = model.id
            for name in hidden:
                vals.pop(name)
        return vals_list

    def copy(self, default=None):
        """A copy is called one in every language, and keeps the server actions.

        Whoever may not choose them can copy a model all the same: its rules decide when
        they are run, and those are theirs to write.
        """
        copies = super().copy(default)
        for model, copy in zip(self.sudo(), copies.sudo(), strict=True):
            for name in self._get_hidden_follow_ups():
                copy[name] = model[name]
        if "name" in (default or {}):
            return copies
        for lang, _name in self.env["res.lang"].get_installed():
            pairs = zip(
                self.with_context(lang=lang),
                copies.with_context(lang=lang),
                strict=True,
            )
            for model, copy in pairs:
                copy.name = model.env._("%(name)s (copy)", name=model.name)
        return copies

    # === ACTION METHODS === #

    def action_compare(self):
        """Compare two models; one alone with what it was copied from, or the default.

        :raise UserError: when more than two are chosen, or there is no other one
        """
        self.check_access("write")
        if not 1 <= len(self) <= 2:
            raise UserError(self.env._("Choose two scoring models to compare."))
        old, new = self._find_compared()
        compare = self.env["crm.lead.score.compare"].create(
            {"old_model_id": old.id, "new_model_id": new.id}
        )
        return compare.action_compare()

    def action_take_over(self):
        """Let a copy score the leads of its original, which is archived."""
        self.ensure_one()
        original = self.copied_from_id
        (self + original).check_access("write")
        teams = self.team_ids or original.team_ids
        original.active = False
        self.write({"team_ids": [Command.set(teams.ids)], "active": True})
        self.env["crm.lead.score"]._refresh_now_or_soon()

    # === BUSINESS METHODS === #

    def _get_hidden_follow_ups(self):
        """Names of the server actions' fields, if the user may not read them."""
        return [
            name
            for name in ("ready_action_ids", "unready_action_ids")
            if not self._has_field_access(self._fields[name], "read")
        ]

    def _find_compared(self):
        """Return the model that is in use first, then the one that might follow."""
        chosen = list(self.sorted(lambda model: (not model.active, model.id)))
        if len(chosen) == 2:
            return chosen
        [model] = chosen
        if model.copied_from_id:
            return model.copied_from_id, model
        everything = self.with_context(active_test=False)
        copies = everything.search([("copied_from_id", "=", model.id)], limit=1)
        if copies:
            return model, copies
        other = everything.search([("id", "!=", model.id)], order="active desc, id")[:1]
        if not other:
            raise UserError(
                self.env._(
                    "There is no other scoring model to compare with. Duplicate this"
                    " one, change the copy, and compare them."
                )
            )
        return (model, other) if model.active else (other, model)

    def _get_own_scope(self):
        """Domain of the leads that this model scores, or would if it were in use."""
        self.ensure_one()
        if self.active:
            return self._get_shown_scope()
        domain = Domain.TRUE
        if self.team_ids:
            domain &= Domain("team_id", "in", self.team_ids.ids)
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        return domain

    # === HOOKS === #

    def _prepare_side(self):
        """This model as the engine compares it, in use or not."""
        self.ensure_one()
        day = self._get_today()
        rules = self.rule_ids.filtered("active").sorted()
        in_force = rules.filtered(
            lambda rule: (
                (not rule.valid_from or rule.valid_from <= day)
                and (not rule.valid_to or day <= rule.valid_to)
            )
        )
        scores = self.env["crm.lead.score"]
        grades = self.grade_ids.sorted(lambda grade: (grade.sequence, grade.id))
        bands = engine.Bands("grade_id", self.grade_ids._to_bands())
        return engine.comparison.Side(
            table=engine.TallyTable(scores._table, AXES, bands),
            criteria=[scores._prepare_base_criterion(), *in_force._to_criteria()],
            gate=engine.readiness.Gate(
                scores._table,
                enter=self.ready_score,
                leave=self.unready_score,
                must=self._prepare_must_criterion(),
            ),
            ranks={grade.id: rank for rank, grade in enumerate(grades)},
        )
