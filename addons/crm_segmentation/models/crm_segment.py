import datetime
from random import randint

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.crm_glossary_core import engine

from .crm_segment_member import get_match_table

TARGET_MODELS = {"partner": "res.partner", "lead": "crm.lead"}
#: How long a due refresh may wait before the segment counts as late.
PATIENCE = datetime.timedelta(hours=1)


class CrmSegment(models.Model):
    """A group of contacts or of leads: by a rule that is kept up to date, or by hand.

    Marketers write segments, salespeople read them. Who is a member, and since when, is
    in ``crm.segment.member``.
    """

    _name = "crm.segment"
    _description = "Segment"
    _inherit = ["mail.thread", "crm.criterion.mixin", "crm.criterion.step"]
    _order = "priority, id"
    _check_company_auto = True

    # === DEFAULTS === #
    def _default_color(self):
        return randint(1, 11)

    # === FIELDS === #
    # identity
    name = fields.Char(required=True, translate=True, tracking=True)
    kind = fields.Selection(
        [
            ("rule", "By a rule"),
            ("manual", "By hand"),
            ("expression", "Made of other segments"),
        ],
        required=True,
        default="rule",
        tracking=True,
        help="By a rule: members are those who match, kept up to date.\n"
        "By hand: members are added and removed by people.\n"
        "Made of other segments: members of this one and that one, but not of a third.",
    )
    target = fields.Selection(
        [("partner", "Contacts"), ("lead", "Leads")],
        string="Members Are",
        required=True,
        default="partner",
        help="Leads: opportunities too.",
    )
    note = fields.Text(
        string="Purpose", translate=True, help="What the segment is for."
    )
    color = fields.Integer(default=lambda self: self._default_color())
    priority = fields.Integer(default=10, help="Segments are listed in this order.")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index="btree_not_null",
        check_company=True,
        domain=[("share", "=", False)],
    )
    # criterion
    model_name = fields.Char(
        compute="_compute_model_name", store=True, precompute=True, default=None
    )
    domain = fields.Char(string="Rule", tracking=True)
    # refresh
    refresh_policy = fields.Selection(
        [
            ("at_once", "At once"),
            ("hourly", "Every hour"),
            ("daily", "Every day"),
            ("manual", "By hand"),
            ("frozen", "Frozen"),
        ],
        string="Refreshed",
        required=True,
        default="at_once",
        tracking=True,
        help="At once: when a record is saved, and every hour for what time changes.\n"
        "By hand: when somebody presses Refresh.\n"
        "Frozen: filled once; after that members never change.",
    )
    refreshed_at = fields.Datetime(string="Last Refresh", readonly=True, copy=False)
    next_refresh_at = fields.Datetime(
        string="Next Refresh", readonly=True, copy=False, index="btree_not_null"
    )
    rule_changed = fields.Boolean(
        readonly=True,
        default=True,
        copy=False,
        help="The rule is new or was changed since the last refresh.",
    )
    # Of all members, whoever looks: not for people who see only their own leads.
    last_entered = fields.Integer(
        string="Entered at Last Refresh",
        readonly=True,
        copy=False,
        groups="crm_segmentation.group_segmentation_user",
    )
    last_left = fields.Integer(
        string="Left at Last Refresh",
        readonly=True,
        copy=False,
        groups="crm_segmentation.group_segmentation_user",
    )
    freshness = fields.Selection(
        [
            ("fresh", "Up to date"),
            ("waiting", "Refresh due"),
            ("late", "Late"),
            ("broken", "Broken"),
            ("frozen", "Frozen"),
            ("manual", "By hand"),
        ],
        compute="_compute_freshness",
    )

    # === COMPUTE METHODS === #
    @api.depends("target")
    def _compute_model_name(self):
        for segment in self:
            segment.model_name = TARGET_MODELS.get(segment.target)

    @api.depends("kind")
    def _compute_domain_sentence(self):
        manual = self.filtered(lambda segment: segment.kind == "manual")
        manual.domain_sentence = self.env._("chosen by hand")
        return super(CrmSegment, self - manual)._compute_domain_sentence()

    @api.depends(
        "kind", "refresh_policy", "error_message", "next_refresh_at", "rule_changed"
    )
    def _compute_freshness(self):
        now = fields.Datetime.now()
        for segment in self:
            due = segment.next_refresh_at
            if segment.kind == "manual":
                segment.freshness = "manual"
            elif segment.error_message:
                segment.freshness = "broken"
            elif segment.refresh_policy == "frozen" and segment.refreshed_at:
                segment.freshness = "frozen"
            elif due and due < now - PATIENCE:
                segment.freshness = "late"
            elif segment.rule_changed or (due and due <= now):
                segment.freshness = "waiting"
            else:
                segment.freshness = "fresh"

    # === ONCHANGE METHODS === #
    @api.onchange("target")
    def _onchange_target(self):
        # A rule about contacts makes no sense for leads.
        if self.target != self._origin.target:
            self.domain = "[]"

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments._mark_due(rule_changed=True)
        return segments

    def write(self, vals):
        if "target" in vals:
            self._check_target_change(vals["target"])
        result = super().write(vals)
        if vals.keys() & {"domain", "target", "kind", "company_id"}:
            self._mark_due(rule_changed=True)
        elif vals.keys() & {"active", "refresh_policy"}:
            self._mark_due()
        if vals.keys() & self._get_at_once_dependencies():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        targets = set(self.mapped("target"))
        result = super().unlink()
        # The memberships went by cascade, behind the back of the ORM.
        for target in targets:
            self._forget_members(target)
        self.env.registry.clear_cache()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for segment, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=segment.name)
        return vals_list

    def _check_target_change(self, target):
        changing = self.filtered(lambda segment: segment.target != target)
        members = self.env["crm.segment.member"].sudo()
        if members.search_count([("segment_id", "in", changing.ids)], limit=1):
            raise ValidationError(
                self.env._(
                    "What a segment's members are cannot be changed once it has had"
                    " members, because its history would be lost. Make a new segment."
                )
            )

    # === ACTION METHODS === #
    def action_refresh(self):
        """Refresh now and say what changed."""
        result = self.refresh()
        if result["broken"]:
            message = self.env._(
                "Rules that do not work: %(count)s. Their members stay as they were.",
                count=result["broken"],
            )
        else:
            message = self.env._(
                "%(entered)s entered, %(left)s left.",
                entered=result["entered"],
                left=result["left"],
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if result["broken"] else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_members(self):
        """Open the contacts or leads that are members now."""
        self.ensure_one()
        self.check_access("read")
        if self.rule_changed and self.next_refresh_at and self.has_access("write"):
            # The rule was just saved: whoever looks wants the members of this rule.
            self._refresh()
        context = {"active_test": False}
        if self.target == "lead":
            context["default_type"] = "opportunity"
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self.model_name,
            "view_mode": "list,kanban,form",
            "domain": [("segment_ids", "in", self.ids)],
            "context": context,
        }

    def action_view_history(self):
        """Open all memberships, past ones too."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segmentation.crm_segment_member_action"
        )
        title = self.env._("History of %(name)s", name=self.display_name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [("segment_id", "=", self.id)],
            "context": {"hide_segment": True, "hide_other": self.target},
        }

    def action_add_members(self):
        """Open the dialog that adds members by hand."""
        return self._open_edit("add", self.env._("Add Members"))

    def action_remove_members(self):
        """Open the dialog that removes members by hand."""
        return self._open_edit("remove", self.env._("Remove Members"))

    def _open_edit(self, operation, title):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "crm.segment.edit",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_segment_id": self.id,
                "default_target": self.target,
                "default_operation": operation,
            },
        }

    # === BUSINESS METHODS === #
    def preview_count(self):
        """Return how many records match the rule now, among those the user may see."""
        self.ensure_one()
        self.check_access("read")
        try:
            domain = self._get_shown_domain()
        except engine.CriterionError as error:
            raise UserError(str(error)) from error
        return self.env[self.model_name].search_count(domain)

    def add_members(self, record_ids):
        """Add contacts or leads to a segment that is kept by hand.

        :param list record_ids: ids of contacts or leads, of those the user may see
        :return: how many were not members yet
        """
        records = self._check_manual_change(record_ids)
        return self._write_members(records, members=True).added

    def remove_members(self, record_ids):
        """Remove contacts or leads from a segment that is kept by hand.

        :return: how many were members
        """
        records = self._check_manual_change(record_ids)
        return self._write_members(records, members=False).gone

    def _write_members(self, records, members, reason="added"):
        """Make ``records`` members, or not; return the engine's difference.

        :param str reason: why new members are in
        """
        self.ensure_one()
        diff = engine.sync(
            self.env,
            get_match_table(self.target, reason_in=reason, reason_out="removed"),
            engine.pairs(self.id, records.ids if members else []),
            criteria=self.sudo()._to_criteria(),
            ids=records.ids,
        )
        self._forget_members(self.target)
        if diff:
            self._follow_members(records.ids)
        return diff

    def _check_manual_change(self, record_ids):
        """Return the records, once it is sure that the user may (un)make them members.

        :raise UserError: the segment has a rule, or records are another company's
        """
        self.ensure_one()
        self.check_access("write")
        if self.kind != "manual":
            raise UserError(
                self.env._(
                    "The members of “%(name)s” follow its rule. Change the rule, or"
                    " use a segment that is kept by hand.",
                    name=self.display_name,
                )
            )
        records = self.env[self.model_name].browse(self._read_ids(record_ids)).exists()
        records.check_access("read")
        foreign = records.filtered(
            lambda record: record.company_id and record.company_id != self.company_id
        )
        if self.company_id and foreign:
            raise UserError(
                self.env._(
                    "“%(record)s” belongs to another company than the segment.",
                    record=foreign[0].display_name,
                )
            )
        return records
