import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { HeatMapFilters } from "./heat_map_filters";
import { HeatMapGrid } from "./heat_map_grid";

/** Open leads by fit and engagement; every number opens its leads. */
export class HeatMap extends Component {
    static template = "crm_lead_scoring.HeatMap";
    static path = "score-matrix";
    static displayName = _t("Score Matrix");
    static components = { HeatMapFilters, HeatMapGrid, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.memory = `crm_lead_heat_map/${user.userId}`;
        this.display = { controlPanel: {} };
        this.state = useState({ data: null, loading: false });
        onWillStart(() => this.start());
    }

    // === LOADING === //

    /** What was chosen last time; if that is gone meanwhile, the default. */
    async start() {
        const filters = this.recall();
        if (filters) {
            try {
                return await this.load(filters, true);
            } catch {
                browser.localStorage.removeItem(this.memory);
            }
        }
        return this.load(null);
    }

    recall() {
        try {
            return JSON.parse(browser.localStorage.getItem(this.memory));
        } catch {
            return null;
        }
    }

    async load(filters, silent = false) {
        this.state.loading = true;
        const orm = silent ? this.orm.silent : this.orm;
        try {
            this.state.data = await this.keepLast.add(
                orm.call("crm.lead.score.heat.map", "get_heat_map", [filters])
            );
        } finally {
            this.state.loading = false;
        }
        browser.localStorage.setItem(this.memory, JSON.stringify(this.data.filters));
    }

    get data() {
        return this.state.data;
    }
    refresh() {
        return this.load(this.data.filters);
    }
    setFilters(changes) {
        return this.load({ ...this.data.filters, ...changes });
    }
    clearFilters() {
        return this.load({ model_id: this.data.filters.model_id });
    }

    // === WORDS === //

    get count() {
        return this.data.total.count + this.data.ungraded.count;
    }
    get isFiltered() {
        const { team_id, owner, type, period } = this.data.filters;
        return (
            Boolean(team_id) || owner !== "all" || type !== "all" || period !== "any"
        );
    }
    get ungradedLabel() {
        return _t("Leads without a grade: %s", this.data.ungraded.count);
    }

    // === OPENING === //

    async open(part, row = null, column = null) {
        const action = await this.orm.call("crm.lead.score.heat.map", "open_leads", [
            part,
            row,
            column,
            this.data.filters,
        ]);
        return this.action.doAction(action);
    }
    openModels() {
        return this.action.doAction("crm_lead_scoring.crm_lead_score_model_action");
    }
    openPipeline() {
        return this.action.doAction("crm.crm_lead_action_pipeline");
    }
    openModel() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead.score.model",
            res_id: this.data.model.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("crm_lead_scoring.heat_map", HeatMap);
