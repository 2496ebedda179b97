from dataclasses import replace
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.crm_glossary_core import engine

from .crm_segment import TARGET_MODELS

LONG_AGO = datetime(1970, 1, 1)
UNITS = {"minutes": 60, "hours": 3600, "days": 86_400}
#: Entries of a first filling and of an edited rule are no events of anybody's life.
NO_EVENT = ("rule_changed",)
#: Kinds that reach out to the person: the company's cap counts them.
OUTREACH = ("email", "sms")


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
    goal_domain = fields.Char(
        string="Goal", default="[]", help="What the action is to bring about."
    )
    run_ids = fields.One2many("crm.segment.run", "action_id", readonly=True)
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    planned_count = fields.Integer(string="Planned", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    uplift_text = fields.Char(string="Effect", compute="_compute_uplift_text")

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

    @api.depends("goal_domain", "holdout")
    def _compute_uplift_text(self):
        for action in self:
            action.uplift_text = action._origin and action._tell_uplift()

    def _tell_uplift(self):
        """Return how many reached the goal, of those treated and those left alone."""
        if not self.holdout:
            return False
        shares = []
        for state in ("done", "held_out"):
            runs = self.sudo().run_ids.filtered(lambda run, s=state: run.state == s)
            records = runs._get_records()
            if not records:
                return self.env._("Nobody to compare yet.")
            domain = engine.parse(self.env, self.goal_domain)
            reached = records.search_count([("id", "in", records.ids), *domain])
            shares.append((reached, len(records)))
        (done, all_done), (left, all_left) = shares
        points = round(100 * done / all_done - 100 * left / all_left)
        return self.env._(
            "%(done)s of %(all_done)s reached the goal, and %(left)s of %(all_left)s of"
            " those left alone: %(points)+d points.",
            done=done,
            all_done=all_done,
            left=left,
            all_left=all_left,
            points=points,
        )

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
    def write(self, vals):
        if self.filtered("is_on") and vals.keys() & {"kind", "trigger", "segment_id"}:
            raise UserError(
                self.env._("Switch the action off before you change what it does.")
            )
        return super().write(vals)

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
        self.write(
            {"is_on": True, "since": fields.Datetime.now(), "user_id": self.env.uid}
        )
        return True

    def action_switch_off(self):
        """Stop; what is planned is called off."""
        self.check_access("write")
        self.write({"is_on": False})
        runs = self.sudo().run_ids.filtered(lambda run: run.state == "planned")
        runs.state = "cancelled"
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
        return any(action.state in ("code", "webhook") for action in seen)

    def _matches_everybody(self):
        segment = self.segment_id
        if segment.kind != "rule":
            return False
        model = self.env[segment.model_name].sudo()
        total = model.search_count([])
        return bool(total) and segment.sudo().preview_count() >= total

    def _get_plan(self):
        self.ensure_one()
        return engine.StayPlan(
            action=self.id,
            criterion=self.segment_id.id,
            record=f"{self.target}_id",
            trigger=self.trigger,
            since=self.since,
            ignored=NO_EVENT,
            delay=self.delay * UNITS[self.delay_unit],
            days=self.stay_days,
            once=self.frequency == "ever",
            holdout=self.holdout or 0,
        )

    @api.model
    def _plan_all(self):
        """Plan what is missing for all actions that are on; return how many runs."""
        actions = self.sudo().search([("is_on", "=", True)])
        actions = actions.filtered(lambda action: not action._is_paused())
        self.env.flush_all()
        coming = actions.filtered(lambda action: action.trigger != "exit")
        engine.cancel_runs(
            self.env, "crm_segment_member", "crm_segment_run", coming.ids
        )
        count = sum(
            engine.plan_runs(
                self.env, "crm_segment_member", "crm_segment_run", action._get_plan()
            )
            for action in actions
        )
        self.env["crm.segment.run"].invalidate_model()
        return count

    def _plan_present(self):
        """Plan runs for those who are members now, as if they had just entered."""
        self.ensure_one()
        plan = self._get_plan()
        self.env.flush_all()
        engine.plan_runs(
            self.env,
            "crm_segment_member",
            "crm_segment_run",
            replace(plan, trigger="entry", since=LONG_AGO, ignored=()),
        )
        self.env["crm.segment.run"].invalidate_model()

    def _is_paused(self):
        """Whether nothing is done now: all actions, or those of the segment, pause."""
        company = self.company_id or self.env.company
        return company.segment_actions_paused or self.segment_id.is_paused

    def _get_model(self):
        return self.env[TARGET_MODELS[self.target]]
