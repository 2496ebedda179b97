from odoo import api, models


class CrmGlossaryTermFile(models.Model):
    """Terms in files: Odoo's own import and export, with a sample to start from.

    Every column goes both ways: state, owner, words and bindings included. Texts are
    read and written in the user's language: a translation is imported by a user of
    that language, with the External ID of the term and the translated columns.
    """

    _inherit = "crm.glossary.term"

    # === BUSINESS METHODS === #
    @api.model
    def get_import_templates(self):
        """Offer a sample file in the import dialog.

        :return: list of dicts with ``label`` and ``template``, the address of the file
        """
        self.browse().check_access("read")
        return [
            {
                "label": self.env._("Import Template for Terms"),
                "template": "/crm_glossary_core/static/csv/crm_glossary_term.csv",
            }
        ]
