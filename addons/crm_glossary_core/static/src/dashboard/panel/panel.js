import { Component, useRef } from "@odoo/owl";
import { savePanel } from "../core/image";

/** A titled box; one with a chart can be saved as a picture. */
export class DashboardPanel extends Component {
    static template = "crm_glossary_core.DashboardPanel";
    static props = {
        name: String,
        title: String,
        hint: { type: String, optional: true },
        hasChart: { type: Boolean, optional: true },
        slots: Object,
    };

    setup() {
        this.root = useRef("root");
    }
    save() {
        return savePanel(this.props.title, this.root.el.querySelector("canvas"));
    }
}
