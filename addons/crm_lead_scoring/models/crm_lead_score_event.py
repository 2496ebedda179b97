from datetime import UTC, date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from odoo.addons.crm_glossary_core import engine

from ..tools.rpc_values import clean_text, is_id, shown

LEDGER = engine.Ledger("crm_lead_score_event", record="lead_id", shared="partner_id")
#: What one event of :meth:`CrmLeadScoreEvent.log` may say.
LOG_KEYS = frozenset(
    {
        "lead_id",
        "partner_id",
        "email",
        "signal",
        "date",
        "value",
        "origin",
        "res_model",
        "res_id",
    }
)
#: Clocks of other machines may be ahead by so much.
TOLERANCE = timedelta(minutes=10)
#: Longer values are cut.
VALUE_LENGTH = 1000
#: Longest origin: the index that keeps events apart holds no longer ones.
ORIGIN_LENGTH = 500


class CrmLeadScoreEvent(models.Model):
    """The ledger: what leads and contacts did, each event once and for good.

    Events are written by :meth:`log` and never changed. An event of a lead counts for
    that lead; an event of a contact, for each lead of the contact.
    """

    _name = "crm.lead.score.event"
    _description = "Lead Event"
    _order = "date desc, id desc"
    _rec_name = "signal_id"

    # === FIELDS === #

    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", readonly=True, ondelete="cascade"
    )
    signal_id = fields.Many2one(
        "crm.lead.score.signal", required=True, readonly=True, ondelete="restrict"
    )
    signal = fields.Char("Signal Code", related="signal_id.code")
    channel = fields.Selection(related="signal_id.channel")
    date = fields.Datetime(required=True, readonly=True)
    value = fields.Char(
        readonly=True, help="Which one: the page, the subject, the stage."
    )
    origin = fields.Char(
        required=True,
        readonly=True,
        help="Where the event comes from, such as the number of a message: an event is"
        " counted once.",
    )
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", readonly=True
    )

    _origin_unique = models.UniqueIndex("(origin)", "This event is noted already.")
    _has_owner = models.Constraint(
        "CHECK (lead_id IS NOT NULL OR partner_id IS NOT NULL)",
        "An event belongs to a lead or to a contact.",
    )
    _date_index = models.Index("(date DESC, id DESC)")
    _partner_index = models.Index("(partner_id) WHERE partner_id IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("signal_id", "value")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for event in self:
            name = event.signal_id.name or ""
            event.display_name = f"{name}: {event.value}" if event.value else name

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        self.env["crm.criterion.refresh"]._dispatch(events)
        return events

    def write(self, vals):
        if vals:
            raise UserError(self.env._("What has happened cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What has happened cannot be deleted."))

    # === ACTION METHODS === #

    def action_open_document(self):
        """Open what the event is about: the message, the meeting, the lead."""
        self.ensure_one()
        self.check_access("read")
        model, record_id = self.res_model, self.res_id
        if not model or model not in self.env or not record_id:
            model = "crm.lead" if self.lead_id else "res.partner"
            record_id = self.lead_id.id or self.partner_id.id
        self.env[model].browse(record_id).check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def log(self, values_list, strict=True):
        """Write events into the ledger and have the leads scored anew.

        An event is known by its ``origin``: the same origin a second time changes
        nothing, also when two programs write it at once.

        :param list values_list: for each event a dict with

            * ``signal``: code of the signal;
            * ``lead_id``, or ``partner_id``, or ``email`` (of a contact with leads,
              else of the newest lead, else of a contact);
            * ``origin``: unique text, such as ``"newsletter/2291/open"``;
            * ``date``: UTC, as text or datetime; now, if it is missing;
            * ``value``: which page, subject or stage; ``res_model`` and ``res_id``:
              the document behind it

        :param bool strict: refuse the whole list when one event cannot be written;
            otherwise leave that event out
        :return: ids of the events that are new
        :raise AccessError: when the user may not write one of the leads, or not read
            one of the contacts
        :raise ValidationError: when an event cannot be written, with the reason
        """
        self.browse().check_access("read")
        if isinstance(values_list, dict):
            values_list = [values_list]
        if not isinstance(values_list, list | tuple) or not all(
            isinstance(values, dict) for values in values_list
        ):
            raise ValidationError(
                self.env._("Events are sent as a list of names with values.")
            )
        found = self._find_owners(values_list)
        rows, problems = [], []
        for values, owner in zip(values_list, found, strict=True):
            try:
                rows.append(self._prepare_row(values, owner))
            except ValueError as error:
                problems.append((values, str(error)))
        if problems and strict:
            raise ValidationError(self._describe_problems(problems))
        self._check_may_log(rows)
        events = self.browse(engine.append_events(self.env, LEDGER, rows))
        self.env["crm.criterion.refresh"]._dispatch(events)
        return events.ids

    @api.model
    def _check_may_log(self, rows):
        """Who logs an event changes scores: he must be able to write the lead."""
        leads = {row["lead_id"] for row in rows if row["lead_id"]}
        partners = {row["partner_id"] for row in rows if row["partner_id"]}
        self.env["crm.lead"].browse(leads).check_access("write")
        self.env["res.partner"].browse(partners).check_access("read")

    @api.model
    def _prepare_row(self, values, owner):
        """Return the row of the ledger for one event, or raise :class:`ValueError`.

        :param tuple owner: ids of lead and contact that exist
        """
        unknown = values.keys() - LOG_KEYS
        if unknown:
            raise ValueError(
                self.env._("“%s” is no part of an event", shown(min(map(str, unknown))))
            )
        code, origin = (clean_text(values.get(key)) for key in ("signal", "origin"))
        signal = self.env["crm.lead.score.signal"]._get_ids_by_code().get(code)
        if not signal:
            raise ValueError(self.env._("there is no signal “%s”", shown(code)))
        if not origin:
            raise ValueError(self.env._("it has no origin to know it by"))
        if len(origin) > ORIGIN_LENGTH:
            raise ValueError(
                self.env._("its origin has more than %s characters", ORIGIN_LENGTH)
            )
        if values.get("res_id") and not is_id(values["res_id"]):
            raise ValueError(
                self.env._("“%s” is no number of a document", shown(values["res_id"]))
            )
        if not any(owner):
            raise ValueError(self.env._("its lead or contact is not there (any more)"))
        now = fields.Datetime.now()
        date = self._to_datetime(values.get("date")) or now
        if date > now + TOLERANCE:
            raise ValueError(self.env._("its date is in the future"))
        lead, partner = owner
        return {
            "lead_id": lead or None,
            "partner_id": partner or None,
            "signal_id": signal,
            "date": min(date, now),
            "value": clean_text(values.get("value") or "")[:VALUE_LENGTH] or None,
            "origin": origin,
            "res_model": clean_text(values.get("res_model") or "") or None,
            "res_id": values.get("res_id") or None,
            "create_uid": self.env.uid,
            "create_date": now,
        }

    @api.model
    def _to_datetime(self, value):
        """Read a moment, as Odoo or as ISO 8601 writes it; UTC without a zone."""
        try:
            if value and not isinstance(value, str | date):
                raise TypeError
            if isinstance(value, str) and value:
                value = datetime.fromisoformat(value)
            if isinstance(value, datetime) and value.tzinfo:
                value = value.astimezone(UTC).replace(tzinfo=None)
            return fields.Datetime.to_datetime(value) or None
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError(self.env._("“%s” is no date", shown(value))) from error

    @api.model
    def _find_owners(self, values_list):
        """Return for each event the ids of its lead and contact that exist."""

        def existing(model, name):
            ids = [values.get(name) for values in values_list]
            ids = set(filter(is_id, ids))
            known = set(self.env[model].browse(ids).exists().ids)
            return [
                is_id(values.get(name)) and values[name] in known and values[name]
                for values in values_list
            ]

        leads, partners = (
            existing("crm.lead", "lead_id"),
            existing("res.partner", "partner_id"),
        )
        addresses = [
            email_normalize(clean_text(values.get("email"))) for values in values_list
        ]
        emails = self._find_emails(set(addresses) - {False})
        return [
            (lead, partner) if lead or partner else emails.get(address, (False, False))
            for lead, partner, address in zip(leads, partners, addresses, strict=True)
        ]

    @api.model
    def _find_emails(self, emails):
        """Return ``{e-mail: (lead id, contact id)}``, one of the two, where known.

        A contact with leads comes first, then the newest lead, then any contact.
        """
        if not emails:
            return {}
        domain = [("email_normalized", "in", list(emails))]
        leads = self.env["crm.lead"].with_context(active_test=False)
        partners = self.env["res.partner"].search(domain, order="id desc")
        with_leads = leads.search([("partner_id", "in", partners.ids)]).partner_id
        own = leads.search(domain, order="active, id")
        return (
            {partner.email_normalized: (False, partner.id) for partner in partners}
            | {lead.email_normalized: (lead.id, False) for lead in own}
            | {
                partner.email_normalized: (False, partner.id)
                for partner in partners & with_leads
            }
        )

    @api.model
    def _describe_problems(self, problems):
        """Say of each event that cannot be written why."""
        lines = [
            self.env._(
                "The event “%(origin)s” cannot be noted: %(reason)s.",
                origin=shown(values.get("origin") or "?"),
                reason=reason,
            )
            for values, reason in problems[:10]
        ]
        if len(problems) > 10:
            lines.append(self.env._("%s more cannot either.", len(problems) - 10))
        lines.append(self.env._("Nothing was noted."))
        return "\n".join(lines)

    def _get_leads(self):
        """Return the leads that these events count for."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        shared = self.filtered(lambda event: not event.lead_id).partner_id
        found = leads.search([("partner_id", "in", shared.ids)]) if shared else leads
        return self.lead_id | found

    # === CRON METHODS === #

    @api.autovacuum
    def _gc_old_events(self):
        """Delete events that are older than the administrator wants to keep.

        The system parameter ``crm_lead_scoring.event_retention_days`` says how long;
        without it, or with 0, events stay for good.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        days = parameters.get_param("crm_lead_scoring.event_retention_days", "0")
        if not days.isdigit() or not int(days):
            return False
        before = fields.Datetime.now() - timedelta(days=int(days))
        return engine.purge_events(self.env, LEDGER, before)
