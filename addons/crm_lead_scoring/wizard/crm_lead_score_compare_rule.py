from odoo import fields, models

#: Two rules are the same one, renamed, when these are alike.
CONTENT = ("kind", "axis", "domain", "signal_id", "value_pattern", "points")


class CrmLeadScoreCompareRule(models.TransientModel):
    """A rule that is not the same in both scoring models of a comparison."""

    _name = "crm.lead.score.compare.rule"
    _description = "Compared Rule"
    _order = "sequence, id"

    # === FIELDS === #

    compare_id = fields.Many2one(
        "crm.lead.score.compare", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    change = fields.Selection(
        [
            ("changed", "Changed"),
            ("added", "Only after"),
            ("removed", "Only before"),
        ],
        readonly=True,
    )
    old_rule_id = fields.Many2one(
        "crm.lead.score.rule", "Rule before", ondelete="cascade", readonly=True
    )
    new_rule_id = fields.Many2one(
        "crm.lead.score.rule", "Rule after", ondelete="cascade", readonly=True
    )
    name = fields.Char("Rule", compute="_compute_sides")
    old_text = fields.Char("Before", compute="_compute_sides")
    new_text = fields.Char("After", compute="_compute_sides")

    # === COMPUTE METHODS === #

    def _compute_sides(self):
        for line in self:
            old, new = line.old_rule_id, line.new_rule_id
            line.name = new.name or old.name
            if old and new and old.name != new.name:
                line.name = f"{old.name} → {new.name}"
            line.old_text = self._tell(old) if old else False
            line.new_text = self._tell(new) if new else False

    # === ACTION METHODS === #

    def action_view_rule(self):
        """Open the rule: the later one, if it is in both models."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead.score.rule",
            "res_id": (self.new_rule_id or self.old_rule_id).id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _fill(self, compare):
        """Note what differs between the models of a comparison."""
        compare.rule_ids.sudo().unlink()
        vals_list = []
        for old, new in self._pair(compare):
            if old and new and self._tell(old) == self._tell(new):
                if old.name == new.name:
                    continue
            change = "changed" if old and new else "added" if new else "removed"
            vals_list.append(
                {
                    "compare_id": compare.id,
                    "sequence": len(vals_list),
                    "change": change,
                    "old_rule_id": old.id,
                    "new_rule_id": new.id,
                }
            )
        return self.sudo().create(vals_list)

    def _pair(self, compare):
        """Return ``[(rule before, rule after)]``; one of both may be empty.

        Rules belong together when they are called alike, or else say the same.
        """
        before, after = (
            list(model.with_context(active_test=False).rule_ids.sorted())
            for model in compare._models()
        )
        empty = self.env["crm.lead.score.rule"]
        partners = {}
        for alike in (self._key_of_name, self._key_of_content):
            left = {}
            for rule in after:
                if rule not in partners.values():
                    left.setdefault(alike(rule), []).append(rule)
            for rule in before:
                if rule not in partners and left.get(alike(rule)):
                    partners[rule] = left[alike(rule)].pop(0)
        found = set(partners.values())
        return [
            *((rule, partners.get(rule, empty)) for rule in before),
            *((empty, rule) for rule in after if rule not in found),
        ]

    @staticmethod
    def _key_of_name(rule):
        return rule.with_context(lang="en_US").name

    @staticmethod
    def _key_of_content(rule):
        return tuple(rule[name] for name in CONTENT)

    def _tell(self, rule):
        """What the rule does, as one sentence."""
        axis = dict(rule._fields["axis"]._description_selection(self.env))[rule.axis]
        text = self.env._(
            "%(points)s %(axis)s · %(sentence)s",
            points=f"{rule.points:+d}",
            axis=axis,
            sentence=rule.domain_sentence,
        )
        if rule.active:
            return text
        return self.env._("Archived: %(text)s", text=text)
