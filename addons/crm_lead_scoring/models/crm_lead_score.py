from odoo import api, fields, models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.addons.crm_glossary_core import engine

from .crm_lead import SCORE_FIELDS
from .crm_lead_facts import COMMUNICATION_FIELDS
from .crm_lead_score_event import LEDGER

AXES = ("fit", "engagement")
#: Fields of the lead that decide which scoring model it belongs to.
SCOPE_FIELDS = frozenset({"team_id", "company_id"})
#: Leads of one batch of the refresh: one or two seconds of work. Smaller batches cost
#: more in all, because each reads the contacts anew.
BATCH_SIZE = 200_000
#: Rows about readiness that one batch writes, what follows included: about a second.
READY_ROWS = 20_000
#: Up to this many leads are scored while the user waits.
SMALL_DATABASE = 20_000
#: Leads of changed contacts that are scored at once; more wait for the refresh.
PARTNER_LEADS = 200
#: Leads of new events that are scored at once; more wait for the refresh.
EVENT_LEADS = 1000


class CrmLeadScore(models.Model):
    """The score of one lead: its id is the lead's id, and every lead owns a row.

    Written by the criteria engine alone. The breakdown stands in the same row, in the
    columns ``criterion_ids`` and ``points`` (parallel arrays that the ORM does not
    know); ``crm.lead.score.line`` unfolds them.
    """

    _name = "crm.lead.score"
    _description = "Lead Score"
    _inherit = ["crm.criterion.step"]
    _log_access = False
    _order = "total desc, id desc"
    _rec_name = "lead_id"

    # === FIELDS === #

    lead_id = engine.Satellite("crm.lead", string="Lead")
    total = fields.Integer(readonly=True)
    fit = fields.Integer(readonly=True)
    engagement = fields.Integer(readonly=True)
    grade_id = fields.Many2one(
        "crm.lead.score.grade", readonly=True, ondelete="set null"
    )

    _total_index = models.Index("(total DESC, id DESC)")

    # === CRUD METHODS === #

    def init(self):
        engine.ensure_satellite(self.env, self._table, "crm_lead")

    # === BUSINESS METHODS === #

    @api.model
    def _ensure_rows(self, ids=None):
        """Give these leads (or all) their row, where it is missing."""
        engine.fill_satellite(self.env, self._table, "crm_lead", ids)
        # Rules on facts look there, and would miss a lead without a row.
        self.env["crm.lead.facts"]._ensure_rows(ids)

    @api.model
    def _score(self, ids=None, id_range=None, mended=False, rule_ids=None):
        """Bring scores up to date and return the :class:`engine.Diff`.

        Each scoring model is one pass over the leads in its scope; leads that no model
        scores end with no points and no grade.

        :param ids: only these leads; ``None`` means all in the range
        :param tuple id_range: only leads with ``first <= id <= last``
        :param bool mended: rules that work now lose their error message; a part of the
            leads cannot tell that, because an error may depend on a lead's values
        :param rule_ids: ids of the rules that may give something else than before, for
            a few leads; the others keep what they gave, where that is known
        """
        diff = self._write_scores(ids, id_range, mended, rule_ids)
        self.env["crm.lead.score.model"].sudo()._refresh_readiness(ids, id_range)
        self._invalidate_scores(ids)
        return diff

    @api.model
    def _write_scores(self, ids=None, id_range=None, mended=False, rule_ids=None):
        """The part of :meth:`_score` that is about points and grades."""
        diff = engine.Diff()
        models_ = self.env["crm.lead.score.model"].sudo()
        rules = self.env["crm.lead.score.rule"].sudo()
        day = models_._get_today()
        known = rule_ids is not None and ids and self._are_current(ids)
        for plan in models_._get_plans():
            criteria = plan.criteria(day)
            diff += engine.refresh(
                self.env,
                engine.TallyTable(self._table, AXES, plan.bands),
                [self._prepare_base_criterion(), *criteria],
                ids=ids,
                id_range=id_range,
                scope=plan.scope,
                stored=self._get_stored_keys(criteria, rule_ids) if known else (),
            )
            said = [criterion for criterion in criteria if criterion.error or mended]
            if said:
                own = rules.browse([criterion.key for criterion in said])
                own._store_criterion_errors(said)
                # Changes are scored at the very end of a transaction too, when nobody
                # else flushes any more.
                own.flush_recordset(["error_message"])
        return diff

    @api.model
    def _are_current(self, ids):
        """Whether the stored lines of these leads tell what the rules gave them.

        They do not after a change of rules, before the refresh that follows it.
        """
        return engine.are_settled(self.env, self._table, ids, self._name)

    @api.model
    def _get_stored_keys(self, criteria, rule_ids):
        """Keys of the criteria whose stored points stand. A cap needs all it cuts."""
        return [
            criterion.key
            for criterion in criteria
            if criterion.key not in rule_ids and criterion.cap is None
        ]

    @api.model
    def _compute_at(self, lead_ids, date):
        """Work out the scores as of the end of a day, without storing anything.

        Events are counted as the ledger knows them for that day, with the points that
        were left of them then, by the rules in force then. Rules on field values look
        at the values of today: nobody knows older ones.

        :param lead_ids: ids of leads
        :param date date: the day, of UTC
        :return: dict ``{lead id: {"total", "fit", "engagement", "grade_id",
            "lines": [(rule id, points), ...]}}``
        """
        day = fields.Date.to_date(date)
        found = {}
        for plan in self.env["crm.lead.score.model"].sudo()._get_plans():
            rows = engine.tally_rows(
                self.env,
                engine.TallyTable(self._table, AXES, plan.bands),
                [self._prepare_base_criterion(), *plan.criteria(day)],
                ids=list(lead_ids),
                scope=plan.scope,
                as_of=day,
            )
            for row in rows:
                found[row["id"]] = {
                    "total": row["total"],
                    **{axis: row[axis] for axis in AXES},
                    "grade_id": row["grade_id"] or False,
                    "lines": list(
                        zip(row["criterion_ids"], row["points"], strict=True)
                    ),
                }
        return found

    @api.model
    def _invalidate_scores(self, ids=None):
        """What the ORM knows of scores is out of date: the engine wrote them."""
        if ids is None:
            self.invalidate_model(flush=False)
            self.env["crm.lead"].invalidate_model(SCORE_FIELDS, flush=False)
        else:
            self.browse(ids).invalidate_recordset(flush=False)
            self.env["crm.lead"].browse(ids).invalidate_recordset(
                SCORE_FIELDS, flush=False
            )
        self.env["crm.lead.score.line"].invalidate_model(flush=False)

    @api.model
    def _request_refresh(self):
        """Have all scores refreshed soon by the scheduled job."""
        if self.env.context.get(MODULE_UNINSTALL_FLAG):
            # The rules go because the app goes: there is nothing left to refresh.
            return
        self.env["crm.criterion.refresh"].sudo()._request(self._name)

    @api.model
    def _refresh_now_or_soon(self):
        """Refresh all scores now if that is quick; else have it done soon.

        :return: whether they are up to date
        :rtype: bool
        """
        if self._is_small_database():
            self.sudo()._refresh_all()
            return True
        self._request_refresh()
        return False

    @api.model
    def _is_small_database(self):
        """Whether all leads can be scored while somebody waits."""
        return engine.count_after(self.env, "crm_lead", 0) <= SMALL_DATABASE

    # === HOOKS === #

    @api.model
    def _prepare_base_criterion(self):
        """A criterion that matches nothing and gives nothing.

        With it the engine writes the leads of a model without rules too.
        """
        return engine.Criterion(
            key=0, model="crm.lead", domain="[(0, '=', 1)]", active_test=False
        )

    # The step of the refresh

    def _refresh_watches(self):
        return super()._refresh_watches() | {
            "crm.lead",
            "crm.lead.score.event",
            "res.partner",
        }

    def _refresh_records(self, records, fnames=None):
        if records._name == "res.partner":
            return self._refresh_partners(records, fnames)
        if records._name == "crm.lead.score.event":
            return self._refresh_events(records)
        rules, touched = self.env["crm.lead.score.rule"], None
        if fnames is None:
            self._ensure_rows(records.ids)
        elif not fnames & SCOPE_FIELDS:
            touched = rules._find_touched(fnames)
            if LEDGER.shared in fnames:
                # What another contact did counts now.
                touched |= rules._find_on_events()
            if not touched:
                return None
        self._score(ids=records.ids, rule_ids=touched)
        return None

    def _refresh_events(self, events):
        """Score the leads of new events, by the rules on these signals."""
        rules = self.env["crm.lead.score.rule"]
        touched = rules._find_on_events(set(events.signal_id.ids))
        touched |= rules._find_touched(set(COMMUNICATION_FIELDS))
        leads = events._get_leads() if touched else ()
        if len(leads) > EVENT_LEADS:
            self._request_refresh()
        elif leads:
            self._score(ids=leads.ids, rule_ids=touched)

    def _refresh_partners(self, partners, fnames):
        """Score the leads of these contacts, if rules look at what changed there."""
        if fnames is None:
            # A new contact has no lead yet.
            return
        # Some fields of the lead are taken over from its contact.
        changed = {
            field.name
            for name in fnames
            if name in partners._fields
            for field in self.pool.get_dependent_fields(partners._fields[name])
            if field.model_name == "crm.lead"
        }
        rules = self.env["crm.lead.score.rule"]
        touched = rules._find_touched(changed | {"partner_id"})
        deciding = (
            SCOPE_FIELDS
            | self.env["crm.lead.score.model"]._get_readiness_touched_fields()
        )
        if not touched and not (changed | {"partner_id"}) & deciding:
            return
        leads = self.env["crm.lead"].with_context(active_test=False).sudo()
        found = leads.search(
            [("partner_id", "child_of", partners.ids)], limit=PARTNER_LEADS + 1
        )
        if len(found) > PARTNER_LEADS:
            self._request_refresh()
        elif found:
            same_model = not changed & SCOPE_FIELDS
            self._score(ids=found.ids, rule_ids=touched if same_model else None)

    def _refresh_remaining(self, position):
        return engine.count_after(self.env, "crm_lead", position)

    def _refresh_batch(self, position):
        batch = engine.next_range(self.env, "crm_lead", position, BATCH_SIZE)
        if batch is None:
            return None, 0, 0
        first, last, count = batch
        if engine.count_range(self.env, self._table, first, last) < count:
            # Leads that came in without the ORM get their row here.
            self._ensure_rows()
        diff = self._write_scores(id_range=(first, last), mended=not position)
        models_ = self.env["crm.lead.score.model"].sudo()
        reached = models_._refresh_readiness(id_range=(first, last), most=READY_ROWS)
        self._invalidate_scores()
        if reached is not None:
            # Many became ready: the next batch goes on behind them.
            done = engine.count_range(self.env, "crm_lead", first, reached)
            return reached, done, diff.total
        return last if count == BATCH_SIZE else None, count, diff.total
