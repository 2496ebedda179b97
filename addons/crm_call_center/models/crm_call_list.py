from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_glossary_core import engine

from .crm_call import TO_DO


class CrmCallList(models.Model):
    """Calls to be made one after another: whom, by whom, and how.

    The criterion says which leads or contacts are called; filling makes one call for
    each. Operators of a running list are given its calls by :meth:`take_next`.
    """

    _name = "crm.call.list"
    _description = "Call List"
    _inherit = ["crm.criterion.mixin", "crm.criterion.step", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    # === FIELDS === #
    # identity
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10, help="Lists at the top are called first.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Done"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=1,
    )
    purpose = fields.Selection(
        [("service", "Service"), ("marketing", "Marketing")],
        required=True,
        default="service",
        help="Service: the person expects the call, about an order or a request."
        " Marketing: you offer something.",
    )
    company_id = fields.Many2one(default=lambda self: self.env.company)
    # criterion
    model_name = fields.Selection(
        [("crm.lead", "Leads and Opportunities"), ("res.partner", "Contacts")],
        string="Source",
        required=True,
        default="crm.lead",
    )
    refill_policy = fields.Selection(
        [("dynamic", "By Itself"), ("frozen", "On Demand"), ("none", "Not at All")],
        string="Refill",
        required=True,
        default="dynamic",
        help="By itself: whoever begins to match joins the running list within the"
        " hour. On demand: only the button Refill adds calls. Not at all: the list has"
        " the calls that were imported or added by hand, and no others.",
    )
    # work
    operator_ids = fields.Many2many(
        "res.users",
        "crm_call_list_operator_rel",
        "list_id",
        "user_id",
        string="Operators",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Who is given the calls of this list.",
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", check_company=True, index="btree_not_null"
    )
    script = fields.Html(
        string="Notes for the Operator", help="Shown beside each call on the desk."
    )
    max_attempts = fields.Integer(
        string="Maximum of Attempts",
        default=3,
        help="A call that was not held so many times is cancelled. 0: no limit.",
    )
    date_start = fields.Date(string="From", help="No call is served before this day.")
    date_end = fields.Date(string="Until", help="No call is served after this day.")
    # figures
    call_ids = fields.One2many("crm.call", "list_id", string="Calls")
    call_count = fields.Integer(string="All Calls", compute="_compute_call_figures")
    left_count = fields.Integer(string="Calls Left", compute="_compute_call_figures")
    served_count = fields.Integer(string="Calls Made", compute="_compute_call_figures")
    held_count = fields.Integer(string="Calls Held", compute="_compute_call_figures")
    cancelled_count = fields.Integer(
        string="Calls Cancelled", compute="_compute_call_figures"
    )
    progress = fields.Float(compute="_compute_call_figures")

    _max_attempts_positive = models.Constraint(
        "CHECK (max_attempts >= 0)", "The maximum of attempts cannot be negative."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_start IS NULL OR date_end IS NULL OR date_start <= date_end)",
        "The list ends before it begins.",
    )

    # === COMPUTE METHODS === #
    @api.depends("call_ids.state")
    def _compute_call_figures(self):
        counts = {
            (call_list.id, state): count
            for call_list, state, count in self.env["crm.call"]._read_group(
                [("list_id", "in", self.ids)], ["list_id", "state"], ["__count"]
            )
        }
        for call_list in self:
            by_state = {
                state: counts.get((call_list.id, state), 0)
                for state in ("open", "held", "not_held", "cancelled")
            }
            call_list.call_count = sum(by_state.values())
            call_list.left_count = sum(by_state[state] for state in TO_DO)
            call_list.served_count = call_list.call_count - call_list.left_count
            call_list.held_count = by_state["held"]
            call_list.cancelled_count = by_state["cancelled"]
            call_list.progress = (
                100.0 * call_list.served_count / call_list.call_count
                if call_list.call_count
                else 0.0
            )

    # === ONCHANGE METHODS === #
    @api.onchange("model_name")
    def _onchange_model_name(self):
        # A condition on leads may mean nothing for contacts; one that the form opens
        # with, from a default or a search, stays.
        try:
            engine.check(self.env, self.model_name, self.domain)
        except engine.CriterionError:
            self.domain = "[]"

    # === CRUD METHODS === #
    def write(self, vals):
        if "model_name" in vals and any(
            call_list.model_name != vals["model_name"] for call_list in self
        ):
            self._check_no_calls()
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for call_list, vals in zip(self, vals_list, strict=False):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=call_list.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_called(self):
        if self.sudo().call_ids.attempt_ids:
            raise UserError(
                self.env._(
                    "Calls of this list were made: they are part of the history."
                    " Archive the list instead of deleting it."
                )
            )
        blocks = self.env["crm.do.not.call"].sudo().with_context(active_test=False)
        if blocks.search_count([("list_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "People asked not to be called for this list: that must stay known."
                    " Archive the list instead of deleting it."
                )
            )

    def unlink(self):
        self.sudo().call_ids.unlink()
        self.env["crm.call.import.batch"].sudo().search(
            [("list_id", "in", self.ids)]
        ).unlink()
        return super().unlink()

    def _check_no_calls(self):
        if self.sudo().call_ids:
            raise UserError(
                self.env._("The list has calls: what it calls cannot change any more.")
            )

    # === ACTION METHODS === #
    def action_start(self):
        """Fill the lists and let their operators call."""
        self.check_access("write")
        for call_list in self:
            if not call_list.operator_ids:
                raise UserError(
                    self.env._(
                        "“%(name)s” has no operators: nobody would call. Add one.",
                        name=call_list.name,
                    )
                )
        self.write({"state": "running"})
        return self._fill_and_tell()

    def action_pause(self):
        """Serve no more calls until the lists are started again."""
        self.check_access("write")
        self.write({"state": "paused"})
        return True

    def action_done(self):
        """End the lists; calls that are left stay open and are served no more."""
        self.check_access("write")
        self.write({"state": "done"})
        return True

    def action_refill(self):
        """Add a call for each lead or contact that matches and has none yet."""
        self.check_access("write")
        return self._fill_and_tell()

    def action_view_calls(self):
        """Open the calls of the list."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_call_center.crm_call_action_list"
        )
        return {
            **action,
            "display_name": self.name,
            "domain": [("list_id", "=", self.id)],
            "context": {"default_list_id": self.id},
        }
