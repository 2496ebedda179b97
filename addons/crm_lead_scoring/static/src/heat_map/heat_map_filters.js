import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** Which leads the matrix counts. */
export class HeatMapFilters extends Component {
    static template = "crm_lead_scoring.HeatMapFilters";
    static props = { filters: Object, options: Object, setFilters: Function };

    /** The filters as lists; one with nothing to choose is left out. */
    get selects() {
        const { models, teams, owner, type, period } = this.props.options;
        const byId = (records) =>
            records.map((record) => ({ code: record.id, name: record.name }));
        const allTeams = { code: false, name: _t("All teams") };
        return [
            { name: "model_id", label: _t("Scoring Model"), options: byId(models) },
            { name: "team_id", label: _t("Team"), options: [allTeams, ...byId(teams)] },
            { name: "owner", label: _t("Salesperson"), options: owner },
            { name: "type", label: _t("Type"), options: type },
            { name: "period", label: _t("Created on"), options: period },
        ].filter(({ options }) => options.length > 1);
    }

    onChange(select, ev) {
        const { code } = select.options[ev.target.selectedIndex];
        this.props.setFilters({ [select.name]: code });
    }
}
