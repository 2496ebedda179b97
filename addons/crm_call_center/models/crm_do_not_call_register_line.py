from odoo import fields, models


class CrmDoNotCallRegisterLine(models.Model):
    """One number of a register, or its SHA-256 sum."""

    _name = "crm.do.not.call.register.line"
    _description = "Line of a Do-Not-Call Register"
    _rec_name = "key"
    _log_access = False

    # === FIELDS === #
    register_id = fields.Many2one(
        "crm.do.not.call.register", required=True, ondelete="cascade", index=True
    )
    key = fields.Char(required=True)

    _key_unique = models.UniqueIndex("(key, register_id)")
