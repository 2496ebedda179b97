import logging
import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_logger = logging.getLogger(__name__)

MISSING = [("state", "=", "missing"), ("term_id.active", "=", True)]

#: What a reference looks like, for each kind of thing.
PATTERNS = {
    "model": re.compile(r"[a-z_][a-z0-9_]*(\.[a-z0-9_]+)*"),
    "field": re.compile(r"[a-z_][a-z0-9_]*(\.[a-z0-9_]+)*\.[a-z_][a-zA-Z0-9_]*"),
    "menu": re.compile(r"\w+\.[\w.-]+"),
    "action": re.compile(r"\w+\.[\w.-]+"),
    "kpi": re.compile(r"\w+"),
    "module": re.compile(r"\w+"),
}


class CrmGlossaryBinding(models.Model):
    """The thing in this database that a term names: a field, a menu, a KPI ...

    Whether the thing is there is checked whenever a module was installed or updated,
    and as a step of the hourly refresh.
    """

    _name = "crm.glossary.binding"
    _description = "Glossary Binding"
    _inherit = ["crm.criterion.step"]
    _order = "sequence, id"

    # === FIELDS === #
    term_id = fields.Many2one(
        "crm.glossary.term",
        string="Term",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=[
            ("model", "Document"),
            ("field", "Field"),
            ("menu", "Menu"),
            ("action", "Screen"),
            ("kpi", "KPI"),
            ("module", "App"),
        ],
        required=True,
        default="field",
    )
    reference = fields.Char(
        string="Technical Name",
        required=True,
        help="Document: crm.lead\nField: crm.lead.expected_revenue\n"
        "Menu and screen: the external ID, such as crm.crm_menu_sales\n"
        "KPI: its code\nApp: the technical name of the module",
    )
    state = fields.Selection(
        selection=[
            ("ok", "Found"),
            ("missing", "Not found"),
            ("not_installed", "Not installed"),
        ],
        compute="_compute_state",
        store=True,
        help="Found: the term names something in this database.\n"
        "Not found: it was renamed, switched off or removed.\n"
        "Not installed: it comes with an app that this database does not have.",
    )
    ui_label = fields.Char(
        string="In the Interface",
        compute="_compute_ui_label",
        help="The word that the interface shows for it, in your language.",
    )
    can_open = fields.Boolean(compute="_compute_can_open")

    _reference_unique = models.Constraint(
        "UNIQUE (term_id, kind, reference)", "The term is already bound to this."
    )
    _reference_idx = models.Index("(kind, reference)")

    # === COMPUTE METHODS === #
    @api.depends("kind", "reference")
    def _compute_state(self):
        """Look the things up. Nothing else writes the state."""
        things = self._find_things()
        modules = self._get_modules()
        for binding in self:
            if things.get((binding.kind, binding.reference)):
                binding.state = "ok"
            elif binding._is_of_absent_module(modules) or binding._is_of_hidden_app():
                binding.state = "not_installed"
            else:
                binding.state = "missing"

    @api.depends("kind", "reference")
    @api.depends_context("lang")
    def _compute_ui_label(self):
        """Ask the interface for its word; what is not there shows its reference."""
        things = self._find_things()
        modules = self._get_modules()
        for binding in self:
            thing = things.get((binding.kind, binding.reference))
            if binding.kind == "module":
                thing = modules.get(binding.reference)
            label = thing and binding._get_label(thing)
            binding.ui_label = label or binding.reference

    @api.depends("kind", "reference")
    @api.depends_context("uid")
    def _compute_can_open(self):
        """Tell where the reader can go."""
        things = self._find_things()
        for binding in self:
            thing = things.get((binding.kind, binding.reference))
            binding.can_open = bool(thing and binding._get_action(thing))

    # === CONSTRAINT METHODS === #
    @api.constrains("kind", "reference")
    def _check_reference(self):
        """A reference is written as the kind of thing asks for."""
        for binding in self:
            if not PATTERNS[binding.kind].fullmatch(binding.reference or ""):
                raise ValidationError(binding._get_reference_hint())

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        """Find out the state; nobody can claim it."""
        return super().create([self._without_state(vals) for vals in vals_list])

    def write(self, vals):
        """Find out the state; nobody can claim it."""
        return super().write(self._without_state(vals))

    @api.model
    def _without_state(self, vals):
        """Return the values to store: spaces trimmed, the state left out."""
        values = {name: value for name, value in vals.items() if name != "state"}
        if isinstance(values.get("reference"), str):
            values["reference"] = values["reference"].strip()
        return values

    # === ACTION METHODS === #
    def action_open(self):
        """Open the thing, if the reader may.

        :return: an action, or False
        """
        self.ensure_one()
        self.check_access("read")
        thing = self._find_things().get((self.kind, self.reference))
        return (thing and self._get_action(thing)) or False

    def action_view_term(self):
        """Open the term that names the thing."""
        self.ensure_one()
        return self.term_id._get_records_action()

    # === BUSINESS METHODS === #
    def _verify(self):
        """Look all things up again.

        :return: the bindings whose state changed
        """
        before = {binding: binding.state for binding in self}
        self.env.add_to_compute(self._fields["state"], self)
        self._recompute_recordset(["state"])
        changed = self.filtered(lambda binding: binding.state != before[binding])
        self.flush_recordset(["state"])
        return changed

    def _find_things(self):
        """Look up what the bindings refer to, a few queries for all of them.

        :return: dict (kind, reference) -> what was found: a record, a field or a model
        """
        references = defaultdict(set)
        for binding in self:
            if binding.kind and binding.reference:
                references[binding.kind].add(binding.reference)
        things = {}
        for kind, names in references.items():
            found = getattr(self, f"_find_{kind}")(names)
            things.update(((kind, name), thing) for name, thing in found.items())
        return things

    # === CRON METHODS === #
    def _register_hook(self):
        """Verify after every installation and update of whatever module.

        Only here are all modules loaded: data files of this one are read before the
        apps that build upon it.
        """
        super()._register_hook()
        if self.pool.updated_modules:
            try:
                with self.env.cr.savepoint():
                    self.sudo().search([])._verify()
                    self._request_refresh()
            except Exception:
                _logger.exception("The glossary's bindings could not be verified")

    def _refresh_batch(self, position):
        """Verify all bindings, in one go: it takes a fraction of a second."""
        bindings = self.search([])
        return None, len(bindings), len(bindings._verify())

    def _refresh_problem(self):
        """Say how many things are gone."""
        count = self.search_count(MISSING)
        if not count:
            return False
        return self.env._("Named by terms but not found: %(count)s.", count=count)

    def _refresh_problem_action(self):
        """Open the bindings whose thing is gone."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_glossary_core.crm_glossary_binding_action"
        )
        return {**action, "domain": list(MISSING)}

    @api.model
    def _request_refresh(self):
        """Have the health line say soon how many things are gone."""
        self.env["crm.criterion.refresh"].sudo()._request(self._name)

    # === TOOLING === #
    def _get_modules(self):
        """Return the modules that the bindings have to do with, by name.

        Modules that this database never heard of are left out.
        """
        names = set().union(*(binding._get_module_names() for binding in self))
        modules = self.env["ir.module.module"].sudo()
        return {
            module.name: module
            for module in modules.search([("name", "in", list(names))])
        }

    def _get_bound_name(self):
        """Return the name of the bound field, None for another kind of thing."""
        self.ensure_one()
        if self.kind != "field":
            return None
        return self.reference.rpartition(".")[2]

    def _get_module_names(self):
        """Return the names of the modules that may bring the thing.

        A model or field does not tell its module: then it is that of the term.
        """
        self.ensure_one()
        if self.kind == "module":
            return {self.reference}
        if self.kind in ("menu", "action"):
            return {(self.reference or "").partition(".")[0]}
        siblings = self.term_id.sudo().binding_ids
        return {b.reference for b in siblings if b.kind == "module"}

    def _is_of_hidden_app(self):
        """Whether it is a menu of an app that shows no menus yet.

        Sales without its management app is there for other apps to use: its menus are,
        too, but the top one is switched off.
        """
        if self.kind != "menu":
            return False
        menu = self.env.ref(self.reference, raise_if_not_found=False)
        if not menu or menu._name != "ir.ui.menu":
            return False
        menu = menu.sudo()
        while menu.parent_id:
            menu = menu.parent_id
        return not menu.active

    def _is_of_absent_module(self, modules):
        """Whether the thing is not there because its module is not installed.

        :param dict modules: the known modules by name
        """
        self.ensure_one()
        # other editions have modules that this database never heard of
        elsewhere = self.term_id.sudo().edition != "community"
        names = self._get_module_names()
        return any(
            not modules[name]._is_installed() if name in modules else elsewhere
            for name in names
        )

    def _get_reference_hint(self):
        """Say how a reference of this kind is written."""
        self.ensure_one()
        given = self.reference
        if self.kind == "model":
            return self.env._(
                "A document is named like crm.lead, not “%(x)s”.", x=given
            )
        if self.kind == "field":
            return self.env._(
                "A field is named with its document, like crm.lead.expected_revenue, "
                "not “%(x)s”.",
                x=given,
            )
        if self.kind == "menu":
            return self.env._(
                "A menu is named by its external ID, like crm.crm_menu_sales, not "
                "“%(x)s”.",
                x=given,
            )
        if self.kind == "action":
            return self.env._(
                "A screen is named by the external ID of its action, like "
                "crm.crm_lead_action_pipeline, not “%(x)s”.",
                x=given,
            )
        if self.kind == "kpi":
            return self.env._(
                "A KPI is named by its code, like win_rate, not “%(x)s”.", x=given
            )
        return self.env._(
            "An app is named by its technical name, like sale_crm, not “%(x)s”.",
            x=given,
        )
