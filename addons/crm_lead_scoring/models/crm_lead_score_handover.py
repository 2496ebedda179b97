from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_glossary_core import engine

HANDOVER_STATES = [
    ("offered", "Handed Over"),
    ("accepted", "Accepted"),
    ("returned", "Returned"),
    ("withdrawn", "Withdrawn"),
]


class CrmLeadScoreHandover(models.Model):
    """A lead that is ready for sales, handed over: it is accepted, or returned.

    Made by the program when a lead becomes ready; answered by the salesperson in charge
    or by a manager, by the methods of the lead. Rows are kept as history.
    """

    _name = "crm.lead.score.handover"
    _description = "Hand-Over of a Lead"
    _order = "id desc"
    _rec_name = "lead_id"

    # === FIELDS === #

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    model_id = fields.Many2one(
        "crm.lead.score.model",
        "Scoring Model",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    key = fields.Char(
        readonly=True, copy=False, help="Lead and number of the transition."
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        compute="_compute_user_id",
        store=True,
        index="btree_not_null",
        help="Who is to answer, or did.",
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", related="lead_id.team_id", store=True
    )
    source_id = fields.Many2one("utm.source", related="lead_id.source_id", store=True)
    date = fields.Datetime("Handed over on", required=True, readonly=True)
    state = fields.Selection(
        HANDOVER_STATES,
        required=True,
        readonly=True,
        default="offered",
        help="Withdrawn: the lead was ready no longer before anybody answered.",
    )
    answer_date = fields.Datetime("Answered on", readonly=True)
    answer_hours = fields.Float(
        "Hours to the Answer",
        compute="_compute_answer_hours",
        store=True,
        aggregator="avg",
    )
    reason_id = fields.Many2one(
        "crm.lead.score.return.reason",
        "Return Reason",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    note = fields.Text(readonly=True)
    # what made it ready
    total = fields.Integer("Score", readonly=True, aggregator="avg")
    rule_ids = fields.Many2many(
        "crm.lead.score.rule",
        "crm_lead_score_handover_rule_rel",
        "handover_id",
        "rule_id",
        string="Rules that Gave Points",
        readonly=True,
    )
    decisive_rule_ids = fields.Many2many(
        "crm.lead.score.rule",
        "crm_lead_score_handover_decisive_rel",
        "handover_id",
        "rule_id",
        string="Decisive Rules",
        readonly=True,
        help="Without the points of any one of these the lead had not been ready.",
    )
    can_answer = fields.Boolean(compute="_compute_can_answer")

    _key_unique = models.UniqueIndex("(key)", "The lead is handed over already.")
    _open_unique = models.UniqueIndex(
        "(lead_id) WHERE state = 'offered'", "The lead is handed over already."
    )
    _user_index = models.Index("(user_id) WHERE state = 'offered'")

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("lead_id.user_id")
    def _compute_user_id(self):
        """Until there is an answer, whoever is in charge of the lead is to give it."""
        for handover in self:
            if handover.state == "offered" or not handover.user_id:
                handover.user_id = handover.lead_id.user_id
            else:
                handover.user_id = handover.user_id

    @api.depends("answer_date")
    def _compute_answer_hours(self):
        for handover in self:
            spent = handover.answer_date and handover.answer_date - handover.date
            handover.answer_hours = spent.total_seconds() / 3600 if spent else 0

    @api.depends("state", "lead_id.user_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for handover in self:
            handover.can_answer = handover.state == "offered" and (
                handover._may_answer(handover.lead_id)
            )

    # === ACTION METHODS === #

    def action_accept(self):
        """Accept the lead."""
        return self.lead_id.action_accept_handover()

    def action_offer_again(self):
        """Let returned leads become ready again before their score has risen."""
        self.env["crm.lead.score.model"].browse().check_access("write")
        self.lead_id.check_access("write")
        returned = self.filtered(lambda handover: handover.state == "returned")
        scores = self.env["crm.lead.score"].sudo()
        engine.readiness.release(self.env, scores._table, returned.lead_id.ids)
        scores._score(ids=returned.lead_id.ids)

    # === BUSINESS METHODS === #

    @api.model
    def _offer(self, run):
        """Hand the lead of a run over; what the run is to note about it.

        Nobody is asked twice: a lead whose salesperson has accepted it already is not
        offered to the same person again.
        """
        lead = run.lead_id
        latest = self.search([("lead_id", "=", lead.id)], limit=1)
        if latest.state == "offered":
            return "skipped", self.env._("It is handed over already.")
        if latest.state == "accepted" and latest.user_id == lead.user_id:
            return "skipped", self.env._("Its salesperson has accepted it before.")
        key = f"{lead.id}:{run.number}"
        self.create(self._prepare_vals(lead, run.model_id, key=key))
        return "done", False

    @api.model
    def _withdraw(self, lead):
        """Take back what nobody has answered; what the run is to note about it."""
        offered = self.search([("lead_id", "=", lead.id), ("state", "=", "offered")])
        if not offered:
            return "skipped", self.env._("Nothing waits for an answer.")
        offered.state = "withdrawn"
        return "done", False

    @api.model
    def _accept(self, lead):
        """Note that the user accepts a lead; who may is checked here."""
        handover = self._get_latest(lead)
        self._check_person(lead)
        if handover.state == "accepted":
            return
        if handover.state != "offered":
            handover = self._create_unasked(
                lead,
                self.env._(
                    "“%(lead)s” is not handed over: there is nothing to accept.",
                    lead=lead.name,
                ),
            )
        if not lead.user_id:
            lead.user_id = self.env.user
        handover._answer("accepted")
        lead.sudo().message_post(
            body=self.env._("Accepted by sales."), subtype_xmlid="mail.mt_note"
        )

    @api.model
    def _return(self, lead, reason, note=None):
        """Note that the user returns a lead; who may is checked here."""
        handover = self._get_latest(lead)
        self._check_person(lead)
        if handover.state not in ("offered", "accepted"):
            handover = self._create_unasked(
                lead,
                self.env._(
                    "“%(lead)s” is neither handed over nor ready: there is"
                    " nothing to return.",
                    lead=lead.name,
                ),
            )
        handover._answer("returned", reason_id=reason.id, note=note or False)
        lead.sudo().message_post(
            body=self.env._("Returned to marketing: %(reason)s", reason=reason.name)
            + (f" ({note})" if note else ""),
            subtype_xmlid="mail.mt_note",
        )
        scores = self.env["crm.lead.score"].sudo()
        transitions = engine.readiness.shut(self.env, scores._table, lead.id)
        scores._invalidate_scores(lead.ids)
        self.env["crm.lead.score.model"]._get_of(lead)._follow(transitions)

    def _answer(self, state, **vals):
        self.write(
            {
                **vals,
                "state": state,
                "user_id": self.lead_id.user_id.id or self.env.uid,
                "answer_date": fields.Datetime.now(),
            }
        )

    @api.model
    def _get_latest(self, lead):
        """The latest hand-over of a lead, with system rights."""
        engine.pending.run(self.env)
        return self.sudo().search([("lead_id", "=", lead.id)], limit=1)

    @api.model
    def _create_unasked(self, lead, message):
        """A hand-over of a lead that is ready though nobody was asked about it.

        So it is while the scoring model only observes.
        """
        if not lead.is_sales_ready:
            raise UserError(message)
        model = self.env["crm.lead.score.model"]._get_of(lead)
        return self.sudo().create(self._prepare_vals(lead, model))

    @api.model
    def _merge(self, lead, others):
        """Hand-overs of merged leads become those of the lead that remains."""
        handovers = self.search([("lead_id", "in", others._origin.ids)])
        waiting = handovers.filtered(lambda handover: handover.state == "offered")
        own = self.search([("lead_id", "=", lead.id), ("state", "=", "offered")])
        (waiting if own else waiting[1:]).state = "withdrawn"
        self.flush_model()
        handovers.lead_id = lead

    @api.model
    def _may_answer(self, lead):
        """Whether the user is in charge of the lead, or of those who are.

        Where nobody is in charge, everybody may answer who may write the lead.
        """
        user, owner = self.env.user, lead.sudo().user_id
        return (
            not owner
            or user in (owner, lead.sudo().team_id.user_id)
            or self.env.uid == SUPERUSER_ID
            or user.has_group("sales_team.group_sale_manager")
            or user.has_group("crm_lead_scoring.group_lead_scoring_manager")
        )

    @api.model
    def _check_person(self, lead):
        """Refuse an answer of somebody else than the one in charge or a manager."""
        if not self._may_answer(lead):
            raise AccessError(
                self.env._(
                    "%(user)s is in charge of “%(lead)s”. Nobody else accepts or"
                    " returns it, but the leader of the team or a manager.",
                    user=lead.sudo().user_id.name,
                    lead=lead.name,
                )
            )

    # === HOOKS === #

    @api.model
    def _prepare_vals(self, lead, model, **vals):
        """Values of a new hand-over: what the lead's score is made of now."""
        lines = lead.sudo().score_line_ids.filtered(lambda line: line.points > 0)
        total = lead.sudo().lead_score
        spare = total - model.ready_score
        decisive = lines.filtered(lambda line: line.points > spare)
        return {
            "lead_id": lead.id,
            "model_id": model.id,
            "date": fields.Datetime.now(),
            "total": total,
            "rule_ids": lines.rule_id.ids,
            "decisive_rule_ids": decisive.rule_id.ids,
            **vals,
        }
