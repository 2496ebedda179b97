from bisect import bisect_left
from os.path import commonprefix

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core.tools.kpi_reading import date_domain

from .crm_lead_score_model_readiness import OPEN

AXES = ("fit", "engagement")
#: What is counted in a cell, a row, a column.
FIGURES = ("count", "amount", "ready")
NOTHING = dict.fromkeys(FIGURES, 0)


class CrmLeadScoreHeatMap(models.AbstractModel):
    """Open leads by fit and engagement: how many stand in each cell of the matrix.

    Everything is read with the rights of the one who looks, in one grouped query.
    What a cell counts is what :meth:`open_leads` lists.
    """

    _name = "crm.lead.score.heat.map"
    _description = "Score Matrix"

    # === BUSINESS METHODS === #

    @api.model
    @api.readonly
    def get_heat_map(self, filters=None):
        """Return the matrix of one scoring model with what is in it.

        :param dict filters: ``model_id``, ``team_id``, ``owner`` (all, mine, free),
            ``type`` (all, lead, opportunity), ``period`` (any, or a period of the
            dashboard); what is missing is not filtered, without a model it is the first
        :return: dict with ``filters``, ``options``, ``currency`` (``id``, ``note``),
            ``can_manage``, ``model`` (``id``, ``name``, ``state``; ``False`` if there
            is none), ``rows`` and ``columns`` (bands of fit and of engagement, best
            first: ``name``, ``label``), ``cells`` (list of rows: ``grade``, ``color``),
            ``total`` and ``ungraded``; a band, a cell and the two last ones have
            ``count``, ``amount`` (in the company's currency), ``ready``
        :raise AccessError: when the user may not read leads
        :raise UserError: a filter that makes no sense
        """
        self._check_heat_map_access()
        filters, model = self._prepare_filters(filters)
        grid = self._prepare_grid(model)
        self._count_leads(grid, self._get_base_domain(filters, model), model)
        return {
            "filters": filters,
            "options": self._get_options(),
            "currency": self.env["crm.dashboard"]._get_currency(),
            "can_manage": self.env["crm.lead.score.model"].has_access("write"),
            "model": {"id": model.id, "name": model.name, "state": model.state}
            if model
            else False,
            **grid,
        }

    @api.model
    def open_leads(self, part, row=None, column=None, filters=None):
        """Return the action that lists the leads behind one number of the matrix.

        :param str part: ``cell``, ``row``, ``column``, ``all``, ``ungraded``
        :param int row: index of the band of fit, for a cell or a row
        :param int column: index of the band of engagement, for a cell or a column
        :param dict filters: what :meth:`get_heat_map` returned as ``filters``
        :return: act_window action
        :raise AccessError: when the user may not read leads
        :raise UserError: a part that the matrix does not have
        """
        self._check_heat_map_access()
        filters, model = self._prepare_filters(filters)
        grid = self._prepare_grid(model)
        own = Domain("lead_grade_id", "in", model.grade_ids.ids)
        domain = self._get_base_domain(filters, model)
        if part == "ungraded":
            domain &= ~own
        elif part in ("cell", "row", "column"):
            domain &= own
            if part != "column":
                domain &= self._get_band_domain("fit", grid["rows"], row)
            if part != "row":
                domain &= self._get_band_domain("engagement", grid["columns"], column)
        elif part == "all":
            domain &= own
        else:
            raise UserError(self.env._("The matrix has no “%(part)s”.", part=part))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_scoring.crm_lead_action_by_score"
        )
        return {
            **action,
            "display_name": self._get_title(part, row, column, grid),
            "domain": list(domain),
            "context": {"create": False},
        }

    @api.model
    def _check_heat_map_access(self):
        self.env["crm.lead"].check_access("read")
        self.env["crm.lead.score.model"].check_access("read")

    # === BUSINESS METHODS - FILTERS === #

    @api.model
    def _prepare_filters(self, filters):
        """Return the filters, complete and checked, and the scoring model."""
        if filters and not isinstance(filters, dict):
            raise UserError(self.env._("The filters are not readable."))
        filters = filters or {}
        dashboard = self.env["crm.dashboard"]
        models_ = self.env["crm.lead.score.model"]
        chosen = {
            "model_id": dashboard._check_record(models_._name, filters.get("model_id")),
            "team_id": dashboard._check_record("crm.team", filters.get("team_id")),
        }
        for name, options in self._get_choices().items():
            chosen[name] = filters.get(name) or options[0]["code"]
            if chosen[name] not in [option["code"] for option in options]:
                raise UserError(self.env._("The filters are not readable."))
        model = models_.browse(chosen["model_id"] or ()) or models_.search([], limit=1)
        return {**chosen, "model_id": model.id}, model

    @api.model
    def _get_choices(self):
        """Return ``{filter: [{"code", "name"}]}``; the first one filters nothing."""
        choices = {
            "owner": {
                "all": self.env._("All leads"),
                "mine": self.env._("My leads"),
                "free": self.env._("Unassigned"),
            },
            "type": {
                "all": self.env._("Leads and opportunities"),
                "lead": self.env._("Leads"),
                "opportunity": self.env._("Opportunities"),
            },
        }
        periods = [
            period
            for period in self.env["crm.dashboard"]._get_periods()
            if period["code"] != "custom"
        ]
        return {
            name: [{"code": code, "name": text} for code, text in texts.items()]
            for name, texts in choices.items()
        } | {"period": [{"code": "any", "name": self.env._("Any time")}, *periods]}

    @api.model
    def _get_options(self):
        """Return what the user may choose from, for each filter."""
        models_ = self.env["crm.lead.score.model"].search_fetch([], ["name"])
        teams = self.env["crm.team"].search_fetch([], ["name"])
        return {
            "models": [{"id": model.id, "name": model.name} for model in models_],
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            **self._get_choices(),
        }

    @api.model
    def _get_base_domain(self, filters, model):
        """Return the open leads of the model that the filters let through."""
        domain = model._get_shown_scope() & OPEN if model else Domain.FALSE
        if filters["team_id"]:
            domain &= Domain("team_id", "=", filters["team_id"])
        if filters["owner"] != "all":
            owner = self.env.uid if filters["owner"] == "mine" else False
            domain &= Domain("user_id", "=", owner)
        if filters["type"] != "all":
            domain &= Domain("type", "=", filters["type"])
        if filters["period"] != "any":
            days = self.env["crm.dashboard"]._get_period_dates(filters["period"], {})
            domain &= date_domain(self.env, "crm.lead", "create_date", days)
        return domain

    # === BUSINESS METHODS - THE MATRIX === #

    @api.model
    def _prepare_grid(self, model):
        """Return the empty matrix: its bands, best first, and a grade in each cell.

        The bands are what the grades ask for, whatever their names: where the grades
        do not make a full matrix, some stand in several cells, and some cells in none.
        """
        grades = model.grade_ids.sorted(lambda grade: (grade.sequence, grade.id))
        minimums = {
            axis: sorted(set(grades.mapped(f"{axis}_min")), reverse=True)
            for axis in AXES
        }
        by_id = {grade.id: grade for grade in grades}
        cells = [
            [
                self._prepare_cell(by_id, grades._to_bands(), fit, engagement)
                for engagement in minimums["engagement"]
            ]
            for fit in minimums["fit"]
        ]
        return {
            "rows": self._prepare_bands(minimums["fit"], cells),
            "columns": self._prepare_bands(
                minimums["engagement"], list(zip(*cells, strict=True)), last=True
            ),
            "cells": cells,
            "total": dict(NOTHING),
            "ungraded": dict(NOTHING),
        }

    @api.model
    def _prepare_cell(self, grades, bands, fit, engagement):
        """Return a cell with the grade that leads with so many points get."""
        points = {"fit": fit, "engagement": engagement}
        reached = (
            grades[grade_id]
            for grade_id, minimums in bands
            if all(points[axis] >= minimum for axis, minimum in minimums.items())
        )
        grade = next(reached, self.env["crm.lead.score.grade"])
        return {"grade": grade.name or "", "color": grade.color, **NOTHING}

    @api.model
    def _prepare_bands(self, minimums, lines, last=False):
        """Return the bands of one axis.

        :param list minimums: points from which each band begins, highest first
        :param list lines: the cells of each band
        :param bool last: the band's name stands at the end of the grades' names
        """
        bands = []
        for index, (minimum, cells) in enumerate(zip(minimums, lines, strict=True)):
            names = [cell["grade"] for cell in cells if cell["grade"]]
            name = commonprefix([text[::-1] if last else text for text in names])
            bands.append(
                {
                    "name": (name[::-1] if last else name).strip(),
                    "label": self._get_band_label(minimums, index),
                    # The best band is open above, the last one below.
                    "from": None if index == len(minimums) - 1 else minimum,
                    "below": minimums[index - 1] if index else None,
                    **NOTHING,
                }
            )
        return bands

    @api.model
    def _get_band_label(self, minimums, index):
        """Return the points of a band in words."""
        if len(minimums) == 1:
            return self.env._("any number of points")
        if not index:
            return self.env._("%s or more", minimums[0])
        if index == len(minimums) - 1:
            return self.env._("below %s", minimums[index - 1])
        return self.env._(
            "%(first)s to %(last)s",
            first=minimums[index],
            last=minimums[index - 1] - 1,
        )

    # === BUSINESS METHODS - NUMBERS === #

    @api.model
    def _count_leads(self, grid, domain, model):
        """Put the figures into the matrix. One query, whatever the number of leads."""
        if domain.is_false():
            return
        currency_field = self.env["crm.dashboard"]._get_currency_field()
        groups = self.env["crm.lead"]._read_group(
            domain,
            [
                "lead_grade_id",
                "lead_score_fit",
                "lead_score_engagement",
                "is_sales_ready",
                *([currency_field] if currency_field else []),
            ],
            ["__count", "expected_revenue:sum"],
        )
        edges = [
            [-band["from"] for band in bands[:-1]]
            for bands in (grid["rows"], grid["columns"])
        ]
        own = set(model.grade_ids.ids)
        for grade, fit, engagement, ready, *currency, count, amount in groups:
            figures = {
                "count": count,
                "amount": self._convert(amount or 0.0, *currency),
                "ready": count if ready else 0,
            }
            if grade.id not in own:
                _add(grid["ungraded"], figures)
                continue
            row = bisect_left(edges[0], -(fit or 0))
            column = bisect_left(edges[1], -(engagement or 0))
            for place in (
                grid["cells"][row][column],
                grid["rows"][row],
                grid["columns"][column],
                grid["total"],
            ):
                _add(place, figures)

    @api.model
    def _convert(self, amount, currency=None):
        """Return an amount in the company's currency, at today's rate."""
        own = self.env.company.currency_id
        if not currency or currency == own:
            return amount
        return currency._convert(amount, own, self.env.company, round=False)

    @api.model
    def _get_band_domain(self, axis, bands, index):
        """Return the leads whose points on an axis lie in a band."""
        if not isinstance(index, int) or not 0 <= index < len(bands):
            raise UserError(
                self.env._("The grades have changed. Refresh the matrix, please.")
            )
        band, domain = bands[index], Domain.TRUE
        if band["from"] is not None:
            domain &= Domain(f"lead_score_{axis}", ">=", band["from"])
        if band["below"] is not None:
            domain &= Domain(f"lead_score_{axis}", "<", band["below"])
        return domain

    @api.model
    def _get_title(self, part, row, column, grid):
        """Return what stands above the list of a part of the matrix."""
        if part == "ungraded":
            return self.env._("Leads without a grade")
        if part == "row":
            return self.env._("Fit: %s", grid["rows"][row]["label"])
        if part == "column":
            return self.env._("Engagement: %s", grid["columns"][column]["label"])
        if part == "cell" and grid["cells"][row][column]["grade"]:
            return self.env._(
                "Leads graded %(grade)s", grade=grid["cells"][row][column]["grade"]
            )
        return self.env._("Open leads")


def _add(place, figures):
    for name in FIGURES:
        place[name] += figures[name]
