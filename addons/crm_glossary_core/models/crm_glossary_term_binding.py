from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

#: The kinds of things that :meth:`action_open` tries, the best first.
OPENED = ("menu", "action", "model", "kpi")


class CrmGlossaryTermBinding(models.Model):
    """What a term names in this database, and whether it is there."""

    _inherit = "crm.glossary.term"

    # === FIELDS === #
    binding_ids = fields.One2many(
        "crm.glossary.binding", "term_id", string="Bound To", copy=True
    )
    binding_state = fields.Selection(
        selection=[
            ("ok", "All found"),
            ("missing", "Something not found"),
            ("not_installed", "Something not installed"),
        ],
        string="Bindings",
        compute="_compute_binding_state",
        search="_search_binding_state",
        help="Whether everything that the term names is in this database.",
    )
    can_open = fields.Boolean(compute="_compute_can_open")
    places = fields.Text(
        string="Where You Find It",
        compute="_compute_places",
        help="What the interface calls the thing, in your language.",
    )
    absent_module_id = fields.Many2one(
        "ir.module.module",
        string="App to Install",
        compute="_compute_absent_module",
        help="The app that brings what the term names, if it is not installed.",
    )
    absent_module_name = fields.Char(compute="_compute_absent_module")
    can_install = fields.Boolean(compute="_compute_absent_module")

    # === COMPUTE AND SEARCH METHODS === #
    @api.depends("binding_ids.state")
    def _compute_binding_state(self):
        """The worst state of the bindings; empty for a term that names nothing."""
        for term in self:
            states = set(term.binding_ids.mapped("state"))
            term.binding_state = next(
                (s for s in ("missing", "not_installed", "ok") if s in states), False
            )

    def _search_binding_state(self, operator, value):
        """Find terms by the worst state of their bindings.

        :return: a domain, or NotImplemented for an operator other than ``in``
        """
        if operator != "in":
            return NotImplemented
        missing = Domain("binding_ids.state", "=", "missing")
        absent = Domain("binding_ids.state", "=", "not_installed")
        domains = {
            "missing": missing,
            "not_installed": absent & ~missing,
            "ok": Domain("binding_ids.state", "=", "ok") & ~missing & ~absent,
            False: Domain("binding_ids", "=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("binding_ids.kind", "binding_ids.reference")
    @api.depends_context("uid")
    def _compute_can_open(self):
        for term in self:
            term.can_open = any(term.binding_ids.mapped("can_open"))

    @api.depends("binding_ids.ui_label", "binding_ids.state")
    @api.depends_context("lang")
    def _compute_places(self):
        """List what is there, a line for each kind of thing."""
        Binding = self.env["crm.glossary.binding"]
        kinds = Binding._fields["kind"]._description_selection(self.env)
        for term in self:
            found = term.binding_ids.filtered(lambda b: b.state == "ok")
            lines = []
            for kind, label in kinds:
                words = found.filtered(lambda b, k=kind: b.kind == k).mapped("ui_label")
                if words:
                    lines.append(f"{label}: {', '.join(dict.fromkeys(words))}")
            term.places = "\n".join(lines) or False

    @api.depends("binding_ids.kind", "binding_ids.reference", "binding_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_absent_module(self):
        """Name the app that the term lacks, and whether the reader can install it."""
        admin = self.env.user.has_group("base.group_system")
        for term in self:
            info = term._get_module()
            absent = info and info["state"] != "installed"
            term.absent_module_id = absent and info["id"]
            term.absent_module_name = absent and info["label"]
            term.can_install = bool(absent and info["installable"] and admin)

    # === ACTION METHODS === #
    def action_open(self):
        """Open the best of the things that the term names and the reader may open.

        :return: an action
        :raise UserError: if there is none
        """
        self.ensure_one()
        self.check_access("read")
        for kind in OPENED:
            for binding in self.binding_ids.filtered(lambda b, k=kind: b.kind == k):
                action = binding.action_open()
                if action:
                    return action
        raise UserError(
            self.env._("%(term)s names nothing that you can open.", term=self.name)
        )

    def action_install_module(self):
        """Install the app that the term lacks; for administrators.

        :return: what the installation asks the client to do: to load the page anew
        :raise AccessError: for everybody else
        :raise UserError: if there is nothing to install
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator can install apps."))
        info = self._get_module()
        if not info or not info["installable"]:
            raise UserError(
                self.env._("There is no app to install for %(term)s.", term=self.name)
            )
        module = self.env["ir.module.module"].browse(info["id"])
        return module.button_immediate_install()

    def action_verify_bindings(self):
        """Look up again what the terms name, and say what was found."""
        states = self.verify_bindings()
        message = self.env._(
            "Found: %(ok)s. Not installed: %(absent)s. Not found: %(missing)s.",
            ok=states["ok"],
            absent=states["not_installed"],
            missing=states["missing"],
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if states["missing"] else "success",
                "title": self.env._("Bindings"),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #
    def verify_bindings(self):
        """Look up again what the terms name; without terms, what all of them name.

        :return: dict state -> number of bindings
        :raise AccessError: for users who do not manage the glossary
        """
        self.browse().check_access("write")
        self.check_access("read")
        terms = self or self.search([])
        bindings = terms.binding_ids
        bindings.sudo()._verify()
        bindings._request_refresh()
        states = bindings.mapped("state")
        return {
            state: states.count(state) for state in ("ok", "missing", "not_installed")
        }

    # === TOOLING === #
    def _get_module(self):
        """Return the app that brings what the term names.

        An app is lacking only if nothing of what the term names is there: customers
        exist without the Invoicing app.

        :return: dict of ``id`` (False if unknown here), ``name``, ``label`` (in the
            reader's language), ``state`` (installed, not_installed, missing) and
            ``installable``; False for a term that needs no app
        """
        self.ensure_one()
        bindings = self.binding_ids.filtered(lambda b: b.kind == "module")
        if "ok" in self.binding_ids.mapped("state"):
            bindings = bindings.filtered(lambda b: b.state == "ok")
        binding = bindings[:1]
        if not binding:
            return False
        module = binding._get_modules().get(binding.reference)
        state = "installed" if binding.state == "ok" else binding.state
        return {
            "id": module.id if module else False,
            "name": binding.reference,
            "label": binding.ui_label,
            "state": state,
            "installable": bool(
                module and module.state == "uninstalled" and not module.to_buy
            ),
        }
