from odoo import api, fields, models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.addons.crm_glossary_core import engine

from .crm_lead import SCORE_FIELDS

AXES = ("fit", "engagement")
#: Leads of one batch of the refresh: one or two seconds of work. Smaller batches cost
#: more in all, because each reads the contacts anew.
BATCH_SIZE = 200_000
#: Up to this many leads are scored while the user waits.
SMALL_DATABASE = 20_000
#: Leads of changed contacts that are scored at once; more wait for the refresh.
PARTNER_LEADS = 200


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

    @api.model
    def _score(self, ids=None, id_range=None, mended=False):
        """Bring scores up to date and return the :class:`engine.Diff`.

        Each scoring model is one pass over the leads in its scope; leads that no model
        scores end with no points and no grade.

        :param ids: only these leads; ``None`` means all in the range
        :param tuple id_range: only leads with ``first <= id <= last``
        :param bool mended: rules that work now lose their error message; a part of the
            leads cannot tell that, because an error may depend on a lead's values
        """
        diff = engine.Diff()
        for model, scope in self.env["crm.lead.score.model"].sudo()._get_scopes():
            rules = model.rule_ids.filtered("active")
            criteria = rules._to_criteria()
            bands = engine.Bands("grade_id", model.grade_ids._to_bands())
            diff += engine.refresh(
                self.env,
                engine.TallyTable(self._table, AXES, bands),
                [self._prepare_base_criterion(), *criteria],
                ids=ids,
                id_range=id_range,
                scope=scope,
            )
            rules._store_criterion_errors(
                [criterion for criterion in criteria if criterion.error or mended]
            )
            # Changes are scored at the very end of a transaction too, when nobody
            # else flushes any more.
            rules.flush_recordset(["error_message"])
        self._invalidate_scores(ids)
        return diff

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
    def _refresh_all(self):
        """Refresh all scores now; for databases that are small enough to wait for."""
        rows = self.env["crm.criterion.refresh"].sudo()._get_rows()
        row = rows.filtered(lambda row: row.step == self._name)
        row.write({"state": "waiting", "position": 0})
        while row.state != "done":
            row._run_batch()

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
        return super()._refresh_watches() | {"crm.lead", "res.partner"}

    def _refresh_records(self, records, fnames=None):
        if records._name == "res.partner":
            return self._refresh_partners(records, fnames)
        if fnames is None:
            self._ensure_rows(records.ids)
        elif not fnames & self.env["crm.lead.score.rule"]._get_touched_fields():
            return None
        self._score(ids=records.ids)
        return None

    def _refresh_partners(self, partners, fnames):
        """Score the leads of these contacts, if rules look at what changed there."""
        touched = self.env["crm.lead.score.rule"]._get_touched_fields()
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
        if not touched & (changed | {"partner_id"}):
            return
        leads = self.env["crm.lead"].with_context(active_test=False).sudo()
        found = leads.search(
            [("partner_id", "child_of", partners.ids)], limit=PARTNER_LEADS + 1
        )
        if len(found) > PARTNER_LEADS:
            self._request_refresh()
        elif found:
            self._score(ids=found.ids)

    def _refresh_remaining(self, position):
        return engine.count_after(self.env, "crm_lead", position)

    def _refresh_batch(self, position):
        if not position:
            # Leads that came in without the ORM get their row here.
            self._ensure_rows()
        batch = engine.next_range(self.env, "crm_lead", position, BATCH_SIZE)
        if batch is None:
            return None, 0, 0
        first, last, count = batch
        diff = self._score(id_range=(first, last), mended=not position)
        return last if count == BATCH_SIZE else None, count, diff.total
