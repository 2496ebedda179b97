import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { COLORS, getAxis, getChartOptions, useChart } from "../core/chart";
import { formatAmount, formatMonth } from "../core/format";

/** Won by month, and for the months to come what is likely, with a band. */
export class DashboardForecast extends Component {
    static template = "crm_glossary_core.DashboardForecast";
    static props = { months: Array, currencyId: [Number, Boolean], open: Function };

    setup() {
        this.chart = useChart(
            () => this.getConfig(),
            () => [JSON.stringify(this.props.months)]
        );
    }

    get isEmpty() {
        return !this.props.months.some((row) => row.won_count || row.open_count);
    }
    format(value) {
        return formatAmount(value, this.props.currencyId);
    }
    describeWon(row) {
        return _t("%(month)s, won: %(amount)s", {
            month: formatMonth(row.month),
            amount: this.format(row.won),
        });
    }
    describeComing(row) {
        return _t("%(month)s, to come: %(amount)s", {
            month: formatMonth(row.month),
            amount: this.format(row.prorated),
        });
    }
    isComing(row) {
        return typeof row.prorated === "number";
    }

    /** What was won already stands below what is to come. */
    get series() {
        const { months } = this.props;
        const pick = (name) =>
            months.map((row) => (this.isComing(row) ? row.won + row[name] : null));
        return {
            won: months.map((row) => row.won),
            low: pick("low"),
            prorated: pick("prorated"),
            high: pick("high"),
        };
    }

    getConfig() {
        const { months, open } = this.props;
        const { won, low, prorated, high } = this.series;
        const line = { type: "line", pointRadius: 0, borderWidth: 0, spanGaps: false };
        return {
            data: {
                labels: months.map((row) => formatMonth(row.month)),
                datasets: [
                    {
                        ...line,
                        label: _t("Forecast"),
                        data: prorated,
                        borderColor: COLORS.line,
                        backgroundColor: COLORS.line,
                        borderWidth: 2,
                        borderDash: [4, 3],
                        pointRadius: 4,
                    },
                    { ...line, label: _t("Low"), data: low },
                    {
                        ...line,
                        label: _t("High"),
                        data: high,
                        fill: 1,
                        backgroundColor: COLORS.band,
                        pointStyle: "rect",
                    },
                    {
                        type: "bar",
                        label: _t("Won"),
                        data: won,
                        backgroundColor: COLORS.won,
                        borderRadius: 3,
                        maxBarThickness: 40,
                    },
                ],
            },
            options: getChartOptions({
                interaction: { mode: "index", intersect: false },
                onClick: (_event, elements, chart) =>
                    this.onClick(_event, elements, chart, open),
                onHover: (event, elements) => {
                    event.native.target.style.cursor = elements.length ? "pointer" : "";
                },
                scales: {
                    x: getAxis({ grid: { display: false } }),
                    y: getAxis({
                        beginAtZero: true,
                        ticks: {
                            callback: (value) => this.format(value),
                            maxTicksLimit: 6,
                        },
                    }),
                },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        filter: (item) => item.raw !== null,
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${this.format(item.raw)}`,
                        },
                    },
                },
            }),
        };
    }

    /** The bar opens what was won, the space above it what is open. */
    onClick(event, elements, chart, open) {
        if (!elements.length) {
            return;
        }
        const row = this.props.months[elements[0].index];
        const amount = chart.scales.y.getValueForPixel(event.y);
        const onBar = row.won_count && amount <= row.won;
        open(row, this.isComing(row) && row.open_count && !onBar ? "open" : "won");
    }
}
