from markupsafe import Markup

from odoo import fields, models

from odoo.addons.crm_glossary_core import engine


class CrmLeadScoreCompareLine(models.TransientModel):
    """What both models of a comparison say of one lead; the engine writes it."""

    _name = "crm.lead.score.compare.line"
    _description = "Compared Lead"
    _order = "difference desc, id"
    _rec_name = "lead_id"

    # === FIELDS === #

    compare_id = fields.Many2one(
        "crm.lead.score.compare", required=True, index=True, ondelete="cascade"
    )
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", readonly=True)
    old_total = fields.Integer("Score before", readonly=True)
    new_total = fields.Integer("Score after", readonly=True)
    difference = fields.Integer(readonly=True, aggregator="avg")
    old_grade_id = fields.Many2one(
        "crm.lead.score.grade", "Grade before", readonly=True, ondelete="cascade"
    )
    new_grade_id = fields.Many2one(
        "crm.lead.score.grade", "Grade after", readonly=True, ondelete="cascade"
    )
    movement = fields.Selection(
        [("up", "Better"), ("same", "Same"), ("down", "Worse")], readonly=True
    )
    readiness = fields.Selection(
        [
            ("becomes", "Becomes ready"),
            ("loses", "No longer ready"),
            ("stays", "Stays ready"),
            ("never", "Not ready"),
        ],
        readonly=True,
    )
    explanation = fields.Char("Why", compute="_compute_explanation")
    explanation_table = fields.Html(
        "Rule by Rule", compute="_compute_explanation", sanitize=False
    )

    # === COMPUTE METHODS === #

    def _compute_explanation(self):
        for compare in self.compare_id:
            lines = self.filtered(lambda line, c=compare: line.compare_id == c)
            compare.check_access("read")
            sides = compare._prepare_sides()
            day = compare.old_model_id._get_today()
            old, new = engine.comparison.explain(
                self.env, sides, lines.lead_id.ids, day
            )
            pairs = compare.rule_ids._pair(compare)
            for line in lines:
                before = old.get(line.lead_id.id, {})
                after = new.get(line.lead_id.id, {})
                rows = [
                    (
                        rule_old,
                        rule_new,
                        before.get(rule_old.id),
                        after.get(rule_new.id),
                    )
                    for rule_old, rule_new in pairs
                    if rule_old.id in before or rule_new.id in after
                ]
                line.explanation = line._explain(rows)
                line.explanation_table = line._tabulate(rows)
        for line in self - self.filtered("compare_id"):
            line.explanation = line.explanation_table = False

    # === ACTION METHODS === #

    def action_view_lead(self):
        """Open the lead."""
        self.ensure_one()
        return self.lead_id.get_formview_action()

    # === BUSINESS METHODS === #

    def _explain(self, rows):
        """The rules that make the difference, in one line."""
        parts = []
        for old, new, before, after in rows:
            if (before or 0) == (after or 0):
                continue
            name = (new or old).name
            if before is None:
                parts.append(f"{name}: {after:+d}")
            elif after is None:
                parts.append(
                    self.env._(
                        "%(rule)s: %(points)s no more", rule=name, points=f"{before:+d}"
                    )
                )
            else:
                parts.append(f"{name}: {before:+d} → {after:+d}")
        return "; ".join(parts) or self.env._("The same points")

    def _tabulate(self, rows):
        """All rules that give points on either side, as a table."""
        head = [
            self.env._("Rule"),
            self.env._("Before"),
            self.env._("After"),
            self.env._("Difference"),
        ]
        cell = Markup("<td class='text-end'>%s</td>")
        body = Markup()
        for old, new, before, after in rows:
            change = (after or 0) - (before or 0)
            body += Markup("<tr class='%s'><td>%s</td>%s%s%s</tr>") % (
                "fw-bold" if change else "text-muted",
                (new or old).name,
                cell % ("–" if before is None else f"{before:+d}"),
                cell % ("–" if after is None else f"{after:+d}"),
                cell % (f"{change:+d}" if change else ""),
            )
        body += Markup("<tr class='fw-bold border-top'><td>%s</td>%s%s%s</tr>") % (
            self.env._("Score"),
            cell % self.old_total,
            cell % self.new_total,
            cell % f"{self.difference:+d}",
        )
        titles = Markup("<th>%s</th>") % head[0] + Markup().join(
            Markup("<th class='text-end'>%s</th>") % title for title in head[1:]
        )
        return Markup(
            "<table class='table table-sm mb-0'><thead><tr>%s</tr></thead>"
            "<tbody>%s</tbody></table>"
        ) % (titles, body)
