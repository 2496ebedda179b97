import hashlib

from odoo import api, fields, models

from ..tools.shipped import ENGLISH, TEXTS


class CrmGlossaryTermTranslation(models.Model):
    """The languages of a term: what is translated, reviewed, missing, outdated."""

    _inherit = "crm.glossary.term"

    # === FIELDS === #
    language_ids = fields.One2many(
        "crm.glossary.term.language",
        "term_id",
        string="Translations",
        domain=[("lang_id.active", "=", True)],
        copy=False,
    )
    language_state = fields.Selection(
        selection=[
            ("missing", "Missing"),
            ("outdated", "Outdated"),
            ("draft", "Draft"),
            ("review", "In Review"),
            ("approved", "Approved"),
        ],
        string="State of the Translation",
        compute="_compute_language_state",
        help="Of the reader's language.",
    )
    proposal_ids = fields.One2many(
        "crm.glossary.proposal",
        "term_id",
        string="Shipped Texts",
        groups="crm_glossary_core.group_glossary_manager",
    )
    proposal_count = fields.Integer(
        compute="_compute_proposal_count",
        groups="crm_glossary_core.group_glossary_manager",
    )

    # === COMPUTE METHODS === #
    @api.depends("state", "language_ids.state")
    @api.depends_context("lang")
    def _compute_language_state(self):
        """English has the state of the term itself."""
        lang = self.env.lang or ENGLISH
        for term in self:
            rows = term.language_ids.filtered(lambda row: row.lang == lang)
            term.language_state = (
                term.state if lang == ENGLISH else rows.state or "missing"
            )

    @api.depends("proposal_ids")
    def _compute_proposal_count(self):
        for term in self:
            term.proposal_count = len(term.proposal_ids)

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create(vals_list)
        terms._complete_languages()
        terms._note_translated(self.env.lang)
        return terms

    def write(self, vals):
        """Whoever writes in another language than English has translated."""
        outdated = self._get_language_rows(self.env.lang, ["outdated"])
        result = super().write(vals)
        if set(vals) & set(TEXTS):
            outdated.sudo().review_state = "review"
            self._note_translated(self.env.lang)
        if vals.get("state") == "approved":
            self._get_language_rows(self.env.lang, ["draft", "review"])._set_state(
                "approved"
            )
        return result

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        """The dialog of all languages comes here instead of to write()."""
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        if field_name in TEXTS:
            for lang in translations:
                self._note_translated(lang)
        return result

    @api.model
    def _load_records(self, data_list, update=False):
        """Terms of a module's files belong to their readers once they are loaded."""
        if self.env.context.get("install_module"):
            data_list = [{**data, "noupdate": True} for data in data_list]
        return super()._load_records(data_list, update=update)

    # === ACTION METHODS === #
    def action_view_proposals(self):
        """Open the shipped texts that differ from the term's own."""
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_glossary_core.crm_glossary_proposal_action"
        )
        return {**action, "domain": [("term_id", "in", self.ids)]}

    # === BUSINESS METHODS === #
    def _prepare_card(self):
        """Say in which language the card is, and when it falls back to English."""
        language = {
            "lang": self.env.lang or ENGLISH,
            "state": self.language_state,
            "fallback": self.language_state == "missing",
        }
        return {**super()._prepare_card(), "language": language}

    def _note_translated(self, lang):
        """Remember that the text in a language was made from today's English."""
        for row in self._get_language_rows(lang).sudo():
            _languages, digest = row.term_id._get_text_facts()
            if row.source_digest != digest:
                row.source_digest = digest

    def _approve_shipped_translations(self, texts):
        """What is shipped word for word needs no review.

        :param dict texts: ``{field name: {language code: text}}`` of one term
        """
        self.ensure_one()
        digest = self._digest({f: by_lang.get(ENGLISH) for f, by_lang in texts.items()})
        stored = {fname: self._get_translations(fname) for fname in texts}
        self._complete_languages()
        for row in self.language_ids:
            pairs = [
                (by_lang.get(row.lang), stored[fname].get(row.lang))
                for fname, by_lang in texts.items()
            ]
            if all(new and new == current for new, current in pairs):
                row.write({"review_state": "approved", "source_digest": digest})

    @api.model
    def _complete_languages(self):
        """Give each of the terms (none given: all) a row for each language in use."""
        terms = self or self.with_context(active_test=False).sudo().search([])
        languages = self.env["res.lang"].search([("code", "!=", ENGLISH)])
        Row = self.env["crm.glossary.term.language"].sudo()
        known = {
            (term.id, language.id)
            for term, language in Row._read_group(
                [("term_id", "in", terms.ids)], ["term_id", "lang_id"]
            )
        }
        rows = Row.create(
            [
                {"term_id": term.id, "lang_id": language.id}
                for term in terms
                for language in languages
                if (term.id, language.id) not in known
            ]
        )
        # demo data that fail to load would take a pending state with them
        rows.flush_recordset()

    # === TOOLING === #
    def _get_language_rows(self, lang, states=None):
        """Rows of the terms for a language, an empty recordset for English."""
        if (lang or ENGLISH) == ENGLISH:
            return self.env["crm.glossary.term.language"]
        return self.language_ids.filtered(
            lambda row: row.lang == lang and (states is None or row.state in states)
        )

    def _get_translations(self, fname):
        """What is stored of a text: ``{language code: text}``, without fallbacks."""
        self.ensure_one()
        if not isinstance(self.id, int):
            return {}
        return self._fields[fname]._get_stored_translations(self) or {}

    def _get_text_facts(self):
        """Return the languages that name and definition are in, and a digest.

        :return: set of language codes, fingerprint of the English texts
        """
        self.ensure_one()
        texts = {fname: self._get_translations(fname) for fname in TEXTS}
        languages = set(texts["name"])
        if texts["definition"]:
            languages &= set(texts["definition"])
        return languages, self._digest({f: t.get(ENGLISH) for f, t in texts.items()})

    @api.model
    def _digest(self, texts):
        """Fingerprint of English texts by field name; an empty one counts as none."""
        words = "\0".join(texts.get(fname) or "" for fname in TEXTS)
        return hashlib.sha256(words.encode()).hexdigest()[:16]
