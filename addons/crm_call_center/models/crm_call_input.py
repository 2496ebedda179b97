from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCall(models.Model):
    """What comes in from outside, made sure to be what it is taken for."""

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    @api.model
    def _read_text(self, value):
        """Return a text without what a database cannot keep; ``False`` of nothing."""
        if value is None or value is False:
            return False
        return str(value).replace("\0", "").strip() or False

    @api.model
    def _read_moment(self, value):
        """Return a moment (naive UTC); ``False`` of nothing.

        :raise ValidationError: when it is none
        """
        if not value:
            return False
        try:
            moment = fields.Datetime.to_datetime(value)
        except (TypeError, ValueError):
            moment = None
        # Time zones cannot be reckoned with at the ends of the calendar.
        if not isinstance(moment, datetime) or not 1900 < moment.year < 9000:
            raise ValidationError(
                self.env._("“%(value)s” is no moment.", value=str(value))
            )
        return moment

    @api.model
    def _read_id(self, value):
        """Return the id of a record; ``False`` of nothing.

        :raise ValidationError: when it is none
        """
        if not value:
            return False
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError(
                self.env._("“%(value)s” is no id of a record.", value=str(value))
            )
        return value

    @api.model
    def _read_hours(self, value):
        """Return a length in hours, up to a day.

        :raise ValidationError: when it is none
        """
        try:
            hours = float(value or 0)
        except (TypeError, ValueError):
            hours = -1
        if not 0 <= hours <= 24:
            raise ValidationError(
                self.env._("“%(value)s” is no number of hours.", value=str(value))
            )
        return hours
