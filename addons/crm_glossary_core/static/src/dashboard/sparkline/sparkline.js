import { Component } from "@odoo/owl";

const WIDTH = 120;
const HEIGHT = 32;
const PAD = 3;

/**
 * Points of a series in a box; what has no value leaves a gap.
 *
 * @param {{ date: string, value: number | null }[]} series
 * @returns {{ x: number, y: number | null, date: string }[]}
 */
export function getPoints(series, width = WIDTH, height = HEIGHT, pad = PAD) {
    const values = series.map((point) => point.value).filter(isNumber);
    const low = Math.min(0, ...values);
    const high = Math.max(...values, low);
    const range = high - low || 1;
    const step = series.length > 1 ? (width - 2 * pad) / (series.length - 1) : 0;
    return series.map(({ date, value }, index) => ({
        date,
        x: pad + index * step,
        y: isNumber(value)
            ? height - pad - ((value - low) / range) * (height - 2 * pad)
            : null,
    }));
}

function isNumber(value) {
    return typeof value === "number";
}

/** Parts of the line between gaps, as SVG paths. */
export function getPath(points) {
    let pen = "M";
    return points
        .map(({ x, y }) => {
            if (y === null) {
                pen = "M";
                return "";
            }
            // a point between two gaps is drawn as a dot
            const dot = pen === "M" ? "h0" : "";
            const part = `${pen}${x.toFixed(1)} ${y.toFixed(1)}${dot}`;
            pen = "L";
            return part;
        })
        .join("");
}

/** Where in the series the definition changed: x of each break. */
export function getBreaks(points, breaks) {
    return breaks
        .map((date) => points.find((point) => point.date >= date) || points.at(-1))
        .filter(Boolean)
        .map((point) => point.x);
}

/** A small line of the last periods; dashed marks where the definition changed. */
export class Sparkline extends Component {
    static template = "crm_glossary_core.Sparkline";
    static props = {
        series: Array,
        breaks: { type: Array, optional: true },
        label: { type: String, optional: true },
    };
    static defaultProps = { breaks: [], label: "" };

    get viewBox() {
        return `0 0 ${WIDTH} ${HEIGHT}`;
    }
    get height() {
        return HEIGHT;
    }
    get points() {
        return getPoints(this.props.series);
    }
    get path() {
        return getPath(this.points);
    }
    get last() {
        return this.points.findLast((point) => point.y !== null);
    }
    get breaks() {
        return getBreaks(this.points, this.props.breaks);
    }
}
