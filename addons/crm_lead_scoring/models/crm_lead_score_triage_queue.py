from babel.dates import format_timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse

from ..tools.rpc_values import clean_text, read_dict, read_id

#: Leads of the queue that are sent at once, and the most that may be asked for.
LIMIT, MOST = 20, 200
#: Beyond this "more than" is said: counting a million leads takes longer than a glance.
COUNTED = 1000


class CrmLeadScoreTriage(models.Model):
    """Which leads wait for a decision, the best first."""

    _inherit = "crm.lead.score.triage"

    # === BUSINESS METHODS === #

    @api.model
    def get_queue(self, filters=None, limit=LIMIT):
        """Return the leads that wait for a decision of the user, the best first.

        Handed over to the user (or to nobody yet) come first, then the highest scores.

        :param dict filters: ``team_id``, ``grade`` (name), ``ready`` (bool), ``owner``
            (mine, unassigned); what is empty or unknown is not asked for
        :return: dict with ``leads`` (rows), ``left`` (how many wait in all),
            ``is_more`` (there are more than ``left``), ``today`` (decisions of today)
        """
        self.check_access("read")
        leads = self.env["crm.lead"]
        leads.check_access("read")
        limit = limit if limit and type(limit) is int else LIMIT
        limit = min(max(limit, 1), MOST)
        domain = self._get_queue_domain() & self._get_filter_domain(
            read_dict(self.env, filters)
        )
        mine = self._get_offered_domain() & Domain(
            "user_id", "in", [self.env.uid, False]
        )
        order = "lead_score desc, id desc"
        first = leads.search(domain & mine, order=order, limit=limit)
        found = first
        if len(first) < limit:
            found += leads.search(domain & ~mine, order=order, limit=limit - len(first))
        left = leads.search_count(domain, limit=COUNTED + 1)
        return {
            "leads": [self._prepare_row(lead) for lead in found],
            "left": min(left, COUNTED),
            "is_more": left > COUNTED,
            "today": self._count_today(),
        }

    @api.model
    def get_choices(self):
        """Return what the user can choose from on the screen.

        :return: dict with ``teams``, ``grades`` (names), ``lost_reasons`` and
            ``return_reasons`` (each ``id`` and ``name``), ``uses_leads``, ``sees_all``
            and ``until`` (the day to which a lead is put off by default)
        """
        self.check_access("read")

        def named(model, domain=()):
            records = self.env[model].search(Domain(list(domain)))
            return [{"id": record.id, "name": record.name} for record in records]

        grades = self.env["crm.lead.score.grade"].search([])
        user = self.env.user
        return {
            "teams": named("crm.team"),
            "grades": sorted({grade.name for grade in grades if grade.name}),
            "lost_reasons": named("crm.lost.reason"),
            "return_reasons": named("crm.lead.score.return.reason"),
            "uses_leads": user.has_group("crm.group_use_lead"),
            "sees_all": self._sees_all(),
            "can_configure": user.has_group(
                "crm_lead_scoring.group_lead_scoring_manager"
            ),
        }

    @api.model
    def _count_today(self):
        """The user's decisions of today by kind; what was undone does not count."""
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        start = fields.Datetime.now() - (now - midnight)
        groups = self.sudo()._read_group(
            [
                ("user_id", "=", self.env.uid),
                ("date", ">=", start),
                ("is_undone", "=", False),
            ],
            ["decision"],
            ["__count"],
        )
        counts = {"accept": 0, "nurture": 0, "discard": 0}
        return counts | dict(groups)

    @api.model
    def _prepare_row(self, lead):
        """One line of the queue."""
        return {
            "id": lead.id,
            "name": lead.name,
            "who": lead.partner_name or lead.contact_name or lead.email_from or "",
            "grade": lead.lead_grade_id.name or "",
            "color": lead.lead_grade_color,
            "score": lead.lead_score,
            "days": (fields.Datetime.now() - lead.create_date).days,
            "is_ready": lead.is_sales_ready,
            "is_handed_over": lead.handover_state == "offered",
        }

    # which leads

    @api.model
    def _get_offered_domain(self):
        return Domain("handover_ids", "any!", [("state", "=", "offered")])

    @api.model
    def _get_queue_domain(self):
        """Leads that nobody has decided about yet.

        Handed over ones, whatever else; besides those that are new: not qualified yet,
        without a salesperson, or in the first stage. A nurtured one comes back on its
        day.
        """
        today = fields.Date.context_today(self)

        def decided(*more):
            return Domain("triage_ids", "any!", [("in_force", "=", True), *more])

        is_open = Domain("active", "=", True) & Domain("won_status", "=", "pending")
        is_new = (
            Domain("type", "=", "lead")
            | Domain("user_id", "=", False)
            | Domain("stage_id", "in", self._get_first_stages().ids)
        )
        nurtured = ("decision", "=", "nurture")
        waits = decided(nurtured, ("until", ">", today))
        is_back = decided(nurtured, ("until", "<=", today))
        in_work = decided(("decision", "=", "accept")) & Domain("user_id", "!=", False)
        answered = Domain(
            "handover_ids", "any!", [("state", "in", ["accepted", "returned"])]
        )
        undecided = is_new & ~waits & ~in_work & (~answered | is_back)
        return is_open & self._get_scope() & (self._get_offered_domain() | undecided)

    @api.model
    def _get_filter_domain(self, filters):
        domain = Domain.TRUE
        if filters.get("team_id"):
            domain &= Domain("team_id", "=", read_id(self.env, filters["team_id"]))
        if filters.get("grade"):
            domain &= Domain("lead_grade_id.name", "=", clean_text(filters["grade"]))
        if filters.get("ready"):
            domain &= Domain("is_sales_ready", "=", True)
        if filters.get("owner") == "mine":
            domain &= Domain("user_id", "=", self.env.uid)
        elif filters.get("owner") == "unassigned":
            domain &= Domain("user_id", "=", False)
        return domain

    @api.model
    def _get_scope(self):
        """Leads that the user may decide about: as with the answer to a hand-over."""
        if self._sees_all():
            return Domain.TRUE
        return Domain("user_id", "in", [self.env.uid, False]) | Domain(
            "team_id.user_id", "=", self.env.uid
        )

    @api.model
    def _sees_all(self):
        user = self.env.user
        return (
            self.env.uid == SUPERUSER_ID
            or user.has_group("sales_team.group_sale_manager")
            or user.has_group("crm_lead_scoring.group_lead_scoring_manager")
        )

    @api.model
    def _get_first_stages(self):
        """The stage in which leads arrive, of each team."""
        first, teams = self.env["crm.stage"], set()
        for stage in first.search([("is_won", "=", False)]):
            if not set(stage.team_ids.ids) <= teams or not stage.team_ids:
                first += stage
            teams.update(stage.team_ids.ids)
            if not stage.team_ids:
                # It is every team's: nobody's first stage comes after it.
                break
        return first

    # one at a time

    @api.model
    def _take(self, lead_id):
        """Lock a lead that is to be decided about.

        :return: the lead and ``None``, or the lead and what the screen is told instead:
            somebody else was quicker
        """
        lead = self.env["crm.lead"].browse(read_id(self.env, lead_id))
        if not lead.sudo().exists():
            return lead, self._refuse(
                self.env._("It was deleted, or merged into another lead.")
            )
        if not lead.sudo().try_lock_for_update(allow_referencing=True):
            # Tried again in a moment: then it is known what the other one did.
            raise ConcurrencyError(
                self.env._("Somebody else is changing this lead right now.")
            )
        lead.invalidate_recordset()
        waiting = self._get_queue_domain() & Domain("id", "=", lead.id)
        if not self.env["crm.lead"].search_count(waiting):
            return lead, self._refuse(self._explain_absence(lead))
        lead.check_access("write")
        self.env["crm.lead.score.handover"]._check_person(lead)
        return lead, None

    @api.model
    def _refuse(self, sentence):
        return {"done": False, "sentence": sentence}

    @api.model
    def _is_handed_over(self, lead):
        """Whether the answer counts for the rules that made the lead ready."""
        return lead.sudo().is_sales_ready or lead.sudo().handover_state == "offered"

    @api.model
    def _explain_absence(self, lead):
        """Say why a lead does not wait for a decision, and who was quicker."""
        known = lead.sudo()
        if known.company_id and known.company_id not in self.env.companies:
            return self.env._("It is not yours to decide about.")
        decision = self.sudo().search(
            [("lead_id", "=", lead.id), ("in_force", "=", True)], limit=1
        )
        if decision and (decision.decision != "discard" or not known.active):
            return self._word_decision(decision)
        if known.won_status == "won":
            return self.env._("It is won already.")
        if not known.active:
            return self.env._("It was closed meanwhile.")
        if known.user_id and known.user_id != self.env.user:
            return self.env._("%(user)s is in charge of it.", user=known.user_id.name)
        return self.env._("Somebody works on it already.")

    @api.model
    def _word_decision(self, decision):
        values = {
            "user": decision.user_id.name,
            "ago": format_timedelta(
                decision.date - fields.Datetime.now(),
                add_direction=True,
                locale=babel_locale_parse(self.env.lang),
            ),
        }
        own = decision.user_id == self.env.user
        if decision.decision == "accept":
            if own:
                return self.env._("You accepted it %(ago)s.", **values)
            return self.env._("%(user)s accepted it %(ago)s.", **values)
        if decision.decision == "nurture":
            if own:
                return self.env._("You nurtured it %(ago)s.", **values)
            return self.env._("%(user)s nurtured it %(ago)s.", **values)
        if own:
            return self.env._("You discarded it %(ago)s.", **values)
        return self.env._("%(user)s discarded it %(ago)s.", **values)
