import os

from odoo import models
from odoo.fields import Domain
from odoo.tools import config


class CrmGlossaryTruthLead(models.Model):
    """What is true about leads: where they come from, who gets them."""

    _inherit = "crm.glossary.term"

    # === BUSINESS METHODS === #
    def _get_truth_lead(self):
        """Whether there are leads at all."""
        if not self._has_feature("crm.group_use_lead"):
            return [
                self.env._(
                    "Leads are switched off in the CRM settings: everything that "
                    "comes in is an opportunity at once."
                )
            ]
        teams = self.env["crm.team"].search([("use_leads", "=", True)])
        count = self.env["crm.lead"].search_count([("type", "=", "lead")])
        return [
            self.env._(
                "Leads are switched on; these teams work with them: %(teams)s.",
                teams=self._enumerate(teams.mapped("name")) or "–",
            ),
            self.env._("Open leads that you may see now: %(count)s.", count=count),
        ]

    def _get_truth_qualification(self):
        """Qualifying needs leads."""
        return self._get_truth_lead()[:1]

    def _get_truth_lead_assignment(self):
        """Whether assignment by rules runs, when, and for whom."""
        if not self._get_parameter("crm.lead.auto.assignment"):
            return [
                self.env._(
                    "Rule-based assignment is switched off: leads get a salesperson "
                    "by hand or by the address they were sent to."
                )
            ]
        cron = self.env.ref("crm.ir_cron_crm_lead_assign", raise_if_not_found=False)
        if cron and cron.sudo().active:
            units = dict(cron._fields["interval_type"]._description_selection(self.env))
            when = self.env._(
                "Rule-based assignment is switched on and runs by itself. Between two "
                "runs: %(number)s %(unit)s.",
                number=cron.sudo().interval_number,
                unit=units[cron.sudo().interval_type].lower(),
            )
        else:
            when = self.env._(
                "Rule-based assignment is switched on, but runs only when a manager "
                "presses the button on a team."
            )
        teams = self.env["crm.team"].search([("assignment_optout", "=", False)])
        teams = teams.filtered("assignment_max")
        return [
            when,
            self.env._(
                "Teams that take part: %(teams)s.",
                teams=self._enumerate(teams.mapped("name")) or "–",
            ),
        ]

    def _get_truth_lead_generation(self):
        """Which sources of leads are installed."""
        return self._list_installed(
            ["website_crm", "crm_livechat", "survey_crm", "crm_iap_mine"]
        )

    def _get_truth_inbound_lead(self):
        """Which ways in are installed."""
        return self._list_installed(["website_crm", "crm_livechat", "crm_mail_plugin"])

    def _get_truth_website_lead(self):
        """Whether the contact form makes leads."""
        if self._is_installed("website_crm"):
            return [self.env._("The contact form of the website makes leads here.")]
        return [
            self.env._(
                "The website does not make leads here: %(app)s is not installed.",
                app=self._get_app_label("website_crm"),
            )
        ]

    def _get_truth_geoip(self):
        """Whether the server has a GeoIP database."""
        paths = [config.get("geoip_city_db"), config.get("geoip_country_db")]
        if any(path and os.path.isfile(path) for path in paths):
            server = self.env._("The server has a GeoIP database.")
        else:
            server = self.env._(
                "The server has no GeoIP database: visitors get no country."
            )
        if self._is_installed("website"):
            return [server]
        website = self.env._(
            "The Website app is not installed: there are no visitors to recognise."
        )
        return [server, website]

    def _get_truth_email_gateway(self):
        """Which addresses make leads, and whether mail is fetched."""
        domain = self.env.company.sudo().alias_domain_id
        if not domain:
            return [
                self.env._(
                    "Your company has no e-mail domain for aliases: teams have no "
                    "address, and no mail makes a lead."
                )
            ]
        teams = self.env["crm.team"].search([])
        addresses = [team.alias_email for team in teams if team.alias_email]
        servers = self.env["fetchmail.server"].sudo()
        fetching = servers.search_count([("state", "=", "done")])
        return [
            self.env._(
                "Mail to these addresses makes leads: %(addresses)s.",
                addresses=self._enumerate(addresses) or "–",
            ),
            self.env._("Mailboxes from which Odoo fetches: %(count)s.", count=fetching)
            if fetching
            else self.env._(
                "No incoming mail server is set up and confirmed: mail arrives only "
                "if your mail system hands it over."
            ),
        ]

    def _get_truth_customer(self):
        """Whether Odoo counts purchases, and which leads have no contact."""
        Partner = self.env["res.partner"]
        if "customer_rank" in Partner._fields and Partner.has_access("read"):
            count = Partner.search_count([("customer_rank", ">", 0)])
            rank = self.env._(
                "Contacts that you may see and that have been invoiced as customers: "
                "%(count)s.",
                count=count,
            )
        else:
            rank = self.env._(
                "The Invoicing app is not installed: nothing tells customers from "
                "other contacts."
            )
        Lead = self.env["crm.lead"]
        pending = Domain("won_status", "=", "pending")
        alone = self.env._(
            "Open leads and opportunities that you may see: %(total)s; without any "
            "contact: %(alone)s.",
            total=Lead.search_count(pending),
            alone=Lead.search_count(pending & Domain("partner_id", "=", False)),
        )
        return [rank, alone]

    def _get_truth_gdpr(self):
        """What there is to find and to forget a person."""
        sentences = [
            self.env._(
                "Privacy Lookup is installed; it takes an administrator to use it."
            )
            if self._is_installed("privacy_lookup")
            else self.env._(
                "Privacy Lookup is not installed: records about a person are looked "
                "up by hand."
            )
        ]
        if not self._is_installed("privacy_consent"):
            sentences.append(
                self.env._("No app that keeps proofs of consent is installed.")
            )
        return sentences

    def _get_truth_consent(self):
        """Whether anything here keeps consent."""
        return self._get_truth_gdpr()[1:]
