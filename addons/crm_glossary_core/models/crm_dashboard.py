from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.kpi_reading import Reader

ROLES = ("salesperson", "manager", "marketer", "administrator")


class CrmDashboard(models.AbstractModel):
    """What the dashboard shows, read with the rights of the one who looks.

    Every number has its records: :meth:`open_records` takes what a row of
    :meth:`get_dashboard` is called and returns an action with exactly its records.
    Each part asks a common reader first and takes its figures afterwards, so that all
    of them cost one query.
    """

    _name = "crm.dashboard"
    _description = "CRM Dashboard"

    # === BUSINESS METHODS === #

    @api.model
    @api.readonly
    def get_dashboard(self, role=None, filters=None):
        """Return everything that the dashboard shows at once.

        :param str role: one of ``ROLES``; without it the role that fits the user
        :param dict filters: ``period`` (or ``custom`` with ``date_from`` and
            ``date_to``), ``user_id``, ``team_id``, ``company_id``; without it what
            suits the role
        :return: dict with ``role``, ``roles``, ``filters``, ``options``, ``scope``,
            ``as_of``, ``currency``, ``can_set_targets``, ``tiles``, ``more_tiles``,
            ``funnel``, ``win_rate_by_source``, ``forecast``, ``attention``
        :raise UserError: a filter that makes no sense
        :raise AccessError: the user does not read the glossary or the pipeline
        """
        self._check_dashboard_access()
        role = self._check_role(role)
        filters = self._prepare_filters(role, filters)
        reader, kpis = Reader(self.env), self._get_kpis(role)
        keys = {
            "funnel": self._ask_funnel(reader, filters),
            "sources": self._ask_sources(reader, kpis, filters),
            "forecast": self._ask_forecast(reader, filters),
            "attention": self._ask_attention(reader, role, filters),
        }
        tiles = self._get_tiles(reader, kpis, filters)
        return {
            "role": role,
            "roles": self._get_roles(),
            "filters": self._format_filters(filters),
            "options": self._get_options(filters),
            "scope": self._get_scope(filters),
            "as_of": fields.Datetime.to_string(fields.Datetime.now()),
            "currency": self._get_currency(),
            "can_set_targets": self.env["crm.kpi.target"].has_access("create"),
            "tiles": [tiles[kpi.id] for kpi in kpis["shown"]],
            "more_tiles": len(kpis["more"]),
            "funnel": self._get_funnel(reader, keys["funnel"], filters),
            "win_rate_by_source": self._get_sources(reader, keys["sources"]),
            "forecast": self._get_forecast(reader, keys["forecast"]),
            "attention": self._get_attention(reader, keys["attention"], kpis, tiles),
        }

    @api.model
    @api.readonly
    def get_more_tiles(self, role, filters):
        """Return the tiles of a role that do not stand on the first page.

        :param str role: as in :meth:`get_dashboard`
        :param dict filters: what :meth:`get_dashboard` returned as ``filters``
        """
        self._check_dashboard_access()
        kpis = self._get_kpis(self._check_role(role))
        filters = self._prepare_filters(role, filters)
        return kpis["more"]._get_tiles(
            filters["date_from"], filters["date_to"], self._get_kpi_filters(filters)
        )

    @api.model
    def open_records(self, kind, key, filters=None, part=None):
        """Return the action that lists the records behind one number.

        :param str kind: ``tile``, ``funnel``, ``source``, ``forecast``, ``attention``
        :param key: ``id`` of a tile, ``stage_id``, ``source_id`` (``False``: without
            source), ``month`` of the forecast, ``code`` of what needs attention
        :param dict filters: what :meth:`get_dashboard` returned as ``filters``
        :param str part: ``numerator`` or ``denominator`` of a tile or source;
            ``won`` or ``open`` of the forecast
        :return: act_window action
        """
        self._check_dashboard_access()
        openers = {
            "tile": self._open_tile,
            "funnel": self._open_funnel,
            "source": self._open_source,
            "forecast": self._open_forecast,
            "attention": self._open_attention,
        }
        if kind not in openers:
            raise UserError(self.env._("The dashboard has no “%(kind)s”.", kind=kind))
        return openers[kind](key, self._prepare_filters(None, filters), part)

    def _check_dashboard_access(self):
        readable = self.env.user.has_group("crm_glossary_core.group_glossary_user")
        if not readable or not self.env["crm.lead"].has_access("read"):
            raise AccessError(
                self.env._("The dashboard is for those who work in the sales pipeline.")
            )

    # === BUSINESS METHODS - ROLES === #

    def _get_roles(self):
        """Return ``[{"code", "name"}]`` of the roles; each shows other numbers."""
        names = {
            "salesperson": self.env._("Salesperson"),
            "manager": self.env._("Sales manager"),
            "marketer": self.env._("Marketer"),
            "administrator": self.env._("Administrator"),
        }
        return [{"code": code, "name": names[code]} for code in ROLES]

    def _check_role(self, role):
        if role and role not in ROLES:
            raise UserError(self.env._("There is no role “%(role)s”.", role=role))
        return role or self._guess_role()

    def _guess_role(self):
        """Return the role that fits the user's groups best."""
        manages = self.env.user.has_group("sales_team.group_sale_manager")
        return "manager" if manages else "salesperson"

    # === BUSINESS METHODS - CURRENCY === #

    def _get_currency(self):
        """Return the currency of the amounts, and a remark when they were converted.

        :return: ``{"id", "note"}``
        """
        currency = self.env.company.currency_id
        note = False
        if self._get_currency_field():
            note = self.env._(
                "Amounts of companies with another currency are converted to"
                " %(currency)s at today's rate.",
                currency=currency.name,
            )
        return {"id": currency.id, "note": note}

    def _get_currency_field(self):
        """Return what to group leads by when their amounts are to be converted."""
        several = len(self.env.companies.currency_id) > 1
        return "company_id.currency_id" if several else None

    # === TOOLING === #

    def _open_list(self, name, model, domain, active_test=False):
        """Return the action with the records of a domain.

        :param str name: title of the list
        :param str model: whose records
        :param Domain domain: what was counted
        :param bool active_test: leave archived ones out, as the count did
        """
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": self.env["crm.kpi"]._get_record_views(model),
            "view_mode": "list,form",
            "domain": list(domain),
            "context": {"active_test": active_test, "create": False},
        }
