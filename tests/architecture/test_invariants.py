"""The invariants of the suite, on the suite itself. ``pytest -p no:odoo`` runs them.

Each test collects what a check reports on the whole tree. That each check reports what
it should is shown in ``test_the_checks_*.py``.
"""

from pathlib import Path

import pytest

import access
import arrows
import engine_only
import idioms
import models_check
import project
import translations
import views
from allowed import EXCEPTIONS
from source_tree import Tree, unexcused

CHECKS = [
    # 1. arrows
    arrows.check_manifest_graph,
    arrows.check_modules_are_known,
    arrows.check_python_imports,
    arrows.check_javascript,
    arrows.check_xml_ids,
    arrows.check_model_names,
    # 2. SQL, 3. one parser, 8. transactions
    engine_only.check_sql,
    engine_only.check_search_is_the_engines,
    engine_only.check_one_parser,
    engine_only.check_transactions,
    # 4. match tables, 11. access and companies
    access.check_match_tables,
    access.check_access_lines,
    access.check_companies,
    access.check_public_methods,
    # 9. sizes, 10. core's fields, 14. names
    models_check.check_file_sizes,
    models_check.check_method_sizes,
    models_check.check_lead_is_lean,
    models_check.check_core_fields,
    models_check.check_merge,
    models_check.check_names,
    models_check.check_one_model_a_file,
    models_check.check_section_order,
    models_check.check_docstrings,
    # 12. views
    views.check_named_parts,
    views.check_no_replace,
    views.check_view_ids,
    views.check_action_ids,
    views.check_view_files,
    views.check_menus,
    views.check_empty_states,
    # Odoo 19
    idioms.check_python,
    idioms.check_fields,
    idioms.check_routes,
    idioms.check_inverse_indexes,
    idioms.check_xml,
    # 13. neutralised, and the project as a whole
    project.check_manifests,
    project.check_icons,
    project.check_neutralized,
    project.check_everything_is_imported,
    project.check_no_skipped_tests,
    project.check_text_files,
    project.check_no_machine,
    project.check_no_leftovers,
    project.check_comments,
    # translations
    translations.check_catalogues,
    translations.check_templates,
]


@pytest.fixture(scope="session")
def tree():
    return Tree(Path(__file__).resolve().parents[2])


def test_there_is_something_to_check(tree):
    assert {"crm_glossary_core", "crm_lead_scoring"} <= set(tree.addons)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_invariant(tree, check):
    allowed = EXCEPTIONS.get(check.__name__, {})
    findings = sorted(unexcused(check(tree), allowed))
    if findings:
        report = "\n".join(map(str, findings))
        pytest.fail(f"{check.__doc__}\n{report}", pytrace=False)


def test_exceptions_have_a_check():
    assert set(EXCEPTIONS) <= {check.__name__ for check in CHECKS}
