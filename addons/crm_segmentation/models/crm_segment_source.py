from odoo import api, models


class CrmSegmentSource(models.AbstractModel):
    """Records around contacts and leads: their changes may change memberships.

    An order does not touch the contact that it is for. So each such model says whom a
    change concerns, and segments that look at the model are refreshed for them.
    """

    _name = "crm.segment.source"
    _description = "Change Around Members of Segments"

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self._is_segment_source():
            records._note_segment_change()
        return records

    def write(self, vals):
        if not self._is_segment_source():
            return super().write(vals)
        # Whom it was about, and whom it is about now.
        self._note_segment_change()
        result = super().write(vals)
        self._note_segment_change()
        return result

    def unlink(self):
        if self._is_segment_source():
            self._note_segment_change()
        return super().unlink()

    # === BUSINESS METHODS === #
    def _is_segment_source(self):
        """Whether a segment looks at records of this model."""
        sources = self.env["crm.segment"]._get_sources()
        return sources is None or self._name in sources

    def _note_segment_change(self):
        """Note the contacts and leads that a change of these records concerns."""
        segment = self.env["crm.segment"]
        for model_name, ids in self.sudo()._get_segment_records().items():
            segment._note_dirty(self.env[model_name].browse(ids), source=self._name)

    # === HOOKS === #
    def _get_segment_records(self):
        """Return whom a change of these records concerns.

        :return: ``{"res.partner": ids, "crm.lead": ids}``, either may be missing
        """
        return {}

    @api.model
    def _get_segment_records_of(self, pairs):
        """Return the contacts and leads of references, with the leads' contacts.

        :param pairs: ``(model name, id)``; other models are left out
        """
        found = {"res.partner": set(), "crm.lead": set()}
        for model_name, record_id in pairs:
            if model_name in found and record_id:
                found[model_name].add(record_id)
        leads = self.env["crm.lead"].sudo().browse(found["crm.lead"]).exists()
        found["res.partner"].update(leads.partner_id.ids)
        return found
