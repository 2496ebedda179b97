from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .. import engine
from ..tools import period
from ..tools.kpi_reading import PROBLEMS, Reader, Side, date_domain

#: Models whose ``user_id`` or ``team_id`` does not mean whose sales the record is.
UNFILTERED = {"utm.campaign": ("user_id", "team_id")}


class CrmKpi(models.Model):
    """The one computation of KPIs, through the ORM with the reader's rights."""

    _inherit = "crm.kpi"

    # === BUSINESS METHODS - PUBLIC === #
    def compute_values(self, date_from, date_to, group_by=None, domain=None):
        """Return the KPI's value in a period, as a list of rows.

        :param date_from: first day, a date or ``YYYY-MM-DD``
        :param date_to: last day, included, in the user's time zone
        :param str group_by: one of the KPI's group-bys, or ``period:`` with ``day``,
            ``week``, ``month``, ``quarter`` or ``year``; without it there is one row
        :param list domain: only records that match this too
        :return: ``[{group, label, value, numerator, denominator, count}]``; ``value``
            is ``None`` when there is no data; percent values are shares of 1;
            ``count`` is the number of records behind the (numerator's) number
        :raise UserError: for an argument or a KPI that does not work
        """
        self.ensure_one()
        self.check_access("read")
        window = self._read_window(date_from, date_to)
        reader = Reader(self.env)
        try:
            sides = self._get_sides(self._read_extra_domain(domain))
            keys = [
                reader.ask(side, window, self._get_groupby(side, sides, group_by))
                for side in sides
            ]
            reader.run()
            answers = [reader.get(key) for key in keys]
        except PROBLEMS as error:
            raise self._explain(error) from error
        rows = self._combine(sides, answers)
        if group_by is None:
            rows.setdefault(None, self._combine_one(sides, [{}, {}]))
        labels = self._get_group_labels(sides[0], group_by, rows)
        return [
            {"group": group, "label": labels[group], **row}
            for group, row in rows.items()
        ]

    def action_open_records(
        self,
        date_from,
        date_to,
        group_by=None,
        group=None,
        domain=None,
        part="numerator",
    ):
        """Open the records behind a value: exactly those that it counts.

        The arguments are those of :meth:`compute_values`; ``group`` is a row's group,
        ``part`` is ``numerator`` or ``denominator``.
        """
        self.ensure_one()
        self.check_access("read")
        window = self._read_window(date_from, date_to)
        try:
            sides = self._get_sides(self._read_extra_domain(domain))
            if part not in ("numerator", "denominator") or (
                part == "denominator" and len(sides) < 2
            ):
                raise UserError(
                    self.env._("“%(kpi)s” has no such part.", kpi=self.name)
                )
            side = sides[part == "denominator"]
            reader = Reader(self.env)
            found = side.domain
            if side.date_field:
                found &= date_domain(self.env, side.model, side.date_field, window)
            if group_by is not None:
                self._get_groupby(side, sides, group_by)
                found &= self._get_group_domain(side, sides, group_by, group)
            return self._prepare_records_action(reader, side, found)
        except PROBLEMS as error:
            raise self._explain(error) from error

    # === BUSINESS METHODS - SIDES === #
    def _get_sides(self, extra=None):
        """Return ``[numerator]``, or ``[numerator, denominator]`` of a ratio.

        :param extra: a domain for both, or a function that gives one for a model
        """
        numerator = self._prepare_side(
            self.model_name, self.domain, self.date_field, self.measure_field, extra
        )
        if self.measure != "ratio":
            return [numerator]
        return [
            numerator,
            self._prepare_side(
                self.denominator_domain_model,
                self.denominator_domain,
                self.denominator_date_field or self.date_field,
                self.denominator_measure_field,
                extra,
            ),
        ]

    def _prepare_side(self, model_name, text, date_field, measured, extra):
        model = self._get_measured_model(model_name)
        domain = engine.parse(self.env, text)
        if self.company_id and "company_id" in model._fields:
            domain &= Domain("company_id", "in", [self.company_id.id, False])
        if extra:
            domain &= extra(model_name) if callable(extra) else Domain(extra)
        if not measured:
            return self._check_side(
                Side(
                    model_name, domain, not self.include_archived, date_field, "__count"
                )
            )
        field = model._fields.get(measured)
        if field is None:
            raise UserError(
                self.env._(
                    "“%(model)s” has no field “%(name)s”; it may have been removed.",
                    model=model._description,
                    name=measured,
                )
            )
        func = {"median": "median", "percentile80": "percentile80"}.get(self.measure)
        if field.type == "many2one":
            func = "count_distinct"
        currency_field = None
        if field.type == "monetary" and self.env.user.has_group(
            "base.group_multi_currency"
        ):
            if func and len(self.env.companies.currency_id) > 1:
                raise UserError(
                    self.env._(
                        "Amounts in several currencies have no median: choose one"
                        " company."
                    )
                )
            currency_field = None if func else field.get_currency_field(model)
        return self._check_side(
            Side(
                model_name,
                domain,
                not self.include_archived,
                date_field,
                f"{measured}:{func or 'sum'}",
                (f"{measured}:count",),
                currency_field,
            )
        )

    def _get_measured_model(self, model_name):
        if model_name not in self.env:
            raise UserError(
                self.env._(
                    "The model “%(name)s” is not in this database.", name=model_name
                )
            )
        return self.env[model_name]

    def _check_side(self, side):
        """A date that was removed is said at once, not by the ORM."""
        model = self.env[side.model]
        if side.date_field and side.date_field not in model._fields:
            raise UserError(
                self.env._(
                    "“%(model)s” has no field “%(name)s”; it may have been removed.",
                    model=model._description,
                    name=side.date_field,
                )
            )
        return side

    def _combine(self, sides, answers):
        """Rows of numerators and denominators by group, in the numerator's order."""
        groups = dict.fromkeys(answers[0])
        for answer in answers[1:]:
            groups.update(dict.fromkeys(answer))
        return {
            group: self._combine_one(
                sides, [answer.get(group) or {} for answer in answers]
            )
            for group in groups
        }

    def _combine_one(self, sides, figures):
        """Make a value of the figures of the numerator and the denominator."""
        row = {
            "value": None,
            "numerator": None,
            "denominator": None,
            "count": figures[0].get("__count") or 0,
        }
        number = figures[0].get(sides[0].number)
        if self.measure in ("count", "sum"):
            row["value"] = row["numerator"] = number or 0
        elif self.measure == "average":
            row["numerator"] = number or 0
            row["denominator"] = figures[0].get(sides[0].aggregates[0]) or 0
        elif self.measure == "ratio":
            row["numerator"] = number or 0
            row["denominator"] = figures[1].get(sides[1].number) or 0
            row["denominator_count"] = figures[1].get("__count") or 0
        elif figures[0].get(sides[0].aggregates[0]):
            row["value"] = number
        if row["denominator"]:
            row["value"] = row["numerator"] / row["denominator"]
        return row

    # === BUSINESS METHODS - ARGUMENTS === #
    def _read_window(self, date_from, date_to):
        """Return the first and the last day that count for this KPI."""
        if self.fixed_period:
            return self._get_fixed_window()
        try:
            window = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._("A date must be written like 2026-01-31.")
            ) from error
        if not all(window):
            raise UserError(self.env._("Choose the first and the last day."))
        if window[0] > window[1]:
            raise UserError(self.env._("The first day lies after the last day."))
        return window

    def _get_fixed_window(self, today=None):
        today = today or fields.Date.context_today(self)
        return (
            period.start_of(today, self.fixed_period),
            period.end_of(today, self.fixed_period),
        )

    def _read_extra_domain(self, domain):
        if not domain:
            return None
        if isinstance(domain, str):
            return engine.parse(self.env, domain)
        if isinstance(domain, Domain):
            return domain
        if not isinstance(domain, list | tuple):
            raise engine.CriterionError(
                self.env._("A filter is a list of conditions in brackets.")
            )
        return engine.build(self.env, domain)

    def _explain(self, error):
        """Return a UserError that says in the reader's words what does not work."""
        if isinstance(error, AccessError):
            return UserError(
                self.env._(
                    "You are not allowed to see the records that “%(kpi)s” counts.",
                    kpi=self.name,
                )
            )
        if isinstance(error, UserError):
            return error
        reason = str(error)
        if not isinstance(error, engine.CriterionError):
            try:
                engine.check(self.env, self.model_name, self.domain)
                if self.measure == "ratio":
                    engine.check(
                        self.env, self.denominator_domain_model, self.denominator_domain
                    )
            except engine.CriterionError as known:
                reason = str(known)
        return UserError(
            self.env._("%(kpi)s: %(reason)s", kpi=self.name, reason=reason)
        )

    # === BUSINESS METHODS - FILTERS === #
    def _get_filter_domain(self, filters):
        """The domain of the dashboard's filters on the KPI's model.

        :param dict filters: ``user_id``, ``team_id``, ``company_ids``; all optional
        :return: a :class:`Domain`, or ``None`` when the KPI cannot be filtered so
        """
        self.ensure_one()
        return self._get_model_filter(self.model_name, filters)

    @api.model
    def _get_model_filter(self, model_name, filters):
        fnames = self.env[model_name]._fields
        domain = Domain.TRUE
        filters = filters or {}
        for fname in ("user_id", "team_id"):
            if not filters.get(fname):
                continue
            if fname not in fnames or fname in UNFILTERED.get(model_name, ()):
                return None
            domain &= Domain(fname, "=", filters[fname])
        company_ids = set(filters.get("company_ids") or self.env.companies.ids)
        if company_ids >= set(self.env.companies.ids):
            # The record rules say it already.
            return domain
        if "company_id" not in fnames:
            return None
        return domain & Domain("company_id", "in", [*sorted(company_ids), False])

    def _get_filtered_sides(self, filters):
        """The sides under the dashboard's filters; ``None`` if they cannot be."""
        self.ensure_one()
        names = [self.model_name]
        if self.measure == "ratio":
            names.append(self.denominator_domain_model)
        for name in names:
            self._get_measured_model(name)
        by_model = {name: self._get_model_filter(name, filters) for name in names}
        if any(domain is None for domain in by_model.values()):
            return None
        return self._get_sides(by_model.get)

    # === BUSINESS METHODS - RECORDS === #
    def _prepare_records_action(self, reader, side, domain):
        """An action that lists the records in ``domain``."""
        model_name, archived = side.model, not side.active_test
        fname, _colon, func = side.number.partition(":")
        if func == "count_distinct":
            # The number counts linked records: they are listed, each once.
            model = reader.model(side.model, side.active_test)
            [[ids]] = model._read_group(domain, [], [f"{fname}:array_agg_distinct"])
            model_name, archived = model._fields[fname].comodel_name, True
            domain = Domain("id", "in", [id_ for id_ in ids or [] if id_])
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model_name,
            "view_mode": "list,form",
            "views": self._get_record_views(model_name),
            "domain": list(domain),
            "context": {"active_test": not archived, "create": False},
        }

    @api.model
    def _get_record_views(self, model_name):
        """The views of the records' action; override for a model of one's own."""
        if model_name == "crm.lead":
            return [
                (self.env.ref("crm.crm_case_tree_view_oppor").id, "list"),
                (self.env.ref("crm.crm_lead_view_form").id, "form"),
            ]
        return [(False, "list"), (False, "form")]
