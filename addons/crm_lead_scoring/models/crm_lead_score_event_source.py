from odoo import api, fields, models


class CrmLeadScoreEvent(models.Model):
    """Where events come from: records of other models that tell what a lead did.

    A source is a model with ``_prepare_score_events()``: what its records tell, as
    values for ``log()``. It is asked when a record is made or changes, and again when
    the history is read: an event has the same origin, and so the one owner, each time.
    """

    _inherit = "crm.lead.score.event"

    _document_index = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    # === BUSINESS METHODS === #

    @api.model
    def _log_records(self, records):
        """Log what records of a source tell; return how many events are new."""
        return self._log_signals(records.sudo()._prepare_score_events())

    @api.model
    def _log_signals(self, values_list):
        """Log events that the product itself saw; return how many are new.

        Whoever sends a mail or moves a lead is never stopped by the ledger: what it
        does not take (the lead is gone, the signal was deleted) is left out. A date by
        somebody else's clock that is fast, as in an incoming mail, is set to now.
        """
        now = fields.Datetime.now()
        for values in values_list:
            values["date"] = min(values.get("date") or now, now)
        return len(self.sudo().log(values_list, strict=False)) if values_list else 0

    @api.model
    def _log_stage_change(self, leads):
        """Log that leads came to the stage where they are now."""
        moment = self.env.cr.now()
        self._log_signals(
            [
                {
                    "signal": "stage_change",
                    "lead_id": lead.id,
                    "value": lead.stage_id.with_context(lang=self._get_lang()).name,
                    "origin": f"crm.lead,{lead.id}:{lead.stage_id.id}:{moment}",
                    "res_model": "crm.lead",
                    "res_id": lead.id,
                }
                for lead in leads
                if lead.stage_id
            ]
        )

    @api.model
    def _get_lang(self):
        """Return the language of values: one for all users, or no rule could tell."""
        return self.env.company.partner_id.lang or self.env.lang

    @api.model
    def _get_known(self, model_name, ids):
        """Return what events tell already of records of a source.

        :return: set of ``(record id, lead id or False, contact id or False)``
        """
        groups = self.sudo()._read_group(
            [("res_model", "=", model_name), ("res_id", "in", list(ids))],
            ["res_id", "lead_id", "partner_id"],
        )
        return {(res_id, lead.id, partner.id) for res_id, lead, partner in groups}

    @api.model
    def _get_lead_contacts(self, partners):
        """Return those of the contacts that have a lead, a lost one maybe."""
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        groups = leads._read_group([("partner_id", "in", partners.ids)], ["partner_id"])
        return partners.browse(partner.id for [partner] in groups)
