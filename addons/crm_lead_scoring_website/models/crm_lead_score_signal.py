from odoo import api, models
from odoo.fields import Domain


class CrmLeadScoreSignal(models.Model):
    """Visits are counted only where pages are tracked and visitors were asked."""

    _inherit = "crm.lead.score.signal"

    # === HOOKS === #

    @api.model
    def _get_health_problems(self):
        return [
            *super()._get_health_problems(),
            *self._find_untracked_pages(),
            *self._find_missing_cookies_bar(),
        ]

    @api.model
    def _find_untracked_pages(self):
        views = self.env["ir.ui.view"].sudo()
        if views.search_count(
            Domain("type", "=", "qweb") & Domain("track", "=", True), limit=1
        ):
            return []
        return [
            {
                "code": "pages_not_tracked",
                "message": self.env._(
                    "No page of the website is tracked, so visits are not counted."
                    " Switch on “Track” for the pages that show interest, such as the"
                    " prices."
                ),
                "action": self._get_health_action(
                    "website.action_website_pages_list",
                    {"search_default_not_tracked": 1},
                ),
            }
        ]

    @api.model
    def _find_missing_cookies_bar(self):
        websites = self.env["website"].sudo().search([("cookies_bar", "=", False)])
        return [
            {
                "code": "no_cookies_bar",
                "message": self.env._(
                    "The website “%s” has no cookies bar: its visitors cannot consent,"
                    " so their visits are not counted.",
                    website.name,
                ),
                "action": self._get_health_action(
                    "website.action_website_configuration"
                ),
            }
            for website in websites
        ]

    @api.model
    def _get_health_action(self, xml_id, context=None):
        """Return an action of the website, ``False`` for whom it is not meant."""
        if not self.env.user.has_group("website.group_website_designer"):
            return False
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {**action, "context": context} if context else action
