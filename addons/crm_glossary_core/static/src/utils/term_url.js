/**
 * @param {string} code
 * @returns {string} address of the term's page, to share or to open in a new tab
 */
export function getTermUrl(code) {
    return `/odoo/crm-glossary?term=${encodeURIComponent(code)}`;
}
