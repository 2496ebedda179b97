from odoo.fields import Command

from .common_glossary import GlossaryCommon


class BindingCommon(GlossaryCommon):
    """Terms bound to what every database with CRM has, and to modules it lacks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Binding = cls.env["crm.glossary.binding"].with_context(lang="en_US")
        modules = cls.env["ir.module.module"]
        cls.absent = modules.create(
            {"name": "absent_app", "shortdesc": "Absent App", "state": "uninstalled"}
        )
        cls.paid = modules.create(
            {
                "name": "paid_app",
                "shortdesc": "Paid App",
                "state": "uninstalled",
                "to_buy": True,
            }
        )

    @classmethod
    def _bind(cls, name, *things, **values):
        """Create an approved term bound to ``(kind, reference)`` pairs."""
        bindings = [
            Command.create({"kind": kind, "reference": reference})
            for kind, reference in things
        ]
        return cls._create_term(name, binding_ids=bindings, **values)

    def _get_states(self, term):
        """Return the state of each binding of a term by reference."""
        return {binding.reference: binding.state for binding in term.binding_ids}
