import { Component } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";

/** Whose numbers, and of when. */
export class DashboardFilters extends Component {
    static template = "crm_glossary_core.DashboardFilters";
    static components = { DateTimeInput };
    static props = {
        role: String,
        roles: Array,
        filters: Object,
        options: Object,
        setRole: Function,
        setFilters: Function,
    };

    get dates() {
        const { date_from, date_to } = this.props.filters;
        return [deserializeDate(date_from), deserializeDate(date_to)];
    }
    onRole(ev) {
        this.props.setRole(ev.target.value);
    }
    onPeriod(ev) {
        this.props.setFilters({ period: ev.target.value });
    }
    onDates(dates) {
        if (dates[0] && dates[1]) {
            const [from, to] = [...dates].sort((a, b) => a - b);
            this.props.setFilters({
                date_from: serializeDate(from),
                date_to: serializeDate(to),
            });
        }
    }
    onRecord(name, ev) {
        this.props.setFilters({ [name]: Number(ev.target.value) || false });
    }
}
