from odoo import api, fields, models

DONE = "approved"


class CrmGlossaryTermLanguage(models.Model):
    """How far a term's translation into one language is.

    There is a row for each term and each language in use. English has none: terms
    are written in it and carry their own state.
    """

    _name = "crm.glossary.term.language"
    _description = "Glossary Translation"
    _order = "lang_id, term_id"
    _rec_name = "lang_id"

    # === FIELDS === #
    term_id = fields.Many2one(
        "crm.glossary.term",
        string="Term",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    lang_id = fields.Many2one(
        "res.lang",
        string="Language",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    lang = fields.Char(string="Language Code", related="lang_id.code", store=True)
    review_state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("review", "In Review"),
            ("approved", "Approved"),
        ],
        required=True,
        readonly=True,
        default="draft",
        help="How far somebody has read the translation.",
    )
    source_digest = fields.Char(
        readonly=True,
        help="Fingerprint of the English text that the translation was made from.",
    )
    state = fields.Selection(
        selection=[
            ("missing", "Missing"),
            ("outdated", "Outdated"),
            ("draft", "Draft"),
            ("review", "In Review"),
            ("approved", "Approved"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        help="Missing: readers of the language see the English text.\n"
        "Outdated: the English text has changed since the translation was made.",
    )
    coverage = fields.Float(
        compute="_compute_coverage",
        store=True,
        aggregator="avg",
        help="Share of the terms whose translation is approved and up to date.",
    )

    _term_unique = models.UniqueIndex("(term_id, lang_id)")

    # === COMPUTE METHODS === #
    @api.depends(
        "review_state",
        "source_digest",
        "term_id.name",
        "term_id.definition",
        "term_id.practice",
        "term_id.pitfall",
    )
    def _compute_state(self):
        """Missing and outdated are seen, the rest is what somebody said."""
        for term, rows in self.grouped("term_id").items():
            languages, digest = term._get_text_facts()
            for row in rows:
                if row.lang_id.code not in languages:
                    row.state = "missing"
                elif row.source_digest != digest:
                    row.state = "outdated"
                else:
                    row.state = row.review_state

    @api.depends("state")
    def _compute_coverage(self):
        for row in self:
            row.coverage = row.state == DONE

    # === ACTION METHODS === #
    def action_approve(self):
        """Say that the translation is right and up to date."""
        self._set_state("approved")

    def action_review(self):
        """Ask for a second pair of eyes."""
        self._set_state("review")

    def action_view_term(self):
        """Open the term in the row's language, to read or to translate it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.glossary.term",
            "res_id": self.term_id.id,
            "views": [(False, "form")],
        }

    # === TOOLING === #
    def _set_state(self, state):
        """Give the rows a state, for the English text of today."""
        self.check_access("read")
        self.term_id.check_access("write")
        for term, rows in self.sudo().grouped("term_id").items():
            _languages, digest = term._get_text_facts()
            rows.write({"review_state": state, "source_digest": digest})
