import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import {
    formatAmount,
    formatCount,
    formatDays,
    formatFullAmount,
    formatShare,
} from "../core/format";

/** Stages with those that came so far; each row opens its opportunities. */
export class DashboardFunnel extends Component {
    static template = "crm_glossary_core.DashboardFunnel";
    static props = { rows: Array, currencyId: [Number, Boolean], open: Function };

    get rows() {
        const most = Math.max(1, ...this.props.rows.map((row) => row.count));
        return this.props.rows.map((row, index) => ({
            ...row,
            width: (100 * row.count) / most,
            countText: formatCount(row.count),
            amountText: formatAmount(row.amount, this.props.currencyId),
            amountHint: formatFullAmount(row.amount, this.props.currencyId),
            conversionText: this.getConversion(row, index),
            conversionHint: this.getConversionHint(row, index),
            daysText:
                typeof row.median_days === "number" ? formatDays(row.median_days) : "–",
        }));
    }
    getConversion(row, index) {
        if (!index) {
            return "";
        }
        return typeof row.conversion === "number" ? formatShare(row.conversion) : "–";
    }
    getConversionHint(row, index) {
        if (!index) {
            return "";
        }
        return _t("%(numerator)s of %(denominator)s", {
            numerator: row.count,
            denominator: this.props.rows[index - 1].count,
        });
    }
}
