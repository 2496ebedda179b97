import { Component } from "@odoo/owl";
import { getTermUrl } from "../../utils/term_url";

/** A text of the glossary; the words in it that are terms lead to them. */
export class TermText extends Component {
    static template = "crm_glossary_core.TermText";
    static props = {
        parts: { type: Array, element: Object }, // of CrossLinks.cut()
        onOpen: Function,
    };

    setup() {
        this.getTermUrl = getTermUrl;
    }
}
