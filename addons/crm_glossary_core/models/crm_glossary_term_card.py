from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmGlossaryTermCard(models.Model):
    """Terms as plain data for the web client and other programs.

    All texts are plain text: whoever shows them as HTML must escape them.
    """

    _inherit = "crm.glossary.term"

    # === BUSINESS METHODS === #
    @api.model
    @api.readonly
    def get_cards(self, codes=None, model=None, field=None, lang=None):
        """Return terms as dicts, those that the reader may read.

        :param list codes: terms to return in full, in this order; unknown ones are
            left out
        :param str model: only terms bound to this model or one of its fields
        :param str field: with ``model``: only terms bound to this field
        :param str lang: language of the texts, by default the reader's
        :return: list of dicts, one a term; with ``codes`` all keys of
            :meth:`_prepare_card`, else those of :meth:`_prepare_light_card`
        :raise AccessError: for users who may not read the glossary
        :raise UserError: if the language is not installed, or ``codes`` no list of
            texts
        """
        self.browse().check_access("read")
        Term = self._with_language(lang)
        bound = Term._get_bound_names(model, field) if model else None
        domain = Domain("id", "in", list(bound)) if model else Domain.TRUE
        if codes is None:
            terms = Term.search(domain)
            return [
                term._prepare_light_card((bound or {}).get(term.id, ()))
                for term in terms
            ]
        codes = self._check_codes(codes)
        terms = Term.search(domain & Domain("code", "in", codes))
        by_code = terms._get_by_code()
        return [by_code[code]._prepare_card() for code in codes if code in by_code]

    @api.model
    @api.readonly
    def get_bound_fields(self):
        """Tell which approved term explains which field, in the reader's language.

        :return: dict model -> field name -> dict of ``code``, ``name`` and
            ``definition``
        :raise AccessError: for users who may not read the glossary
        """
        self.browse().check_access("read")
        bindings = self.env["crm.glossary.binding"].search(
            [
                ("kind", "=", "field"),
                ("state", "=", "ok"),
                ("term_id.state", "=", "approved"),
                ("term_id.active", "=", True),
            ]
        )
        result = defaultdict(dict)
        # what comes last wins: the company's own term
        for binding in bindings.sorted(lambda b: b.term_id._get_rank(), reverse=True):
            model_name, _dot, field_name = binding.reference.rpartition(".")
            term = binding.term_id
            result[model_name][field_name] = {
                "code": term.code,
                "name": term.name,
                "definition": term.definition or "",
            }
        return dict(result)

    # === HOOKS === #
    def _prepare_light_card(self, bound=()):
        """Return the few keys that a list of terms needs.

        :param bound: names of the fields that the term is bound to on the model that
            was asked for; ``None`` among them stands for the model itself
        :return: dict of ``id``, ``code``, ``name``, ``definition``, ``fields`` and
            ``model_bound``
        """
        self.ensure_one()
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "definition": self.definition or "",
            "fields": sorted(name for name in bound if name),
            "model_bound": None in bound,
        }

    def _prepare_card(self):
        """Return all that a reader sees of the term. Extend it with more keys.

        :return: dict, see the keys below; texts are plain text
        """
        self.ensure_one()
        words = self._get_words()
        editions = dict(self._fields["edition"]._description_selection(self.env))
        related = self.related_term_ids._filtered_access("read")
        return {
            **self._prepare_light_card(self._get_own_bound_names()),
            "english_name": self.english_name or "",
            "practice": self.practice or "",
            "pitfall": self.pitfall or "",
            "edition": self.edition,
            "edition_label": editions[self.edition],
            "state": self.state,
            "category": self.category_id.name or "",
            "synonyms": words["synonym"],
            "former_names": words["former_name"],
            "false_friends": words["false_friend"],
            "related": [{"code": term.code, "name": term.name} for term in related],
            "bindings": [
                {
                    "kind": binding.kind,
                    "reference": binding.reference,
                    "state": binding.state,
                    "ui_label": binding.ui_label,
                    "can_open": binding.can_open,
                }
                for binding in self.binding_ids
            ],
            "truth": self._get_truth(),
            "module": self._get_module(),
            "verified_on": fields.Date.to_string(self.verified_on) or False,
            "owner": self.sudo().owner_id.name or "",
            "can_edit": self.can_edit,
        }

    # === TOOLING === #
    @api.model
    def _with_language(self, lang):
        """Return the model in a language.

        :raise UserError: if the language is not installed
        """
        if not lang:
            return self
        if lang != "en_US" and lang not in dict(self.env["res.lang"].get_installed()):
            raise UserError(
                self.env._("The language %(lang)s is not installed.", lang=lang)
            )
        return self.with_context(lang=lang)

    @api.model
    def _check_codes(self, codes):
        """Return the codes, each once, in their order.

        :raise UserError: if they are no texts
        """
        codes = [codes] if isinstance(codes, str) else codes
        if not isinstance(codes, list | tuple | set) or not all(
            isinstance(code, str) for code in codes
        ):
            raise UserError(self.env._("Codes of terms are a list of texts."))
        return list(dict.fromkeys(codes))

    @api.model
    def _get_bound_names(self, model, field=None):
        """Return what the terms are bound to on a model.

        :return: dict id of the term -> set of field names, None for the model itself
        """
        if field:
            domain = Domain("kind", "=", "field") & Domain(
                "reference", "=", f"{model}.{field}"
            )
        else:
            domain = Domain("kind", "=", "model") & Domain("reference", "=", model)
            domain |= Domain("kind", "=", "field") & Domain(
                "reference", "=like", f"{model}.%"
            )
        bound = defaultdict(set)
        bindings = self.env["crm.glossary.binding"].search(domain)
        for binding in bindings:
            name = binding._get_bound_name()
            if binding.kind == "model" or binding.reference == f"{model}.{name}":
                bound[binding.term_id.id].add(name)
        return bound

    def _get_own_bound_names(self):
        """Return what the term itself is bound to: field names, None for a model."""
        bindings = self.binding_ids.filtered(lambda b: b.kind in ("model", "field"))
        return {binding._get_bound_name() for binding in bindings}

    def _get_by_code(self):
        """Return the terms by code; a company's own term hides the shared one."""
        return {
            term.code: term
            for term in self.sorted(lambda t: t._get_rank(), reverse=True)
        }

    def _get_rank(self):
        """Sort key of terms for the same thing: the reader's company's own first."""
        self.ensure_one()
        own = self.company_id == self.env.company
        return (0 if own else 2 if self.company_id else 1, self.id)

    def _get_words(self):
        """Return the other words in the reader's language, by kind."""
        self.ensure_one()
        languages = {False, self.env.lang or "en_US"}
        words = {"synonym": [], "former_name": [], "false_friend": []}
        for synonym in self.synonym_ids:
            if synonym.lang in languages:
                words[synonym.kind].append(synonym.name)
        return words
