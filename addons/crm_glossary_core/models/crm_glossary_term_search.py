from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.pattern import literal
from ..tools.spelling import Speller

#: A longer query is cut.
MAX_LENGTH = 64


class CrmGlossaryTermSearch(models.Model):
    """Finding a term by any of its words, in any language."""

    _inherit = "crm.glossary.term"

    # === SEARCH METHODS === #
    @api.model
    def _search_display_name(self, operator, value):
        """Also find a term by its other words and its name in other languages."""
        domain = super()._search_display_name(operator, value)
        if value and operator in ("ilike", "like", "=ilike", "=like"):
            domain = Domain(domain) | self._get_word_domain(operator, value)
        return domain

    # === BUSINESS METHODS === #
    @api.model
    @api.readonly
    def search_terms(self, query, limit=20):
        """Find terms by a word in any installed language, or by one of their synonyms.

        Names come before synonyms, synonyms before definitions; whole words before
        beginnings, beginnings before parts; words that are only nearly the same come
        last.

        :param str query: the word or words to look for
        :param int limit: the most terms to return
        :return: list of dicts with ``id``, ``code``, ``name`` and ``definition`` in the
            reader's language, and ``matched``: the word that was found
        :raise AccessError: for users who may not read the glossary
        :raise UserError: if the query is no text
        """
        self.browse().check_access("read")
        query = self._check_query(query)
        if not query:
            return []
        domain = self._get_word_domain("ilike", literal(query))
        terms = self.search(domain | Domain("definition", "ilike", literal(query)))
        ranked = [term._get_match(query.casefold()) for term in terms]
        if len(ranked) < limit:
            others = self.search([]) - terms
            ranked += others._get_near_matches(query)
        ranked.sort(key=lambda match: match[0])
        return [
            {
                "id": term.id,
                "code": term.code,
                "name": term.name,
                "definition": term.definition or "",
                "matched": word,
            }
            for _rank, word, term in ranked[:limit]
        ]

    @api.model
    def log_search_miss(self, query):
        """Count a search that found nothing, for the keepers of the glossary.

        :param str query: what was looked for; a word that is too short, or is found
            after all, is not noted
        :return: whether it was noted
        :raise AccessError: for users who may not read the glossary
        :raise UserError: if the query is no text
        """
        self.browse().check_access("read")
        query = self._check_query(query)
        if not query or self.search_terms(query, limit=1):
            return False
        return self.env["crm.glossary.search.miss"]._log(query)

    # === TOOLING === #
    def _get_names(self):
        """Return the term's names in the installed languages, the reader's first."""
        self.ensure_one()
        names = [self.with_context(lang=lang).name for lang in self._get_languages()]
        return list(dict.fromkeys(names))

    @api.model
    def _get_languages(self):
        """Return the codes of the languages to search: the reader's first.

        English is always among them: terms are written in it.
        """
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        return list(dict.fromkeys([self.env.lang or "en_US", *installed, "en_US"]))

    @api.model
    def _get_word_domain(self, operator, value):
        """Return the domain of terms that have a word in any installed language."""
        ids = set()
        for lang in self._get_languages():
            terms = self.with_context(lang=lang).search([("name", operator, value)])
            ids.update(terms.ids)
        return Domain("id", "in", list(ids)) | Domain(
            "synonym_ids.name", operator, value
        )

    def _get_match(self, query):
        """Say how well the term answers a query.

        :param str query: the words to find, case-folded
        :return: tuple of rank (a tuple; the smaller, the better), the word found, and
            the term
        """
        self.ensure_one()
        words = [(0, name) for name in self._get_names() if name]
        words += [
            (3 if synonym.kind != "false_friend" else 6, synonym.name)
            for synonym in self.synonym_ids
        ]
        best = ((9,), self.name)
        for rank, word in words:
            position = word.casefold().find(query)
            if position < 0:
                continue
            if position > 0:
                rank += 2
            elif len(word) > len(query):
                rank += 1
            best = min(best, ((rank,), word))
        return (*best, self)

    def _get_near_matches(self, query):
        """Find the terms that have a word which is nearly the query.

        :param str query: the words to find, perhaps misspelt
        :return: list of tuples like those of :meth:`_get_match`, which they follow
        """
        speller = Speller(query)
        matches = []
        for term in self:
            words = [(0, name) for name in term._get_names() if name]
            words += [(1, synonym.name) for synonym in term.synonym_ids]
            near = [
                ((10 + slips, len(word.split()), kind), word)
                for kind, word in words
                if (slips := speller.slips(word)) is not None
            ]
            if near:
                matches.append((*min(near), term))
        return matches

    @api.model
    def _check_query(self, query):
        """Return what was typed, without spaces around it and not endless.

        :raise UserError: if it is no text
        """
        if query and not isinstance(query, str):
            raise UserError(self.env._("A search is a text."))
        letters = (char if char.isprintable() else " " for char in query or "")
        return "".join(letters).strip()[:MAX_LENGTH].strip()
