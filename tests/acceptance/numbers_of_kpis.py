"""The numbers of the KPIs once more, in plain Python over the records of a database.

Nothing here looks at a KPI: a formula that is wrong in the same way twice would have
to be written wrong twice.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LEAD_FIELDS = """
    type active probability expected_revenue stage_id create_date create_uid
    date_closed date_conversion date_deadline date_last_stage_update user_id
    partner_id campaign_id company_id
""".split()
SENT = ("comment", "email_outgoing")


class Numbers:
    """Facts of a database, read once, and the formulas on them.

    :param env: environment of a user who sees everything
    :param today: date of today for that user
    """

    def __init__(self, env, today):
        self.env = env(context={**env.context, "active_test": False})
        self.today = today
        self.zone = ZoneInfo(env.user.tz or "UTC")
        self.leads = self.read("crm.lead", LEAD_FIELDS)
        won_stages = {
            s["id"] for s in self.read("crm.stage", ["is_won"]) if s["is_won"]
        }
        for lead in self.leads:
            lead["won"] = lead["probability"] == 100 and lead["stage_id"] in won_stages
            lead["lost"] = not lead["active"] and lead["probability"] == 0
            lead["open"] = not lead["won"] and not lead["lost"]
        self.by_id = {lead["id"]: lead for lead in self.leads}
        self.opportunities = [x for x in self.leads if x["type"] == "opportunity"]
        self.pipeline = [x for x in self.opportunities if x["open"] and x["active"]]

    def read(self, model, fields, domain=()):
        """All records as dicts; a link is the id of what it points to."""
        rows = self.env[model].search_read(list(domain), fields, order="id")
        return [
            {k: v[0] if isinstance(v, tuple) else v for k, v in row.items()}
            for row in rows
        ]

    def day(self, moment):
        """The user's day of a moment in UTC; a date stays as it is."""
        if not isinstance(moment, datetime):
            return moment or None
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.zone).date()

    def within(self, rows, fname, window):
        """Rows whose date falls into a window of two days, both included."""
        first, last = window
        days = [(row, self.day(row[fname])) for row in rows]
        return [row for row, day in days if day and first <= day <= last]

    # === AMOUNTS === #

    def pipeline_value(self, window):
        return sum(lead["expected_revenue"] for lead in self.pipeline)

    def prorated_revenue(self, window):
        return sum(prorated(lead) for lead in self.pipeline)

    def forecast_month(self, window):
        first = self.today.replace(day=1)
        return self._forecast(first, (first + timedelta(days=32)).replace(day=1))

    def forecast_quarter(self, window):
        month = (self.today.month - 1) // 3 * 3 + 1
        first = self.today.replace(month=month, day=1)
        return self._forecast(first, (first + timedelta(days=95)).replace(day=1))

    def _forecast(self, first, after):
        return sum(
            prorated(lead)
            for lead in self.opportunities
            if lead["active"]
            and not lead["lost"]
            and lead["date_deadline"]
            and first <= lead["date_deadline"] < after
        )

    def won_revenue(self, window):
        return sum(lead["expected_revenue"] for lead in self._won(window))

    def average_deal_size(self, window):
        won = self._won(window)
        return share(sum(lead["expected_revenue"] for lead in won), len(won))

    def _won(self, window):
        won = [lead for lead in self.opportunities if lead["won"]]
        return self.within(won, "date_closed", window)

    def cost_per_customer(self, window):
        campaigns = self.read("utm.campaign", ["crm_cost"])
        costs = {c["id"]: c["crm_cost"] for c in campaigns if c["crm_cost"] > 0}
        customers = {
            lead["partner_id"]
            for lead in self.opportunities
            if lead["won"] and lead["partner_id"] and lead["campaign_id"] in costs
        }
        return share(sum(costs.values()), len(customers))

    def forecast_error(self, window):
        kpi = self.env["crm.kpi"].search([("code", "=", "forecast_month")])
        rows = self.read(
            "crm.kpi.snapshot",
            ["date", "value", "user_id", "company_id", "scope"],
            [("kpi_id", "=", kpi.id), ("date", "<", self.today.replace(day=1))],
        )
        months = defaultdict(list)
        for row in rows:
            months[row["company_id"], row["date"].replace(day=1)].append(row)
        error = total = 0
        for (company, month), taken in months.items():
            first = min(row["date"] for row in taken)
            figures = defaultdict(lambda: [0, 0])
            for row in taken:
                if row["date"] == first and row["scope"] == "user":
                    figures[row["user_id"]][0] += row["value"]
            for lead in self.opportunities:
                closed = lead["date_closed"]
                if lead["won"] and closed and closed.date().replace(day=1) == month:
                    if lead["company_id"] in (False, company):
                        figures[lead["user_id"]][1] += lead["expected_revenue"]
            if window[0] <= month <= window[1]:
                error += sum(abs(forecast - won) for forecast, won in figures.values())
                total += sum(won for _forecast, won in figures.values())
        return share(error, total)

    # === COUNTS === #

    def open_without_activity(self, window):
        busy = {a["res_id"] for a in self._activities()}
        return sum(lead["id"] not in busy for lead in self.pipeline)

    def overdue_activities(self, window):
        return sum(
            a["date_deadline"] < self.today and self.by_id[a["res_id"]]["active"]
            for a in self._activities()
        )

    def _activities(self):
        fields = ["res_id", "date_deadline", "active"]
        rows = self.read("mail.activity", fields, [("res_model", "=", "crm.lead")])
        return [row for row in rows if row["active"]]

    def rotting_deals(self, window):
        stages = self.read("crm.stage", ["rotting_threshold_days"])
        days = {stage["id"]: stage["rotting_threshold_days"] for stage in stages}
        now = datetime.now(UTC).replace(tzinfo=None)
        return sum(
            days[lead["stage_id"]] > 0
            and lead["date_last_stage_update"]
            < now - timedelta(days=days[lead["stage_id"]])
            for lead in self.pipeline
        )

    def slipped_deals(self, window):
        dates = [lead["date_deadline"] for lead in self.pipeline]
        return sum(date and date < self.today for date in dates)

    def new_leads(self, window):
        return len(self.within(self.leads, "create_date", window))

    # === SHARES === #

    def lead_conversion(self, window):
        leads = self.within(self.leads, "create_date", window)
        converted = sum(bool(lead["date_conversion"]) for lead in leads)
        waiting = sum(
            lead["type"] == "lead" and not lead["date_conversion"] for lead in leads
        )
        return share(converted, converted + waiting)

    def win_rate_closed(self, window):
        closed = self.within(self.opportunities, "date_closed", window)
        won = sum(lead["won"] for lead in closed)
        return share(won, won + sum(lead["lost"] for lead in closed))

    def win_rate_cohort(self, window):
        begun = self.within(self.opportunities, "create_date", window)
        return share(sum(lead["won"] for lead in begun), len(begun))

    def lead_quality(self, window):
        leads = self.within(self.leads, "create_date", window)
        good = [
            lead
            for lead in leads
            if lead["type"] == "opportunity" and not lead["lost"] and lead["active"]
        ]
        return share(len(good), len(leads))

    def touchless_share(self, window):
        leads = self.within(self.leads, "create_date", window)
        users = {user["id"]: user for user in self._users()}
        field = self.env["ir.model.fields"]._get("crm.lead", "user_id")
        values = self.env["mail.tracking.value"].sudo()
        tracked = values.search([("field_id", "=", field.id)]).mail_message_id
        colleagues = {user["partner_id"] for user in self._colleagues()}
        by_hand = {
            message.res_id
            for message in tracked
            if message.model == "crm.lead" and message.author_id.id in colleagues
        }
        touchless = [
            lead
            for lead in leads
            if lead["user_id"]
            and (lead["create_uid"] == 1 or users[lead["create_uid"]]["share"])
            and lead["id"] not in by_hand
        ]
        return share(len(touchless), len(leads))

    def stage_conversion(self, window):
        stays = self.within(self._stays(), "date_from", window)
        return share(sum(stay["outcome"] == "forward" for stay in stays), len(stays))

    def activities_per_won_deal(self, window):
        won = {lead["id"] for lead in self._won(window)}
        done = self.read(
            "mail.message",
            ["res_id"],
            [("model", "=", "crm.lead"), ("mail_activity_type_id", "!=", False)],
        )
        return share(sum(message["res_id"] in won for message in done), len(won))

    # === TIMES === #

    def sales_cycle_median(self, window):
        return percentile(self._cycles(window), 0.5)

    def sales_cycle_p80(self, window):
        return percentile(self._cycles(window), 0.8)

    def _cycles(self, window):
        return [
            (lead["date_closed"] - lead["create_date"]).total_seconds() / 86400
            for lead in self._won(window)
        ]

    def time_in_stage(self, window):
        ended = [stay for stay in self._stays() if stay["outcome"] != "open"]
        stays = self.within(ended, "date_to", window)
        return percentile([stay["days"] for stay in stays], 0.5)

    def _stays(self):
        fields = ["date_from", "date_to", "days", "outcome", "stage_is_won"]
        stays = self.read("crm.stage.visit", fields)
        return [stay for stay in stays if not stay["stage_is_won"]]

    def speed_to_first_touch(self, window):
        touches = {}
        colleagues = {user["partner_id"] for user in self._colleagues()}
        sent = self.env.ref("mail.mt_comment").id
        fields = "res_id date author_id message_type subtype_id mail_activity_type_id"
        for message in self.read(
            "mail.message", fields.split(), [("model", "=", "crm.lead")]
        ):
            is_sent = message["message_type"] in SENT and message["subtype_id"] == sent
            if message["author_id"] in colleagues and (
                message["mail_activity_type_id"] or is_sent
            ):
                dates = touches.setdefault(message["res_id"], [])
                dates.append(message["date"])
        return percentile(
            [
                max((min(touches[x["id"]]) - x["create_date"]).total_seconds(), 0)
                / 3600
                for x in self.within(self.leads, "create_date", window)
                if x["id"] in touches
            ],
            0.5,
        )

    # === PEOPLE === #

    def _users(self):
        return self.read("res.users", ["partner_id", "share"])

    def _colleagues(self):
        """Users who are people of the company: not OdooBot, not portal users."""
        return [user for user in self._users() if user["id"] != 1 and not user["share"]]


def prorated(lead):
    """Revenue times probability, to the cent."""
    return round(lead["expected_revenue"] * lead["probability"] / 100, 2)


def share(part, whole):
    """A ratio; none where there is nothing to divide by."""
    return part / whole if whole else None


def percentile(values, fraction):
    """The value below which a fraction of the values lies, between two neighbours."""
    if not values:
        return None
    values = sorted(values)
    position = (len(values) - 1) * fraction
    low = int(position)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (position - low)
