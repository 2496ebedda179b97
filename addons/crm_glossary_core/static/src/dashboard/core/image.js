import { downloadFile } from "@web/core/network/download";
import { getPath, getPoints } from "../sparkline/sparkline";
import { COLORS } from "./chart";

const SCALE = 2;
const PAD = 24;
const GAP = 12;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";

/** A canvas of a size in points, filled with the ground colour. */
function createCanvas(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width * SCALE;
    canvas.height = height * SCALE;
    const context = canvas.getContext("2d");
    context.scale(SCALE, SCALE);
    context.fillStyle = COLORS.ground;
    context.fillRect(0, 0, width, height);
    context.textBaseline = "top";
    return [canvas, context];
}

/** Write one line, cut to the width; returns where the next one starts. */
function write(
    context,
    text,
    x,
    y,
    { size = 13, bold = false, width, align = "left" } = {}
) {
    context.font = `${bold ? 600 : 400} ${size}px ${FONT}`;
    context.fillStyle = COLORS.text;
    context.textAlign = align;
    let shown = text;
    while (width && shown.length > 1 && context.measureText(shown).width > width) {
        shown = `${shown.slice(0, -2).trimEnd()}…`;
    }
    context.fillText(shown, x, y);
    return y + size * 1.4;
}

function save(canvas, title) {
    const name = `${title.replace(/[^\p{L}\p{N}]+/gu, "_")}.png`;
    return new Promise((resolve) => {
        canvas.toBlob((blob) => resolve(downloadFile(blob, name, "image/png")));
    });
}

/** Save one chart with its title. */
export function savePanel(title, chart) {
    const [width, height] = [chart.clientWidth, chart.clientHeight];
    const [canvas, context] = createCanvas(width + 2 * PAD, height + 2 * PAD + 30);
    write(context, title, PAD, PAD, { size: 16, bold: true });
    context.drawImage(chart, PAD, PAD + 30, width, height);
    return save(canvas, title);
}

/**
 * Save the whole dashboard.
 *
 * @param {Object} page
 * @param {string} page.title
 * @param {string} page.subtitle whose numbers, and of when
 * @param {Object[]} page.tiles `{ name, value, change, series }`
 * @param {Object[]} page.tables `{ title, header, rows }`
 * @param {Object[]} page.charts `{ title, canvas }`
 */
export function saveDashboard({ title, subtitle, tiles, tables, charts }) {
    const width = 1200;
    const columns = 4;
    const tileRows = Math.ceil(tiles.length / columns);
    const tableHeight = sum(tables, (table) => 64 + 22 * table.rows.length);
    // the charts side by side, all in one scale
    const onPage = sum(charts, (chart) => chart.canvas.clientWidth) || 1;
    const scale = (width - 2 * PAD - GAP * (charts.length - 1)) / onPage;
    const chartHeights = charts.map((chart) => scale * chart.canvas.clientHeight);
    const height =
        PAD * 2 +
        64 +
        tileRows * (110 + GAP) +
        tableHeight +
        Math.max(0, ...chartHeights) +
        40;
    const [canvas, context] = createCanvas(width, height);
    let y = write(context, title, PAD, PAD, { size: 22, bold: true });
    y = write(context, subtitle, PAD, y, { size: 13 }) + GAP;
    y = drawTiles(context, tiles, y, width, columns);
    for (const table of tables) {
        y = drawTable(context, table, y, width);
    }
    let x = PAD;
    charts.forEach(({ title: name, canvas: chart }, index) => {
        const chartWidth = scale * chart.clientWidth;
        write(context, name, x, y, { size: 15, bold: true });
        context.drawImage(chart, x, y + 28, chartWidth, chartHeights[index]);
        x += chartWidth + GAP;
    });
    return save(canvas, title);
}

function sum(items, get) {
    return items.reduce((total, item) => total + get(item), 0);
}

function drawTiles(context, tiles, y, width, columns) {
    const tileWidth = (width - 2 * PAD - (columns - 1) * GAP) / columns;
    tiles.forEach((tile, index) => {
        const x = PAD + (index % columns) * (tileWidth + GAP);
        const top = y + Math.floor(index / columns) * (110 + GAP);
        context.strokeStyle = COLORS.grid;
        context.strokeRect(x, top, tileWidth, 110);
        const inside = { width: tileWidth - 24 };
        write(context, tile.name, x + 12, top + 10, inside);
        write(context, tile.value, x + 12, top + 30, {
            size: 22,
            bold: true,
            ...inside,
        });
        write(context, tile.change, x + 12, top + 58, { size: 12, ...inside });
        drawLine(context, tile.series, x + 12, top + 74, tileWidth - 24);
    });
    return y + Math.ceil(tiles.length / columns) * (110 + GAP) + GAP;
}

function drawLine(context, series, x, y, width) {
    context.save();
    context.translate(x, y);
    context.strokeStyle = COLORS.line;
    context.lineWidth = 1.5;
    context.stroke(new Path2D(getPath(getPoints(series, width, 30))));
    context.restore();
}

function drawTable(context, { title, header, rows }, y, width) {
    let top = write(context, title, PAD, y, { size: 15, bold: true }) + 6;
    const first = 0.36;
    const rest = Math.min(0.16, (1 - first) / (header.length - 1));
    for (const [number, cells] of [header, ...rows].entries()) {
        cells.forEach((cell, index) => {
            const end = PAD + (width - 2 * PAD) * (first + rest * index);
            const bold = number === 0;
            if (index) {
                write(context, cell, end, top, { bold, align: "right" });
            } else {
                write(context, cell, PAD, top, { bold, width: (end - PAD) * 0.95 });
            }
        });
        top += 22;
    }
    return top + GAP;
}
