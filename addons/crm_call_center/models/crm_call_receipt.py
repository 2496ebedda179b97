from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError

#: Days after which no desk sends an outcome again.
KEPT_DAYS = 30


class CrmCallReceipt(models.Model):
    """What a desk sent and was answered, so that the same thing is done only once."""

    _name = "crm.call.receipt"
    _description = "Receipt of the Call Desk"
    _order = "id desc"
    _rec_name = "client_ref"

    # === FIELDS === #
    client_ref = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    call_id = fields.Many2one(
        "crm.call", required=True, readonly=True, ondelete="cascade", index=True
    )
    action = fields.Char(required=True, readonly=True)
    date = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    result = fields.Json(readonly=True, help="What the desk was answered.")
    before = fields.Json(readonly=True, help="What the call was like before.")
    attempt_id = fields.Many2one("crm.call.attempt", readonly=True, ondelete="set null")
    undone_on = fields.Datetime(readonly=True)

    _client_ref_unique = models.UniqueIndex(
        "(client_ref)", "The desk has sent this already."
    )

    # === BUSINESS METHODS === #
    @api.model
    def _find(self, client_ref):
        """Return the receipt of the user for this reference, or an empty one.

        :raise ValidationError: when another user's outcome has this name
        """
        receipt = self.sudo().search([("client_ref", "=", client_ref)])
        if receipt and receipt.user_id != self.env.user:
            raise ValidationError(
                self.env._("This name was given to the outcome of another call.")
            )
        return receipt

    @api.model
    def _begin(self, client_ref, call, action, before):
        """Note that an outcome is being saved.

        The same outcome in another transaction waits here until this one is through.

        :raise ConcurrencyError: when the other was first: the web server repeats the
            request, which then finds its receipt
        """
        try:
            with self.env.cr.savepoint():
                return self.sudo().create(
                    {
                        "client_ref": client_ref,
                        "user_id": self.env.uid,
                        "call_id": call.id,
                        "action": action,
                        "before": before,
                    }
                )
        except UniqueViolation as error:
            raise ConcurrencyError("This outcome is being saved already.") from error

    @api.autovacuum
    def _gc_receipts(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.sudo().search([("date", "<", limit)], limit=100_000).unlink()
