import base64
import binascii

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import model_file


class CrmLeadScoreImport(models.TransientModel):
    """Reads a scoring model from a file, and says first what would become of it."""

    _name = "crm.lead.score.import"
    _description = "Import a Scoring Model"

    # === FIELDS === #

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    skip_broken = fields.Boolean(
        "Leave Out Rules that Do Not Work Here",
        help="Otherwise nothing is imported while a rule has a problem.",
    )
    # what the file holds
    model_name = fields.Char("Scoring Model", compute="_compute_preview")
    rule_count = fields.Integer("Rules", compute="_compute_preview")
    broken_count = fields.Integer("Rules with a Problem", compute="_compute_preview")
    problems = fields.Html(compute="_compute_preview", sanitize=False)
    broken_rules = fields.Html(
        "Problems by Rule", compute="_compute_preview", sanitize=False
    )
    notes = fields.Html("Good to Know", compute="_compute_preview", sanitize=False)
    can_import = fields.Boolean(compute="_compute_preview")

    # === COMPUTE METHODS === #

    @api.depends("file", "skip_broken")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for wizard in self:
            draft = wizard._read_file() if wizard.file else model_file.Draft()
            broken = draft.broken
            wizard.model_name = draft.model.name
            wizard.rule_count = len(draft.rules)
            wizard.broken_count = len(broken)
            wizard.problems = wizard._list(draft.problems)
            wizard.broken_rules = wizard._list(
                [
                    Markup("<b>%s</b>: %s") % (rule.name, " ".join(rule.problems))
                    for rule in broken
                ]
            )
            wizard.notes = wizard._list(draft.notes)
            wizard.can_import = bool(
                wizard.file
                and not draft.problems
                and (wizard.skip_broken or not broken)
            )

    # === ACTION METHODS === #

    def action_import(self):
        """Create the scoring model, and open it."""
        self.ensure_one()
        self.env["crm.lead.score.model"].check_access("create")
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        draft = self._read_file()
        model = self.env["crm.lead.score.model"]._create_from(draft, self.skip_broken)
        action = {
            "type": "ir.actions.act_window",
            "res_model": model._name,
            "res_id": model.id,
            "views": [(False, "form")],
        }
        left_out = [rule.name for rule in draft.broken]
        if left_out:
            draft.notes.append(
                self.env._("Left out: %(rules)s.", rules=", ".join(left_out))
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if draft.notes else "success",
                "title": self.env._("%(name)s is imported", name=model.name),
                "message": "\n".join(draft.notes)
                or self.env._("It observes: nothing follows from its scores yet."),
                "sticky": bool(draft.notes),
                "next": action,
            },
        }

    # === BUSINESS METHODS === #

    def _read_file(self):
        """Return the :class:`Draft` of the file; what is wrong with it stands there."""
        try:
            content = base64.b64decode(self.file, validate=False)
        except (binascii.Error, ValueError):
            content = b""
        values, problem = model_file.loads(self.env, content)
        if problem:
            return model_file.Draft(problems=[problem])
        return self.env["crm.lead.score.model"]._read_dict(values)

    @api.model
    def _list(self, lines):
        """Sentences as a list, at most 50 of them."""
        items = [Markup("<li>%s</li>") % line for line in lines[:50]]
        if len(lines) > 50:
            items.append(
                Markup("<li>%s</li>") % self.env._("… and %s more", len(lines) - 50)
            )
        return items and Markup("<ul class='mb-0 ps-3'>%s</ul>") % Markup().join(items)
