from odoo import api, fields, models, tools

from odoo.addons.crm_glossary_core import engine

from ..tools.country_hints import hints
from ..tools.email_roles import ROLE_NAMES
from .crm_lead_score_event import LEDGER

EMAIL_KINDS = [
    ("company", "Company address"),
    ("role", "Role address"),
    ("free", "Free provider"),
    ("disposable", "Disposable address"),
]
COUNTRY_SOURCES = [
    ("entered", "Address"),
    ("geoip", "Website visit"),
    ("phone", "Phone number"),
    ("email", "E-mail address"),
    ("language", "Language"),
]
#: The signal that each counter counts.
COUNTED_SIGNALS = {
    "mail_in_count": "mail_received",
    "mail_reply_count": "mail_replied",
    "call_held_count": "call_held",
    "meeting_held_count": "meeting_held",
}
#: Fields of the lead that tell of what it did; they change with the ledger.
COMMUNICATION_FIELDS = (*COUNTED_SIGNALS, "last_sign_date", "days_of_silence")
#: Fields of the lead that show facts.
FACT_FIELDS = (
    "facts_id",
    "email_kind",
    "postcode_number",
    "score_country_id",
    "score_country_source",
    *COMMUNICATION_FIELDS,
)
#: What the likely country depends on.
COUNTRY_FIELDS = (
    "country_id",
    "state_id",
    "phone",
    "phone_sanitized",
    "email_normalized",
    "lang_id",
)
#: Leads of one batch of the refresh: one or two seconds of work.
BATCH_SIZE = 100_000
#: Leads of changed contacts or new events whose facts are refreshed at once; more wait
#: for the refresh.
AT_ONCE = 1000


class CrmLeadFacts(models.Model):
    """What is found out about one lead: its id is the lead's id, every lead owns a row.

    Written by the criteria engine alone, from the lead's own fields and the ledger of
    events. An event of a contact counts for each lead of the contact.
    """

    _name = "crm.lead.facts"
    _description = "Facts about a Lead"
    _inherit = ["crm.criterion.step"]
    _log_access = False
    _rec_name = "lead_id"

    # === FIELDS === #

    lead_id = engine.Satellite("crm.lead", string="Lead")
    # communication
    mail_in_count = fields.Integer("E-mails Received", readonly=True)
    mail_reply_count = fields.Integer("Replies Received", readonly=True)
    call_held_count = fields.Integer("Calls Held", readonly=True)
    meeting_held_count = fields.Integer("Meetings Held", readonly=True)
    last_sign_date = fields.Datetime("Last Sign of Life", readonly=True)
    silent_since = fields.Datetime(
        readonly=True, help="Last sign of life; without any, when the lead was made."
    )
    days_of_silence = engine.DaysSince(
        since="silent_since", string="Days of Silence", readonly=True
    )
    # profile
    email_kind = fields.Selection(EMAIL_KINDS, "E-mail Kind", readonly=True)
    postcode_number = fields.Integer("Postcode as a Number", readonly=True)
    country_id = fields.Many2one("res.country", "Likely Country", readonly=True)
    country_source = fields.Selection(
        COUNTRY_SOURCES, "Country Known From", readonly=True
    )

    # === CRUD METHODS === #

    def init(self):
        """A lead without a row would be missing in lists that are sorted by a fact."""
        engine.ensure_satellite(self.env, self._table, "crm_lead", tally=False)
        self._ensure_rows()

    # === BUSINESS METHODS === #

    @api.model
    def _ensure_rows(self, ids=None):
        """Give these leads (or all) their row, where it is missing."""
        engine.fill_satellite(self.env, self._table, "crm_lead", ids)

    @api.model
    def _find_out(self, ids=None, id_range=None):
        """Bring the facts about leads up to date and return the :class:`engine.Diff`.

        :param ids: only these leads; ``None`` means all in the range
        :param tuple id_range: only leads with ``first <= id <= last``
        """
        sources = self._prepare_sources()
        diff = engine.refresh_facts(self.env, self._table, sources, ids, id_range)
        leads = self.env["crm.lead"]
        if ids is None:
            self.invalidate_model(flush=False)
            leads.invalidate_model(FACT_FIELDS, flush=False)
        else:
            self.browse(ids).invalidate_recordset(flush=False)
            leads.browse(ids).invalidate_recordset(FACT_FIELDS, flush=False)
        return diff

    @api.model
    def _request_refresh(self):
        """Have all facts, and then the scores, refreshed soon by the scheduled job."""
        self.env["crm.criterion.refresh"].sudo()._request(self._name)
        self.env["crm.lead.score"]._request_refresh()

    # === HOOKS === #

    @api.model
    def _prepare_sources(self):
        """Return the :class:`engine.FactSources` of the facts."""
        signals = self.env["crm.lead.score.signal"]
        by_code = signals._get_ids_by_code()
        return engine.FactSources(
            ledger=LEDGER,
            counts={
                column: by_code.get(code, 0) for column, code in COUNTED_SIGNALS.items()
            },
            signs=signals._get_signs_of_life(),
            roles=tuple(ROLE_NAMES),
            domains=self.env["crm.lead.score.email.domain"]._table,
            countries=self._get_country_hints(),
            visitors=self._get_visitor_field(),
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _get_country_hints(self):
        """Return :func:`hints` for the countries and languages of this database.

        Odoo empties this cache when one of them changes.
        """
        countries = self.env["res.country"].sudo().search([("code", "!=", False)])
        languages = self.env["res.lang"].sudo().with_context(active_test=False)
        return hints(
            {country.code: country.id for country in countries},
            {lang.id: lang.code for lang in languages.search([])},
        )

    @api.model
    def _get_visitor_field(self):
        """Return the field of the lead that leads to website visitors, or ``None``."""
        return None

    # The step of the refresh

    def _refresh_watches(self):
        return super()._refresh_watches() | {
            "crm.lead",
            "crm.lead.score.event",
            "res.partner",
        }

    def _refresh_records(self, records, fnames=None):
        if records._name == "crm.lead.score.event":
            leads = records._get_leads()
        elif records._name == "res.partner":
            leads = self._get_leads_of_partners(records, fnames)
        elif fnames is None or fnames & set(FACT_FIELDS):
            leads = records
        else:
            return
        if len(leads) > AT_ONCE and records._name != "crm.lead":
            self._request_refresh()
        elif leads:
            self._find_out(leads.ids)

    @api.model
    def _get_leads_of_partners(self, partners, fnames):
        """Leads whose facts may change with these fields of their contacts."""
        leads = self.env["crm.lead"].with_context(active_test=False).sudo()
        concerned = any(
            field.model_name == "crm.lead" and field.name in FACT_FIELDS
            for name in fnames or ()
            if name in partners._fields
            for field in self.pool.get_dependent_fields(partners._fields[name])
        )
        if not concerned:
            return leads
        return leads.search(
            [("partner_id", "child_of", partners.ids)], limit=AT_ONCE + 1
        )

    def _refresh_remaining(self, position):
        return engine.count_after(self.env, "crm_lead", position)

    def _refresh_batch(self, position):
        batch = engine.next_range(self.env, "crm_lead", position, BATCH_SIZE)
        if batch is None:
            return None, 0, 0
        first, last, count = batch
        diff = self._find_out(id_range=(first, last))
        return last if count == BATCH_SIZE else None, count, diff.total
