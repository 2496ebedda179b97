import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** How points are written: a true minus sign is as wide as the plus. */
export function formatSigned(points) {
    return `${points < 0 ? "\u2212" : "+"}${Math.abs(points)}`;
}

/** A number without a plus, with the same minus sign. */
export function formatPoints(points) {
    return points < 0 ? `\u2212${-points}` : `${points}`;
}

/**
 * Where a lead stands on one axis: the bands of the grades, the mark of the lead, and
 * how far the next grade is.
 */
export class LeadScoreGauge extends Component {
    static template = "crm_lead_scoring.LeadScoreGauge";
    static props = {
        axis: {
            type: Object,
            shape: {
                name: String,
                label: String,
                value: Number,
                lowest: Number,
                highest: Number,
                bands: Array,
                next: { type: [Object, { value: false }] },
                reach: String,
            },
        },
    };

    setup() {
        this.formatPoints = formatPoints;
    }

    get axis() {
        return this.props.axis;
    }

    /** @returns {number} where a value lies on the scale, in percent */
    position(value) {
        const { lowest, highest } = this.axis;
        const share = (value - lowest) / Math.max(1, highest - lowest);
        return Math.min(100, Math.max(0, 100 * share));
    }

    get bands() {
        const last = this.axis.bands.length - 1;
        return this.axis.bands.map((band, index) => ({
            ...band,
            index,
            width: this.position(band.to) - this.position(band.from),
            level: index === 0 ? "low" : index === last ? "high" : "middle",
        }));
    }

    /** The first points of the bands, where they do not stand on top of each other. */
    get ticks() {
        const ticks = [];
        for (const band of this.bands.slice(1)) {
            const position = this.position(band.from);
            if (!ticks.length || position - ticks.at(-1).position > 8) {
                ticks.push({ value: band.from, position });
            }
        }
        return ticks;
    }

    get current() {
        return this.axis.bands.find((band) => band.is_current);
    }

    get advice() {
        const { next } = this.axis;
        if (!next) {
            return this.axis.bands.length > 1
                ? _t("More points here do not raise the grade.")
                : "";
        }
        return next.missing === 1
            ? _t("1 point to %(grade)s", { grade: next.grade })
            : _t("%(points)s points to %(grade)s", {
                  points: next.missing,
                  grade: next.grade,
              });
    }

    get description() {
        const values = { value: this.axis.value, advice: this.advice };
        return this.current?.name
            ? _t("%(value)s points, in the range of %(band)s. %(advice)s", {
                  ...values,
                  band: this.current.name,
              })
            : _t("%(value)s points. %(advice)s", values);
    }
}
