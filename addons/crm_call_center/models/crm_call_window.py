from odoo import api, fields, models
from odoo.exceptions import ValidationError

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class CrmCallWindow(models.Model):
    """Hours of a weekday in which people may be called, on their own clock."""

    _name = "crm.call.window"
    _description = "Calling Hours"
    _order = "weekday, hour_from, id"

    # === FIELDS === #
    policy_id = fields.Many2one(
        "crm.call.policy", ondelete="cascade", index="btree_not_null"
    )
    pack_id = fields.Many2one(
        "crm.call.pack", ondelete="cascade", index="btree_not_null"
    )
    weekday = fields.Selection(WEEKDAYS, required=True, default="0")
    hour_from = fields.Float(
        string="From", required=True, default=9.0, help="On the clock of the callee."
    )
    hour_to = fields.Float(
        string="To", required=True, default=18.0, help="On the clock of the callee."
    )

    _has_owner = models.Constraint(
        "CHECK ((policy_id IS NULL) != (pack_id IS NULL))",
        "Calling hours belong to a policy or to a country pack.",
    )

    # === COMPUTE METHODS === #
    @api.depends("weekday", "hour_from", "hour_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        days = dict(self._fields["weekday"]._description_selection(self.env))
        for window in self:
            window.display_name = (
                f"{days.get(window.weekday)} {self._tell_hour(window.hour_from)}"
                f"–{self._tell_hour(window.hour_to)}"
            )

    # === CONSTRAINTS === #
    @api.constrains("hour_from", "hour_to")
    def _check_hours(self):
        for window in self:
            start, end = round(window.hour_from * 60), round(window.hour_to * 60)
            if not 0 <= start < end <= 24 * 60:
                raise ValidationError(
                    self.env._(
                        "Calling hours begin before they end, between 0:00 and 24:00."
                    )
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
    def _get_days(self):
        """Return the spans of a week, in minutes: one tuple of spans for each day."""
        days = [[] for _weekday in WEEKDAYS]
        for window in self:
            span = (round(window.hour_from * 60), round(window.hour_to * 60))
            days[int(window.weekday)].append(span)
        return tuple(tuple(sorted(spans)) for spans in days)

    @api.model
    def _tell_hour(self, hour):
        minutes = round(hour * 60)
        return f"{minutes // 60}:{minutes % 60:02d}"

    def _tell(self):
        """Return the hours as text, days with the same hours together."""
        days = self._get_days()
        names = dict(self._fields["weekday"]._description_selection(self.env))
        groups = []
        for number, spans in enumerate(days):
            if groups and groups[-1][2] == spans:
                groups[-1][1] = number
            else:
                groups.append([number, number, spans])
        parts = []
        for first, last, spans in groups:
            if not spans:
                continue
            span = names[str(first)]
            if last > first:
                span = f"{span} – {names[str(last)]}"
            hours = ", ".join(
                f"{self._tell_hour(start / 60)}–{self._tell_hour(end / 60)}"
                for start, end in spans
            )
            parts.append(f"{span}: {hours}")
        return "; ".join(parts)
