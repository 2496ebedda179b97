from odoo import api, fields, models
from odoo.fields import Domain

from .crm_call import TO_DO


class CrmCallList(models.Model):
    """What the operator's desk asks for, beside the calls themselves."""

    _inherit = "crm.call.list"

    # === FIELDS === #
    is_training = fields.Boolean(
        string="Training",
        help="The calls of this list are played by the simulator; nobody is dialled.",
    )

    # === BUSINESS METHODS === #
    @api.model
    def get_desk(self):
        """Return all that the desk shows before the first call.

        :return: dict with ``lists`` (the user's running lists and their figures),
            ``outcomes`` (the buttons), ``card`` (a call that the user has taken and not
            finished, or ``False``), ``prefetched`` (the one after it), ``today``
            (figures of the user's day), ``pause`` (the break that runs, or ``False``),
            ``pause_reasons``, ``skip_reasons``, ``provider``, ``auto_dial_seconds``
            and ``user``
        """
        self.env["crm.call"].check_access("write")
        lists = self.browse()._get_served_lists()
        outcomes = self.env["crm.call.outcome"].search([("is_on_desk", "=", True)])
        taken = self._get_taken_in_order()
        company = self.env.company.sudo()
        return {
            "lists": [call_list._prepare_desk_list() for call_list in lists],
            "outcomes": [outcome._prepare_button() for outcome in outcomes],
            "card": taken[0]._prepare_card() if taken else False,
            "prefetched": taken[1]._prepare_card() if taken[1:] else False,
            "today": self.env["crm.call"]._get_today(),
            "pause": self.env["crm.call.pause"]._get_running()._prepare_desk(),
            "pause_reasons": self.env["crm.call.pause.reason"]
            .sudo()
            .search_read([], ["name"]),
            "skip_reasons": self._get_skip_reasons(),
            "provider": self._prepare_desk_provider(company),
            "auto_dial_seconds": company.call_auto_dial_seconds,
            "user": {"id": self.env.uid, "name": self.env.user.name},
        }

    @api.model
    def pause(self, reason_id=False):
        """Begin a break: the calls that the user has are for the others.

        :param int reason_id: a ``crm.call.pause.reason``
        :return: dict ``{id, reason_id, name, start}`` of the break
        """
        self._check_operator()
        pauses = self.env["crm.call.pause"].sudo()
        reason_id = self.env["crm.call"]._read_id(reason_id)
        reasons = self.env["crm.call.pause.reason"].sudo()
        reason = reasons.browse(reason_id or ()).exists()
        running = pauses._get_running()
        if running and running.reason_id != reason:
            running._finish()
            running = pauses
        if not running:
            running = pauses.create(
                {
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "reason_id": reason.id,
                }
            )
        self.release_mine()
        return running.with_env(self.env)._prepare_desk()

    @api.model
    def resume(self):
        """End the break; without one nothing happens.

        :return: whether there was one
        """
        self._check_operator()
        running = self.env["crm.call.pause"]._get_running()
        running._finish()
        return bool(running)

    @api.model
    def _check_operator(self):
        self.env["crm.call"].check_access("write")
        self.check_access("read")

    @api.model
    def _get_taken_in_order(self):
        """The calls that the user has: what was dialled first, then as they were given.

        A reload shows them again.
        """
        leased = self.env["crm.call.queue"]._get_leased(self.env.uid)
        calls = self.env["crm.call"].sudo().browse(leased)
        calls = calls.filtered(lambda call: call.state in TO_DO)
        if len(calls) < 2:
            return calls.with_env(self.env)
        certificates = (
            self.env["crm.call.certificate"]
            .sudo()
            .search(
                [("call_id", "in", calls.ids), ("user_id", "=", self.env.uid)],
                order="id",
            )
        )
        last = {
            proof.call_id.id: (proof.kind != "dial", proof.id) for proof in certificates
        }
        ordered = calls.sorted(lambda call: last.get(call.id, (False, 0)))
        return ordered.with_env(self.env)

    @api.model
    def _get_skip_reasons(self):
        """Why an operator puts a call back."""
        return [
            {
                "code": "information",
                "name": self.env._("I need to find out more first"),
            },
            {"code": "colleague", "name": self.env._("A colleague should call")},
            {"code": "known", "name": self.env._("I know this person")},
            {"code": "language", "name": self.env._("Another language is needed")},
            {"code": "data", "name": self.env._("The data look wrong")},
        ]

    @api.model
    def _prepare_desk_provider(self, company):
        """Return what dials for a company."""
        code = company.call_provider or "tel"
        provider = self.env["crm.call.provider"]._get_providers().get(code, {})
        return {"code": code, "options": provider.get("options") or {}}

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
