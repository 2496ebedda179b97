from odoo import fields, models
from odoo.exceptions import UserError


class CrmSegment(models.Model):
    """Segments to start from: switched off, there to be copied."""

    _inherit = "crm.segment"

    # === FIELDS === #
    is_template = fields.Boolean(
        string="Template",
        readonly=True,
        copy=False,
        help="Came with the app, switched off, for others to start from.",
    )

    # === ACTION METHODS === #
    def action_use_template(self):
        """Make a segment of one's own from a template and open it."""
        self.ensure_one()
        self.browse().check_access("create")
        if not self.is_template:
            raise UserError(
                self.env._("“%(name)s” is not a template.", name=self.display_name)
            )
        segment = self.copy(self._prepare_own_vals())
        return {
            "type": "ir.actions.act_window",
            "res_model": segment._name,
            "res_id": segment.id,
            "views": [(False, "form")],
            # The gallery shows archived records; the new form does not count them.
            "context": {"active_test": True},
        }

    # === HOOKS === #
    def _prepare_own_vals(self):
        """Return what makes a copy of a template the user's own segment."""
        return {"name": self.name, "active": True, "user_id": self.env.uid}
