from odoo import api, fields, models
from odoo.exceptions import UserError

#: Members on whom an action is tried at most; the others are estimated from these.
MOST = 200
SHOWN = 20


class Undo(Exception):
    """Ends a trial: everything it did is taken back."""


class CrmSegmentDryRun(models.TransientModel):
    """An action tried on the present members: all of it happens, and is taken back."""

    _name = "crm.segment.dry.run"
    _description = "Trial of a Segment's Action"

    # === FIELDS === #
    action_id = fields.Many2one(
        "crm.segment.action", required=True, readonly=True, ondelete="cascade"
    )
    trigger = fields.Selection(related="action_id.trigger")
    member_count = fields.Integer(string="Members", compute="_compute_result")
    tried_count = fields.Integer(string="Tried On", compute="_compute_result")
    done_count = fields.Integer(string="Would Be Done", compute="_compute_result")
    held_out_count = fields.Integer(
        string="Would Be Left Alone", compute="_compute_result"
    )
    skipped_count = fields.Integer(
        string="Would Not Be Done", compute="_compute_result"
    )
    failed_count = fields.Integer(string="Would Fail", compute="_compute_result")
    report = fields.Text(string="One by One", compute="_compute_result")
    problem = fields.Char(compute="_compute_result")
    for_present = fields.Boolean(
        string="Also for Present Members",
        help="Otherwise only for those who come or go from now on.",
    )

    # === COMPUTE METHODS === #
    @api.depends("action_id")
    def _compute_result(self):
        for wizard in self:
            result = wizard._try()
            states = [state for _name, state, _text in result["rows"]]
            wizard.member_count = wizard.action_id.segment_id.member_count
            wizard.tried_count = len(states)
            wizard.done_count = states.count("done")
            wizard.held_out_count = states.count("held_out")
            wizard.skipped_count = states.count("skipped")
            wizard.failed_count = states.count("failed")
            labels = dict(
                self.env["crm.segment.run"]
                ._fields["state"]
                ._description_selection(self.env)
            )
            # It was taken back: "done" would be untrue.
            labels["done"] = False
            wizard.report = "\n".join(
                " · ".join(filter(None, [name, labels[state], text]))
                for name, state, text in result["rows"][:SHOWN]
            )
            wizard.problem = result["problem"]

    def _try(self):
        """Do the action and take all of it back; return what happened.

        :return: ``{"rows": [(name, state, why)], "problem": text or False}``
        """
        # Nothing is sent at the end of the transaction either.
        action = self.action_id.with_context(
            is_segment_trial=True, mail_notify_force_send=False
        )
        try:
            action._check_complete()
        except UserError as error:
            return {"rows": [], "problem": str(error)}
        if action.kind == "server_action" and action._reaches_outside():
            return {
                "rows": [],
                "problem": self.env._(
                    "This server action runs code, sends texts or calls other programs:"
                    " what it does there could not be taken back, so it is not tried."
                ),
            }
        rows = []
        try:
            with self.env.cr.savepoint():
                action._plan_present()
                # Of those that the user may see: the report names them.
                runs = action.env["crm.segment.run"].search(
                    [
                        ("action_id", "=", action.id),
                        ("state", "in", ("planned", "held_out")),
                    ],
                    order="id",
                    limit=MOST,
                )
                planned = runs.filtered(lambda run: run.state == "planned")
                planned._execute()
                rows = [
                    (
                        (run.partner_id or run.lead_id).display_name,
                        run.state,
                        run.message or "",
                    )
                    for run in runs
                ]
                raise Undo
        except Undo:
            self.env.invalidate_all(flush=False)
        return {"rows": rows, "problem": False}

    # === ACTION METHODS === #
    def action_switch_on(self):
        """Switch the action on, for the present members too if so chosen."""
        self.ensure_one()
        self.check_access("write")
        action = self.action_id
        action.check_access("write")
        action.with_context(is_confirmed=True).action_switch_on()
        if self.for_present and self.trigger != "exit":
            action.sudo()._plan_present()
            self.env.ref("crm_segmentation.ir_cron_segment_run").sudo()._trigger()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
