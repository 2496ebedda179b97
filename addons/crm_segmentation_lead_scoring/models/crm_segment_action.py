from odoo import fields, models

from odoo.addons.crm_segmentation.models.crm_segment_run import NotDone


class CrmSegmentAction(models.Model):
    """The action that notes a signal: it counts as the rules of scoring say."""

    _inherit = "crm.segment.action"

    # === FIELDS === #
    kind = fields.Selection(
        selection_add=[("score_event", "Count for the score")],
        ondelete={"score_event": "cascade"},
    )
    signal_id = fields.Many2one(
        "crm.lead.score.signal",
        index="btree_not_null",
        ondelete="restrict",
        help="What is noted of the lead, or of all leads of the contact. How many"
        " points it brings, or takes, is said by the rules of the scoring model.",
    )

    # === BUSINESS METHODS === #
    def _get_needed_field(self):
        if self.kind == "score_event":
            return "signal_id"
        return super()._get_needed_field()

    def _do_score_event(self, record, run):
        owner = "lead_id" if record._name == "crm.lead" else "partner_id"
        events = self.env["crm.lead.score.event"].sudo()
        noted = events.log(
            [
                {
                    "signal": self.signal_id.code,
                    owner: record.id,
                    "date": min(run.due, fields.Datetime.now()),
                    "value": self.segment_id.name,
                    # The same run never counts twice.
                    "origin": f"crm.segment.run,{run.id}",
                    "res_model": record._name,
                    "res_id": record.id,
                }
            ]
        )
        if not noted:
            raise NotDone(self.env._("Noted already."))
