import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ENTERED_COLOR = "#1ba39c";
const LEFT_COLOR = "#d9654f";

/**
 * Entries (bars up) and exits (bars down) of a segment, one pair a day.
 * The value is JSON: { labels: [text], entered: [number], left: [number] }.
 */
export class SegmentFlowGraph extends Component {
    static template = "crm_segmentation.SegmentFlowGraph";
    static props = { ...standardFieldProps };

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (canvas) => {
                if (!canvas) {
                    return;
                }
                const chart = new window.Chart(canvas, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.canvasRef.el, this.value]
        );
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get flow() {
        return JSON.parse(this.value || "{}");
    }

    get isEmpty() {
        const { entered = [], left = [] } = this.flow;
        return ![...entered, ...left].some(Boolean);
    }

    getConfig() {
        const { labels, entered, left } = this.flow;
        const scheme = cookie.get("color_scheme");
        const textColor = getCustomColor(scheme, "#374151", "#E4E4E4");
        return {
            type: "bar",
            data: {
                labels,
                datasets: [
                    {
                        label: _t("Entered"),
                        data: entered,
                        backgroundColor: ENTERED_COLOR,
                    },
                    {
                        label: _t("Left"),
                        data: left.map((count) => 0 - count),
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
                        ticks: { color: textColor, maxRotation: 0 },
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
