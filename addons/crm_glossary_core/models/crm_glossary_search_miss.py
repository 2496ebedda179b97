import re
import unicodedata

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import mute_logger

from .crm_glossary_term_search import MAX_LENGTH

#: Shorter words are not worth noting.
MIN_LETTERS = 3
#: What was looked for just once is forgotten after so many days.
MEMORY = 180


class CrmGlossarySearchMiss(models.Model):
    """A word that somebody looked for and did not find.

    It says what the glossary lacks, not who looked for it.
    """

    _name = "crm.glossary.search.miss"
    _description = "Word Not Found"
    _order = "count desc, last_date desc, id"

    # === DEFAULTS === #
    @api.model
    def _selection_lang(self):
        """Every language Odoo knows, installed or not: words outlive a removal."""
        return self.env["crm.glossary.synonym"]._selection_lang()

    # === FIELDS === #
    name = fields.Char(string="Word", required=True, readonly=True)
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        required=True,
        readonly=True,
        help="The language in which the person works.",
    )
    count = fields.Integer(string="Times", default=1, readonly=True)
    last_date = fields.Date(
        string="Last Time", default=fields.Date.context_today, readonly=True
    )
    term_id = fields.Many2one(
        "crm.glossary.term",
        string="Same As",
        ondelete="set null",
        index="btree_not_null",
        help="The term that people mean: the word becomes one of its synonyms.",
    )

    _word_unique = models.UniqueIndex(
        "(name, lang)", "A word is listed once in each language."
    )

    # === CRUD METHODS === #
    def write(self, vals):
        """Make the word a synonym of the term that is chosen for it."""
        result = super().write(vals)
        if vals.get("term_id"):
            for miss in self:
                miss._add_synonym()
        return result

    # === ACTION METHODS === #
    def action_create_term(self):
        """Write a term for the word: open a draft that has it as its name."""
        self.ensure_one()
        self.check_access("write")
        name = self.name[:1].upper() + self.name[1:]
        term = self.env["crm.glossary.term"].create({"name": name})
        if self.lang != (self.env.lang or "en_US"):
            term.with_context(lang=self.lang).name = name
        super().write({"term_id": term.id})
        return term._get_records_action()

    # === BUSINESS METHODS === #
    @api.model
    def _log(self, query):
        """Count a word that was looked for in vain.

        :param str query: what was typed
        :return: whether it was worth noting
        """
        name = self._normalize(query)
        if sum(char.isalpha() for char in name) < MIN_LETTERS:
            return False
        lang = self.env.lang or "en_US"
        # not even the creator's column tells who looked for it
        misses = self.with_user(SUPERUSER_ID)
        if not misses._count_up(name, lang):
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    misses.create({"name": name, "lang": lang})
            except IntegrityError:
                # somebody else looked for it at this moment: counting once will do
                return True
        return True

    @api.model
    def _count_up(self, name, lang):
        """Count one more search for a listed word; return whether it is listed."""
        miss = self.search([("name", "=", name), ("lang", "=", lang)], limit=1)
        # a count may be lost when two look for it at once; nobody has to wait
        for row in miss.try_lock_for_update():
            today = fields.Date.context_today(self)
            row.write({"count": row.count + 1, "last_date": today})
        return bool(miss)

    def _add_synonym(self):
        """Make the word a synonym of its term, unless it is one already."""
        self.ensure_one()
        words = {synonym.name.casefold() for synonym in self.term_id.synonym_ids}
        if self.name not in words:
            self.env["crm.glossary.synonym"].create(
                {"term_id": self.term_id.id, "name": self.name, "lang": self.lang}
            )

    # === CRON METHODS === #
    @api.autovacuum
    def _gc_rare_words(self):
        """Forget what was looked for just once, long ago."""
        limit = fields.Date.subtract(fields.Date.context_today(self), days=MEMORY)
        self.search([("count", "=", 1), ("last_date", "<", limit)]).unlink()

    # === TOOLING === #
    @api.model
    def _normalize(self, query):
        """Return a word as it is listed: small letters, one space, not too long."""
        text = unicodedata.normalize("NFC", query).casefold()
        return re.sub(r"\s+", " ", text).strip()[:MAX_LENGTH].strip()
