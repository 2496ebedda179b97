import hashlib

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Lines that are looked at or made together.
CHUNK = 5000


class CrmDoNotCallRegister(models.Model):
    """A public register of people who want no advertising calls, as it was imported.

    A newer version replaces the lines of the older one. The lines may be numbers or
    their SHA-256 sums: then the file tells nobody's number.
    """

    _name = "crm.do.not.call.register"
    _description = "Do-Not-Call Register"
    _order = "name, id"
    _inherit = ["mail.thread"]

    # === FIELDS === #
    name = fields.Char(
        required=True, help="As the country packs call it, such as TPS or NDNC."
    )
    country_id = fields.Many2one("res.country")
    version = fields.Char(readonly=True, copy=False, tracking=True)
    date = fields.Date(
        string="State Of",
        readonly=True,
        copy=False,
        tracking=True,
        help="The day on which the register said so.",
    )
    line_count = fields.Integer(
        string="Numbers", readonly=True, copy=False, tracking=True
    )
    line_ids = fields.One2many("crm.do.not.call.register.line", "register_id")

    _name_unique = models.UniqueIndex(
        "(name)", "There is a register with this name: import its new version there."
    )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        # The rules of countries look at the age of registers.
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === BUSINESS METHODS === #
    def _replace_lines(self, keys, version, date):
        """Make these the lines of the register: all of them, or none on an error.

        :param keys: numbers in the international form, or SHA-256 sums of them
        :param date date: the state of the file
        :raise UserError: when the file is older than what is there
        """
        self.ensure_one()
        if self.date and date < self.date:
            raise UserError(
                self.env._(
                    "The register is of %(date)s already: this file is older.",
                    date=tools.format_date(self.env, self.date),
                )
            )
        Line = self.env["crm.do.not.call.register.line"].sudo()
        keys = set(keys)
        old = Line.search([("register_id", "=", self.id)])
        known = set(old.mapped("key"))
        old.filtered(lambda line: line.key not in keys).unlink()
        new = sorted(keys - known)
        for start in range(0, len(new), CHUNK):
            Line.create(
                [
                    {"register_id": self.id, "key": key}
                    for key in new[start : start + CHUNK]
                ]
            )
        self.write({"version": version, "date": date, "line_count": len(keys)})

    @api.model
    def _find(self, numbers, purpose=None):
        """Return ``{number: names of registers}`` of the numbers that are in one.

        Registers are about advertising: they do not touch service calls.
        """
        if purpose == "service":
            return {}
        keys = {number: number for number in numbers}
        keys |= {self._hash(number): number for number in numbers}
        lines = self.env["crm.do.not.call.register.line"].sudo()
        found = {}
        for line in lines.search(Domain("key", "in", list(keys))):
            found.setdefault(keys[line.key], []).append(line.register_id.name)
        return found

    @api.model
    def _hash(self, number):
        return hashlib.sha256(number.encode()).hexdigest()

    @api.model
    @tools.ormcache()
    def _get_versions(self):
        """Return name, version and date of each register, as texts."""
        return tuple(
            f"{register.name} {register.version or '-'} {register.date or '-'}"
            for register in self.sudo().search([])
        )

    @api.model
    def _get_ages(self):
        """Return the age of each register in days, by its name."""
        today = fields.Date.today()
        return {
            register.name: (today - register.date).days
            for register in self.sudo().search([("date", "!=", False)])
        }
