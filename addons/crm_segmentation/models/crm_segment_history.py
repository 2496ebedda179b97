import datetime
import json

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

#: Days that the statistics of entries and exits look back, today among them.
FLOW_DAYS = 30
YEAR = 365
#: The longest time that is shown day by day.
LONGEST = 1000


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
    has_visible_figures = fields.Boolean(
        string="Figures Visible",
        compute="_compute_has_visible_figures",
        search="_search_has_visible_figures",
        help="You may see all records that are or were members: stored figures, which"
        " count them all, tell you nothing else.",
    )

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
        growth = self._prepare_growth(FLOW_DAYS)
        for segment in self:
            flow = growth[segment._origin.id]
            segment.entered_count = sum(flow["entered"])
            segment.left_count = sum(flow["left"])
            segment.flow_graph = json.dumps(flow)

    @api.depends("company_id", "target")
    @api.depends_context("uid")
    def _compute_has_visible_figures(self):
        domain = self._get_visible_figures_domain(self._origin)
        segments = self.with_context(active_test=False)
        visible = segments.search(domain & Domain("id", "in", self._origin.ids))
        for segment in self:
            segment.has_visible_figures = segment._origin in visible

    def _search_has_visible_figures(self, operator, value):
        if operator != "in":
            return NotImplemented
        if True in value and False in value:
            return Domain.TRUE
        domain = self._get_visible_figures_domain()
        return domain if True in value else ~domain

    def _get_visible_figures_domain(self, segments=None):
        """Which segments have no members that the user may not see.

        :param segments: only these matter; nothing: all
        """
        user = self.env.user
        domain = Domain.TRUE
        if not user.has_group("sales_team.group_sale_salesman_all_leads"):
            domain = Domain("target", "!=", "lead")
        own = user.company_ids
        others = [("id", "not in", own.ids)]
        if not self.env["res.company"].sudo().search_count(others, limit=1):
            return domain
        asked = Domain("segment_id.company_id", "=", False)
        if segments is not None:
            asked &= Domain("segment_id", "in", segments.ids)
        hidden = set()
        for column, companies in (
            ("lead_id", own),
            # As in Odoo's own rule: a branch sees the contacts of its parents.
            ("partner_id", own | own.sudo().parent_ids),
        ):
            foreign = [("company_id", "not in", [*companies.ids, False])]
            rows = (
                self.env["crm.segment.member"]
                .sudo()
                ._read_group(asked & Domain(column, "any", foreign), ["segment_id"])
            )
            hidden.update(segment.id for [segment] in rows)
        shared = Domain("company_id", "=", False) & Domain("id", "not in", hidden)
        return domain & (Domain("company_id", "in", own.ids) | shared)

    def _prepare_growth(self, length):
        """Return by segment what :meth:`get_growth` returns."""
        today = fields.Date.context_today(self)
        days = [today - datetime.timedelta(days=n) for n in range(length)][::-1]
        date_format = "d MMM" if length <= YEAR else "d MMM y"
        labels = [format_date(self.env, day, date_format=date_format) for day in days]
        entries = self._count_by_day("date_from", days[0])
        exits = self._count_by_day("date_to", days[0])
        growth = {}
        for segment in self:
            key = segment._origin.id
            entered = [entries.get((key, day), 0) for day in days]
            left = [exits.get((key, day), 0) for day in days]
            size, sizes = segment.member_count, []
            for came, went in zip(entered[::-1], left[::-1], strict=True):
                sizes.append(size)
                size += went - came
            growth[key] = {
                "labels": labels,
                "entered": entered,
                "left": left,
                "size": sizes[::-1],
            }
        return growth

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

    # === ACTION METHODS === #
    def action_view_moves(self):
        """Open from where members came and where those went who left."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segmentation.crm_segment_move_action"
        )
        return {
            **action,
            "domain": [
                "|",
                ("from_segment_id", "=", self.id),
                ("to_segment_id", "=", self.id),
            ],
        }

    def action_import_members(self):
        """Open the dialog that changes the members by a file."""
        self.ensure_one()
        self.check_access("write")
        return self._open_wizard("crm.segment.import", self.env._("Import Members"))

    def action_members_on(self):
        """Open the dialog that tells who was a member on a date."""
        self.ensure_one()
        self.check_access("read")
        return self._open_wizard(
            "crm.segment.members.on", self.env._("Members on a Date")
        )

    def _open_wizard(self, model_name, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model_name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_segment_id": self.id},
        }

    # === BUSINESS METHODS === #
    def get_growth(self, days):
        """Return how the segment grew, one value a day, the latest last.

        Counted are memberships that the user may see, in the user's time zone. Records
        that were deleted since are not among them.

        :param int days: 1 to 1,000
        :return: ``{"labels": texts, "entered": numbers, "left": numbers,
            "size": members at the end of each day}``
        :raise UserError: ``days`` is no such number
        """
        self.ensure_one()
        self.check_access("read")
        if not isinstance(days, int) or not 1 <= days <= LONGEST:
            raise UserError(
                self.env._("Choose between 1 and %(most)s days.", most=LONGEST)
            )
        return self._prepare_growth(days)[self.id]

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
