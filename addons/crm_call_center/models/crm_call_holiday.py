from datetime import date, timedelta

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_call_window import WEEKDAYS


class CrmCallHoliday(models.Model):
    """A day on which nobody is called: of one year, or by a rule for every year."""

    _name = "crm.call.holiday"
    _description = "Holiday of a Country Pack"
    _order = "pack_id, month, day, easter_offset, id"

    # === FIELDS === #
    name = fields.Char(required=True, translate=True)
    pack_id = fields.Many2one(
        "crm.call.pack", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [
            ("yearly", "Same Date Every Year"),
            ("easter", "Days from Easter"),
            ("orthodox", "Days from Orthodox Easter"),
            ("weekday", "Weekday of a Month"),
            ("once", "One Date"),
        ],
        required=True,
        default="yearly",
    )
    month = fields.Integer()
    day = fields.Integer(help="Day of the month.")
    easter_offset = fields.Integer(
        string="Days from Easter", help="Negative: before Easter."
    )
    weekday = fields.Selection(WEEKDAYS)
    ordinal = fields.Integer(
        string="Which One", default=1, help="1 is the first of the month, -1 the last."
    )
    date = fields.Date()
    is_moved = fields.Boolean(
        string="Moves from the Weekend",
        help="When it falls on a Saturday or Sunday, the next free Monday is a holiday"
        " too.",
    )

    # === CONSTRAINTS === #
    @api.constrains(
        "kind", "month", "day", "easter_offset", "weekday", "ordinal", "date"
    )
    def _check_rule(self):
        for holiday in self:
            try:
                days = holiday._get_days_of(2028)
            except (ValueError, TypeError, OverflowError):
                days = None
            if days is None or (holiday.kind == "once" and not holiday.date):
                raise ValidationError(
                    self.env._("“%(name)s” is no day of the year.", name=holiday.name)
                )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === BUSINESS METHODS === #
    def _get_dates(self, years):
        """Return the dates of these holidays in the years, as a frozenset."""
        dates = set()
        for year in years:
            plain = {
                (holiday, day) for holiday in self for day in holiday._get_days_of(year)
            }
            dates |= {day for _holiday, day in plain}
            moved = [
                day for holiday, day in plain if holiday.is_moved and day.weekday() >= 5
            ]
            for day in sorted(moved):
                substitute = day + timedelta(days=7 - day.weekday())
                while substitute in dates:
                    substitute += timedelta(days=1)
                dates.add(substitute)
        return frozenset(dates)

    def _get_days_of(self, year):
        """Return the dates of one holiday in a year."""
        self.ensure_one()
        if self.kind == "once":
            return [self.date] if self.date and self.date.year == year else []
        if self.kind in ("easter", "orthodox"):
            method = EASTER_WESTERN if self.kind == "easter" else EASTER_ORTHODOX
            return [easter(year, method) + timedelta(days=self.easter_offset)]
        if self.kind == "weekday":
            return [self._get_weekday_of(year)]
        try:
            return [date(year, self.month, self.day)]
        except ValueError:
            if (self.month, self.day) == (2, 29):
                return []
            raise

    def _get_weekday_of(self, year):
        weekday = int(self.weekday)
        if self.ordinal > 0:
            first = date(year, self.month, 1)
            ahead = (weekday - first.weekday()) % 7
            return first + timedelta(days=ahead + 7 * (self.ordinal - 1))
        following = date(year + self.month // 12, self.month % 12 + 1, 1)
        last = following - timedelta(days=1)
        back = (last.weekday() - weekday) % 7
        return last - timedelta(days=back + 7 * (-self.ordinal - 1))
