from odoo import api, fields, models

#: Ways to reach a customer, by the module that brings them.
CHANNELS = [
    "website_crm",
    "crm_livechat",
    "crm_sms",
    "mass_mailing",
    "crm_call_center",
    "voip",
    "whatsapp",
    "social",
]


class CrmGlossaryTruthApp(models.Model):
    """What is true about the apps around CRM, teams and activities."""

    _inherit = "crm.glossary.term"

    # === BUSINESS METHODS === #
    def _get_truth_marketing_automation(self):
        """What can automate mailings here."""
        return self._list_installed(
            ["marketing_automation", "mass_mailing", "base_automation"]
        )

    def _get_truth_helpdesk(self):
        """What can take requests here."""
        return self._list_installed(["helpdesk", "helpdesk_mgmt", "project"])

    def _get_truth_omnichannel(self):
        """Which channels are there."""
        return self._list_installed(CHANNELS)

    def _get_truth_voip(self):
        """Whether one can telephone."""
        return self._list_installed(["voip", "voip_oca", "crm_call_center"])

    def _get_truth_dashboard(self):
        """Which dashboards there are."""
        kpis = self.env["crm.kpi"].search_count([])
        return [
            self.env._(
                "KPIs that the CRM dashboard chooses from: %(count)s.", count=kpis
            ),
            *self._list_installed(["board", "spreadsheet_dashboard"]),
        ]

    def _get_truth_business_intelligence(self):
        """Which tools for reports there are."""
        return self._list_installed(["spreadsheet_dashboard", "board"])

    def _get_truth_upselling(self):
        """Whether any product offers another one."""
        Product = self.env.get("product.template")
        if Product is None or "optional_product_ids" not in Product._fields:
            return [
                self.env._(
                    "The Sales app is not installed: nothing is offered beside a "
                    "product."
                )
            ]
        if not Product.has_access("read"):
            return []
        count = Product.search_count([("optional_product_ids", "!=", False)])
        return [
            self.env._(
                "Products with optional products that somebody set: %(count)s. Odoo "
                "adds none by itself.",
                count=count,
            )
        ]

    def _get_truth_analytic_account(self):
        """Whether they are used, and whether orders make any."""
        if not self._is_installed("analytic"):
            return [
                self.env._(
                    "There are no analytic accounts here: %(app)s is not installed.",
                    app=self._get_app_label("analytic"),
                )
            ]
        if self._has_feature("analytic.group_analytic_accounting"):
            setting = self.env._("Analytic accounting is switched on.")
        else:
            setting = self.env._("Analytic accounting is switched off.")
        if self._is_installed("sale_project"):
            orders = self.env._(
                "A confirmed order makes one only if it sells a service that opens a "
                "project."
            )
        else:
            orders = self.env._(
                "No order makes one: sales and projects are not linked here."
            )
        return [setting, orders]

    def _get_truth_sales_team(self):
        """Which teams there are, and in which the reader is."""
        teams = self.env["crm.team"].search([])
        own = teams.filtered(lambda team: self.env.user in team.member_ids)
        if self._get_parameter("sales_team.membership_multi"):
            setting = self.env._("A person can be in several teams here.")
        else:
            setting = self.env._("A person is in one team only here.")
        return [
            self.env._(
                "Teams: %(teams)s.", teams=self._enumerate(teams.mapped("name")) or "–"
            ),
            self.env._(
                "You are in: %(teams)s.", teams=self._enumerate(own.mapped("name"))
            )
            if own
            else self.env._("You are in no team."),
            setting,
        ]

    def _get_truth_activity(self):
        """The reader's own activities."""
        Activity = self.env["mail.activity"]
        mine = [("user_id", "=", self.env.uid)]
        today = fields.Date.context_today(self)
        return [
            self.env._(
                "Activities that you have planned: %(count)s; late: %(late)s.",
                count=Activity.search_count(mine),
                late=Activity.search_count([*mine, ("date_deadline", "<", today)]),
            ),
            *self._get_truth_activity_plan(),
        ]

    def _get_truth_activity_plan(self):
        """Which plans there are for leads."""
        plans = self.env["mail.activity.plan"].search([("res_model", "=", "crm.lead")])
        if not plans:
            return [self.env._("There is no activity plan for opportunities yet.")]
        return [
            self.env._(
                "Plans for opportunities: %(plans)s.",
                plans=self._enumerate(plans.mapped("name")),
            )
        ]

    def _get_truth_digest_email(self):
        """Which digests are sent, and whether the reader gets one."""
        digests = self.env["digest.digest"].sudo()
        active = digests.search([("state", "=", "activated")])
        if not active:
            return [self.env._("No digest is sent from this database.")]
        mine = active.filtered(lambda digest: self.env.user in digest.user_ids)
        sent = self.env._(
            "Digests that are sent: %(digests)s.",
            digests=self._enumerate(active.mapped("name")),
        )
        if mine:
            return [sent, self.env._("You get one.")]
        return [sent, self.env._("You get none of them.")]

    # === TOOLING === #
    @api.model
    def _list_installed(self, names):
        """Say which of some apps are installed here and which are not.

        :param list names: technical names of modules, those of other editions too
        :return: one or two sentences
        """
        known = self.env["ir.module.module"].sudo().search([("name", "in", names)])
        by_name = {module.name: module for module in known}
        found, absent = [], []
        for module in (by_name[name] for name in names if name in by_name):
            if module._is_installed():
                found.append(module.shortdesc)
            elif module.to_buy:
                label = module.shortdesc
                absent.append(self.env._("%(app)s (Odoo Enterprise)", app=label))
            else:
                absent.append(module.shortdesc)
        sentences = []
        if found:
            words = self._enumerate(found, 8)
            sentences.append(self.env._("Installed here: %(apps)s.", apps=words))
        if absent:
            words = self._enumerate(absent, 8)
            sentences.append(self.env._("Not installed here: %(apps)s.", apps=words))
        return sentences
