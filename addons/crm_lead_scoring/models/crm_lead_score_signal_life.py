from odoo import api, fields, models, tools

#: Signals that tell nothing of whether somebody is there: mail programs open mails by
#: themselves, the others are what we did, or that nothing came of it.
NO_SIGNS = frozenset(
    {
        "mail_opened",
        "mail_bounced",
        "mail_unsubscribed",
        "call_not_held",
        "meeting_no_show",
        "stage_change",
        "activity_done",
    }
)


class CrmLeadScoreSignal(models.Model):
    """Which signals end a silence."""

    _inherit = "crm.lead.score.signal"

    # === FIELDS === #

    is_sign_of_life = fields.Boolean(
        "Sign of Life",
        compute="_compute_is_sign_of_life",
        store=True,
        readonly=False,
        help="The lead itself did something: its days of silence begin anew.",
    )

    # === COMPUTE METHODS === #

    @api.depends("code")
    def _compute_is_sign_of_life(self):
        for signal in self:
            signal.is_sign_of_life = signal.code not in NO_SIGNS

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "is_sign_of_life" in vals:
            self.env.registry.clear_cache()
            self.env["crm.lead.facts"]._request_refresh()
        return result

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache()
    def _get_signs_of_life(self):
        """Return the ids of the signals that end a silence, archived or not."""
        signals = self.sudo().with_context(active_test=False)
        return tuple(signals.search([("is_sign_of_life", "=", True)]).ids)
