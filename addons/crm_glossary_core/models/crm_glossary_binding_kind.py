from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain


class CrmGlossaryBinding(models.Model):
    """What each kind of thing is, what it is called and how it is opened.

    A new kind needs a ``_find_<kind>`` and, if it differs, a label and an action.
    """

    _inherit = "crm.glossary.binding"

    # === HOOKS === #
    @api.model
    def _find_model(self, names):
        """Return the models of the registry by name, as records of ``ir.model``."""
        names = [name for name in names if name in self.env]
        found = self.env["ir.model"].sudo().search([("model", "in", names)])
        return {model.model: model for model in found}

    @api.model
    def _find_field(self, names):
        """Return the fields of the registry by ``model.field``."""
        found = {}
        for name in names:
            model_name, _dot, field_name = name.rpartition(".")
            if model_name in self.env:
                field = self.env[model_name]._fields.get(field_name)
                if field is not None:
                    found[name] = field
        return found

    @api.model
    def _find_menu(self, names):
        """Return the active menus by their external ID."""
        found = self._find_records(names)
        return {
            name: menu
            for name, menu in found.items()
            if menu._name == "ir.ui.menu" and menu._is_active_with_parents()
        }

    @api.model
    def _find_action(self, names):
        """Return the actions by their external ID."""
        return {
            name: action
            for name, action in self._find_records(names).items()
            if action._name.startswith("ir.actions.")
        }

    @api.model
    def _find_kpi(self, names):
        """Return the KPIs by code."""
        if "crm.kpi" not in self.env:
            return {}
        kpis = self.env["crm.kpi"].sudo().search([("code", "in", list(names))])
        return {kpi.code: kpi for kpi in kpis}

    @api.model
    def _find_module(self, names):
        """Return the installed modules by name."""
        modules = self.env["ir.module.module"].sudo()
        return {
            module.name: module
            for module in modules.search([("name", "in", list(names))])
            if module._is_installed()
        }

    def _get_label(self, thing):
        """Return the word of the interface for what was found.

        :param thing: what ``_find_<kind>`` returned
        """
        self.ensure_one()
        if self.kind == "field":
            return thing.get_description(self.env, ["string"]).get("string")
        if self.kind == "module":
            return thing.shortdesc
        return thing.name

    def _get_action(self, thing):
        """Return the action that opens what was found; False if the reader may not.

        Fields and modules are no places to go to.
        """
        self.ensure_one()
        method = getattr(self, f"_get_{self.kind}_action", None)
        return method(thing) if method else False

    # === TOOLING === #
    @api.model
    def _find_records(self, names):
        """Return the records by external ID, whoever may read them.

        Two queries for the external IDs and their records of each model.
        """
        names_by_module = defaultdict(list)
        for name in names:
            module, _dot, local_name = name.partition(".")
            names_by_module[module].append(local_name)
        domain = Domain.OR(
            Domain("module", "=", module) & Domain("name", "in", local_names)
            for module, local_names in names_by_module.items()
        )
        data = self.env["ir.model.data"].sudo().search(domain)
        ids_by_model = defaultdict(list)
        for row in data:
            if row.model in self.env:
                ids_by_model[row.model].append(row.res_id)
        existing = {
            model: set(self.env[model].sudo().browse(record_ids).exists().ids)
            for model, record_ids in ids_by_model.items()
        }
        return {
            row.complete_name: self.env[row.model]
            .sudo()
            .browse(row.res_id)
            .with_prefetch(ids_by_model[row.model])
            for row in data
            if row.res_id in existing.get(row.model, ())
        }

    @api.model
    def _get_model_action(self, model):
        """Open the list of a model's records, if the model has one of its own."""
        Model = self.env.get(model.model)
        if Model is None or Model._transient or Model._abstract:
            return False
        if not Model.has_access("read") or model.model not in self._get_listed_models():
            return False
        return {
            "type": "ir.actions.act_window",
            "name": model.name,
            "res_model": model.model,
            "views": [[False, "list"], [False, "form"]],
            "target": "current",
        }

    @api.model
    def _get_listed_models(self):
        """Return the names of the models for which somebody made a list."""
        views = self.env["ir.ui.view"].sudo()
        groups = views._read_group(
            [("type", "=", "list"), ("model", "!=", False)], ["model"]
        )
        return {name for [name] in groups}

    @api.model
    def _get_menu_action(self, menu):
        """Open what the menu opens; for a menu without a screen, its first one."""
        visible = self.env["ir.ui.menu"]._visible_menu_ids()
        while menu and not menu.action:
            menu = menu.child_id.filtered(lambda child: child.id in visible)[:1]
        if not menu or menu.id not in visible:
            return False
        return self._get_action_action(menu.action)

    @api.model
    def _get_action_action(self, action):
        """Return the action's description for the client.

        A wizard or a list that works on the records of another screen is left out.
        """
        action = action.sudo()
        groups = action.group_ids if "group_ids" in action._fields else False
        if groups and not groups & self.env.user.all_group_ids:
            return False
        if action._name == "ir.actions.act_window":
            Model = self.env.get(action.res_model)
            texts = (action.domain or "") + (action.context or "")
            if Model is None or Model._transient or "active_id" in texts:
                return False
            if not Model.has_access("read"):
                return False
        elif action._name == "ir.actions.server":
            if action.binding_model_id or not action.model_id:
                return False
            if not self.env[action.model_id.model].has_access("read"):
                return False
        elif action._name not in ("ir.actions.client", "ir.actions.act_url"):
            return False
        return action.with_env(self.env)._get_action_dict()

    @api.model
    def _get_kpi_action(self, kpi):
        """Open the KPI."""
        kpi = kpi.with_env(self.env)
        return kpi.has_access("read") and kpi._get_records_action()
