import { onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getColors, getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { localization } from "@web/core/l10n/localization";

const scheme = cookie.get("color_scheme");
const palette = getColors(scheme, "md");

/** Odoo's chart colours, by what they mean here. */
export const COLORS = {
    won: palette[3],
    open: palette[0],
    line: palette[1],
    band: hexToRGBA(palette[0], 0.25),
    text: getCustomColor(scheme, "#374151", "#E4E4E4"),
    grid: getCustomColor(scheme, "rgba(0,0,0,.08)", "rgba(255,255,255,.12)"),
    ground: getCustomColor(scheme, "#FFFFFF", "#262A36"),
};

/**
 * A Chart.js chart on the canvas `t-ref="canvas"`, drawn anew when its data change.
 *
 * @param {() => Object} getConfig the configuration, from the component's props
 * @param {() => any[]} getDependencies
 * @returns {{ current: Chart | null }}
 */
export function useChart(getConfig, getDependencies) {
    const canvas = useRef("canvas");
    const holder = { current: null };
    const destroy = () => {
        holder.current?.destroy();
        holder.current = null;
    };
    useEffect(() => {
        destroy();
        if (canvas.el) {
            /* global Chart */
            holder.current = new Chart(canvas.el, getConfig());
        }
    }, getDependencies);
    onWillUnmount(destroy);
    return holder;
}

/** What all charts here share. */
export function getChartOptions(options = {}) {
    return {
        responsive: true,
        maintainAspectRatio: false,
        animation: false,
        locale: localization.code.replace("_", "-"),
        ...options,
    };
}

/** An axis in the colours of the scheme. */
export function getAxis(options = {}) {
    return {
        ...options,
        border: { display: false },
        grid: { color: COLORS.grid, drawTicks: false, ...options.grid },
        ticks: { color: COLORS.text, padding: 6, ...options.ticks },
    };
}
