from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

QUEUE = engine.Queue(
    "crm_call_queue",
    source="crm_call",
    lists="crm_call_list",
    operators="crm_call_list_operator_rel",
    orders={"value": ("crm_lead", "expected_revenue")},
)


class CrmCallQueue(models.Model):
    """The calls of lists that are to be made: one narrow row each, with the call's id.

    Written by the engine alone. Rows follow their calls as these are written; a step of
    the hourly refresh looks after what came in by another way.
    """

    _name = "crm.call.queue"
    _description = "Call in the Queue"
    _inherit = ["crm.criterion.step"]
    _order = "priority desc, order_key, id"
    _log_access = False
    _rec_name = "phone_sanitized"

    # === FIELDS === #
    list_id = fields.Many2one(
        "crm.call.list", readonly=True, required=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    priority = fields.Integer(readonly=True)
    order_key = fields.Float(readonly=True, help="Small ones come first.")
    due = fields.Datetime(
        readonly=True, help="Not before. Empty: when its turn in the list comes."
    )
    is_planned = fields.Boolean(
        readonly=True, help="A callback or another try: it comes before the others."
    )
    phone_sanitized = fields.Char(string="Number", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    reserved_by = fields.Many2one("res.users", readonly=True, ondelete="set null")
    lease_until = fields.Datetime(readonly=True)

    _pick = models.Index(
        "(list_id, priority DESC, order_key, id) WHERE reserved_by IS NULL"
        " AND due IS NULL"
    )
    _planned = models.Index(
        "(due, id) WHERE reserved_by IS NULL AND is_planned AND due IS NOT NULL"
    )
    _put_off = models.Index(
        "(due) WHERE reserved_by IS NULL AND NOT is_planned AND due IS NOT NULL"
    )
    _leases = models.Index("(lease_until) WHERE reserved_by IS NOT NULL")
    _holders = models.Index("(reserved_by) WHERE reserved_by IS NOT NULL")
    _number_once = models.UniqueIndex("(phone_sanitized) WHERE reserved_by IS NOT NULL")
    _partner_once = models.UniqueIndex(
        "(partner_id) WHERE reserved_by IS NOT NULL AND partner_id IS NOT NULL"
    )

    def init(self):
        QUEUE.install(self.env)
        QUEUE.follow(self.env)

    # === BUSINESS METHODS === #
    @api.model
    def _get_queue(self):
        """Return the :class:`engine.Queue`; extend it with other orders."""
        return QUEUE

    @api.model
    def _follow(self, ids=None):
        """Make rows agree with their calls (all by default)."""
        if ids is not None and not ids:
            return 0
        # What the order is made of may not be written yet.
        self.env.flush_all()
        changed = self._get_queue().follow(self.env, ids)
        self.invalidate_model()
        self.env["crm.call"].invalidate_model(["reserved_by", "reserved_until"])
        return changed

    @api.model
    def _get_leased(self, user_id):
        """Return the ids of the calls that a user has, the longest lease first."""
        rows = self.sudo().search(
            [
                ("reserved_by", "=", user_id),
                ("lease_until", ">", fields.Datetime.now()),
            ],
            order="lease_until desc, id desc",
        )
        return rows.ids

    @api.model
    def _count_before(self, call_id):
        """Return how many free calls of its list come before a call."""
        row = self.sudo().browse(call_id).exists()
        if not row:
            return 0
        same = [("list_id", "=", row.list_id.id), ("reserved_by", "=", False)]
        first = Domain("priority", ">", row.priority)
        equal = Domain("priority", "=", row.priority)
        first |= equal & Domain("order_key", "<", row.order_key)
        first |= (
            equal & Domain("order_key", "=", row.order_key) & Domain("id", "<", row.id)
        )
        return self.sudo().search_count(
            Domain(same) & Domain("due", "=", False) & first
        )

    # === CRON METHODS === #
    def _refresh_remaining(self, position):
        return 1

    def _refresh_batch(self, position):
        changed = self._follow()
        return None, changed, changed
