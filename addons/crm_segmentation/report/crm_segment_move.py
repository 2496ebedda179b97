from odoo import fields, models
from odoo.tools import SQL


class CrmSegmentMove(models.Model):
    """A contact or lead that left one segment and entered another within a day.

    Read from the memberships; nothing is stored.
    """

    _name = "crm.segment.move"
    _description = "Move between Segments"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "to_segment_id"

    # === FIELDS === #
    date = fields.Datetime(string="Left On", readonly=True)
    from_segment_id = fields.Many2one("crm.segment", string="From", readonly=True)
    to_segment_id = fields.Many2one("crm.segment", string="To", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Lead or Opportunity", readonly=True)

    # === TOOLING === #
    @property
    def _table_query(self):
        """Exits, each with the entries of the same record less than a day apart."""
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (ORDER BY gone.id, came.id) AS id,
                   gone.date_to AS date, gone.segment_id AS from_segment_id,
                   came.segment_id AS to_segment_id, gone.partner_id, gone.lead_id
              FROM crm_segment_member AS gone
              JOIN crm_segment_member AS came
                ON came.segment_id <> gone.segment_id
               AND came.date_from > gone.date_to - INTERVAL '1 day'
               AND came.date_from < gone.date_to + INTERVAL '1 day'
               AND (came.partner_id = gone.partner_id OR came.lead_id = gone.lead_id)
             WHERE gone.date_to IS NOT NULL
            """
        )
