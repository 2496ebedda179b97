import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatPoints, formatSigned } from "../score_gauge/score_gauge";

/**
 * What a score is made of: each line starts where the one before it ended, so that the
 * last one ends at the total. The numbers say the same as the bars.
 */
export class LeadScoreWaterfall extends Component {
    static template = "crm_lead_scoring.LeadScoreWaterfall";
    static props = {
        lines: Array,
        axes: Array,
        total: Number,
        // for those who may open it
        openRule: { type: Function, optional: true },
        openDocument: Function,
    };

    setup() {
        this.state = useState({ showConditions: false });
        this.formatPoints = formatPoints;
        this.formatSigned = formatSigned;
    }

    /** The lines by axis, each axis with its sum; without an axis if there is none. */
    get groups() {
        const groups = this.props.axes.map(({ name, label }) => ({ name, label }));
        groups.push({ name: false, label: "" });
        for (const group of groups) {
            group.lines = this.props.lines.filter((line) => line.axis === group.name);
            group.sum = group.lines.reduce((sum, line) => sum + line.points, 0);
        }
        return groups.filter((group) => group.lines.length);
    }

    get scale() {
        const ends = this.props.lines.flatMap((line) => [line.start, line.end]);
        const lowest = Math.min(0, ...ends);
        return { lowest, size: Math.max(1, Math.max(0, ...ends) - lowest) };
    }

    place(value) {
        return (100 * (value - this.scale.lowest)) / this.scale.size;
    }

    barStyle(line) {
        const start = this.place(Math.min(line.start, line.end));
        const width = (100 * Math.abs(line.points)) / this.scale.size;
        return `inset-inline-start: ${start}%; width: ${width}%`;
    }

    moreText(count) {
        return _t("and %s more before that", count);
    }
}
