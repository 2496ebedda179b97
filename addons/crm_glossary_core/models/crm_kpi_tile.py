from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..tools import period
from ..tools.kpi_reading import PROBLEMS, Reader

#: How many periods a tile's small chart shows.
PERIODS = 12


class CrmKpi(models.Model):
    """KPIs as tiles: value, previous value, target and chart, in few queries."""

    _inherit = "crm.kpi"

    # === BUSINESS METHODS - TILES === #
    def _get_tiles(self, date_from, date_to, filters=None, reader=None):
        """Return one tile for each KPI, in order; few queries for all of them.

        :param date_from: first day of the period
        :param date_to: last day, included
        :param dict filters: ``user_id``, ``team_id``, ``company_ids``; all optional
        :param reader: a :class:`Reader` that was asked for more; it is run here
        :return: dicts of ``id, code, name, unit, direction, value, numerator,
            denominator, count, display, previous, target, pace, series, error, note,
            currency_id, term_code, version, version_breaks, as_of_now, fixed_period``
        """
        starts = self._get_series_starts(date_from, date_to)
        reader, plans = reader or Reader(self.env), {}
        for kpi in self:
            plans[kpi] = kpi._plan_tile(reader, date_from, date_to, starts, filters)
        reader.run(together=True)
        past = self._get_snapshot_values(starts, filters)
        targets = self.env["crm.kpi.target"]._get_for(self, date_from, date_to, filters)
        breaks = self.env["crm.kpi.version"]._get_breaks(self, starts["starts"][0])
        tiles = []
        for kpi in self:
            tile = kpi._prepare_tile()
            try:
                tile.update(kpi._fill_tile(reader, plans[kpi], starts, past))
            except PROBLEMS as error:
                tile["error"] = str(kpi._explain(error))
            target = targets.get(kpi.id)
            tile["target"] = target
            tile["pace"] = kpi._get_pace(tile["value"], target, date_from, date_to)
            tile["display"] = kpi._format_row(tile)
            tile["version_breaks"] = breaks.get(kpi.id, [])
            tiles.append(tile)
        return tiles

    def _get_values(self, date_from, date_to, filters=None):
        """Return ``{kpi id: row}``: values only, for lists and snapshots.

        A row is one of :meth:`compute_values` with ``error`` and ``display``; the
        window may be two datetimes (naive, UTC) too, the second one not included.
        """
        reader, plans, result = Reader(self.env), {}, {}
        for kpi in self:
            try:
                sides = kpi._get_filtered_sides(filters)
                window = (date_from, date_to)
                if kpi.fixed_period:
                    window = kpi._get_fixed_window()
                keys = [reader.ask(side, window) for side in sides or ()]
                plans[kpi] = sides, keys
            except PROBLEMS as error:
                plans[kpi] = error
        reader.run(together=True)
        for kpi in self:
            row = {"value": None, "numerator": None, "denominator": None, "count": 0}
            row["error"] = None
            try:
                if isinstance(plans[kpi], Exception):
                    raise plans[kpi]
                sides, keys = plans[kpi]
                if sides is None:
                    row["note"] = kpi._get_unfiltered_note()
                else:
                    answers = [reader.get(key) for key in keys]
                    figures = [answer.get(None) or {} for answer in answers]
                    row.update(kpi._combine_one(sides, figures))
            except PROBLEMS as error:
                row["error"] = str(kpi._explain(error))
            row["display"] = kpi._format_row(row)
            result[kpi.id] = row
        return result

    def _get_unfiltered_note(self):
        return self.env._("Cannot be shown for a single person, team or company.")

    def _get_series_starts(self, date_from, date_to):
        """How the periods of the small charts are cut.

        :return: ``{unit, starts, exact}``; ``exact`` when the tile's period is the
            last of them
        """
        week_start = self._get_week_start()
        unit = period.unit_of(date_from, date_to, week_start)
        return {
            "exact": bool(unit),
            "unit": unit or period.unit_for(date_from, date_to),
            "starts": period.last_starts(
                date_to,
                unit or period.unit_for(date_from, date_to),
                PERIODS,
                week_start,
            ),
        }

    def _plan_tile(self, reader, date_from, date_to, starts, filters):
        """Ask for what the tile needs; return the keys, or what went wrong."""
        try:
            sides = self._get_filtered_sides(filters)
            if sides is None:
                return None
            keys = {}
            if self.fixed_period or not self.date_field:
                window = self.fixed_period and self._get_fixed_window()
                keys["value"] = [reader.ask(side, window) for side in sides]
            else:
                window = (starts["starts"][0], date_to)
                keys["series"] = [
                    reader.ask(side, window, (f"{side.date_field}:{starts['unit']}",))
                    for side in sides
                ]
                if not starts["exact"]:
                    days = (date_to - date_from).days + 1
                    earlier = [
                        fields.Date.subtract(day, days=days)
                        for day in (date_from, date_to)
                    ]
                    keys["value"] = [
                        reader.ask(side, (date_from, date_to)) for side in sides
                    ]
                    keys["previous"] = [reader.ask(side, earlier) for side in sides]
        except PROBLEMS as error:
            return error
        return sides, keys

    def _fill_tile(self, reader, plan, starts, past):
        """The figures of a tile."""
        if isinstance(plan, Exception):
            raise plan
        if plan is None:
            return {"note": self._get_unfiltered_note()}
        sides, keys = plan
        rows = {
            name: self._combine(sides, [reader.get(key) for key in side_keys])
            for name, side_keys in keys.items()
        }
        nothing = self._combine_one(sides, [{}, {}])
        days = [start.isoformat() for start in starts["starts"]]
        if "series" in rows:
            values = [rows["series"].get(day, nothing)["value"] for day in days]
            current = rows["series"].get(days[-1], nothing)
            previous = values[-2]
        else:
            values = [past.get((self.id, start)) for start in starts["starts"]]
            previous = values[-2]
        if "value" in rows:
            current = rows["value"].get(None, nothing)
        if "previous" in rows:
            previous = rows["previous"].get(None, nothing)["value"]
        if "series" not in rows:
            values[-1] = current["value"]
        return {
            **current,
            "previous": previous,
            "series": [
                {"date": day, "value": value}
                for day, value in zip(days, values, strict=True)
            ],
        }

    def _prepare_tile(self):
        """What a tile shows when there is no figure."""
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "description": self.description or "",
            "unit": self.unit,
            "direction": self.direction,
            "value": None,
            "numerator": None,
            "denominator": None,
            "count": 0,
            "previous": None,
            "series": [],
            "error": None,
            "note": None,
            "currency_id": self.env.company.currency_id.id,
            "term_code": self.term_id.sudo().code or False,
            "version": self.version,
            "as_of_now": not self.date_field,
            "fixed_period": self.fixed_period or False,
        }

    def _get_snapshot_values(self, starts, filters):
        """Values of numbers as of now at the ends of past periods.

        :return: ``{(kpi id, start of the period): value}``
        """
        frozen = self.filtered(lambda kpi: kpi.fixed_period or not kpi.date_field)
        if not frozen or not self.env["crm.kpi.snapshot"].has_access("read"):
            return {}
        week_start = self._get_week_start()
        ends = {
            period.end_of(start, starts["unit"], week_start): start
            for start in starts["starts"][:-1]
        }
        return {
            (kpi_id, ends[date]): value
            for kpi_id, date, value in self.env["crm.kpi.snapshot"]._get_values(
                frozen, list(ends), filters
            )
        }

    # === BUSINESS METHODS - TARGETS === #
    def _get_pace(self, value, target, date_from, date_to):
        """Where the value should be today on a straight line to its target.

        :return: ``{expected, status}`` with status ``reached``, ``ahead`` or
            ``behind``; ``None`` without a target or a value
        """
        if target is None or value is None:
            return None
        expected, today = target, fields.Date.context_today(self)
        grows = self.measure in ("count", "sum") and self.date_field
        if grows and not self.fixed_period and date_from <= today < date_to:
            share = ((today - date_from).days + 1) / ((date_to - date_from).days + 1)
            expected = target * share
        sign = 1 if self.direction == "up" else -1
        if sign > 0 and value >= target:
            status = "reached"
        elif sign * value >= sign * expected:
            status = "ahead" if expected != target else "reached"
        else:
            status = "behind"
        return {"expected": expected, "status": status}

    # === BUSINESS METHODS - WORDS === #
    def _format_row(self, row):
        """A row's value in the reader's language, a share with its two numbers."""
        if row.get("error"):
            return self.env._("Error")
        text = self._format_value(row.get("value"))
        if self.unit == "percent" and row.get("denominator"):
            return self.env._(
                "%(value)s (%(numerator)s of %(denominator)s)",
                value=text,
                numerator=self._format_number(row["numerator"]),
                denominator=self._format_number(row["denominator"]),
            )
        return text

    def _format_value(self, value):
        """A value with its unit in the reader's language."""
        if value is None:
            return self.env._("No data")
        if self.unit == "currency":
            currency = self.env.company.currency_id
            return formatLang(self.env, value, currency_obj=currency)
        if self.unit == "percent":
            return self.env._("%(number)s %%", number=self._format_number(100 * value))
        number = self._format_number(value)
        if self.unit == "days":
            return self.env._("%(number)s days", number=number)
        if self.unit == "hours":
            return self.env._("%(number)s h", number=number)
        return number

    @api.model
    def _format_number(self, value):
        digits = 0 if round(float(value), 1).is_integer() else 1
        return formatLang(self.env, value, digits=digits)

    # === BUSINESS METHODS - VERSIONS === #
    def _get_version_values(self):
        """The row of the current month, for the record of a version."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        window = period.start_of(today, "month"), period.end_of(today, "month")
        row = self.sudo()._get_values(*window)[self.id]
        wanted = ("value", "numerator", "denominator", "error")
        return {name: row[name] for name in wanted}
