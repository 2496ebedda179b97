import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDay, formatShare, formatValue } from "../core/format";
import { Sparkline } from "../sparkline/sparkline";

/** One KPI: value, change, target, the last periods. */
export class DashboardTile extends Component {
    static template = "crm_glossary_core.DashboardTile";
    static components = { Sparkline };
    static props = {
        tile: Object,
        open: Function,
        openTerm: { type: [Function, Boolean], optional: true },
    };

    get tile() {
        return this.props.tile;
    }
    get hasValue() {
        return typeof this.tile.value === "number";
    }
    get display() {
        return this.format(this.tile.value);
    }
    format(value) {
        return formatValue(value, this.tile.unit, this.tile.currency_id);
    }

    /** "12 of 40", where the value is a ratio. */
    get parts() {
        const { numerator, denominator, unit } = this.tile;
        if (unit !== "percent" || !this.hasValue || !denominator) {
            return "";
        }
        return _t("%(numerator)s of %(denominator)s", { numerator, denominator });
    }

    /** Change against the period before; `null` when one of both is missing. */
    get change() {
        const { value, previous, direction, unit } = this.tile;
        if (typeof value !== "number" || typeof previous !== "number") {
            return null;
        }
        const difference = value - previous;
        const good = direction === "down" ? difference < 0 : difference > 0;
        if (!difference) {
            return {
                icon: "fa-minus",
                tone: "text-muted",
                text: "",
                word: _t("unchanged"),
            };
        }
        return {
            icon: difference > 0 ? "fa-arrow-up" : "fa-arrow-down",
            tone: good ? "text-success" : "text-danger",
            text: this.formatChange(difference, previous, unit),
            word: good ? _t("better") : _t("worse"),
            hint: _t("%s in the period before", this.format(previous)),
        };
    }
    formatChange(difference, previous, unit) {
        if (unit === "percent") {
            return _t("%s pp", formatShare(Math.abs(difference)).replace(/\s*%/, ""));
        }
        if (previous) {
            return formatShare(Math.abs(difference / previous));
        }
        return this.format(Math.abs(difference));
    }

    /** How much of the target is reached, and whether that is on pace. */
    get target() {
        const { target, value, pace } = this.tile;
        if (typeof target !== "number" || !this.hasValue || !pace) {
            return null;
        }
        const words = {
            reached: _t("reached"),
            ahead: _t("on pace"),
            behind: _t("behind"),
        };
        const share = (part) =>
            Math.max(0, Math.min(100, target ? (100 * part) / target : 0));
        return {
            met: pace.status !== "behind",
            width: share(value),
            mark: share(pace.expected),
            text: _t("Target %s", this.format(target)),
            word: words[pace.status],
            hint: _t("By today it should be %s", this.format(pace.expected)),
        };
    }

    /** Numbers as of now do not follow the period. */
    get when() {
        return this.tile.as_of_now ? _t("now") : "";
    }

    get breaks() {
        return this.tile.version_breaks.map((one) => one.date);
    }
    get sparklineHint() {
        const series = this.tile.series.map(
            ({ date, value }) => `${formatDay(date)}: ${this.format(value)}`
        );
        const breaks = this.tile.version_breaks.map((one) =>
            _t("Definition changed on %(date)s. %(text)s", {
                date: formatDay(one.date),
                text: one.text || "",
            })
        );
        return [...breaks, ...series].join("\n");
    }
    get label() {
        return [this.tile.name, this.display, this.parts].filter(Boolean).join(", ");
    }
}
