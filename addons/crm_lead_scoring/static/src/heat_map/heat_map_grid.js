import { Component, useRef, useState } from "@odoo/owl";
import {
    formatAmount,
    formatCount,
    formatFullAmount,
    formatShare,
} from "@crm_glossary_core/dashboard/core/format";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";

const MOVES = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
};

/**
 * The matrix as a grid of buttons: one of them is in the tab order, the arrow keys go
 * to the others. Places are counted with the heads and the totals around the cells.
 */
export class HeatMapGrid extends Component {
    static template = "crm_lead_scoring.HeatMapGrid";
    static props = { data: Object, open: Function };

    setup() {
        this.root = useRef("root");
        this.state = useState({ row: 1, column: 1 });
        this.formatCount = formatCount;
    }

    get data() {
        return this.props.data;
    }

    // === WORDS === //

    formatAmount(place) {
        return formatAmount(place.amount, this.data.currency.id);
    }
    share(place) {
        const { total, ungraded } = this.data;
        return place.count / (total.count + ungraded.count || 1);
    }
    formatShare(place) {
        return formatShare(this.share(place));
    }
    formatReady(place) {
        return _t("%s ready", formatCount(place.ready));
    }
    /** How strong the colour of a cell is: from 0 to 1, for the fullest one. */
    heat(cell) {
        const fullest = Math.max(...this.data.cells.flat().map((one) => one.count));
        return fullest ? (cell.count / fullest).toFixed(3) : 0;
    }

    /** All of a cell in one sentence: colour and place say nothing to some people. */
    describe(place, name) {
        return _t(
            "%(name)s: %(count)s open leads (%(share)s), expected revenue %(amount)s, ready for sales: %(ready)s",
            {
                name,
                count: place.count,
                share: this.formatShare(place),
                amount: formatFullAmount(place.amount, this.data.currency.id),
                ready: place.ready,
            }
        );
    }
    describeCell(cell, row, column) {
        const name = _t("%(grade)s, fit %(fit)s, engagement %(engagement)s", {
            grade: cell.grade || _t("No grade"),
            fit: this.data.rows[row].label,
            engagement: this.data.columns[column].label,
        });
        return this.describe(cell, name);
    }
    describeRow(band) {
        return this.describe(band, _t("Fit: %s", band.label));
    }
    describeColumn(band) {
        return this.describe(band, _t("Engagement: %s", band.label));
    }
    get totalDescription() {
        return this.describe(this.data.total, _t("Total"));
    }

    // === MOVING === //

    isCurrent(row, column) {
        return this.state.row === row && this.state.column === column;
    }
    onFocus(row, column) {
        Object.assign(this.state, { row, column });
    }
    onKeydown(ev) {
        const { row, column } = this.state;
        const lastColumn = this.data.columns.length + 1;
        let target = null;
        if (ev.key in MOVES) {
            const [down, right] = MOVES[ev.key];
            const sign = localization.direction === "rtl" ? -1 : 1;
            target = [row + down, column + sign * right];
        } else if (ev.key === "Home") {
            // The last row begins with its first total.
            target = [row, row && row <= this.data.rows.length ? 0 : 1];
        } else if (ev.key === "End") {
            target = [row, row ? lastColumn : lastColumn - 1];
        }
        if (!target || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        ev.preventDefault();
        this.root.el.querySelector(`[data-place="${target.join("-")}"]`)?.focus();
    }

    /** Open what a place counts; heads and totals name a row or a column only. */
    open(place, part, row, column) {
        if (place.count) {
            const isRow = part === "cell" || part === "row";
            const isColumn = part === "cell" || part === "column";
            this.props.open(part, isRow ? row : null, isColumn ? column : null);
        }
    }
}
