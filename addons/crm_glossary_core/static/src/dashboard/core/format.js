import { getCurrency, formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const LARGE = 10000;

/** A whole number, or a short one ("1.2M") from ten thousand on. */
export function formatCount(value) {
    const digits = Number.isInteger(value) ? 0 : 1;
    return formatFloat(value, { digits: [0, digits] });
}

/** An amount with its currency; short from ten thousand on. */
export function formatAmount(value, currencyId) {
    if (Math.abs(value) < LARGE) {
        return formatCurrency(Math.round(value), currencyId, { digits: [0, 0] });
    }
    return formatCurrency(value, currencyId, {
        humanReadable: true,
        digits: [0, 1],
        minDigits: 1,
    });
}

/** The amount in full, for hovering. */
export function formatFullAmount(value, currencyId) {
    return formatCurrency(value, currencyId, {
        digits: getCurrency(currencyId)?.digits,
    });
}

/** A share of 1 as a percentage. */
export function formatShare(value) {
    return _t("%s %", formatDecimal(value * 100));
}

/** Days, with one decimal below ten. */
export function formatDays(value) {
    return _t("%s d", formatDecimal(value));
}

/** One decimal below ten, unless it is zero. */
function formatDecimal(value) {
    const rounded = Math.round(value * 10) / 10;
    const digits = Math.abs(rounded) < 10 && rounded % 1 ? 1 : 0;
    return formatFloat(rounded, { digits: [0, digits] });
}

const FORMATS = {
    count: formatCount,
    currency: formatAmount,
    percent: formatShare,
    days: formatDays,
    hours: (value) => _t("%s h", formatDecimal(value)),
};

/** A KPI's value in its unit; `null` is "no data", never zero. */
export function formatValue(value, unit, currencyId) {
    if (value === null || value === undefined || value === false) {
        return _t("No data");
    }
    return (FORMATS[unit] || formatCount)(value, currencyId);
}

/** The month of an ISO date: "Oct", with the year in January. */
export function formatMonth(iso) {
    const month = deserializeDate(iso);
    const short = month.toFormat("LLL");
    // some languages have numbers for short months
    const name = /\d/.test(short) ? month.toFormat("LLLL").slice(0, 3) : short;
    return month.month === 1 ? `${name} ${month.year}` : name;
}

export function formatDay(iso) {
    return formatDate(deserializeDate(iso));
}
