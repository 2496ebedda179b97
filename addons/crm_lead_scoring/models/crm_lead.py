from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

from .crm_lead_facts import COUNTRY_FIELDS
from .crm_lead_score_event import LEDGER
from .crm_lead_score_handover import HANDOVER_STATES

#: What must be read again after a refresh wrote the rows of the scores.
SCORE_FIELDS = (
    "score_id",
    "lead_score",
    "lead_score_fit",
    "lead_score_engagement",
    "lead_grade_id",
    "lead_grade_color",
    "score_line_ids",
    "is_sales_ready",
    "ready_since",
)


def _compute_rows(leads):
    """Compute the links to the rows that a lead owns in other tables.

    A lead that came in without the ORM has no row before the next refresh.
    """
    engine.pending.run(leads.env)
    for name in ("score_id", "facts_id"):
        rows = leads.env[leads._fields[name].comodel_name].sudo()
        rows = rows.browse(leads._origin.ids).exists()
        for lead in leads:
            lead[name] = rows & rows.browse(lead._origin.id)


class CrmLead(models.Model):
    """A lead shows its score; the score itself stands in a row of its own.

    A lead that is ready is handed over to sales, who accept or return it.
    """

    _inherit = "crm.lead"

    # === FIELDS === #

    score_id = engine.Satellite(
        "crm.lead.score", string="Score Details", compute=_compute_rows
    )
    lead_score = fields.Integer(
        "Score", related="score_id.total", compute_sudo=True, aggregator="avg"
    )
    lead_score_fit = fields.Integer(
        "Fit", related="score_id.fit", compute_sudo=True, aggregator="avg"
    )
    lead_score_engagement = fields.Integer(
        "Engagement",
        related="score_id.engagement",
        compute_sudo=True,
        aggregator="avg",
    )
    lead_grade_id = fields.Many2one(
        "crm.lead.score.grade",
        "Grade",
        related="score_id.grade_id",
        compute_sudo=True,
    )
    lead_grade_color = fields.Integer(
        "Grade Color",
        related="score_id.grade_id.color",
        compute_sudo=True,
        aggregator=None,
    )
    score_line_ids = fields.One2many(
        "crm.lead.score.line", "lead_id", string="Score Lines", readonly=True
    )
    # readiness
    is_sales_ready = fields.Boolean(
        "Ready for Sales", related="score_id.is_ready", compute_sudo=True
    )
    ready_since = fields.Datetime(related="score_id.ready_since", compute_sudo=True)
    handover_ids = fields.One2many(
        "crm.lead.score.handover", "lead_id", "Hand-Overs", readonly=True
    )
    handover_state = fields.Selection(
        HANDOVER_STATES,
        "Hand-Over",
        compute="_compute_handover_state",
        compute_sudo=True,
    )
    can_answer_handover = fields.Boolean(
        compute="_compute_handover_state", compute_sudo=True
    )
    triage_ids = fields.One2many(
        "crm.lead.score.triage", "lead_id", "Triage Decisions", readonly=True
    )

    # attributes to score by
    industry_id = engine.TakenOver(
        "res.partner.industry",
        string="Industry",
        source="industry_id",
        index="btree_not_null",
        help="Taken over from the contact's company when the contact, or its industry,"
        " changes. What you enter instead stays until then, and goes to a contact that"
        " is made from the lead.",
    )
    facts_id = engine.Satellite("crm.lead.facts", string="Facts", compute=_compute_rows)
    email_kind = fields.Selection(
        string="E-mail Kind",
        related="facts_id.email_kind",
        compute_sudo=True,
        depends=["email_normalized", "email_domain_criterion"],
        help="The first that fits: an address of a disposable domain; of a free"
        " provider; of a role at a company (info@, sales@, office@); of a person at a"
        " company. Empty without a valid address. Domains that Odoo does not know are"
        " listed under Configuration.",
    )
    postcode_number = fields.Integer(
        "Postcode as a Number",
        related="facts_id.postcode_number",
        compute_sudo=True,
        depends=["zip"],
        aggregator=None,
        help="For rules on a range of postcodes, such as 1000 to 1999. Spaces, dashes"
        " and a country's letters before the digits do not count, nor do zeros at the"
        " beginning or a part that is added to four digits or more (94105-1234 is"
        " 94105). 0 where there is no postcode or it is no number, as in the United"
        " Kingdom: use conditions on the postcode itself there.",
    )
    score_country_id = fields.Many2one(
        "res.country",
        "Likely Country",
        related="facts_id.country_id",
        compute_sudo=True,
        depends=COUNTRY_FIELDS,
        help="The country of the address. Where that is empty the first that tells one:"
        " the website visit, the phone number (written with the country's prefix), the"
        " ending of the e-mail address, the language. The address itself stays empty.",
    )
    score_country_source = fields.Selection(
        string="Country Known From",
        related="facts_id.country_source",
        compute_sudo=True,
        depends=["score_country_id"],
        help="What the likely country was found in.",
    )
    # communication, from the ledger of events
    mail_in_count = fields.Integer(
        "E-mails Received",
        related="facts_id.mail_in_count",
        compute_sudo=True,
        depends=["partner_id"],
        help="E-mails that the lead or its contact sent us; answers are among them.",
    )
    mail_reply_count = fields.Integer(
        "Replies Received",
        related="facts_id.mail_reply_count",
        compute_sudo=True,
        depends=["partner_id"],
        help="Answers of the lead or its contact to mailings and e-mails of ours.",
    )
    call_held_count = fields.Integer(
        "Calls Held",
        related="facts_id.call_held_count",
        compute_sudo=True,
        depends=["partner_id"],
        help="Calls with the lead or its contact that came about.",
    )
    meeting_held_count = fields.Integer(
        "Meetings Held",
        related="facts_id.meeting_held_count",
        compute_sudo=True,
        depends=["partner_id"],
        help="Meetings with the lead or its contact that took place.",
    )
    last_sign_date = fields.Datetime(
        "Last Sign of Life",
        related="facts_id.last_sign_date",
        compute_sudo=True,
        depends=["partner_id"],
        help="When the lead or its contact last did something: wrote, called, met us,"
        " sent a form, came to the website. Which signals count is set with the"
        " signals.",
    )
    days_of_silence = fields.Integer(
        "Days of Silence",
        related="facts_id.days_of_silence",
        compute_sudo=True,
        depends=["partner_id"],
        aggregator="avg",
        help="Whole days since the last sign of life; where there was none, since the"
        " lead was made.",
    )

    # === COMPUTE METHODS === #

    @api.depends("handover_ids.state", "user_id", "team_id")
    @api.depends_context("uid")
    def _compute_handover_state(self):
        """State of the latest hand-over, and whether this user is to answer it."""
        for lead in self:
            # In memory a new one may stand last.
            latest = lead.handover_ids.sorted("id")[-1:]
            lead.handover_state = latest.state
            lead.can_answer_handover = latest.can_answer

    # === CRUD METHODS === #

    def write(self, vals):
        """A lead that comes to another stage is a signal."""
        moved = self.browse()
        if vals.get("stage_id"):
            moved = self.sudo().filtered(
                lambda lead: lead.stage_id.id != vals["stage_id"]
            )
        result = super().write(vals)
        if moved:
            self.env["crm.lead.score.event"]._log_stage_change(moved)
        return result

    # === ACTION METHODS === #

    def action_view_score_events(self):
        """Open what this lead and its contact did."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_scoring.crm_lead_score_event_action_of_lead"
        )
        domain = Domain("lead_id", "=", self.id)
        if self.partner_id:
            domain |= Domain("lead_id", "=", False) & Domain(
                "partner_id", "=", self.partner_id.id
            )
        action["domain"] = list(domain)
        return action

    def action_accept_handover(self):
        """Accept the leads that were handed over; whoever does is in charge of them.

        A lead without a salesperson gets the one who accepts it. Accepting twice
        changes nothing.

        :raise AccessError: for somebody who is not in charge of the lead
        :raise UserError: for a lead that is neither handed over nor ready
        """
        self.check_access("write")
        for lead in self:
            self.env["crm.lead.score.handover"]._accept(lead)
        return True

    def action_return_to_marketing(self, reason, note=None):
        """Return leads that are not ready after all; the reason counts for the rules.

        A returned lead is ready no longer. It becomes ready again once its score has
        risen: before, there is nothing new to look at.

        :param reason: a ``crm.lead.score.return.reason``, its id or its name; any other
            text is kept as the note of the reason "Other"
        :param str note: what else is to be said
        :raise AccessError: for somebody who is neither in charge of the lead nor a
            manager
        :raise UserError: without a reason; for a lead that was not handed over
        """
        self.check_access("write")
        reason, note = self.env["crm.lead.score.return.reason"]._find(reason, note)
        for lead in self:
            self.env["crm.lead.score.handover"]._return(lead, reason, note)
        return True

    # === BUSINESS METHODS === #

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """A new contact takes over the industry; its people have it from there."""
        values = super()._prepare_customer_values(
            partner_name, is_company=is_company, parent_id=parent_id
        )
        if not parent_id:
            values["industry_id"] = self.industry_id.id
        return values

    def _merge_dependences(self, opportunities):
        """What the merged leads did is what the remaining one did."""
        if not self.industry_id:
            self.industry_id = opportunities.industry_id[:1]
        self.env["crm.lead.score"].sudo()._merge_readiness(self, opportunities)
        result = super()._merge_dependences(opportunities)
        engine.move_events(self.env, LEDGER, self.id, opportunities.ids)
        return result

    def _merge_opportunity(self, *args, **kwargs):
        """The lead that remains is scored with all that came to it."""
        lead = super()._merge_opportunity(*args, **kwargs)
        self.env["crm.criterion.refresh"]._dispatch(lead)
        return lead

    def get_score_explanation(self):
        """Say what the score of this lead is made of.

        :return: dict with ``total``, ``axes`` (points by axis), ``grade`` (its name or
            ``False``), ``model`` (name of the scoring model or ``False``) and
            ``lines``: for each rule that counted ``rule_id``, ``rule`` (its name),
            ``sentence``, ``axis``, ``points`` and ``evidence`` (for a rule on events:
            what happened when, what is left of it and until when; for a rule on field
            values: those values); the points add up to the total
        :raise AccessError: when the user may not read the lead
        """
        self.ensure_one()
        self.check_access("read")
        lead = self.sudo()
        lines = lead.score_line_ids
        return {
            "total": lead.lead_score,
            "axes": {
                "fit": lead.lead_score_fit,
                "engagement": lead.lead_score_engagement,
            },
            "grade": lead.lead_grade_id.name,
            "model": lead.lead_grade_id.model_id.name,
            "lines": [
                {
                    "rule_id": line.rule_id.id,
                    "rule": line.display_name,
                    "sentence": line.domain_sentence or "",
                    "axis": line.axis,
                    "points": line.points,
                    "evidence": line.evidence or "",
                }
                for line in lines
            ],
        }

    def get_readiness(self):
        """Say whether this lead is ready for sales, and what would make it so.

        :return: dict with ``model`` (name of the scoring model or ``False``), ``state``
            (observe, live), ``is_ready``, ``ready_since``, ``score``, ``ready_score``,
            ``unready_score``, ``missing_points``, ``unmet`` (sentences: must-haves that
            are not met), ``reached_since`` and ``ready_on`` (the score must last for a
            while), ``held_score`` (returned: the score to exceed), ``handover`` (state
            of the latest one) and ``sentences``: all that in the user's language;
            dates are UTC, what there is not is ``False``
        :raise AccessError: when the user may not read the lead
        """
        self.ensure_one()
        self.check_access("read")
        lead = self.sudo()
        if not lead.score_id:
            # It came in without the ORM.
            self.env["crm.lead.score"].sudo()._ensure_rows(lead.ids)
            lead.invalidate_recordset(["score_id"], flush=False)
        return lead.score_id._explain_readiness()
