import datetime
import json

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

#: Days that the statistics of entries and exits look back, today among them.
FLOW_DAYS = 30


class CrmSegment(models.Model):
    """The memberships of a segment: how many, since when, and on any date.

    Everything here is read with the rights of whoever looks.
    """

    _inherit = "crm.segment"

    # === FIELDS === #
    member_count = fields.Integer(
        string="Members",
        compute="_compute_member_count",
        help="Members now, among the records that you may see.",
    )
    entered_count = fields.Integer(
        string="Entered in 30 Days",
        compute="_compute_flow",
        help="Entries in the last 30 days.",
    )
    left_count = fields.Integer(
        string="Left in 30 Days",
        compute="_compute_flow",
        help="Exits in the last 30 days.",
    )
    flow_graph = fields.Text(string="Entries and Exits", compute="_compute_flow")

    # === COMPUTE METHODS === #
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_member_count(self):
        counts = dict(
            self.env["crm.segment.member"]._read_group(
                [("segment_id", "in", self.ids), ("date_to", "=", False)],
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.member_count = counts.get(segment._origin, 0)

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_flow(self):
        today = fields.Date.context_today(self)
        days = [today - datetime.timedelta(days=n) for n in range(FLOW_DAYS)][::-1]
        labels = [format_date(self.env, day, date_format="d MMM") for day in days]
        entries = self._count_by_day("date_from", days[0])
        exits = self._count_by_day("date_to", days[0])
        for segment in self:
            entered = [entries.get((segment._origin.id, day), 0) for day in days]
            left = [exits.get((segment._origin.id, day), 0) for day in days]
            segment.entered_count = sum(entered)
            segment.left_count = sum(left)
            segment.flow_graph = json.dumps(
                {"labels": labels, "entered": entered, "left": left}
            )

    def _count_by_day(self, fname, first_day):
        """Count memberships by segment and day of the user's time zone.

        :param str fname: "date_from" or "date_to"
        :return: ``{(segment id, date): number}``
        """
        # A local day may begin on the day before in UTC.
        since = first_day - datetime.timedelta(days=1)
        members = self.env["crm.segment.member"].with_context(tz=self._get_tz().zone)
        rows = members._read_group(
            [("segment_id", "in", self.ids), (fname, ">=", since)],
            ["segment_id", f"{fname}:day"],
            ["__count"],
        )
        return {(segment.id, day.date()): count for segment, day, count in rows}

    # === BUSINESS METHODS === #
    def members_on(self, date):
        """Return the ids of the records that were members at a moment.

        Of those that the user may see; records that were deleted are not among them.

        :param date: a datetime in UTC, or a date, which means the end of that day in
            the user's time zone; text in the usual format will do
        :return: sorted list of ids of contacts or leads
        :raise UserError: the text is no date
        """
        self.ensure_one()
        self.check_access("read")
        moment = self._read_moment(date)
        rows = self.env["crm.segment.member"]._read_group(
            [
                ("segment_id", "=", self.id),
                ("date_from", "<=", moment),
                "|",
                ("date_to", "=", False),
                ("date_to", ">", moment),
            ],
            [f"{self.target}_id"],
        )
        return sorted(record.id for [record] in rows)

    def _read_moment(self, date):
        try:
            if isinstance(date, str):
                is_day = len(date) <= len("2026-05-01")
                date = (fields.Date.to_date if is_day else fields.Datetime.to_datetime)(
                    date
                )
            if isinstance(date, datetime.datetime):
                return date
            end = datetime.datetime.combine(date, datetime.time(23, 59, 59))
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("“%(text)s” is not a date.", text=date)
            ) from error
        return self._get_tz().localize(end).astimezone(pytz.utc).replace(tzinfo=None)

    # === TOOLING === #
    def _get_tz(self):
        name = self.env.context.get("tz") or self.env.user.tz
        return pytz.timezone(name) if name in pytz.all_timezones_set else pytz.utc
