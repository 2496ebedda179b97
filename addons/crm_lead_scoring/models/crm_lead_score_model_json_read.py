from odoo import api, models

from odoo.addons.crm_glossary_core import engine

from ..tools import model_file, portable_domain
from ..tools.model_file import FORMAT, KEYS, MOST_RULES, VERSION, Draft, Part


class CrmLeadScoreModel(models.Model):
    """A scoring model read from a file and checked; nothing is created here."""

    _inherit = "crm.lead.score.model"

    # === BUSINESS METHODS === #

    @api.model
    def _read_dict(self, values):
        """Read and check a file without creating anything.

        :return: :class:`Draft`
        """
        draft, reader = Draft(), model_file.Reader(self.env["crm.lead.score.rule"])
        problem = self._check_format(values)
        if problem:
            draft.problems.append(problem)
            return draft
        model, problems = draft.model, draft.problems
        model.vals["name"] = reader.value(
            values, "name", KEYS["rule"]["name"], problems
        )
        model.name = model.vals["name"] or ""
        model.translations = reader.translations(values, problems)
        self._read_readiness(values, reader, draft)
        self._read_grades(values, reader, draft)
        for number, item in enumerate(reader.list_of(values, "caps", problems), 1):
            self._read_cap(item, number, reader, draft)
        rules = reader.list_of(values, "rules", problems)
        if len(rules) > MOST_RULES:
            problems.append(
                self.env._(
                    "The file has %(count)s rules; at most %(most)s can be read.",
                    count=len(rules),
                    most=MOST_RULES,
                )
            )
            return draft
        for number, item in enumerate(rules, 1):
            self._read_rule(item, number, reader, draft)
        self._read_scope(values, reader, draft)
        return draft

    @api.model
    def _check_format(self, values):
        """Return why the file is none of ours, or nothing."""
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            return self.env._(
                "This is no scoring model: the file does not say"
                " “format: %(format)s” at its beginning.",
                format=FORMAT,
            )
        version = values.get("version")
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            return self.env._(
                "The file does not say which version of the format it is."
            )
        if version > VERSION:
            return self.env._(
                "The file was written by a newer version of this app: its format is"
                " number %(version)s, and this app reads up to %(known)s.",
                version=version,
                known=VERSION,
            )
        return None

    @api.model
    def _read_readiness(self, values, reader, draft):
        part = Part()
        unknown = reader.read_part(
            values.get("readiness") or {}, ["readiness"], part, ()
        )
        self._note_unknown(draft, self.env._("Readiness"), unknown)
        vals = part.vals
        if vals and vals["unready_score"] > vals["ready_score"]:
            part.problems.append(
                self.env._(
                    "A lead becomes ready from %(enter)s points and stays so from"
                    " %(leave)s: the second number cannot be the greater one.",
                    enter=vals["ready_score"],
                    leave=vals["unready_score"],
                )
            )
        if vals:
            vals["ready_domain"] = self._read_domain(
                vals["ready_domain"], part.problems
            )
        draft.problems += [
            self.env._("Readiness: %(problem)s", problem=problem)
            for problem in part.problems
        ]
        draft.model.vals |= vals

    @api.model
    def _read_grades(self, values, reader, draft):
        """Read the matrix; without one in the file it is the usual one."""
        names = set()
        for number, item in enumerate(
            reader.list_of(values, "grades", draft.problems), 1
        ):
            part = Part()
            unknown = reader.read_part(item, ["grade"], part, ())
            label = self.env._("Grade %(name)s", name=part.name or number)
            self._note_unknown(draft, label, unknown)
            if part.name in names:
                part.problems.append(self.env._("There are two of that name."))
            names.add(part.name)
            draft.problems += [f"{label}: {problem}" for problem in part.problems]
            draft.grades.append({**part.vals, "sequence": 10 * number})

    @api.model
    def _read_cap(self, item, number, reader, draft):
        part = Part()
        unknown = reader.read_part(item, ["cap"], part, ("translations", "key"))
        label = self.env._("Cap %(name)s", name=part.name or number)
        self._note_unknown(draft, label, unknown)
        part.vals["sequence"] = 10 * number
        key = item.get("key", part.name) if isinstance(item, dict) else part.name
        if not isinstance(key, str) or key in draft.caps:
            part.problems.append(
                self.env._("There are two of that name: give one a “key”.")
            )
            key = f"{number}"
        draft.problems += [f"{label}: {problem}" for problem in part.problems]
        draft.caps[key] = part

    @api.model
    def _read_rule(self, item, number, reader, draft):
        part = Part()
        is_event = isinstance(item, dict) and item.get("kind") == "event"
        kinds = ["rule", "event"] if is_event else ["rule"]
        others = ("translations", "signal", "common_cap")
        unknown = reader.read_part(item, kinds, part, others)
        part.name = part.name or self.env._("Rule %(number)s", number=number)
        draft.rules.append(part)
        if not part.vals:
            return
        self._note_unknown(draft, part.name, unknown)
        vals, problems = part.vals, part.problems
        vals["sequence"] = 10 * number
        if vals["points"] == 0:
            problems.append(
                self.env._("A rule gives or takes between 1 and 10,000 points.")
            )
        if vals["valid_from"] and vals["valid_to"]:
            if vals["valid_from"] > vals["valid_to"]:
                problems.append(
                    self.env._(
                        "A rule cannot end before it begins: check the days it is"
                        " valid."
                    )
                )
        cap = item.get("common_cap")
        if cap is not None and (not isinstance(cap, str) or cap not in draft.caps):
            problems.append(
                self.env._("The file has no cap called “%(name)s”.", name=str(cap)[:60])
            )
        part.vals["cap_id"] = cap
        if is_event:
            self._read_signal(item, part)
        vals["domain"] = self._read_domain(vals["domain"], problems)

    @api.model
    def _read_signal(self, item, part):
        code = item.get("signal")
        known = self.env["crm.lead.score.signal"]._get_ids_by_code()
        part.vals["signal_id"] = known.get(code) if isinstance(code, str) else None
        if not part.vals["start_date"]:
            # Then the rule starts on the day it is created.
            part.vals.pop("start_date")
        if code is None:
            part.problems.append(
                self.env._("A rule about events needs a signal: say what the lead did.")
            )
        elif not part.vals["signal_id"]:
            part.problems.append(
                self.env._(
                    "The signal “%(code)s” is not in this database; an app brings it.",
                    code=str(code)[:60],
                )
            )

    @api.model
    def _read_domain(self, text, problems):
        """Return the domain for this database; what does not work is told."""
        if not text:
            return "[]"
        leads, found = self.env["crm.lead"], []
        text = portable_domain.from_portable(leads, text, found)
        if not found:
            try:
                engine.check(self.env, "crm.lead", text)
            except engine.CriterionError as error:
                found.append(str(error))
        problems += found
        return text

    @api.model
    def _read_scope(self, values, reader, draft):
        """Find the teams, and say which apps and languages are missing."""
        names = [
            name
            for name in reader.list_of(values, "teams", draft.problems)
            if isinstance(name, str)
        ]
        for name in names:
            teams = self.env["crm.team"].with_context(lang="en_US")
            found = teams.search([("name", "=", name)], limit=1)
            draft.teams += found.ids
            if not found:
                draft.notes.append(
                    self.env._("There is no sales team called “%(name)s”.", name=name)
                )
        # A model whose teams are missing must not take all other leads.
        draft.model.vals["active"] = bool(draft.teams or not names)
        apps = [a for a in reader.list_of(values, "apps", []) if isinstance(a, str)]
        modules = self.env["ir.module.module"].sudo().search([("name", "in", apps)])
        installed = modules.filtered(lambda module: module.state == "installed")
        titles = dict(modules.mapped(lambda module: (module.name, module.shortdesc)))
        missing = [a for a in apps if a not in installed.mapped("name")]
        if missing:
            draft.notes.append(
                self.env._(
                    "Apps that the rules need and that are not installed: %(apps)s.",
                    apps=", ".join(titles.get(name, name) for name in missing),
                )
            )
        parts = [draft.model, *draft.caps.values(), *draft.rules]
        langs = {lang for part in parts for lang in part.translations}
        if other := sorted(langs - self._get_langs()):
            draft.notes.append(
                self.env._(
                    "Names in languages that are not installed are left out:"
                    " %(langs)s.",
                    langs=", ".join(other),
                )
            )
        for text in reader.list_of(values, "left_out", []):
            draft.notes.append(
                self.env._("Not part of the file: %(what)s.", what=str(text)[:200])
            )

    @api.model
    def _get_langs(self):
        return {code for code, _name in self.env["res.lang"].get_installed()}

    @api.model
    def _note_unknown(self, draft, label, names):
        if names:
            draft.notes.append(
                self.env._(
                    "%(part)s: nobody knows what %(names)s means; it is left out.",
                    part=label,
                    names=", ".join(f"“{name}”" for name in names[:5]),
                )
            )
