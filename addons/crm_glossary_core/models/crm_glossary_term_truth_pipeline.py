from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_amount, format_date

OPEN = Domain("type", "=", "opportunity") & Domain("won_status", "=", "pending")


class CrmGlossaryTruthPipeline(models.Model):
    """What is true about stages, probability and money."""

    _inherit = "crm.glossary.term"

    # === BUSINESS METHODS === #
    def _get_truth_expected_revenue(self):
        """What orders do to it, and what the pipeline comes to."""
        if self._is_installed("sale_crm"):
            orders = self.env._(
                "Confirming an order of the opportunity raises it to the order's "
                "untaxed total, if that is higher."
            )
        else:
            orders = self.env._(
                "Only people change it here: no app that links it with orders is "
                "installed."
            )
        return [orders, *self._get_truth_prorated_revenue()]

    def _get_truth_prorated_revenue(self):
        """The two sums beside each other."""
        company = self.env.company
        domain = OPEN & Domain("company_id", "in", [company.id, False])
        [[expected, prorated, count]] = self.env["crm.lead"]._read_group(
            domain, [], ["expected_revenue:sum", "prorated_revenue:sum", "__count"]
        )
        if not count:
            return [self.env._("You see no open opportunity now.")]
        return [
            self.env._(
                "Open opportunities that you may see: %(count)s. Expected together: "
                "%(expected)s; weighted with their probability: %(prorated)s.",
                count=count,
                expected=format_amount(self.env, expected, company.currency_id),
                prorated=format_amount(self.env, prorated, company.currency_id),
            )
        ]

    def _get_truth_probability(self):
        """What it is computed from, and when."""
        Lead = self.env["crm.lead"]
        start = Lead._pls_get_safe_start_date()
        if not start:
            return [
                self.env._(
                    "The CRM settings have no date from which to learn: Odoo computes "
                    "no probability, people type it."
                )
            ]
        names = Lead._pls_get_safe_fields()
        labels = [
            Lead._fields[name].get_description(self.env, ["string"])["string"]
            for name in names
        ]
        if labels:
            basis = self.env._(
                "Odoo computes it for each opportunity, not for each stage: from the "
                "stage, the team and these fields: %(fields)s.",
                fields=self._enumerate(labels, limit=10),
            )
        else:
            basis = self.env._(
                "Odoo computes it for each opportunity from the stage and the team "
                "alone: the CRM settings name no other field."
            )
        return [basis, self._get_learnt(start), self._get_recompute_truth()]

    def _get_truth_predictive_scoring(self):
        """The same machine under another name."""
        return self._get_truth_probability()

    def _get_truth_sales_stage(self):
        """Which stages there are, which of them is won."""
        stages = self.env["crm.stage"].search([])
        won = stages.filtered("is_won")
        sentences = [
            self.env._(
                "The stages are: %(stages)s.",
                stages=self._enumerate(stages.mapped("name"), limit=8),
            )
        ]
        if won:
            sentences.append(
                self.env._(
                    "A deal is won in: %(stages)s.",
                    stages=self._enumerate(won.mapped("name")),
                )
            )
        else:
            sentences.append(self.env._("No stage means “won”."))
        return sentences

    def _get_truth_rotting_deal(self):
        """In which stages deals rot, and how many do."""
        stages = self.env["crm.stage"].search([("rotting_threshold_days", ">", 0)])
        if not stages:
            return [
                self.env._(
                    "It is off: no stage has days to rot, so no deal is ever marked."
                )
            ]
        words = [f"{stage.name}: {stage.rotting_threshold_days}" for stage in stages]
        count = self.env["crm.lead"].search_count(
            OPEN & Domain("is_rotting", "=", True)
        )
        return [
            self.env._(
                "Days until a deal rots in a stage: %(stages)s.",
                stages=self._enumerate(words, 8),
            ),
            self.env._(
                "Found now among those that you may see: %(count)s. The filter leaves "
                "out deals that stand still for more than %(months)s months.",
                count=count,
                months=self._get_parameter("crm.lead.rot.max.months") or 12,
            ),
        ]

    def _get_truth_follow_up(self):
        """Which deals nobody has planned to follow up."""
        Lead = self.env["crm.lead"]
        total = Lead.search_count(OPEN)
        idle = Lead.search_count(OPEN & Domain("activity_ids", "=", False))
        return [
            self.env._(
                "Open opportunities that you may see: %(total)s; without a planned "
                "activity: %(idle)s.",
                total=total,
                idle=idle,
            ),
            *self._get_truth_rotting_deal()[:1],
        ]

    def _get_truth_forecast(self):
        """Which deals stand in no month, or in one that is over."""
        Lead = self.env["crm.lead"]
        today = fields.Date.context_today(self)
        total = Lead.search_count(OPEN)
        undated = Lead.search_count(OPEN & Domain("date_deadline", "=", False))
        late = Lead.search_count(OPEN & Domain("date_deadline", "<", today))
        return [
            self.env._(
                "Open opportunities that you may see: %(total)s; without an expected "
                "closing date: %(undated)s; with one that is over: %(late)s.",
                total=total,
                undated=undated,
                late=late,
            )
        ]

    def _get_truth_recurring_revenue(self):
        """Whether the second amount is shown, and whether anybody bills it."""
        if self._has_feature("crm.group_use_recurring_revenues"):
            plans = self.env["crm.recurring.plan"].sudo().search([])
            setting = self.env._(
                "Recurring revenues are switched on. Plans: %(plans)s.",
                plans=self._enumerate(plans.mapped("name")),
            )
        else:
            setting = self.env._(
                "Recurring revenues are switched off in the CRM settings: "
                "opportunities have one amount."
            )
        billing = ("sale_subscription", "subscription_oca", "contract")
        installed = [module for module in billing if self._is_installed(module)]
        if installed:
            invoices = self.env._(
                "Repeated invoices come from: %(app)s.",
                app=self._get_app_label(installed[0]),
            )
        else:
            invoices = self.env._(
                "No app that sends repeated invoices is installed. Subscriptions "
                "belongs to Odoo Enterprise; the OCA has free add-ons for it."
            )
        return [setting, invoices]

    def _get_truth_kanban_view(self):
        """Whether dragging a card changes something: it does."""
        stages = self.env["crm.stage"].search([])
        if self.env["crm.lead"].has_access("write"):
            right = self.env._(
                "You may change opportunities: dragging a card to another column "
                "moves the deal to that stage at once."
            )
        else:
            right = self.env._(
                "You may look at opportunities but not change them: cards stay where "
                "they are."
            )
        folded = self.env._(
            "Columns of the pipeline: %(count)s, folded: %(folded)s.",
            count=len(stages),
            folded=len(stages.filtered("fold")),
        )
        return [right, folded]

    def _get_truth_conversion_rate(self):
        """How many leads became opportunities lately."""
        if not self._has_feature("crm.group_use_lead"):
            return [
                self.env._(
                    "Leads are switched off in the CRM settings: everything starts as "
                    "an opportunity, and there is no step from lead to opportunity."
                )
            ]
        since = fields.Date.add(fields.Date.context_today(self), days=-90)
        Lead = self.env["crm.lead"].with_context(active_test=False)
        recent = Domain("create_date", ">=", since)
        converted = recent & Domain("date_conversion", "!=", False)
        waiting = recent & Domain("type", "=", "lead")
        return [
            self.env._(
                "Leads of the last 90 days that you may see, the lost ones too: "
                "opportunities by now %(converted)s, still leads %(waiting)s.",
                converted=Lead.search_count(converted),
                waiting=Lead.search_count(waiting),
            )
        ]

    # === TOOLING === #
    def _get_learnt(self, start):
        """Say from how many closed deals Odoo learns.

        :param str start: date from which it learns
        """
        Lead = self.env["crm.lead"].with_context(active_test=False)
        since = Domain("create_date", ">=", start)
        return self.env._(
            "It learns from deals made since %(date)s; with few of them, it says "
            "little. Among those that you may see: won %(won)s, lost %(lost)s.",
            date=format_date(self.env, start),
            won=Lead.search_count(since & Domain("won_status", "=", "won")),
            lost=Lead.search_count(since & Domain("won_status", "=", "lost")),
        )

    def _get_recompute_truth(self):
        """Say whether all deals are computed anew from time to time."""
        if self._is_cron_active("crm.website_crm_score_cron"):
            return self.env._("A scheduled job computes all open deals anew.")
        return self.env._(
            "The job that computes all open deals anew is off: a deal's probability "
            "changes when somebody changes the deal, or presses Update Probabilities "
            "in the settings."
        )
