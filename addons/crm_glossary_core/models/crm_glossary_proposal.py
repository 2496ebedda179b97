import difflib
import re

from markupsafe import Markup

from odoo import api, fields, models


class CrmGlossaryProposal(models.Model):
    """A text that an update brought for a term which somebody had edited.

    Nothing is overwritten: managers take the shipped text or keep their own.
    """

    _name = "crm.glossary.proposal"
    _description = "Shipped Text"
    _order = "term_id, id"
    _rec_name = "term_id"

    # === DEFAULTS === #
    @api.model
    def _selection_lang(self):
        """Every language Odoo knows, in use or not: proposals outlive a removal."""
        languages = self.env["res.lang"].sudo().with_context(active_test=False)
        return [(lang.code, lang.name) for lang in languages.search([])]

    # === FIELDS === #
    term_id = fields.Many2one(
        "crm.glossary.term",
        string="Term",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    fname = fields.Selection(
        selection=[
            ("name", "Term"),
            ("definition", "Definition"),
            ("practice", "In Practice"),
            ("pitfall", "Where People Go Wrong"),
        ],
        string="Part",
        required=True,
        readonly=True,
    )
    lang = fields.Selection(
        selection="_selection_lang", string="Language", required=True, readonly=True
    )
    current = fields.Text(string="Your Text", compute="_compute_current")
    shipped = fields.Text(string="New Text", required=True, readonly=True)
    difference = fields.Html(compute="_compute_difference")

    _text_unique = models.UniqueIndex("(term_id, fname, lang)")

    # === COMPUTE METHODS === #
    @api.depends("term_id", "fname", "lang")
    def _compute_current(self):
        """The term's text in the proposal's language, not in the reader's."""
        for proposal in self:
            texts = proposal.term_id._get_translations(proposal.fname)
            proposal.current = texts.get(proposal.lang)

    @api.depends("current", "shipped")
    def _compute_difference(self):
        """Mark the words that would go and those that would come."""
        for proposal in self:
            proposal.difference = self._mark_words(
                proposal.current or "", proposal.shipped or ""
            )

    # === ACTION METHODS === #
    def action_accept(self):
        """Replace the term's texts by the shipped ones."""
        self._check_manager()
        langs = self.env["crm.glossary.shipped"]._get_langs()
        for proposal in self.filtered(lambda proposal: proposal.lang in langs):
            term = proposal.term_id.with_context(lang=proposal.lang)
            term.write({proposal.fname: proposal.shipped})
        self._close()

    def action_keep(self):
        """Keep the term's texts; the shipped ones are offered no more."""
        self._check_manager()
        self._close()

    # === BUSINESS METHODS === #
    @api.model
    def _offer(self, term, texts):
        """Offer shipped texts of a term, in the place of those offered earlier.

        :param texts: list of (field name, language code, text)
        """
        old = {(p.fname, p.lang): p for p in self.search([("term_id", "=", term.id)])}
        for fname, lang, text in texts:
            if proposal := old.get((fname, lang)):
                proposal.shipped = text
            else:
                values = {"fname": fname, "lang": lang, "shipped": text}
                self.create({"term_id": term.id, **values})

    @api.model
    def _drop_pointless(self):
        """Forget proposals in languages out of use, or for what says the same now."""
        langs = self.env["crm.glossary.shipped"]._get_langs()
        self.search([]).filtered(
            lambda p: p.lang not in langs or p.current == p.shipped
        ).unlink()

    def _close(self):
        """The texts were looked at: their translations are up to date again."""
        for proposal in self:
            proposal.term_id.sudo()._note_translated(proposal.lang)
        self.sudo().unlink()

    # === TOOLING === #
    def _check_manager(self):
        """Who may not write the terms may not decide about their texts either."""
        self.check_access("read")
        self.term_id.check_access("write")

    @api.model
    def _mark_words(self, old, new):
        """Return HTML of two texts as one, with ``<del>`` and ``<ins>``."""
        before, after = (re.findall(r"\s+|[^\s]+", text) for text in (old, new))
        parts = []
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for _tag, low, high, start, end in matcher.get_opcodes():
            gone, come = "".join(before[low:high]), "".join(after[start:end])
            if gone == come:
                parts.append(Markup("%s") % come)
                continue
            if gone:
                parts.append(Markup("<del>%s</del>") % gone)
            if come:
                parts.append(Markup("<ins>%s</ins>") % come)
        return Markup("<p>%s</p>") % Markup("").join(parts)
