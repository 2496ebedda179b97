import { findTerm } from "../core/tooltip/tooltip_patch";

/**
 * @param {HTMLElement} el
 * @returns {HTMLElement | null | undefined} what carries the tooltip of the field that
 *  has the focus: the label of an input, or the header of a list's cell
 */
function findTooltip(el) {
    const cell = el.closest(".o_data_row > td[name], th[data-name]");
    if (cell) {
        const name = cell.getAttribute("name") || cell.dataset.name;
        const header = `th[data-name="${CSS.escape(name)}"] [data-tooltip-info]`;
        return cell.closest("table").querySelector(header);
    }
    const field = el.closest(".o_field_widget");
    const form = el.closest(".o_form_view, .modal") || document;
    const ids = [el, ...(field ? field.querySelectorAll("[id]") : [])].map((e) => e.id);
    for (const id of ids.filter(Boolean)) {
        const label = form.querySelector(`label[for="${CSS.escape(id)}"]`);
        if (label) {
            return label.querySelector("[data-tooltip-info]");
        }
    }
    return el.closest("[data-tooltip-info]");
}

/**
 * The term of the field that has the keyboard's focus.
 *
 * @param {Object} glossary the service
 * @param {HTMLElement} [el]
 */
export function findTermAtCursor(glossary, el = document.activeElement) {
    const tooltip = el && findTooltip(el);
    return tooltip && findTerm(glossary, JSON.parse(tooltip.dataset.tooltipInfo));
}
