from odoo import api, models
from odoo.exceptions import UserError


class CrmCallProvider(models.AbstractModel):
    """What dials: the telephone of the user, or a service that an add-on brings.

    An add-on adds its provider to :meth:`_get_providers` and dials in a method
    ``_dial_<code>``.
    """

    _name = "crm.call.provider"
    _description = "Dialler"

    # === BUSINESS METHODS === #
    @api.model
    def _get_code(self, call):
        """Return the code of what dials a call."""
        if call.list_id.is_training:
            return "simulator"
        company = call.company_id or call.list_id.company_id or self.env.company
        return company.sudo().call_provider or "tel"

    @api.model
    def _dial(self, call, certificate=None):
        """Dial a call that may be made.

        :param certificate: the ``crm.call.certificate`` that says so
        :return: the action that the desk plays
        :raise UserError: when nothing dials, or not this call
        """
        call.ensure_one()
        code = self._get_code(call)
        dial = getattr(self, f"_dial_{code}", None)
        if dial is None or code not in self._get_providers():
            raise UserError(
                self.env._(
                    "The dialler “%(code)s” is not installed: choose another one in"
                    " the settings.",
                    code=code,
                )
            )
        return dial(call, certificate)

    @api.model
    def _dial_none(self, call, certificate):
        raise UserError(
            self.env._(
                "Dialling is switched off. A supervisor can choose a dialler in the"
                " settings."
            )
        )

    @api.model
    def _dial_tel(self, call, certificate):
        number = call.phone_sanitized or call.phone
        return {"type": "ir.actions.act_url", "url": f"tel:{number}", "target": "self"}

    @api.model
    def _dial_simulator(self, call, certificate):
        if not call.list_id.is_training:
            raise UserError(
                self.env._(
                    "The simulator plays calls: it serves only training lists. Choose"
                    " another dialler in the settings."
                )
            )
        played = self.env["crm.call.simulator"]._play(call)
        return {
            "type": "ir.actions.client",
            "tag": "crm_call_center.simulated_call",
            "params": {
                "provider": "simulator",
                "call_id": call.id,
                "phone": call.phone_sanitized or call.phone,
                **played,
            },
        }

    # === HOOKS === #
    @api.model
    def _get_providers(self):
        """Return the diallers: ``{code: {"name": ..., "options": {...}}}``.

        ``options`` goes to the desk.
        """
        return {
            "tel": {"name": self.env._("Telephone of the user"), "options": {}},
            "simulator": {
                "name": self.env._("Simulator (training lists only)"),
                "options": {},
            },
            "none": {"name": self.env._("No dialler"), "options": {}},
        }
