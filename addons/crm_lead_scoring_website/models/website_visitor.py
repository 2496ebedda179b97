from odoo import api, models
from odoo.http import request

#: Visits of one visitor that are counted while somebody waits; more are left to the
#: refresh.
VISITS_AT_ONCE = 200
#: Fields by which a visitor gets to be a lead or a contact.
LINKS = {"lead_ids", "partner_id", "access_token"}


class WebsiteVisitor(models.Model):
    """A visitor who is a lead or a contact, or becomes one later."""

    _inherit = "website.visitor"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if LINKS & vals.keys():
            self._log_visits()
        return result

    def unlink(self):
        """Visits that are still waiting are counted before they are deleted."""
        tracks = self.env["website.track"].sudo()
        tracks.search(
            [("visitor_id", "in", self.ids), ("scoring_state", "=", "waiting")]
        )._count_visits()
        return super().unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _upsert_visitor(self, access_token, force_track_values=None):
        """A page that is viewed with consent waits to be counted, any other never."""
        result = super()._upsert_visitor(access_token, force_track_values)
        if force_track_values and request.website._is_visit_counted():
            self.env["website.track"]._await_counting(
                result[0], force_track_values["url"]
            )
        return result

    def _merge_visitor(self, target):
        """Who logs in brings along what he did before."""
        tracks = self.sudo().website_track_ids.filtered("scoring_state")
        result = super()._merge_visitor(target)
        tracks.scoring_state = "waiting"
        target._log_visits()
        return result

    def _log_visits(self):
        """Count the past visits of those who are a lead or a contact now."""
        tracks = self.env["website.track"].sudo()
        for visitor in self._get_score_owners():
            seen = tracks.search(
                [("visitor_id", "=", visitor.id), ("scoring_state", "!=", False)],
                order="id desc",
            )
            seen[:VISITS_AT_ONCE]._count_visits()
            seen[VISITS_AT_ONCE:].scoring_state = "waiting"

    def _get_score_owners(self):
        """Return whom the visits of each visitor belong to; strangers are left out.

        A contact who has leads comes first, then the newest lead, then any contact. One
        visit belongs to one of them, so that it counts once, also when leads of the
        same person are merged later. Colleagues are not scored.

        :return: dict of a lead or a contact by visitor
        """
        visitors = self.sudo().with_context(active_test=False)
        contacts = visitors.partner_id.filtered("partner_share")
        with_leads = self.env["crm.lead.score.event"]._get_lead_contacts(contacts)
        owners = {
            visitor: (visitor.partner_id & with_leads)
            or visitor.lead_ids.sorted(lambda lead: (lead.active, lead.id))[-1:]
            or (visitor.partner_id & contacts)
            for visitor in visitors
        }
        return {visitor: owner for visitor, owner in owners.items() if owner}
