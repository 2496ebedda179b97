"""The report on grades by source became the one on lead quality."""

from odoo.api import SUPERUSER_ID, Environment

MENU = "crm_lead_scoring.crm_lead_scoring_menu_grade_by_source"
NEW_MENU = "crm_lead_scoring.crm_lead_score_quality_menu"


def migrate(cr, version):
    """Let the glossary's bindings, which nobody but their owner changes, follow."""
    env = Environment(cr, SUPERUSER_ID, {})
    bindings = env["crm.glossary.binding"].with_context(active_test=False)
    bindings.search([("reference", "=", MENU)]).reference = NEW_MENU
