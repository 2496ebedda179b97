from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .crm_segment import TARGET_MODELS

#: Kinds that reach out to the person: the company's cap counts them.
OUTREACH = ("email", "sms")
#: Who switched it on, and when: the buttons write it, nobody else.
SWITCH = {"is_on", "since", "user_id"}
#: What is done, and in whose name, stays as it is while an action is on.
FIXED = {"kind", "trigger", "segment_id", "server_action_id"}
#: Steps of server actions whose doing reaches beyond the database.
OUTSIDE = ("code", "webhook", "sms")


class CrmSegmentAction(models.Model):
    """What is done for those who enter a segment, stay in it or leave it.

    Nothing happens before it is switched on, and then only for those who come or go
    from then on.
    """

    _name = "crm.segment.action"
    _description = "Action of a Segment"
    _order = "sequence, id"
    _check_company_auto = True

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="segment_id.company_id", store=True)
    target = fields.Selection(related="segment_id.target")
    model_name = fields.Char(related="segment_id.model_name")
    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    # when
    trigger = fields.Selection(
        [("entry", "On entry"), ("stay", "While a member"), ("exit", "On exit")],
        string="When",
        required=True,
        default="entry",
    )
    stay_days = fields.Integer(
        string="Every", default=30, help="Days between two times, while a member."
    )
    delay = fields.Integer(string="After", default=0, help="How long is waited first.")
    delay_unit = fields.Selection(
        [("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
        required=True,
        default="days",
    )
    frequency = fields.Selection(
        [("entry", "Each time"), ("ever", "Once ever")],
        string="How Often",
        required=True,
        default="entry",
        help="For somebody who leaves and comes back.",
    )
    # what
    kind = fields.Selection(
        [
            ("server_action", "Run a server action"),
            ("activity", "Plan an activity"),
            ("plan", "Launch an activity plan"),
            ("tag", "Add a tag"),
            ("email", "Send an e-mail"),
            ("sms", "Send a text message"),
            ("notify", "Tell the owner"),
            ("owner", "Change the owner"),
        ],
        string="Do",
        required=True,
        default="activity",
    )
    server_action_id = fields.Many2one(
        "ir.actions.server",
        ondelete="restrict",
        domain="[('model_id.model', '=', model_name)]",
    )
    activity_type_id = fields.Many2one("mail.activity.type", ondelete="restrict")
    activity_days = fields.Integer(string="Due After (days)", default=1)
    plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Activity Plan",
        ondelete="restrict",
        domain="[('res_model', '=', model_name)]",
    )
    mail_template_id = fields.Many2one(
        "mail.template", ondelete="restrict", domain="[('model', '=', model_name)]"
    )
    message = fields.Text(
        translate=True, help="Of the activity, the text or the notice."
    )
    partner_tag_id = fields.Many2one(
        "res.partner.category", string="Contact Tag", ondelete="restrict"
    )
    lead_tag_id = fields.Many2one("crm.tag", string="Lead Tag", ondelete="restrict")
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], ondelete="restrict"
    )
    is_reverted = fields.Boolean(
        string="Taken Back on Exit",
        default=True,
        help="The tag goes, or the former owner comes back, unless somebody changed it"
        " by hand meanwhile.",
    )
    # how carefully
    is_on = fields.Boolean(string="On", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", string="Switched On By", readonly=True, copy=False
    )
    since = fields.Datetime(
        string="On Since",
        readonly=True,
        copy=False,
        help="Entries and exits from then on count.",
    )
    holdout = fields.Integer(
        string="Left Alone (%)",
        help="Of 100 people so many are left alone, to see what the action brings.",
    )
    run_ids = fields.One2many("crm.segment.run", "action_id", readonly=True)
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    planned_count = fields.Integer(string="Planned", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")

    _holdout_share = models.Constraint(
        "CHECK (COALESCE(holdout, 0) BETWEEN 0 AND 90)",
        "Between 0 and 90 of 100 can be left alone.",
    )
    _positive = models.Constraint(
        "CHECK (delay >= 0 AND (trigger <> 'stay' OR stay_days > 0))",
        "A delay is not negative, and “every” means one day at least.",
    )

    # === COMPUTE METHODS === #
    @api.depends("kind", "trigger")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for action in self:
            if not action.name:
                action.name = kinds.get(action.kind)

    def _compute_counts(self):
        counts = {}
        for action, state, count in self.env["crm.segment.run"]._read_group(
            [("action_id", "in", self.ids)], ["action_id", "state"], ["__count"]
        ):
            counts[action.id, state] = count
        for action in self:
            for state in ("done", "planned", "failed"):
                action[f"{state}_count"] = counts.get((action._origin.id, state), 0)

    # === CONSTRAINTS === #
    @api.constrains("kind", "segment_id", "server_action_id", "mail_template_id")
    def _check_models(self):
        """A template or server action is made for one model: the segment's."""
        for action in self:
            models_used = [
                action.server_action_id.model_id.model,
                action.mail_template_id.model,
            ]
            for name in filter(None, models_used):
                if name != action.model_name:
                    raise ValidationError(
                        self.env._(
                            "“%(name)s” works on other records than the segment holds.",
                            name=action.name,
                        )
                    )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        self._check_switch({name for vals in vals_list for name in vals if vals[name]})
        return super().create(vals_list)

    def write(self, vals):
        self._check_switch(vals.keys())
        if vals.keys() & FIXED and self.filtered("is_on"):
            raise UserError(
                self.env._("Switch the action off before you change what it does.")
            )
        return super().write(vals)

    @api.model
    def _check_switch(self, fnames):
        """Nobody makes an action work in the name of another."""
        if fnames & SWITCH and not self.env.su:
            raise UserError(
                self.env._("An action is switched on by its button, nothing else.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_give_back(self):
        """What the action set for its members is taken back by the job, or stays."""
        claims = self.env["crm.segment.claim"].sudo()
        kept = self.filtered(lambda action: not action.is_reverted)
        claims.search([("action_id", "in", kept.ids)]).unlink()
        self.env.ref("crm_segmentation.ir_cron_segment_run").sudo()._trigger()

    # === ACTION METHODS === #
    def action_switch_on(self):
        """Act for those who come or go from now on.

        A rule that everybody matches has to be confirmed: the dialog that opens says
        how many there are.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_complete()
        if not self.env.context.get("is_confirmed") and self._matches_everybody():
            return self._open_dry_run()
        self.sudo().write(
            {"is_on": True, "since": fields.Datetime.now(), "user_id": self.env.uid}
        )
        return True

    def action_switch_off(self):
        """Stop; what is planned is called off."""
        self.check_access("write")
        self.sudo().is_on = False
        runs = self.env["crm.segment.run"].sudo()
        runs.search(
            [("action_id", "in", self.ids), ("state", "=", "planned")]
        ).state = "cancelled"
        return True

    def action_dry_run(self):
        """Open what would happen, tried on the present members."""
        self.ensure_one()
        self.check_access("write")
        return self._open_dry_run()

    def action_view_runs(self):
        """Open what was done, for whom, and what is planned."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segmentation.crm_segment_run_action"
        )
        return {**action, "domain": [("action_id", "=", self.id)]}

    def _open_dry_run(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would Happen"),
            "res_model": "crm.segment.dry.run",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action_id": self.id},
        }

    # === BUSINESS METHODS === #
    def _check_complete(self):
        """Say what is missing before the action can do anything."""
        for action in self:
            needed = action._get_needed_field()
            if needed and not action[needed]:
                label = action._fields[needed]._description_string(self.env)
                raise UserError(
                    self.env._(
                        "“%(name)s”: choose “%(field)s” first.",
                        name=action.name,
                        field=label,
                    )
                )
            if action.kind == "sms" and "sms.sms" not in self.env:
                raise UserError(self.env._("Text messages need the SMS app."))
            if not action.segment_id.active:
                raise UserError(self.env._("The segment is archived."))

    def _get_needed_field(self):
        tag = "partner_tag_id" if self.target == "partner" else "lead_tag_id"
        return {
            "server_action": "server_action_id",
            "activity": "activity_type_id",
            "plan": "plan_id",
            "tag": tag,
            "email": "mail_template_id",
            "sms": "message",
            "notify": "message",
            "owner": "owner_id",
        }.get(self.kind)

    def _reaches_outside(self):
        """Whether the server action does what no database can take back."""
        todo = self.server_action_id.sudo()
        seen = todo
        while todo:
            todo = todo.child_ids - seen
            seen |= todo
        return any(action.state in OUTSIDE for action in seen)

    def _matches_everybody(self):
        segment = self.segment_id
        if segment.kind != "rule":
            return False
        model = self.env[segment.model_name].sudo()
        total = model.search_count([])
        return bool(total) and segment.sudo().preview_count() >= total

    def _get_model(self):
        return self.env[TARGET_MODELS[self.target]]
