from odoo import api, fields, models
from odoo.fields import Domain

from .crm_call import TO_DO


class CrmCallList(models.Model):
    """What the operator's desk asks for, beside the calls themselves."""

    _inherit = "crm.call.list"

    # === BUSINESS METHODS === #
    @api.model
    def get_desk(self):
        """Return all that the desk shows before the first call.

        :return: dict with ``lists`` (the user's running lists and their figures),
            ``outcomes`` (the buttons), ``card`` (a call that the user has taken and not
            finished, or ``False``) and ``today`` (attempts of the user today)
        """
        lists = self.browse()._get_served_lists()
        outcomes = self.env["crm.call.outcome"].search([("active", "=", True)])
        taken = self._get_last_taken()
        return {
            "lists": [call_list._prepare_desk_list() for call_list in lists],
            "outcomes": [outcome._prepare_button() for outcome in outcomes],
            "card": taken._prepare_card() if taken else False,
            "today": self._count_attempts_today(),
        }

    @api.model
    def _get_last_taken(self):
        """The call that the user took last and has not finished: a reload shows it."""
        return (
            self.env["crm.call"]
            .sudo()
            .search(
                [
                    ("reserved_by", "=", self.env.uid),
                    ("reserved_until", ">", fields.Datetime.now()),
                    ("state", "in", TO_DO),
                ],
                order="reserved_until desc, id desc",
                limit=1,
            )
        )

    @api.model
    def _count_attempts_today(self):
        return self.env["crm.call.attempt"].search_count(
            [("user_id", "=", self.env.uid), ("start", ">=", "today")]
        )

    def _prepare_desk_list(self):
        """What the desk shows of one list."""
        self.ensure_one()
        later = self.env["crm.call"].search(
            Domain("list_id", "=", self.id)
            & Domain("state", "in", TO_DO)
            & Domain("user_id", "in", [self.env.uid, False])
            & Domain("next_attempt_date", ">", fields.Datetime.now()),
            order="next_attempt_date",
            limit=1,
        )
        next_date = later.next_attempt_date
        return {
            "id": self.id,
            "name": self.name,
            "purpose": self.purpose,
            "left": self.left_count,
            "done": self.served_count,
            "next_date": fields.Datetime.to_string(next_date) if later else False,
        }
