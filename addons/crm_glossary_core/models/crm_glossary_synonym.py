from odoo import api, fields, models


class CrmGlossarySynonym(models.Model):
    """Another word for a term in one language: what people say, or once said."""

    _name = "crm.glossary.synonym"
    _description = "Glossary Synonym"
    _order = "kind desc, lang, name, id"

    # === DEFAULTS === #
    @api.model
    def _selection_lang(self):
        """Every language Odoo knows, installed or not: words outlive a removal."""
        languages = self.env["res.lang"].sudo().with_context(active_test=False)
        return [(lang.code, lang.name) for lang in languages.search([])]

    # === FIELDS === #
    term_id = fields.Many2one(
        "crm.glossary.term",
        string="Term",
        required=True,
        ondelete="cascade",
        index=True,
    )
    name = fields.Char(string="Word", required=True)
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        help="Leave it empty for a word that is the same in every language.",
    )
    kind = fields.Selection(
        selection=[
            ("synonym", "Synonym"),
            ("former_name", "Former name"),
            ("false_friend", "False friend"),
        ],
        required=True,
        default="synonym",
        help="Synonym: people say it for this term.\n"
        "Former name: older versions called the term so.\n"
        "False friend: sounds like this term, but means something else.",
    )

    _word_unique = models.UniqueIndex(
        "(term_id, lower(name), kind, COALESCE(lang, ''))",
        "This word is already listed for the term.",
    )
