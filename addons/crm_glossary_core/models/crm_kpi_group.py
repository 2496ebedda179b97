from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date, get_lang

from ..tools import period
from ..tools.kpi_reading import PROBLEMS, date_domain


class CrmKpi(models.Model):
    """By what a KPI may be grouped, and what the groups are called."""

    _inherit = "crm.kpi"

    # === BUSINESS METHODS - PUBLIC === #
    def get_group_by_options(self):
        """Return ``[{name, label}]`` of the fields by which the KPI can be grouped."""
        self.ensure_one()
        self.check_access("read")
        try:
            sides = self._get_sides()
        except PROBLEMS as error:
            raise self._explain(error) from error
        options = []
        for name in self._get_group_by_names():
            if all(self._get_group_field(side, sides, name) for side in sides):
                label = self._get_path_field(sides[0].model, name) or name
                options.append({"name": name, "label": label})
        return options

    # === BUSINESS METHODS - GROUPS === #
    def _get_group_by_names(self):
        return [
            name.strip()
            for name in (self.group_by_fields or "").split(",")
            if name.strip()
        ]

    def _get_groupby(self, side, sides, group_by):
        """The specification for ``_read_group``; refuses what the KPI has not."""
        if group_by is None:
            return ()
        kind, _colon, unit = str(group_by).partition(":")
        if kind == "period" and unit in period.UNITS:
            if not side.date_field or self.fixed_period:
                raise UserError(
                    self.env._(
                        "“%(kpi)s” is a number as of now: it has no periods.",
                        kpi=self.name,
                    )
                )
            return (f"{side.date_field}:{unit}",)
        name = group_by in self._get_group_by_names() and self._get_group_field(
            side, sides, group_by
        )
        if not name:
            raise UserError(
                self.env._(
                    "“%(kpi)s” cannot be grouped by “%(field)s”.",
                    kpi=self.name,
                    field=group_by,
                )
            )
        return (name,)

    def _get_group_field(self, side, sides, name):
        """The field of this side that means ``name``, or ``None``.

        Where the numerator's records link to the denominator's model (or the other way
        round), that model's records are their own groups.
        """
        if self._get_path_field(side.model, name):
            return name
        for other in sides:
            head = self.env[other.model]._fields.get(name)
            if head is not None and head.comodel_name == side.model:
                return "id"
        return None

    def _get_path_field(self, model_name, path):
        """The label of a field, or of the last of a path of links; ``None`` if none."""
        names = path.split(".")
        for position, name in enumerate(names):
            field = self.env[model_name]._fields.get(name)
            if field is None or position < len(names) - 1 and not field.comodel_name:
                return None
            if position == len(names) - 1:
                return field.get_description(self.env, ["string"])["string"]
            model_name = field.comodel_name
        return None

    def _get_group_domain(self, side, sides, group_by, group):
        """The records of one group."""
        kind, _colon, unit = group_by.partition(":")
        if kind != "period":
            name = self._get_group_field(side, sides, group_by)
            if group and isinstance(group, str | int | float):
                return Domain(name, "=", group)
            # A path leads to nothing where one of its links is empty.
            parts = name.split(".")
            return Domain.OR(
                Domain(".".join(parts[: end + 1]), "=", False)
                for end in range(len(parts))
            )
        try:
            start = fields.Date.to_date(group)
        except (ValueError, TypeError):
            start = None
        if not start:
            raise UserError(self.env._("A date must be written like 2026-01-31."))
        window = (start, period.end_of(start, unit, self._get_week_start()))
        return date_domain(self.env, side.model, side.date_field, window)

    def _get_group_labels(self, side, group_by, groups):
        if group_by is None:
            return dict.fromkeys(groups, self.name)
        if group_by.startswith("period:"):
            unit = group_by.partition(":")[2]
            return {group: self._get_period_label(group, unit) for group in groups}
        model, names = self.env[side.model], group_by.split(".")
        for name in names[:-1]:
            model = self.env[model._fields[name].comodel_name]
        field = model._fields.get(names[-1])
        nothing = self.env._("None")
        if field is None or not field.comodel_name:
            described = model.fields_get([names[-1]]).get(names[-1], {})
            options = dict(described.get("selection") or [])
            return {
                group: options.get(group, group) if group else nothing
                for group in groups
            }
        # Whoever may see the number may see whose it is.
        records = self.env[field.comodel_name].sudo().browse(filter(None, groups))
        labels = {record.id: record.display_name for record in records}
        return {group: labels.get(group, nothing) for group in groups}

    def _get_week_start(self):
        return int(get_lang(self.env).week_start)

    def _get_period_label(self, group, unit):
        """The name of a period in the reader's language."""
        start = fields.Date.to_date(group)
        # the name of the month as it stands alone: "ноябрь", not "ноября"
        formats = {"day": None, "month": "LLLL yyyy", "quarter": "qqq yyyy"}
        if unit == "week":
            return self.env._("Week of %(day)s", day=format_date(self.env, start))
        if unit == "year":
            return str(start.year)
        return format_date(self.env, start, date_format=formats[unit])
