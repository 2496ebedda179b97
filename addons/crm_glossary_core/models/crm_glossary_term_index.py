from odoo import api, models


class CrmGlossaryTermIndex(models.Model):
    """What the A-Z page needs to know of every term, read in one go."""

    _inherit = "crm.glossary.term"

    # === BUSINESS METHODS === #
    @api.model
    @api.readonly
    def get_index(self):
        """List every term that the reader may read, in the reader's language.

        The number of queries does not grow with the number of terms.

        :return: dict of ``terms``: list of dicts with ``id``, ``code``, ``name``,
            ``english_name``, ``definition``, ``letter``, ``words`` (the other words of
            the reader's language, as list), ``category`` and ``audiences`` (ids; no
            audience = for everyone), ``state``; ``categories`` and ``audiences``: lists
            of dicts with ``id`` and ``name``, only those that have terms;
            ``can_create``: whether the reader may write terms
        :raise AccessError: for users who may not read the glossary
        """
        self.browse().check_access("read")
        terms = self.search([])
        return {
            "terms": [term._prepare_index_entry() for term in terms],
            "categories": self._get_index_names(terms.category_id),
            "can_create": self.browse().has_access("create"),
            "audiences": self._get_index_names(terms.audience_ids),
        }

    # === HOOKS === #
    def _prepare_index_entry(self):
        """Return the line of one term in the index; extend it with more keys.

        :return: dict, see :meth:`get_index`
        """
        self.ensure_one()
        languages = {False, self.env.lang or "en_US"}
        words = self.synonym_ids.filtered(
            lambda synonym: (
                synonym.lang in languages and synonym.kind != "false_friend"
            )
        )
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "english_name": self.english_name or "",
            "definition": self.definition or "",
            "letter": self.letter,
            "words": words.mapped("name"),
            "category": self.category_id.id,
            "audiences": self.audience_ids.ids,
            "state": self.state,
        }

    # === TOOLING === #
    @api.model
    def _get_index_names(self, records):
        """Return what a filter of the page offers: id and name, in their order."""
        return [{"id": record.id, "name": record.name} for record in records.sorted()]
