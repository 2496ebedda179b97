from odoo import api, fields, models

from ..tools import portable_domain
from ..tools.model_file import FORMAT, KEYS, VERSION

#: Language of the texts in a file.
SOURCE = "en_US"


class CrmLeadScoreModel(models.Model):
    """A scoring model as a file; see :mod:`..tools.model_file`."""

    _inherit = "crm.lead.score.model"

    # === ACTION METHODS === #

    def action_export(self):
        """Download the model as a file."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_lead_scoring/model/{self.id}",
            "target": "download",
        }

    # === BUSINESS METHODS === #

    def _to_dict(self):
        """Return everything that makes this model, and nothing of the database.

        :return: dict as :mod:`..tools.model_file` describes it
        """
        self.ensure_one()
        self.check_access("read")
        source = self.with_context(lang=SOURCE, active_test=False)
        caps = source._name_caps()
        parts = {
            "format": FORMAT,
            "version": VERSION,
            "name": source.name,
            "translations": self._get_name_translations(source),
            "teams": sorted(source.team_ids.mapped("name")),
            "apps": source._find_apps(),
            "grades": [
                self._part_to_dict(grade, "grade") for grade in source.grade_ids
            ],
            "caps": [
                {
                    **self._part_to_dict(cap, "cap"),
                    **({"key": key} if key != cap.name else {}),
                }
                for cap, key in caps.items()
            ],
            "rules": [source._rule_to_dict(rule, caps) for rule in source.rule_ids],
            "readiness": self._part_to_dict(source, "readiness", whole=True),
            "left_out": source._find_left_out(),
        }
        optional = ("translations", "teams", "apps", "caps", "left_out")
        return {
            name: value
            for name, value in parts.items()
            if value or name not in optional
        }

    def _get_file_name(self):
        """Name of the file, made of letters and digits of any language."""
        words = "".join(char if char.isalnum() else " " for char in self.name or "")
        return f"scoring-model-{'-'.join(words.lower().split()) or self.id}.json"

    def _name_caps(self):
        """Return ``{cap: key}``; the second of two with one name gets a number."""
        keys = {}
        for cap in self.cap_ids.sorted(lambda cap: (cap.sequence, cap.id)):
            count = sum(other.name == cap.name for other in keys)
            keys[cap] = f"{cap.name} #{count + 1}" if count else cap.name
        return keys

    def _part_to_dict(self, record, kind, whole=False):
        """The keys of one kind that are not at their defaults, or all of them."""
        values = {}
        for name, key in KEYS[kind].items():
            value = record[name]
            if record._fields[name].type == "date":
                value = fields.Date.to_string(value) or False
            if name.endswith("domain"):
                leads = self.env["crm.lead"]
                value = portable_domain.to_portable(leads, value or "[]")
            if whole or value != key.default:
                values[name] = value
            if name == "name" and (found := self._get_name_translations(record)):
                values["translations"] = found
        return values

    def _rule_to_dict(self, rule, caps):
        values = self._part_to_dict(rule, "rule")
        if rule.kind == "event":
            values["signal"] = rule.signal_id.code
            values |= self._part_to_dict(rule, "event")
            if not rule.only_after_start:
                values.pop("start_date", None)
        if rule.cap_id:
            values["common_cap"] = caps[rule.cap_id]
        return values

    @api.model
    def _get_name_translations(self, record):
        """Names in other languages than that of the file, where they differ."""
        if not record._fields["name"].translate:
            return {}
        found, _context = record.get_field_translations("name")
        return {
            item["lang"]: {"name": item["value"]}
            for item in sorted(found, key=lambda item: item["lang"])
            if item["lang"] != SOURCE and item["value"] != item["source"]
        }

    def _find_apps(self):
        """Names of the apps that the rules need, besides those that scoring needs."""
        leads, names = self.env["crm.lead"], set()
        for text in [*self.rule_ids.mapped("domain"), self.ready_domain]:
            for model, path in portable_domain.conditions(leads, text or "[]"):
                for step in path.split("."):
                    field = model._fields.get(step) if model is not None else None
                    if field is None:
                        break
                    names |= set(field._modules[:1])
                    model = portable_domain.follow(model, step)
        signals = self.rule_ids.signal_id.sudo()._get_external_ids()
        names |= {
            name.partition(".")[0] for known in signals.values() for name in known
        }
        own = self.env["ir.module.module"].sudo().search([("name", "=", self._module)])
        own |= own.upstream_dependencies(exclude_states=("uninstallable",))
        apps = self.env["ir.module.module"].sudo().search([("name", "in", list(names))])
        return sorted((apps - own).mapped("name"))

    def _find_left_out(self):
        """What belongs to this database alone: named, so that nobody misses it."""
        model = self.sudo()
        return [
            *(
                f"action when ready: {name}"
                for name in model.ready_action_ids.mapped("name")
            ),
            *(
                f"action when no longer ready: {name}"
                for name in model.unready_action_ids.mapped("name")
            ),
            *(
                f"activity plan: {name}"
                for name in model.ready_activity_plan_id.mapped("name")
            ),
        ]
