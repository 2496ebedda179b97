from odoo import api, models
from odoo.fields import Domain


class LinkTrackerClick(models.Model):
    """A click on a link of a mailing is a signal; each link counts once."""

    _inherit = "link.tracker.click"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        clicks = super().create(vals_list)
        if mailed := clicks.filtered("mailing_trace_id"):
            self.env["crm.lead.score.event"]._log_records(mailed)
        return clicks

    # === BUSINESS METHODS === #

    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the clicks of a time in mailings."""
        return (
            Domain("mailing_trace_id", "!=", False)
            & Domain("create_date", ">=", date_from)
            & Domain("create_date", "<", date_to)
        )

    def _prepare_score_events(self):
        """Return the events that clicks are."""
        events = []
        for click in self:
            trace, link = click.mailing_trace_id, click.link_id
            if trace.is_test_trace:
                continue
            subject = trace.mass_mailing_id.subject
            events.append(
                trace._prepare_score_event(
                    "mail_clicked",
                    click.create_date,
                    value=": ".join(filter(None, [subject, link.url])),
                    origin=f"mailing.trace,{trace.id}:mail_clicked:{link.id}",
                )
            )
        return events
