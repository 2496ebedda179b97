import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DashboardAttention } from "./attention/attention";
import { formatDay } from "./core/format";
import { getPage } from "./core/page";
import { saveDashboard } from "./core/image";
import { DashboardFilters } from "./filters/filters";
import { DashboardForecast } from "./forecast/forecast";
import { DashboardFunnel } from "./funnel/funnel";
import { DashboardPanel } from "./panel/panel";
import { DashboardTile } from "./tile/tile";
import { DashboardWinRate } from "./win_rate/win_rate";

const { DateTime } = luxon;

/** The CRM dashboard: every number opens its records. */
export class CrmDashboard extends Component {
    static template = "crm_glossary_core.Dashboard";
    static path = "crm-dashboard";
    static displayName = _t("CRM Dashboard");
    static components = {
        DashboardAttention,
        DashboardFilters,
        DashboardForecast,
        DashboardFunnel,
        DashboardPanel,
        DashboardTile,
        DashboardWinRate,
        Dropdown,
        DropdownItem,
        Layout,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.memory = `crm_dashboard/${user.userId}`;
        this.display = { controlPanel: {} };
        this.state = useState({ data: null, more: [], loading: false });
        this.openTile = (tile) => this.open("tile", tile.id);
        this.openStage = (row) => this.open("funnel", row.stage_id);
        this.openSource = (row) => this.open("source", row.source_id, "denominator");
        this.openMonth = (row, part) => this.open("forecast", row.month, part);
        this.openAttention = (row) => this.open("attention", row.code);
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.start()]));
    }

    // === LOADING === //

    /** What was chosen last time; if that is gone meanwhile, what suits the role. */
    async start() {
        const { role, filters } = this.recall();
        if (filters) {
            try {
                return await this.load(role, filters, true);
            } catch {
                browser.localStorage.removeItem(this.memory);
            }
        }
        return this.load(role || null, null);
    }

    recall() {
        try {
            return JSON.parse(browser.localStorage.getItem(this.memory)) || {};
        } catch {
            return {};
        }
    }

    async load(role, filters, silent = false) {
        this.state.loading = true;
        const orm = silent ? this.orm.silent : this.orm;
        try {
            this.state.data = await this.keepLast.add(
                orm.call("crm.dashboard", "get_dashboard", [role, filters])
            );
            this.state.more = [];
        } finally {
            this.state.loading = false;
        }
        const chosen = { role: this.data.role, filters: this.data.filters };
        browser.localStorage.setItem(this.memory, JSON.stringify(chosen));
    }

    get data() {
        return this.state.data;
    }
    refresh() {
        return this.load(this.data.role, this.data.filters);
    }
    async showMore() {
        const { role, filters } = this.data;
        this.state.more = await this.orm.call("crm.dashboard", "get_more_tiles", [
            role,
            filters,
        ]);
    }
    get tiles() {
        return [...this.data.tiles, ...this.state.more];
    }
    setRole(role) {
        return this.load(role, null);
    }
    setFilters(changes) {
        return this.load(this.data.role, { ...this.data.filters, ...changes });
    }

    // === WORDS === //

    get asOf() {
        const moment = deserializeDateTime(this.data.as_of);
        return _t("As of %s", moment.toLocaleString(DateTime.TIME_SIMPLE));
    }
    get period() {
        const { date_from, date_to } = this.data.filters;
        return `${formatDay(date_from)} – ${formatDay(date_to)}`;
    }
    get moreLabel() {
        return _t("More numbers (%s)", this.data.more_tiles);
    }
    get moreSources() {
        return _t(
            "Sources with fewer closed deals, not shown: %s",
            this.data.win_rate_by_source.more
        );
    }
    get hasTarget() {
        return this.tiles.some((tile) => typeof tile.target === "number");
    }

    /** The service of the terms' cards, where it is there. */
    get openTerm() {
        const glossary = this.env.services.crm_glossary;
        return glossary ? (code) => glossary.openCard(code) : false;
    }

    // === OPENING === //

    async open(kind, key, part = null) {
        const action = await this.orm.call("crm.dashboard", "open_records", [
            kind,
            key,
            this.data.filters,
            part,
        ]);
        return this.action.doAction(action);
    }
    openTargets() {
        return this.action.doAction("crm_glossary_core.crm_kpi_target_action");
    }
    openPipeline() {
        return this.action.doAction("crm.crm_lead_action_pipeline");
    }

    // === EXPORT === //

    exportImage() {
        const charts = ["forecast", "win_rate"]
            .map((name) => ({
                title: this.titles[name],
                canvas: this.root.el.querySelector(`.o_crm_panel_${name} canvas`),
            }))
            .filter(({ canvas }) => canvas);
        const subtitle = `${this.data.scope} · ${this.period} · ${this.asOf}`;
        return saveDashboard({ ...getPage(this.data, this.tiles), subtitle, charts });
    }
    exportSpreadsheet() {
        const { role, filters } = this.data;
        return download({
            url: "/crm_glossary_core/dashboard.xlsx",
            data: { role, filters: JSON.stringify(filters) },
        });
    }
    get titles() {
        return { forecast: _t("Forecast"), win_rate: _t("Win rate by source") };
    }
}

registry.category("actions").add("crm_glossary_core.dashboard", CrmDashboard);
