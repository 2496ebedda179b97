from odoo import api, models, tools


class ResCountry(models.Model):
    _inherit = "res.country"

    # === BUSINESS METHODS === #
    @api.model
    @tools.ormcache(cache="stable")
    def _get_code_by_word(self):
        """Return the code of each country by its code and names, in small letters.

        Odoo empties this cache when a country changes.
        """
        words = {}
        languages = self.env["res.lang"].get_installed()
        countries = self.sudo().search([("code", "!=", False)])
        for code, _name in languages:
            for country in countries.with_context(lang=code):
                words[(country.name or "").lower()] = country.code
        for country in countries:
            words[country.code.lower()] = country.code
        return words
