from odoo import api, models
from odoo.exceptions import UserError

#: PostgreSQL's largest id.
LARGEST = 2**31 - 1


class CrmSegment(models.Model):
    """What programs send in, made sure to be what it is taken for."""

    _inherit = "crm.segment"

    # === BUSINESS METHODS === #
    @api.model
    def _read_ids(self, value):
        """Return the ids of records as a list; none of nothing.

        :param value: an id or several
        :raise UserError: when it is something else
        """
        if value is None or value is False:
            return []
        ids = list(value) if isinstance(value, list | tuple) else [value]
        for one in ids:
            if type(one) is not int or not 0 <= one <= LARGEST:
                raise UserError(
                    self.env._("“%(value)s” is no id of a record.", value=str(one)[:60])
                )
        return ids

    @api.model
    def _read_text(self, value):
        """Return a text without what a database cannot keep; empty of nothing.

        :raise UserError: when it is no text
        """
        if value is None or value is False:
            return ""
        if not isinstance(value, str):
            raise UserError(
                self.env._("“%(value)s” is no text.", value=str(value)[:60])
            )
        return value.replace("\0", "")
