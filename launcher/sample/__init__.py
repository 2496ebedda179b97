"""Sample data through Odoo's own import: ``./run --sample DIR``.

``load(env, directory, say)`` runs inside ``odoo shell``. It adds the fields, writes
prepared copies of the files into a temporary folder, imports them with Odoo's own
import, then builds a scorecard, segments and a call list on what came in.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from . import campaign, pipeline, suite
from .fields import add_fields, add_page
from .importer import FileProblem, import_file, save_mapping

__all__ = ["FileProblem", "add_campaign_fields", "add_pipeline_fields", "load"]

CLOSE_BATCH = 500  # opportunities marked lost in one call of Odoo's action


def load(env, directory, say: Callable[[str], None] = print) -> dict[str, int]:
    """Load what ``directory`` holds; what is loaded already is left alone.

    :param directory: with ``bank_calls_2008.csv.gz`` and/or ``maven_crm/``
    :param say: receives progress, a line at a time
    :return: number of records per kind
    :raises FileProblem: a file is not what it should be; says what to do
    """
    directory = Path(directory)
    parts = [
        (directory / campaign.FILE, load_campaign),
        (directory / pipeline.FOLDER, load_pipeline),
    ]
    found = [part for path, part in parts if path.exists()]
    if not found:
        raise FileProblem(
            f"There is no sample in {directory}: expected {campaign.FILE} or a folder "
            f"{pipeline.FOLDER}. Pass the folder that holds them."
        )
    env = env(context={**env.context, "lang": "en_US"})  # the language of the files
    # The screen's switch "Leads" in Settings: contacts of a campaign are leads.
    env["res.config.settings"].create({"group_use_lead": True}).execute()
    counts = {}
    for part in found:
        counts |= part(env, directory, say)
        _commit(env)
    counts |= suite.build(env, say)
    _commit(env)
    return counts


def _commit(env) -> None:
    env.cr.commit()
    env.registry.signal_changes()  # a running server learns of the new fields


def add_campaign_fields(env) -> None:
    """Fields, form page and team of the campaign."""
    add_fields(env, "crm.lead", campaign.ATTRIBUTES)
    add_page(env, "crm.crm_lead_view_form", "campaign", "Campaign", campaign.ATTRIBUTES)
    env["crm.team"]._load_records(
        [
            {
                "xml_id": campaign.TEAM_ID,
                "values": {"name": campaign.TEAM, "use_opportunities": False},
                "noupdate": True,
            }
        ]
    )


def add_pipeline_fields(env, directory: Path) -> None:
    """Fields of accounts and opportunities, and the reason of lost ones."""
    attributes = pipeline.lead_attributes(pipeline.products(directory))
    add_fields(env, "res.partner", pipeline.ACCOUNT_ATTRIBUTES)
    add_fields(env, "crm.lead", attributes)
    add_page(env, "crm.crm_lead_view_form", "pipeline", "Source", attributes)


def load_campaign(env, directory: Path, say) -> dict[str, int]:
    """Import the contacts of the telephone campaign as leads."""
    if env.ref("sample_campaign.contact_00001", raise_if_not_found=False):
        say("The campaign contacts are loaded already.")
        return {}
    say("Campaign contacts:")
    with tempfile.TemporaryDirectory() as folder:
        prepared = campaign.prepare(directory, Path(folder))
        add_campaign_fields(env)
        ids = import_file(env, prepared, say)
    return {"leads": len(ids)}


def load_pipeline(env, directory: Path, say) -> dict[str, int]:
    """Import accounts, users, teams and opportunities; mark the lost ones lost."""
    if env["crm.lead"]._fields.get("x_deal_stage") and env[
        "crm.lead"
    ].search_count([("x_deal_stage", "!=", False)], limit=1):
        say("The pipeline is loaded already.")
        return {}
    say("Pipeline:")
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        files = pipeline.prepare(directory, Path(folder))
        add_pipeline_fields(env, directory)
        for prepared in files:
            counts[prepared.path.stem] = len(import_file(env, prepared, say))
    say("  marking the lost ones lost")
    mark_lost(env)
    return counts


def mark_lost(env) -> None:
    """What the list's *Mark Lost* does with the selection *Stage in the Source: Lost*."""
    Reason = env["crm.lost.reason"]
    label = "Not recorded in the source"
    reason = Reason.search([("name", "=", label)], limit=1)
    reason = reason or Reason.create({"name": label})
    lost = env["crm.lead"].search([("x_deal_stage", "=", "Lost")])
    for start in range(0, len(lost), CLOSE_BATCH):
        batch = lost[start : start + CLOSE_BATCH].with_context(tracking_disable=True)
        batch.action_set_lost(lost_reason_id=reason.id)
        env.flush_all()
        env.invalidate_all()
