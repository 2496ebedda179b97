from odoo import api, fields, models

from ..tools import shipped

BINDING = "crm.glossary.binding"


class CrmGlossaryShipped(models.Model):
    """What a module shipped last, beside what the database made of it.

    Terms are loaded once and belong to their readers from then on. At every update
    the texts that the module ships now are compared with those it shipped before: a
    text that nobody touched follows, an edited one stays as it is and the difference
    is offered (``crm.glossary.proposal``). What somebody deleted does not come back.
    """

    _name = "crm.glossary.shipped"
    _description = "Shipped Glossary Record"
    _order = "module, name"

    # === FIELDS === #
    module = fields.Char(required=True, readonly=True)
    name = fields.Char(
        required=True, readonly=True, help="Name of the record's external identifier."
    )
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(
        string="Record",
        readonly=True,
        help="The record that the module made at first. When another one has its "
        "external identifier, somebody had deleted it.",
    )
    texts = fields.Json(
        readonly=True, help="What was shipped last, by field and language."
    )
    fingerprint = fields.Char(
        readonly=True, help="Of the files that the record was last compared with."
    )

    _name_unique = models.UniqueIndex("(module, name)")

    # === BUSINESS METHODS === #
    @api.model
    def _follow(self, modules):
        """Bring the glossary in line with what modules ship, keeping what was edited.

        :param list modules: technical names; those without terms are passed over
        """
        langs = self._get_langs()
        for module in self._get_glossary_modules(modules):
            if self.env["ir.module.module"]._get(module).state == "to install":
                self._forget(module)
            self._remove_unwanted(module)
            fingerprint = shipped.fingerprint(module, langs)
            rows = self.search([("module", "=", module)])
            if rows and set(rows.mapped("fingerprint")) == {fingerprint}:
                continue
            self._follow_texts(module, shipped.read_texts(self.env, module, langs))
            self.search([("module", "=", module)]).fingerprint = fingerprint
        self.env["crm.glossary.proposal"]._drop_pointless()
        self.env["crm.glossary.term"]._complete_languages()

    @api.model
    def _follow_texts(self, module, texts):
        """Compare what a module ships with what is in the database, term by term.

        :param str module: technical name
        :param dict texts: as :func:`.tools.shipped.read_texts` returns
        """
        self._remember(module)
        for row in self.search([("module", "=", module), ("model", "=", shipped.TERM)]):
            term = self.env[shipped.TERM].browse(row.res_id).exists()
            if term and row.name in texts:
                row._follow_term(term, texts[row.name])

    def _follow_term(self, term, texts):
        """Update the texts of one term that nobody edited; offer the others."""
        self.ensure_one()
        last = self.texts or {}
        texts = {fname: dict(last.get(fname, {}), **texts[fname]) for fname in texts}
        if texts == last:
            return
        offered = []
        for fname, by_lang in texts.items():
            stored = term._get_translations(fname)
            # English first: a new translation needs it
            for lang in sorted(by_lang, key=lambda lang: lang != shipped.ENGLISH):
                old, new = last.get(fname, {}).get(lang), by_lang[lang]
                if lang not in self._get_langs() or stored.get(lang) == new:
                    continue
                if stored.get(lang) == old:
                    self._write_text(term, fname, lang, new)
                elif new != old:
                    offered.append((fname, lang, new))
        self.env["crm.glossary.proposal"]._offer(term, offered)
        self.texts = texts
        term._approve_shipped_translations(texts)

    @api.model
    def _write_text(self, term, fname, lang, text):
        """Write a shipped text: no message in the history, no sign of an edit."""
        term = term.with_context(lang=lang, tracking_disable=True)
        term.write({fname: text})

    # === TOOLING === #
    @api.model
    def _get_langs(self):
        """Codes of the languages in use, English among them."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        return sorted({*installed, shipped.ENGLISH})

    @api.model
    def _get_records(self, module):
        """Where the module's records are now: ``{(model, name): id}``."""
        data = self.env["ir.model.data"].sudo()
        domain = [("module", "=", module), ("model", "in", (shipped.TERM, BINDING))]
        rows = data.search_read(domain, ["model", "name", "res_id"])
        return {(row["model"], row["name"]): row["res_id"] for row in rows}

    @api.model
    def _get_glossary_modules(self, modules):
        """Those of some modules that ship terms, in the order given."""
        domain = [("module", "in", list(modules)), ("model", "=", shipped.TERM)]
        groups = self.env["ir.model.data"].sudo()._read_group(domain, ["module"])
        shipping = {module for (module,) in groups}
        return [module for module in modules if module in shipping]

    @api.model
    def _remember(self, module):
        """Note which records a module has made."""
        known = {row.name for row in self.search([("module", "=", module)])}
        self.create(
            [
                {"module": module, "model": model, "name": name, "res_id": res_id}
                for (model, name), res_id in self._get_records(module).items()
                if name not in known
            ]
        )

    @api.model
    def _remove_unwanted(self, module):
        """Delete again what somebody had deleted and the update has brought back."""
        records = self._get_records(module)
        for row in self.search([("module", "=", module)]):
            res_id = records.get((row.model, row.name), row.res_id)
            if res_id != row.res_id:
                self.env[row.model].browse(res_id).exists().unlink()

    @api.model
    def _forget(self, module):
        """Start anew with a module: it is being installed (again)."""
        self.search([("module", "=", module)]).unlink()
