/**
 * Moments that are so far from now, as Odoo's domains write them: "-30d", "+2w".
 * Odoo 19's editor of filters takes them for broken dates.
 */

const PATTERN = /^([+-])(\d{1,5})([dwmyHMS])$/;
const UNITS = {
    d: "day",
    w: "week",
    m: "month",
    y: "year",
    H: "hour",
    M: "minute",
    S: "second",
};

/**
 * @param {any} value
 * @returns {{ count: number, step: string } | null} how many, and which way and unit
 */
export function readRelativeDate(value) {
    const match = typeof value === "string" && PATTERN.exec(value);
    return match ? { count: Number(match[2]), step: match[1] + match[3] } : null;
}

/**
 * @param {number} count
 * @param {string} step sign and unit: "-d"
 * @returns {string}
 */
export function writeRelativeDate(count, step) {
    return `${step[0]}${count}${step[1]}`;
}

/**
 * @param {number} count
 * @param {string} step sign and unit: "-d"
 * @returns {string} in the user's language: "30 days ago"
 */
export function tellRelativeDate(count, step) {
    const locale = luxon.Settings.defaultLocale || undefined;
    const format = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
    return format.format(step[0] === "-" ? -count : count, UNITS[step[1]]);
}
