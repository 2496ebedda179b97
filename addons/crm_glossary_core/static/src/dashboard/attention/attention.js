import { Component } from "@odoo/owl";
import { formatCount } from "../core/format";

/** What somebody should look at; each row opens its records. */
export class DashboardAttention extends Component {
    static template = "crm_glossary_core.DashboardAttention";
    static props = { rows: Array, open: Function };

    get rows() {
        return this.props.rows.filter((row) => row.count || row.error);
    }
    formatCount(value) {
        return formatCount(value);
    }
}
