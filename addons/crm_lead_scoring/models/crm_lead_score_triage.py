from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

from ..tools.rpc_values import clean_text, read_date, read_id

DECISIONS = [
    ("accept", "Accepted"),
    ("nurture", "Nurtured"),
    ("discard", "Discarded"),
]
#: Days for which a lead is out of the queue, when nobody names a day.
NURTURE_DAYS = 30


class CrmLeadScoreTriage(models.Model):
    """What a person decided about a lead: take it, not now, or not at all.

    Written by the methods of this model alone, which do what was decided as well. Each
    lead has at most one decision in force; older ones and undone ones are history. The
    rows tell whether people agree with the score.
    """

    _name = "crm.lead.score.triage"
    _description = "Triage Decision"
    _order = "id desc"
    _rec_name = "lead_id"

    # === FIELDS === #

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Decided by", required=True, readonly=True, ondelete="cascade"
    )
    decision = fields.Selection(DECISIONS, required=True, readonly=True)
    date = fields.Datetime("Decided on", required=True, readonly=True)
    until = fields.Date("Back on", readonly=True)
    lost_reason_id = fields.Many2one(
        "crm.lost.reason", "Lost Reason", readonly=True, ondelete="set null"
    )
    return_reason_id = fields.Many2one(
        "crm.lead.score.return.reason",
        "Return Reason",
        readonly=True,
        ondelete="set null",
    )
    reason = fields.Char(compute="_compute_reason")
    note = fields.Text(readonly=True)
    # what the person saw
    grade_id = fields.Many2one(
        "crm.lead.score.grade", "Grade then", readonly=True, ondelete="set null"
    )
    total = fields.Integer("Score then", readonly=True, aggregator="avg")
    was_ready = fields.Boolean(readonly=True)
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null"
    )
    source_id = fields.Many2one("utm.source", related="lead_id.source_id", store=True)
    # undo
    in_force = fields.Boolean(
        readonly=True, help="The latest decision about the lead, and not undone."
    )
    is_undone = fields.Boolean("Undone", readonly=True)
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    before = fields.Json(readonly=True)

    _in_force_unique = models.UniqueIndex(
        "(lead_id) WHERE in_force", "Somebody has decided about the lead already."
    )
    _user_index = models.Index("(user_id, date)")

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("lost_reason_id", "return_reason_id")
    def _compute_reason(self):
        for triage in self:
            chosen = triage.lost_reason_id or triage.return_reason_id
            triage.reason = chosen.name

    # === BUSINESS METHODS === #

    @api.model
    def accept(self, lead_id, keep_lead=False):
        """Take a lead into work.

        A lead that was handed over (or is ready) is accepted. One that nobody is in
        charge of becomes the user's. A lead becomes an opportunity the way Odoo
        converts it: with the contact that it has or that matches, else with a new one.

        :param bool keep_lead: do not make an opportunity of it
        :return: dict, see :meth:`_tell`
        """
        self.check_access("read")
        lead, problem = self._take(lead_id)
        if problem:
            return problem
        values = self._prepare_vals(lead, "accept")
        if self._is_handed_over(lead):
            lead.action_accept_handover()
        elif not lead.user_id:
            lead.user_id = self.env.user
        if lead.type == "lead" and not keep_lead:
            values["before"]["made_partner_ids"] = self._convert(lead)
        decision = self._record(lead, values)
        return self._tell(
            decision,
            self.env._("Accepted as an opportunity.")
            if lead.type == "opportunity"
            else self.env._("Accepted as a lead."),
        )

    @api.model
    def nurture(self, lead_id, until=None, reason=None, note=None):
        """Not now: the lead leaves the queue, and a follow-up brings it back on a day.

        :param until: the day, later than today (default: in 30 days)
        :param reason: why, see ``crm.lead.action_return_to_marketing()``; needed for a
            lead that was handed over or is ready, which is returned to marketing
        :return: dict, see :meth:`_tell`
        """
        self.check_access("read")
        lead, problem = self._take(lead_id)
        if problem:
            return problem
        decision = self._nurture(lead, until, reason, note)
        return self._tell(
            decision,
            self.env._(
                "Nurtured: back on %(date)s.",
                date=format_date(self.env, decision.until),
            ),
        )

    @api.model
    def discard(self, lead_id, lost_reason_id, note=None):
        """Mark a lead as lost, and say why.

        The reason of a lead that was handed over or is ready counts for the rules that
        made it so.

        :return: dict, see :meth:`_tell`
        """
        self.check_access("read")
        lead, problem = self._take(lead_id)
        if problem:
            return problem
        reason = self.env["crm.lost.reason"].browse(
            lost_reason_id and read_id(self.env, lost_reason_id) or ()
        )
        if not reason.exists():
            raise UserError(self.env._("Say why the lead is discarded."))
        note = clean_text(note)
        values = self._prepare_vals(
            lead, "discard", lost_reason_id=reason.id, note=note or False
        )
        if self._is_handed_over(lead):
            lead.action_return_to_marketing(reason.name, note)
        wizard = self.env["crm.lead.lost"].create(
            {
                "lead_ids": lead.ids,
                "lost_reason_id": reason.id,
                "lost_feedback": plaintext2html(note) if note else False,
            }
        )
        wizard.action_lost_reason_apply()
        decision = self._record(lead, values)
        return self._tell(
            decision, self.env._("Discarded: %(reason)s.", reason=reason.name)
        )

    @api.model
    def _nurture(self, lead, until=None, reason=None, note=None):
        """Do what :meth:`nurture` says, and return the decision."""
        lead.check_access("write")
        self.env["crm.lead.score.handover"]._check_person(lead)
        today = fields.Date.context_today(self)
        until = read_date(self.env, until) or today + timedelta(days=NURTURE_DAYS)
        note = clean_text(note)
        if until <= today:
            raise UserError(self.env._("Choose a day after today."))
        values = self._prepare_vals(lead, "nurture", until=until, note=note or False)
        if self._is_handed_over(lead):
            lead.action_return_to_marketing(reason, note)
            returned = self.env["crm.lead.score.handover"]._get_latest(lead)
            values["return_reason_id"] = returned.reason_id.id
        activity = lead.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=until,
            summary=self.env._("Look at it again"),
            note=plaintext2html(note) if note else False,
            user_id=lead.user_id.id or self.env.uid,
        )
        values["activity_id"] = activity.id if activity else False
        return self._record(lead, values)

    @api.model
    def _convert(self, lead):
        """Make an opportunity of a lead, as Odoo does.

        :return: ids of the contacts that were made for it
        """
        known = lead._find_matching_partner()
        wizards = self.env["crm.lead2opportunity.partner"].with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        )
        wizard = wizards.create(
            {
                "lead_id": lead.id,
                "name": "convert",
                "user_id": lead.user_id.id,
                "team_id": lead.team_id.id,
            }
        )
        wizard.action_apply()
        if known:
            return []
        made = lead.partner_id | lead.partner_id.commercial_partner_id
        now = self.env.cr.now()
        return made.filtered(lambda partner: partner.create_date == now).ids

    @api.model
    def _record(self, lead, values):
        """Note a decision; what was decided before is history then."""
        decisions = self.sudo()
        old = decisions.search([("lead_id", "=", lead.id), ("in_force", "=", True)])
        old.in_force = False
        old.flush_recordset(["in_force"])
        return decisions.create(values)

    # === HOOKS === #

    @api.model
    def _prepare_vals(self, lead, decision, **values):
        """Values of a decision: what the person saw, and how to get back there."""
        known = lead.sudo()
        handover = self.env["crm.lead.score.handover"]._get_latest(lead)
        return {
            "lead_id": lead.id,
            "user_id": self.env.uid,
            "decision": decision,
            "date": fields.Datetime.now(),
            "grade_id": known.lead_grade_id.id,
            "total": known.lead_score,
            "was_ready": known.is_sales_ready,
            "team_id": known.team_id.id,
            "in_force": True,
            "before": {
                **{name: known[name].id for name in ("user_id", "team_id")},
                **{name: known[name].id for name in ("partner_id", "stage_id")},
                "type": known.type,
                "ready_since": fields.Datetime.to_string(known.ready_since),
                "handover": handover._prepare_reopening(),
            },
            **values,
        }

    @api.model
    def _tell(self, decision, sentence):
        """What the screen is told about a decision that was made.

        :return: dict with ``done`` (``True``), ``id``, ``decision``, ``sentence`` and
            ``today`` (the user's decisions of today by kind). A lead that is not there
            to be decided about gives ``done`` (``False``) and ``sentence`` instead:
            nothing was done.
        """
        return {
            "done": True,
            "id": decision.id,
            "decision": decision.decision,
            "sentence": sentence,
            "today": self._count_today(),
        }
