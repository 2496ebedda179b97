import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { COLORS, getAxis, getChartOptions, useChart } from "../core/chart";
import { formatShare } from "../core/format";

/** Won of the closed deals, by source; a bar opens the closed deals of its source. */
export class DashboardWinRate extends Component {
    static template = "crm_glossary_core.DashboardWinRate";
    static props = { rows: Array, open: Function };

    setup() {
        this.chart = useChart(
            () => this.getConfig(),
            () => [JSON.stringify(this.props.rows)]
        );
    }

    /** Two lines a bar: the source, and what the share is made of. */
    get labels() {
        return this.props.rows.map((row) => [shorten(row.label), this.getParts(row)]);
    }
    getParts(row) {
        return _t("%(numerator)s of %(denominator)s", row);
    }
    get height() {
        return 36 + 38 * this.props.rows.length;
    }
    describe(row) {
        return _t("%(share)s (%(won)s of %(closed)s)", {
            share: formatShare(row.value),
            won: row.numerator,
            closed: row.denominator,
        });
    }

    getConfig() {
        const { rows, open } = this.props;
        return {
            type: "bar",
            data: {
                labels: this.labels,
                datasets: [
                    {
                        data: rows.map((row) => row.value),
                        backgroundColor: COLORS.won,
                        borderRadius: 3,
                        maxBarThickness: 18,
                        minBarLength: 2,
                    },
                ],
            },
            options: getChartOptions({
                indexAxis: "y",
                onClick: (_event, elements) =>
                    elements[0] && open(rows[elements[0].index]),
                onHover: (event, elements) => {
                    event.native.target.style.cursor = elements.length ? "pointer" : "";
                },
                scales: {
                    x: getAxis({
                        min: 0,
                        max: 1,
                        ticks: {
                            callback: (value) => formatShare(value),
                            maxTicksLimit: 5,
                        },
                    }),
                    y: getAxis({
                        grid: { display: false },
                        ticks: { autoSkip: false },
                    }),
                },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        displayColors: false,
                        callbacks: {
                            title: ([{ dataIndex }]) => rows[dataIndex].label,
                            label: ({ dataIndex }) => this.describe(rows[dataIndex]),
                        },
                    },
                },
            }),
        };
    }
}

function shorten(text) {
    return text.length > 20 ? `${text.slice(0, 19)}…` : text;
}
