from odoo import fields, models
from odoo.tools import SQL

from ..models.crm_call_outcome import KINDS

HOURS = [(f"{hour:02d}", f"{hour:02d}:00") for hour in range(24)]


class CrmCallReport(models.Model):
    """One line an attempt, for sums and shares: who reached whom, when, at what cost.

    Hours and weekdays are those of the reader's time zone. What an operator took back
    is not counted.
    """

    _name = "crm.call.report"
    _description = "Call Report"
    _auto = False
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "call_id"
    _depends = {
        "crm.call": ["is_converted", "opportunity_id", "origin"],
        "crm.call.attempt": [
            "call_id",
            "company_id",
            "direction",
            "duration",
            "is_contact",
            "is_refusal",
            "kind",
            "list_id",
            "outcome_id",
            "partner_id",
            "purpose",
            "ring_duration",
            "start",
            "talk_duration",
            "team_id",
            "user_id",
            "voided_on",
            "wrap_duration",
        ],
        "crm.lead": ["source_id"],
    }

    # === FIELDS === #
    # what
    call_id = fields.Many2one("crm.call", readonly=True)
    list_id = fields.Many2one("crm.call.list", string="Call List", readonly=True)
    direction = fields.Selection(
        [("inbound", "Inbound"), ("outbound", "Outbound")], readonly=True
    )
    purpose = fields.Selection(
        [("service", "Service"), ("marketing", "Marketing")], readonly=True
    )
    origin = fields.Selection(
        selection=lambda self: self.env["crm.call"]
        ._fields["origin"]
        ._description_selection(self.env),
        readonly=True,
    )
    source_id = fields.Many2one(
        "utm.source", string="Source of the Lead", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    opportunity_id = fields.Many2one("crm.lead", string="Lead", readonly=True)
    # who
    user_id = fields.Many2one("res.users", string="Operator", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    # when
    date = fields.Datetime(readonly=True)
    hour = fields.Selection(HOURS, string="Hour of the Day", readonly=True)
    weekday = fields.Selection(
        [
            ("1", "Monday"),
            ("2", "Tuesday"),
            ("3", "Wednesday"),
            ("4", "Thursday"),
            ("5", "Friday"),
            ("6", "Saturday"),
            ("7", "Sunday"),
        ],
        string="Day of the Week",
        readonly=True,
    )
    # how it went
    outcome_id = fields.Many2one("crm.call.outcome", string="Outcome", readonly=True)
    kind = fields.Selection(KINDS, string="Result", readonly=True)
    contact_count = fields.Integer("Persons Reached", readonly=True)
    refusal_count = fields.Integer("Refusals", readonly=True)
    conversion_count = fields.Integer("Opportunities", readonly=True)
    contact_rate = fields.Float(
        "Contact Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Of a hundred attempts, how many reached the person.",
    )
    conversion_rate = fields.Float(
        "Conversion (%)",
        readonly=True,
        aggregator="avg",
        help="Of a hundred persons reached, how many became an opportunity.",
    )
    # at what cost
    ring_duration = fields.Integer("Ringing (s)", readonly=True)
    talk_duration = fields.Integer("Talking (s)", readonly=True)
    wrap_duration = fields.Integer("Wrap-Up (s)", readonly=True)
    handling_time = fields.Float(
        "Seconds per Call",
        readonly=True,
        aggregator="avg",
        help="Ringing, talking and wrap-up of one attempt, on average.",
    )

    # === CRUD METHODS === #
    @property
    def _table_query(self):
        return SQL(
            """
            SELECT attempt.id,
                   attempt.call_id,
                   attempt.list_id,
                   attempt.direction,
                   attempt.purpose,
                   call.origin,
                   lead.source_id,
                   attempt.partner_id,
                   call.opportunity_id,
                   attempt.user_id,
                   attempt.team_id,
                   attempt.company_id,
                   attempt.start AS date,
                   TO_CHAR(here.moment, 'HH24') AS hour,
                   TO_CHAR(here.moment, 'ID') AS weekday,
                   attempt.outcome_id,
                   attempt.kind,
                   had.contact::int AS contact_count,
                   COALESCE(attempt.is_refusal, FALSE)::int AS refusal_count,
                   won.is_won::int AS conversion_count,
                   had.contact::int * 100.0 AS contact_rate,
                   CASE WHEN had.contact THEN won.is_won::int * 100.0 END
                       AS conversion_rate,
                   attempt.ring_duration,
                   attempt.talk_duration,
                   attempt.wrap_duration,
                   (attempt.duration + COALESCE(attempt.wrap_duration, 0))::float
                       AS handling_time
              FROM crm_call_attempt AS attempt
              JOIN crm_call AS call ON call.id = attempt.call_id
         LEFT JOIN crm_lead AS lead ON lead.id = call.opportunity_id
        CROSS JOIN LATERAL (
                       SELECT attempt.start AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s
                              AS moment
                   ) AS here
        CROSS JOIN LATERAL (SELECT COALESCE(attempt.is_contact, FALSE) AS contact)
                AS had
        CROSS JOIN LATERAL (%(won)s) AS won
             WHERE attempt.voided_on IS NULL
            """,
            tz=str(self.env.tz),
            won=self._get_won(),
        )

    def _get_won(self):
        """Whether an attempt made an opportunity: the last talk of its call did."""
        return SQL(
            """
            SELECT COALESCE(call.is_converted, FALSE)
                   AND COALESCE(attempt.is_contact, FALSE)
                   AND NOT EXISTS (
                       SELECT FROM crm_call_attempt AS later
                        WHERE later.call_id = attempt.call_id
                          AND later.is_contact
                          AND later.voided_on IS NULL
                          AND later.id > attempt.id
                   ) AS is_won
            """
        )
