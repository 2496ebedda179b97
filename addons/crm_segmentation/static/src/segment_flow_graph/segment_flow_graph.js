import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ENTERED_COLOR = "#1ba39c";
const LEFT_COLOR = "#d9654f";
const SIZE_COLOR = "#5b7db1";
/** Days that can be shown; the value of the field holds the first of them. */
const RANGES = [30, 90, 365];

/**
 * How a segment grows: its size as a line, over entries (bars up) and exits (bars down),
 * one pair a day. The value is JSON:
 * { labels: [text], entered: [number], left: [number], size: [number] }.
 */
export class SegmentFlowGraph extends Component {
    static template = "crm_segmentation.SegmentFlowGraph";
    static props = { ...standardFieldProps };

    setup() {
        this.canvasRef = useRef("canvas");
        this.orm = useService("orm");
        this.ranges = RANGES;
        this.state = useState({ days: RANGES[0], longer: null });
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (canvas) => {
                if (!canvas) {
                    return;
                }
                const chart = new window.Chart(canvas, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.canvasRef.el, this.value, this.state.longer]
        );
        // Another record, or newer numbers: what was fetched is of the past.
        useEffect(
            () => {
                Object.assign(this.state, { days: RANGES[0], longer: null });
            },
            () => [this.value]
        );
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get flow() {
        return this.state.longer || JSON.parse(this.value || "{}");
    }

    async onRange(days) {
        let longer = null;
        if (days !== RANGES[0]) {
            const { resModel, resId } = this.props.record;
            longer = await this.orm.call(resModel, "get_growth", [resId, days]);
        }
        Object.assign(this.state, { days, longer });
    }

    get isEmpty() {
        const { entered = [], left = [] } = this.flow;
        return ![...entered, ...left].some(Boolean);
    }

    getConfig() {
        const { labels, entered, left, size = [] } = this.flow;
        const scheme = cookie.get("color_scheme");
        const textColor = getCustomColor(scheme, "#374151", "#E4E4E4");
        return {
            type: "bar",
            data: {
                labels,
                datasets: [
                    {
                        type: "line",
                        label: _t("Members"),
                        data: size,
                        yAxisID: "size",
                        borderColor: SIZE_COLOR,
                        backgroundColor: SIZE_COLOR,
                        borderWidth: 2,
                        pointRadius: 0,
                        pointHitRadius: 8,
                        tension: 0,
                    },
                    {
                        label: _t("Entered"),
                        data: entered,
                        yAxisID: "y",
                        backgroundColor: ENTERED_COLOR,
                    },
                    {
                        label: _t("Left"),
                        data: left.map((count) => 0 - count),
                        yAxisID: "y",
                        backgroundColor: LEFT_COLOR,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: { position: "bottom", labels: { color: textColor } },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, parsed }) =>
                                `${dataset.label}: ${Math.abs(parsed.y)}`,
                        },
                    },
                },
                scales: {
                    x: {
                        stacked: true,
                        grid: { display: false },
                        ticks: {
                            color: textColor,
                            maxRotation: 0,
                            maxTicksLimit: 12,
                        },
                    },
                    size: {
                        position: "right",
                        grid: { display: false },
                        ticks: { color: SIZE_COLOR, precision: 0 },
                    },
                    y: {
                        stacked: true,
                        ticks: {
                            color: textColor,
                            precision: 0,
                            callback: (count) => Math.abs(count),
                        },
                    },
                },
            },
        };
    }
}

registry.category("fields").add("segment_flow_graph", {
    component: SegmentFlowGraph,
    displayName: _t("Entries and Exits"),
    supportedTypes: ["text"],
});
