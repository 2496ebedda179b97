import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine import text
from ..tools.pattern import literal


class CrmGlossaryTerm(models.Model):
    """One word of the trade: what it means and how it works in this database.

    Managers write and approve terms; users read the approved ones.
    """

    _name = "crm.glossary.term"
    _description = "Glossary Term"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    # === FIELDS === #
    # identity
    name = fields.Char(string="Term", required=True, translate=True, tracking=True)
    code = fields.Char(
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        help="Short technical name for integrations; it never changes with the "
        "language.",
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Company",
        index="btree_not_null",
        help="Only this company sees the term. Leave it empty to share the term.",
    )
    letter = fields.Char(compute="_compute_letter", search="_search_letter")
    english_name = fields.Char(
        string="In English",
        compute="_compute_english_name",
        help="The English word for the term, when you read in another language.",
    )

    # text
    definition = fields.Text(
        translate=True, tracking=True, help="What the word means, in one sentence."
    )
    practice = fields.Text(
        string="In Practice",
        translate=True,
        tracking=True,
        help="How it works in this database, and where to click.",
    )
    pitfall = fields.Text(
        string="Where People Go Wrong",
        translate=True,
        tracking=True,
        help="The common mistake, and what is true instead.",
    )

    # words
    synonym_ids = fields.One2many(
        "crm.glossary.synonym", "term_id", string="Other Words", copy=True
    )
    also_called = fields.Char(compute="_compute_words")
    former_names = fields.Char(string="Formerly", compute="_compute_words")
    false_friends = fields.Char(
        string="Not to Be Confused With", compute="_compute_words"
    )

    # order
    category_id = fields.Many2one(
        "crm.glossary.category",
        string="Category",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    audience_ids = fields.Many2many(
        "crm.glossary.audience",
        string="Audiences",
        help="Whom the term is for. Leave it empty if it is for everyone.",
    )
    # being related goes both ways; a pair is stored once, whoever was told first
    related_term_ids = fields.Many2many(
        "crm.glossary.term",
        string="Related Terms",
        compute="_compute_related_term_ids",
        inverse="_inverse_related_term_ids",
        search="_search_related_term_ids",
    )
    link_ids = fields.Many2many(
        "crm.glossary.term",
        "crm_glossary_term_link_rel",
        "term_id",
        "linked_term_id",
        string="Links",
        check_company=True,
    )
    backlink_ids = fields.Many2many(
        "crm.glossary.term",
        "crm_glossary_term_link_rel",
        "linked_term_id",
        "term_id",
        string="Backlinks",
        check_company=True,
        copy=False,
    )
    edition = fields.Selection(
        selection=[
            ("community", "Odoo Community"),
            ("suite", "This suite"),
            ("oca", "OCA add-on"),
            ("enterprise", "Odoo Enterprise"),
        ],
        string="Available In",
        required=True,
        default="community",
        tracking=True,
        help="Where the thing that the term names comes from: Odoo Community, the "
        "apps of this suite, a free add-on of the Odoo Community Association, or "
        "Odoo Enterprise (paid).",
    )

    # review
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("review", "In Review"),
            ("approved", "Approved"),
        ],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        help="Users see approved terms only.",
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain="[('share', '=', False)]",
        tracking=True,
        help="Who keeps the term right.",
    )
    verified_on = fields.Date(
        copy=False,
        tracking=True,
        help="When somebody last checked that the text is true for this database.",
    )
    can_edit = fields.Boolean(compute="_compute_can_edit")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another term already has this code.",
    )

    # === COMPUTE AND SEARCH METHODS === #
    @api.depends("name")
    def _compute_code(self):
        """Give a new term a code made of its name; a code once given stays."""
        for term in self:
            if not term.code and term.name:
                term.code = re.sub(r"\W+", "_", term.name.lower()).strip("_")
            else:
                term.code = term.code or False

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_letter(self):
        """The capital under which the name stands in the reader's alphabet."""
        for term in self:
            term.letter = (term.name or "")[:1].upper()

    def _search_letter(self, operator, value):
        """Find terms by their first letter, in the reader's language.

        :return: a domain, or NotImplemented for an operator other than ``in``
        """
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("name", "=ilike", literal(letter) + "%")
            if letter
            else Domain("name", "=", False)
            for letter in value
        )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_english_name(self):
        """The English name, where it differs from the name that is shown."""
        for term, english in zip(self, self.with_context(lang="en_US"), strict=True):
            term.english_name = english.name != term.name and english.name

    @api.depends("synonym_ids.name", "synonym_ids.kind", "synonym_ids.lang")
    @api.depends_context("lang")
    def _compute_words(self):
        """List the words of the reader's language, one line for each kind."""
        fname_by_kind = {
            "synonym": "also_called",
            "former_name": "former_names",
            "false_friend": "false_friends",
        }
        languages = {False, self.env.lang or "en_US"}
        for term in self:
            synonyms = term.synonym_ids.filtered(lambda s: s.lang in languages)
            for kind, fname in fname_by_kind.items():
                words = synonyms.filtered(lambda s, k=kind: s.kind == k)
                term[fname] = ", ".join(words.mapped("name")) or False

    @api.depends("link_ids", "backlink_ids")
    def _compute_related_term_ids(self):
        """Terms on the other end of a link, whichever way it points."""
        for term in self:
            term.related_term_ids = term.link_ids | term.backlink_ids

    def _inverse_related_term_ids(self):
        """Keep the links that point here and store the rest as links from here."""
        for term in self:
            related = term.related_term_ids - term
            backlinks = term.backlink_ids & related
            term.backlink_ids = backlinks
            term.link_ids = related - backlinks

    def _search_related_term_ids(self, operator, value):
        """Find terms by a related term, whichever way the link points.

        :return: a domain, or NotImplemented for a negative operator
        """
        if operator not in ("in", "any"):
            return NotImplemented
        return Domain("link_ids", operator, value) | Domain(
            "backlink_ids", operator, value
        )

    @api.depends_context("uid")
    def _compute_can_edit(self):
        """Tell the form whether to offer empty paragraphs for writing."""
        self.can_edit = self.browse().has_access("write")

    # === CONSTRAINT METHODS === #
    @api.constrains("state", "definition")
    def _check_definition(self):
        """An approved term says what the word means."""
        for term in self:
            if term.state == "approved" and not (term.definition or "").strip():
                raise ValidationError(
                    self.env._(
                        "Write a definition for %(term)s before you approve it.",
                        term=term.name,
                    )
                )

    # === CRUD METHODS === #
    def copy_data(self, default=None):
        """Mark the copy in its name."""
        vals_list = super().copy_data(default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%(term)s (copy)", term=term.name))
            for term, vals in zip(self, vals_list, strict=True)
        ]

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort names A to Z in the reader's language, capitals or not."""
        if field_name == "name":
            key = text.alphabetical(self._field_to_sql(alias, field_name, query))
            return text.ordered(key, direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists group by the first letter, in the reader's language."""
        if field_expr == "letter":
            return text.first_letter(self._field_to_sql(alias, "name", query))
        return super()._field_to_sql(alias, field_expr, query)

    # === ACTION METHODS === #
    def action_submit(self):
        """Ask for a review of the text."""
        self.check_access("write")
        self.state = "review"

    def action_approve(self):
        """Publish the term: everybody who reads the glossary sees it."""
        self.check_access("write")
        self.write(
            {"state": "approved", "verified_on": fields.Date.context_today(self)}
        )

    def action_draft(self):
        """Take the term back for rewriting."""
        self.check_access("write")
        self.state = "draft"

    def action_verify(self):
        """Say that the text was checked today and is still true."""
        self.check_access("write")
        self.verified_on = fields.Date.context_today(self)
