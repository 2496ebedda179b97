import base64
import binascii
import re

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.phone import normalise

HASH = re.compile(r"^[0-9a-f]{64}$")
#: So many bad lines are named in the message.
SHOWN = 5


class CrmDoNotCallImport(models.TransientModel):
    """Reads a do-not-call register out of a file with one number a line."""

    _name = "crm.do.not.call.import"
    _description = "Import a Do-Not-Call Register"

    # === FIELDS === #
    register_id = fields.Many2one("crm.do.not.call.register", required=True)
    file = fields.Binary(
        required=True, help="Text or CSV: the first column has the numbers."
    )
    filename = fields.Char()
    country_id = fields.Many2one(
        "res.country",
        related="register_id.country_id",
        readonly=False,
        help="Of numbers without an international prefix.",
    )
    version = fields.Char(required=True, help="As the register calls it.")
    date = fields.Date(
        string="State Of", required=True, default=fields.Date.context_today
    )

    # === ACTION METHODS === #
    def action_import(self):
        """Replace the lines of the register by those of the file; all or nothing."""
        self.ensure_one()
        self.register_id.check_access("write")
        keys = self._read_keys()
        self.register_id._replace_lines(keys, self.version, self.date)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "“%(name)s” has %(count)s numbers now.",
                    name=self.register_id.name,
                    count=len(keys),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === BUSINESS METHODS === #
    def _read_keys(self):
        """Return the numbers or sums of the file.

        :raise UserError: with the lines that are neither
        """
        try:
            content = base64.b64decode(self.file or b"", validate=False)
            lines = content.decode("utf-8-sig").splitlines()
        except (UnicodeDecodeError, binascii.Error, ValueError) as error:
            raise UserError(
                self.env._("This is no text file: save it as CSV UTF-8.")
            ) from error
        keys, bad = set(), []
        country = self.country_id.code
        for number, line in enumerate(lines, start=1):
            text = re.split(r"[;,\t]", line, maxsplit=1)[0].strip(" \"'")
            if not text:
                continue
            key = text.lower() if HASH.match(text.lower()) else None
            key = key or normalise(text, country).e164
            if key:
                keys.add(key)
            elif number > 1:
                # the first line may be a title
                bad.append(f"{number}: {text[:40]}")
        if bad or not keys:
            raise UserError(self._tell_bad(bad))
        return keys

    def _tell_bad(self, bad):
        if not bad:
            return self.env._("The file has no phone number.")
        return self.env._(
            "Nothing was imported. Lines without a phone number: %(count)s\n%(lines)s",
            count=len(bad),
            lines="\n".join(bad[:SHOWN]),
        )
