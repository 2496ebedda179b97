import { _t } from "@web/core/l10n/translation";
import {
    formatAmount,
    formatCount,
    formatDays,
    formatShare,
    formatValue,
} from "./format";

/** What the dashboard shows as plain texts, for a picture of it. */
export function getPage(data, tiles) {
    const currencyId = data.currency.id;
    return {
        title: _t("CRM Dashboard"),
        tiles: tiles.map((tile) => ({
            name: tile.name,
            value:
                tile.error ||
                tile.note ||
                formatValue(tile.value, tile.unit, tile.currency_id),
            change:
                typeof tile.previous === "number"
                    ? _t(
                          "%s in the period before",
                          formatValue(tile.previous, tile.unit, tile.currency_id)
                      )
                    : "",
            series: tile.series || [],
        })),
        tables: [
            {
                title: _t("Funnel"),
                header: [
                    _t("Stage"),
                    _t("Number"),
                    _t("Amount"),
                    _t("Conversion"),
                    _t("Median time"),
                ],
                rows: data.funnel.map((row) => [
                    row.stage,
                    formatCount(row.count),
                    formatAmount(row.amount, currencyId),
                    typeof row.conversion === "number"
                        ? formatShare(row.conversion)
                        : "–",
                    typeof row.median_days === "number"
                        ? formatDays(row.median_days)
                        : "–",
                ]),
            },
            {
                title: _t("Needs attention"),
                header: ["", _t("Number")],
                rows: data.attention
                    .filter((row) => row.count)
                    .map((row) => [row.label, formatCount(row.count)]),
            },
        ],
    };
}
