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
from .importer import FileProblem, Prepared, import_file

__all__ = ["FileProblem", "load"]

CLOSE_BATCH = 500  # opportunities marked lost in one call of Odoo's action


def load(env, directory, say: Callable[[str], None] = print) -> dict[str, int]:
    """Load what ``directory`` holds; what is loaded already is left alone.

    All files are read and checked before the first one is imported. Each of the two
    samples is one transaction: it is there completely, or not at all.

    :param directory: with ``bank_calls_2008.csv.gz`` and/or ``maven_crm/``
    :param say: receives progress, a line at a time
    :return: number of records per kind
    :raises FileProblem: a file is not what it should be; says what to do
    """
    env = _as_administrator(env)
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        parts = _prepare(env, Path(directory), Path(folder), say)
        # The switch "Leads" in Settings: contacts of a campaign are leads.
        env["res.config.settings"].create({"group_use_lead": True}).execute()
        for part, prepared in parts:
            counts |= part(env, prepared, say)
            _commit(env)
    counts |= suite.build(env, say)
    _commit(env)
    return counts


def _as_administrator(env):
    """The administrator's rights, and the language of the files."""
    admin = env.ref("base.user_admin", raise_if_not_found=False)
    user = admin if admin and admin.active else env.user
    return env(user=user.id, context={**env.context, "lang": "en_US"})


def _prepare(env, directory: Path, folder: Path, say) -> list:
    """Pairs of a function that imports and the files that are prepared for it."""
    samples = [
        (campaign.FILE, campaign.prepare, load_campaign, campaign_is_loaded),
        (pipeline.FOLDER, pipeline.prepare, load_pipeline, pipeline_is_loaded),
    ]
    found = [sample for sample in samples if (directory / sample[0]).exists()]
    if not found:
        raise FileProblem(
            f"There is no sample in {directory}: expected {campaign.FILE} or a folder "
            f"{pipeline.FOLDER}. Pass the folder that holds them."
        )
    parts = []
    for name, prepare, part, is_loaded in found:
        if is_loaded(env):
            say(f"{name} is loaded already")
        else:
            parts.append((part, prepare(directory, folder)))
    return parts


def campaign_is_loaded(env) -> bool:
    """Whether the first contact is there."""
    return bool(env.ref("sample_campaign.contact_00001", raise_if_not_found=False))


def pipeline_is_loaded(env) -> bool:
    """Whether there are opportunities of the company."""
    if "x_deal_stage" not in env["crm.lead"]._fields:
        return False
    Lead = env["crm.lead"].with_context(active_test=False)
    return bool(Lead.search_count([("x_deal_stage", "!=", False)], limit=1))


def _commit(env) -> None:
    env.cr.commit()
    env.registry.signal_changes()  # a running server learns of the new fields


def add_campaign_fields(env) -> None:
    """Fields, form page and team of the campaign."""
    add_fields(env, "crm.lead", campaign.ATTRIBUTES)
    add_page(env, "campaign", "Campaign", campaign.ATTRIBUTES)
    env["crm.team"]._load_records(
        [
            {
                "xml_id": campaign.TEAM_ID,
                "values": {"name": campaign.TEAM, "use_opportunities": False},
                "noupdate": True,
            }
        ]
    )


def add_pipeline_fields(env) -> None:
    """Fields of accounts and opportunities, with a form page for the latter."""
    attributes = pipeline.LEAD_ATTRIBUTES
    add_fields(env, "res.partner", pipeline.ACCOUNT_ATTRIBUTES)
    add_fields(env, "crm.lead", attributes)
    add_page(env, "pipeline", "Source", attributes)


def load_campaign(env, files: list[Prepared], say) -> dict[str, int]:
    """Import the contacts of the telephone campaign as leads."""
    add_campaign_fields(env)
    [contacts] = files
    return {"leads": len(import_file(env, contacts, say))}


def load_pipeline(env, files: list[Prepared], say) -> dict[str, int]:
    """Import accounts, users, teams and opportunities; mark the lost ones lost."""
    add_pipeline_fields(env)
    counts = {
        prepared.path.stem: len(import_file(env, prepared, say)) for prepared in files
    }
    say("marking the lost ones lost")
    mark_lost(env)
    return counts


def mark_lost(env) -> None:
    """What *Mark Lost* does in the list of those whose source says that they are."""
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
