from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

#: How long one count may take, in milliseconds.
PATIENCE = 2000
#: Conditions that are tried out one by one, and records that are shown.
MOST_PARTS, MOST_SHOWN = 20, 10_000


class CrmSegment(models.Model):
    """Why a segment is empty: which condition leaves nobody."""

    _inherit = "crm.segment"

    # === ACTION METHODS === #
    def action_view_without(self, position):
        """Open the records that would match without one of the conditions.

        :param int position: which of the conditions that must all hold; the first is 0
        """
        self.ensure_one()
        self.check_access("read")
        criterion, parts = self._get_side_by_side()
        if not 0 <= position < len(parts):
            raise UserError(self.env._("The rule has changed since: look again."))
        others = [part for part in parts if part is not parts[position]]
        domain = Domain.AND([part.domain for part in others])
        records = self._as_searched(criterion).search(domain, limit=MOST_SHOWN)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(name)s, without one condition", name=self.display_name
            ),
            "res_model": self.model_name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", records.ids)],
        }

    # === BUSINESS METHODS === #
    def explain_empty(self):
        """Say which condition leaves the segment empty.

        Counted among the records that the user may see.

        :return: dict with ``text`` (a sentence) and ``steps``: dicts ``number`` (of the
            first condition in the part), ``position``, ``text``, ``count`` (records
            left by it and those before) and ``without`` (records that match all
            others, or ``None`` if not counted in time)
        """
        self.ensure_one()
        self.check_access("read")
        if self.kind == "manual":
            text = self.env._("Nobody has been added yet.")
            return {"text": text, "steps": []}
        try:
            criterion, parts = self._get_side_by_side()
            model = self._as_searched(criterion)
            if not parts or len(parts) > MOST_PARTS:
                return {"text": self.env._("Nobody matches the rule."), "steps": []}
            steps = self._count_steps(model, parts)
        except (engine.CriterionError, UserError) as error:
            return {"text": str(error), "steps": []}
        return {"text": self._tell_empty(model, steps), "steps": steps}

    def _get_side_by_side(self):
        """Return the criterion, and the parts that must all hold."""
        criterion = self.sudo()._prepare_criterion()
        if criterion.error:
            raise engine.CriterionError(criterion.error)
        # Nothing is counted by a field that the user may not use.
        engine.check(self.env, criterion.model, criterion.domain)
        root = self._take_apart(criterion)
        return criterion, root.children if root.kind == "all" else [root]

    def _as_searched(self, criterion):
        return self.env[criterion.model].with_context(active_test=True)

    def _count_steps(self, model, parts):
        def count(some):
            domain = Domain.AND([part.domain for part in some])
            return engine.within_time(
                self.env, PATIENCE, lambda: model.search_count(domain)
            )

        steps, is_empty = [], False
        for position, part in enumerate(parts):
            left = 0 if is_empty else count(parts[: position + 1])
            is_empty = left == 0
            others = [other for other in parts if other is not part]
            steps.append(
                {
                    "number": part.leaves()[0].number,
                    "position": position,
                    "text": part.text
                    or engine.describe(self.env, model._name, part.domain),
                    "count": left,
                    "without": count(others),
                }
            )
        return steps

    def _tell_empty(self, model, steps):
        what = self._tell_selection(self, "target")
        if steps[-1]["count"]:
            return self.env._(
                "Match now: %(count)s. Refresh the segment.", count=steps[-1]["count"]
            )
        best = max(steps, key=lambda step: step["without"] or 0)
        if not best["without"]:
            last = next((s for s in steps if s["count"] == 0), steps[-1])
            return self.env._(
                "After condition %(number)s nobody is left: %(text)s.",
                number=last["number"],
                text=last["text"],
            )
        values = {
            "number": best["number"],
            "text": best["text"],
            "count": best["without"],
            "what": what.lower(),
        }
        return self.env._(
            "Condition %(number)s (%(text)s) excludes all %(count)s %(what)s"
            " that are left.",
            **values,
        )
