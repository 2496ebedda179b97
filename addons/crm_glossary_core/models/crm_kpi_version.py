from odoo import api, fields, models

from .crm_kpi import DEFINITION_FIELDS


class CrmKpiVersion(models.Model):
    """What a KPI measured from some day on, who said so, and what the change did."""

    _name = "crm.kpi.version"
    _description = "KPI Version"
    _order = "kpi_id, version desc"
    _rec_name = "version"

    # === FIELDS === #
    kpi_id = fields.Many2one(
        "crm.kpi", string="KPI", required=True, index=True, ondelete="cascade"
    )
    version = fields.Integer(required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="Changed By")
    definition_values = fields.Json(groups="base.group_system")
    effect_values = fields.Json(groups="base.group_system")
    definition = fields.Text(compute="_compute_definition")
    change = fields.Text(
        compute="_compute_change",
        help="What differs from the version before.",
    )
    effect = fields.Char(
        compute="_compute_effect",
        groups="sales_team.group_sale_salesman_all_leads",
        help="The value of the current month with the old and the new definition.",
    )

    _kpi_version_unique = models.UniqueIndex(
        "(kpi_id, version)", "The KPI already has this version."
    )

    # === COMPUTE METHODS === #
    @api.depends("definition_values")
    @api.depends_context("lang", "uid")
    def _compute_definition(self):
        for version in self:
            words = version._get_definition_words()
            version.definition = "\n".join(
                self.env._("%(part)s: %(words)s", part=part, words=text)
                for part, text in words.items()
                if text
            )

    @api.depends("definition_values", "kpi_id.version_ids.definition_values")
    @api.depends_context("lang", "uid")
    def _compute_change(self):
        for version in self:
            previous = version.kpi_id.version_ids.filtered(
                lambda other, version=version: other.version < version.version
            ).sorted("version")[-1:]
            if not previous:
                version.change = self.env._("First definition")
                continue
            before = previous._get_definition_words()
            after = version._get_definition_words()
            version.change = "\n".join(
                self.env._(
                    "%(part)s: %(before)s → %(after)s",
                    part=part,
                    before=before.get(part) or "–",
                    after=text or "–",
                )
                for part, text in after.items()
                if text != before.get(part)
            )

    @api.depends("effect_values")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_effect(self):
        for version in self:
            effect = version.sudo().effect_values
            if not effect or effect["company_id"] not in self.env.companies.ids:
                version.effect = False
                continue
            before, after = (
                version.kpi_id._format_row(effect[key] or {})
                for key in ("before", "after")
            )
            version.effect = self.env._(
                "%(before)s → %(after)s", before=before, after=after
            )

    # === BUSINESS METHODS === #
    @api.model
    def _store(self, kpis, before=None):
        """Keep the present definition of each of ``kpis``.

        :param dict before: value of the current month with the old definition
        """
        self.sudo().create(
            [
                {
                    "kpi_id": kpi.id,
                    "version": kpi.version,
                    "user_id": self.env.uid,
                    "definition_values": kpi._get_definition(),
                    "effect_values": before is not None
                    and {
                        "before": before,
                        "after": kpi._get_version_values(),
                        "company_id": self.env.company.id,
                    },
                }
                for kpi in kpis
            ]
        )

    @api.model
    def _get_breaks(self, kpis, date_from):
        """Return ``{kpi id: [{date, version, text}]}``: when definitions changed."""
        found = self.search(
            [
                ("kpi_id", "in", kpis.ids),
                ("version", ">", 1),
                ("date", ">=", date_from),
            ],
            order="date",
        )
        return {
            kpi.id: [
                {
                    "date": fields.Date.to_string(version.date.date()),
                    "version": version.version,
                    "text": version.change,
                }
                for version in versions
            ]
            for kpi, versions in found.grouped("kpi_id").items()
        }

    def _get_definition_words(self):
        """The definition as ``{part: text}`` in the reader's language."""
        self.ensure_one()
        values = self.sudo().definition_values or {}
        kpi = self.env["crm.kpi"].new({"name": self.kpi_id.name, **values})
        parts = {
            self.env._("Records"): kpi.domain_sentence,
            self.env._("Archived records"): values.get("include_archived")
            and self.env._("counted"),
        }
        if values.get("measure") == "ratio":
            parts[self.env._("Denominator")] = kpi.denominator_sentence
        labels = self.env["crm.kpi"].fields_get(DEFINITION_FIELDS)
        for fname in ("measure", "fixed_period"):
            options = dict(labels[fname]["selection"])
            parts[labels[fname]["string"]] = options.get(values.get(fname))
        models_ = {
            "measure_field": kpi.model_name,
            "date_field": kpi.model_name,
            "denominator_measure_field": kpi.denominator_domain_model,
            "denominator_date_field": kpi.denominator_domain_model,
        }
        for fname, model_name in models_.items():
            parts[labels[fname]["string"]] = self._get_field_label(
                model_name, values.get(fname)
            )
        return parts

    def _get_field_label(self, model_name, fname):
        if not fname or model_name not in self.env:
            return fname
        field = self.env[model_name].sudo().fields_get([fname], ["string"]).get(fname)
        return field["string"] if field else fname
