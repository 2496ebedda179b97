from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.crm_glossary_core import engine

from ..tools.phone import normalise

#: Rows that are looked at and written together.
CHUNK = 5000
#: Keys of a row that have a place of their own; the others are kept as they are.
ROW_KEYS = {"name", "phone", "email", "company", "country", "note"}
#: What provenance says, and what of it must be said.
PROVENANCE_KEYS = {"seller", "date", "basis", "notice"}
NEEDED_PROVENANCE = {"seller", "basis"}
#: Rows of the answer that are told one by one; the figures count all.
TOLD = 1000
LONGEST_TEXT = 250


class CrmCallList(models.Model):
    """Numbers that come in from elsewhere: each is judged, none is doubled."""

    _inherit = "crm.call.list"

    # === FIELDS === #
    import_batch_ids = fields.One2many(
        "crm.call.import.batch", "list_id", string="Imports"
    )
    import_batch_count = fields.Integer(compute="_compute_import_batch_count")

    # === COMPUTE METHODS === #
    @api.depends("import_batch_ids")
    def _compute_import_batch_count(self):
        counts = dict(
            self.env["crm.call.import.batch"]._read_group(
                [("list_id", "in", self.ids)], ["list_id"], ["__count"]
            )
        )
        for call_list in self:
            call_list.import_batch_count = counts.get(call_list._origin, 0)

    # === ACTION METHODS === #
    def action_import(self):
        """Open the dialog that imports a file into the list."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Calls"),
            "res_model": "crm.call.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_list_id": self.id},
        }

    def action_view_imports(self):
        """Open the imports of the list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_call_center.crm_call_import_batch_action"
        )
        return {**action, "domain": [("list_id", "=", self.id)]}

    # === BUSINESS METHODS === #
    def import_rows(self, rows, provenance=None, dry_run=False):
        """Add a call for each row whose number can be called and is not there yet.

        All rows or none: an error leaves the list as it was. The same rows a second
        time change nothing. No contact is made: name, company and address stay on the
        call until somebody is reached.

        :param list rows: dicts with ``phone`` and, as far as known, ``name``,
            ``email``, ``company``, ``country`` (code or name), ``note``; other keys are
            kept as they are
        :param dict provenance: ``seller`` (who gave the numbers), ``date``, ``basis``
            (why they may be called), ``notice``; required for marketing lists
        :param bool dry_run: judge, and write nothing
        :return: dict ``{taken, duplicate, blocked, unreadable, rows, batch_id}``; the
            figures count all rows, ``rows`` tells the first thousand:
            ``{row, status, phone, name, country, reason}``
        """
        self.ensure_one()
        self.check_access("write")
        self._check_rows(rows)
        provenance = self._read_provenance(provenance)
        return self._import_numbered(enumerate(rows, start=1), provenance, dry_run)

    def _import_numbered(
        self, numbered, provenance, dry_run, name=None, only_left_out=False
    ):
        """See :meth:`import_rows`; rows come one by one with their numbers.

        :param bool only_left_out: tell all rows that are not taken, and no others
        """
        figures = dict.fromkeys(("taken", "duplicate", "blocked", "unreadable"), 0)
        told, batch, seen = [], self.env["crm.call.import.batch"].sudo(), set()
        for chunk in self._get_chunks(numbered):
            judged = self._judge_rows(chunk, provenance, seen)
            for row in judged:
                figures[row["status"]] += 1
            if only_left_out:
                left_out = [row for row in judged if row["status"] != "taken"]
                told += [self._tell_row(row) for row in left_out]
            elif len(told) < TOLD:
                told += [self._tell_row(row) for row in judged[: TOLD - len(told)]]
            taken = [row for row in judged if row["status"] == "taken"]
            if taken and not dry_run:
                batch = batch or self._make_batch(provenance, name)
                self._create_imported(taken, batch)
        if batch:
            batch.write({f"{key}_count": count for key, count in figures.items()})
        return {**figures, "rows": told, "batch_id": batch.id}

    @api.model
    def _get_chunks(self, numbered):
        chunk = []
        for row in numbered:
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    @api.model
    def _check_rows(self, rows):
        if not isinstance(rows, list | tuple) or not all(
            isinstance(row, dict) for row in rows
        ):
            raise ValidationError(
                self.env._("Rows are sent as a list of names with values.")
            )

    def _read_provenance(self, provenance):
        """Return provenance as a dict, or raise if something must be said."""
        if provenance and not isinstance(provenance, dict):
            raise ValidationError(
                self.env._(
                    "Say where the numbers come from: seller, date, basis, notice."
                )
            )
        provenance = {
            key: str(value).strip()
            for key, value in _clean_row(provenance or {}).items()
            if key in PROVENANCE_KEYS and value
        }
        if self.purpose == "marketing" and not NEEDED_PROVENANCE <= provenance.keys():
            raise UserError(
                self.env._(
                    "Numbers for offers need their provenance: who gave them to you,"
                    " and why these people may be called."
                )
            )
        if "date" in provenance:
            try:
                provenance["date"] = fields.Date.to_date(provenance["date"])
            except ValueError as error:
                raise ValidationError(
                    self.env._("“%(value)s” is no date.", value=provenance["date"])
                ) from error
        return provenance

    def _make_batch(self, provenance, name=None):
        today = fields.Date.context_today(self)
        return (
            self.env["crm.call.import.batch"]
            .sudo()
            .create(
                {
                    "name": name or self.env._("Import of %s", today),
                    "list_id": self.id,
                    "user_id": self.env.uid,
                    "seller": provenance.get("seller"),
                    "seller_date": provenance.get("date"),
                    "basis": provenance.get("basis"),
                    "notice": provenance.get("notice"),
                }
            )
        )

    # --- judging -------------------------------------------------------------------

    def _judge_rows(self, chunk, provenance, seen):
        """Return rows as dicts with a ``status`` and, unless taken, a ``reason``.

        :param set seen: numbers of earlier rows; grows
        """
        rows = [self._read_row(number, _clean_row(row)) for number, row in chunk]
        readable = [row for row in rows if row["e164"]]
        numbers = [row["e164"] for row in readable]
        here = self._get_numbers_here(numbers)
        partners = self._get_partners_by_number(numbers)
        fresh = []
        for row in readable:
            if row["e164"] in seen:
                row.update(status="duplicate", reason=self.env._("twice in this file"))
            elif row["e164"] in here:
                row.update(status="duplicate", reason=self.env._("in the list already"))
            else:
                seen.add(row["e164"])
                row["partner"] = partners.get(row["e164"])
                fresh.append(row)
        self._ask_the_gate(fresh, provenance)
        return rows

    def _read_row(self, number, row):
        """Return one row as it was understood."""
        country = self._read_country(row.get("country"))
        parsed = normalise(row.get("phone"), country)
        result = {
            "row": number,
            "values": row,
            "e164": parsed.e164,
            "number_country": parsed.country,
            "country": parsed.country or country,
        }
        if parsed.problem:
            tell = self.env["crm.phone.number"]._tell_problem
            result.update(status="unreadable", reason=tell(parsed.problem))
        return result

    def _read_country(self, text):
        """Return the code of a country; that of the list, if none is given."""
        text = str(text or "").strip()
        own = (self.company_id or self.env.company).country_id.code
        if not text:
            return own
        return self.env["res.country"]._get_code_by_word().get(text.lower(), own)

    def _get_numbers_here(self, numbers):
        calls = self.env["crm.call"].sudo()
        domain = [("list_id", "=", self.id), ("phone_sanitized", "in", numbers)]
        return {number for (number,) in calls._read_group(domain, ["phone_sanitized"])}

    def _get_partners_by_number(self, numbers):
        """Return the one contact that has a number; none where several share it."""
        companies = Domain("company_id", "in", [self.company_id.id, False])
        domain = Domain("phone_sanitized", "in", numbers) & companies
        partners = (
            self.env["res.partner"].sudo().search_fetch(domain, ["phone_sanitized"])
        )
        phones = (
            self.env["crm.phone.number"]
            .sudo()
            .search_fetch(domain, ["phone_sanitized", "partner_id"])
        )
        found = {}
        for number, partner in [
            *((partner.phone_sanitized, partner) for partner in partners),
            *((phone.phone_sanitized, phone.partner_id) for phone in phones),
        ]:
            found[number] = found.get(number, partner) | partner
        # What the gate asks of them is read for all at once.
        everybody = [partner.id for many in found.values() for partner in many]
        return {
            number: many.with_prefetch(everybody)
            for number, many in found.items()
            if len(many) == 1
        }

    def _ask_the_gate(self, rows, provenance):
        """Block the rows that nobody may ever call."""
        known = NEEDED_PROVENANCE <= provenance.keys()
        policies = self.env["crm.call.policy"]
        asked = []
        for row in rows:
            partner = row["partner"] or self.env["res.partner"]
            facts = policies._prepare_row_of_partner(partner) if partner else {}
            asked.append(
                {
                    "phone_sanitized": row["e164"],
                    "partner_id": partner.id or False,
                    "country_code": row["country"],
                    "number_country": row["number_country"],
                    **facts,
                    "tz": partner._get_calling_zone(row["e164"]),
                    "provenance": known,
                }
            )
        decisions = self.policy_id.sudo()._can_call_many(
            asked, purpose=self.purpose, call_list=self
        )
        for row, decision in zip(rows, decisions, strict=True):
            if decision.is_final:
                row.update(status="blocked", reason=policies._tell_reasons(decision))
            else:
                row["status"] = "taken"

    @api.model
    def _tell_row(self, row):
        return {
            "row": row["row"],
            "status": row["status"],
            "phone": row["e164"] or str(row["values"].get("phone") or ""),
            "name": str(row["values"].get("name") or ""),
            "country": row["country"] or "",
            "reason": row.get("reason", ""),
        }

    # --- writing -------------------------------------------------------------------

    def _create_imported(self, rows, batch):
        """Make the calls of rows that are taken."""
        vals_list = [self._prepare_imported_vals(row, batch) for row in rows]
        if self._has_automation():
            Call = self.env["crm.call"].sudo().with_context(tracking_disable=True)
            Call.create(vals_list)
        else:
            ids = engine.bulk.insert(
                self.env(su=True), "crm.call", [self._to_columns(v) for v in vals_list]
            )
            self.env["crm.call.queue"].sudo()._follow(ids)
        # Memory stays what it was, however long the file is.
        self.env.flush_all()
        self.env.invalidate_all()

    @api.model
    def _has_automation(self):
        """Whether an automation rule waits for new calls: it sees no bulk insert."""
        if "base.automation" not in self.env:
            return False
        rules = self.env["base.automation"].sudo()
        return bool(rules.search_count([("model_name", "=", "crm.call")], limit=1))

    @api.model
    def _to_columns(self, vals):
        """Return the values of a new call as its table has them."""
        columns = {name: value or None for name, value in vals.items()}
        return {
            **columns,
            "state": "open",
            "direction": "outbound",
            "priority": "0",
            "date": self.env.cr.now(),
            "attempt_count": 0,
            "duration": 0,
        }

    def _prepare_imported_vals(self, row, batch):
        values = row["values"]
        texts = {
            key: str(values.get(key) or "").strip()[:LONGEST_TEXT]
            for key in ("name", "company", "email")
        }
        others = {
            str(key): str(value)
            for key, value in values.items()
            if key not in ROW_KEYS and value not in (None, "", False)
        }
        partner = row["partner"]
        return {
            "list_id": self.id,
            "import_batch_id": batch.id,
            "origin": "import",
            "user_id": False,
            "name": texts["name"] or texts["company"] or row["e164"],
            "contact_name": texts["name"],
            "company_name": texts["company"],
            "email_from": email_normalize(texts["email"]) or texts["email"],
            "phone": row["e164"],
            "phone_sanitized": row["e164"],
            "partner_id": partner.id if partner else False,
            "opportunity_id": False,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
            "description": str(values.get("note") or "").strip() or False,
            "import_values": others or False,
        }


def _clean_row(row):
    """Return a row without what no database keeps: NUL and halves of characters."""
    return {_clean(key): _clean(value) for key, value in row.items()}


def _clean(value):
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return value
    return value.replace("\0", "").encode("utf-8", "ignore").decode()
