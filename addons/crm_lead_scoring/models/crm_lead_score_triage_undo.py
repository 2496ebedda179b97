from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from odoo.addons.crm_glossary_core import engine

from ..tools.rpc_values import read_id

#: A decision can be undone for so long.
UNDO_HOURS = 12


class CrmLeadScoreTriage(models.Model):
    """A decision taken back: the lead waits again, as it did before."""

    _inherit = "crm.lead.score.triage"

    # === BUSINESS METHODS === #

    @api.model
    def undo(self, decision_id):
        """Take back a decision of the user, if nobody has touched the lead since.

        What a discard did not change is as before, but a probability that somebody had
        typed is Odoo's own again. What server actions did when the lead was ready no
        longer stays done.

        :param int decision_id: as the decision's answer named it
        :return: dict with ``done``, ``sentence``, ``lead_id`` and ``today``
        """
        self.check_access("read")
        decision = self.sudo().browse(read_id(self.env, decision_id)).exists()
        if not decision:
            return self._refuse(self.env._("The lead is gone: nothing to undo."))
        if decision.user_id != self.env.user and not self._sees_all():
            raise AccessError(self.env._("Undo your own decisions only."))
        lead = decision.lead_id.with_env(self.env)
        if not lead.sudo().try_lock_for_update(allow_referencing=True):
            raise ConcurrencyError(
                self.env._("Somebody else is changing this lead right now.")
            )
        if problem := decision._find_obstacle(lead):
            return self._refuse(problem)
        decision._take_back(lead)
        previous = decision.search(
            [
                ("lead_id", "=", lead.id),
                ("id", "<", decision.id),
                ("is_undone", "=", False),
            ],
            limit=1,
        )
        decision.write({"in_force": False, "is_undone": True})
        decision.flush_recordset()
        previous.in_force = True
        return {
            "done": True,
            "lead_id": lead.id,
            "sentence": self.env._("Undone: %(lead)s waits again.", lead=lead.name),
            "today": self._count_today(),
        }

    def _find_obstacle(self, lead):
        """Why the decision can no longer be undone; ``False`` if it can."""
        self.ensure_one()
        known = lead.sudo()
        if self.is_undone or not self.in_force:
            return self.env._("That decision holds no longer: nothing to undo.")
        if self.date < fields.Datetime.now() - timedelta(hours=UNDO_HOURS):
            return self.env._("That was too long ago to be undone.")
        changed = known.won_status == "won"
        if self.decision == "discard":
            changed |= known.active or known.lost_reason_id != self.lost_reason_id
        else:
            owner = self.before["user_id"]
            if self.decision == "accept":
                owner = owner or self.user_id.id
            changed |= not known.active or known.user_id.id != (owner or False)
        handover = self.env["crm.lead.score.handover"]._get_latest(lead)
        answer = self.before.get("answer")
        changed |= bool(answer and answer != [handover.id, handover.state])
        if changed or not lead.has_access("write"):
            return self.env._("Somebody has changed the lead since: nothing is undone.")
        return False

    def _take_back(self, lead):
        """Put everything back to what it was."""
        before = self.before
        if self.decision == "discard":
            lead.action_restore()
        self.activity_id.unlink()
        names = ("type", "user_id", "team_id", "partner_id", "stage_id")
        values = {
            name: before[name]
            for name in names
            if before[name] != (lead[name] if name == "type" else lead[name].id)
        }
        if self.decision == "accept" and values:
            if "type" in values:
                values["date_conversion"] = False
            lead.write(values)
            self._forget_contacts(before.get("made_partner_ids"))
        self._reopen(lead)

    @api.model
    def _forget_contacts(self, partner_ids):
        """Delete the contacts that were made for the lead, if nobody uses them yet."""
        made = self.env["res.partner"].sudo().browse(partner_ids or []).exists()
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        if not made or leads.search_count([("partner_id", "in", made.ids)], limit=1):
            return
        try:
            with self.env.cr.savepoint():
                made.unlink()
        except (psycopg2.IntegrityError, UserError):
            # Somebody has used them: they stay.
            return

    def _reopen(self, lead):
        """Let the hand-over wait again, and the lead be ready as it was."""
        answer = self.before.get("answer")
        if not answer:
            return
        handovers = self.env["crm.lead.score.handover"]
        handovers._get_latest(lead)._reopen(self.before["handover"])
        if self.decision != "accept" and self.before["ready_since"]:
            scores = self.env["crm.lead.score"].sudo()
            since = fields.Datetime.to_datetime(self.before["ready_since"])
            engine.readiness.reopen(self.env, scores._table, lead.id, since)
            scores._invalidate_scores(lead.ids)

    @api.model
    def _record(self, lead, values):
        """Keep which answer to a hand-over the decision gave."""
        handover = self.env["crm.lead.score.handover"]._get_latest(lead)
        before = values["before"]
        if handover and before["handover"] != handover._prepare_reopening():
            before["answer"] = [handover.id, handover.state]
        return super()._record(lead, values)

    @api.model
    def _merge(self, lead, others):
        """Decisions about merged leads become those of the lead that remains."""
        decisions = self.search([("lead_id", "in", others._origin.ids)])
        own = self.search([("lead_id", "=", lead.id), ("in_force", "=", True)])
        held = decisions.filtered("in_force")
        (held if own else held[1:]).in_force = False
        self.flush_model()
        decisions.lead_id = lead
