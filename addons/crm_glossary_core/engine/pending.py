"""Changes of this transaction that stored results do not show yet.

Records that are written several times in one transaction (an import, an assignment)
are refreshed once, at its end. Whoever asks for a result before that gets it right all
the same: reading, searching or sorting by a :class:`Satellite` or by
:class:`CurrentMatches` refreshes first.
"""

_KEY = "crm_glossary_core.pending"


def note(records, fnames=None):
    """Remember that records changed.

    :param set fnames: names of the fields that changed; ``None`` for new records
    """
    precommit = records.env.cr.precommit
    if _KEY not in precommit.data:
        precommit.data[_KEY] = {}
        env = records.env(su=True, context={})
        precommit.add(lambda: run(env))
    changes = precommit.data[_KEY].setdefault(records._name, {})
    for record_id in records.ids:
        if fnames is None:
            changes[record_id] = None
        elif changes.get(record_id, fnames) is not None:
            changes[record_id] = changes.get(record_id, set()) | fnames


def run(env):
    """Refresh what was noted; does nothing when nothing was."""
    data = env.cr.precommit.data
    if not data.get(_KEY):
        return
    # Changes that come after this are noted, and refreshed, anew.
    changes = data.pop(_KEY)
    refresh = env(su=True, context={})["crm.criterion.refresh"]
    for model_name, by_id in changes.items():
        groups = {}
        for record_id, fnames in by_id.items():
            key = None if fnames is None else frozenset(fnames)
            groups.setdefault(key, []).append(record_id)
        for fnames, ids in groups.items():
            refresh._refresh_now(refresh.env[model_name].browse(ids), fnames)
    # At the end of a transaction nobody writes what the steps left to the ORM.
    refresh.env.flush_all()
