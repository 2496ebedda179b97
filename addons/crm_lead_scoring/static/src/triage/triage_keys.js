import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/** The keys of the triage screen. */
export class TriageKeys extends Component {
    static template = "crm_lead_scoring.TriageKeys";
    static components = { Dialog };
    static props = { close: Function, usesLeads: Boolean };

    get title() {
        return _t("Keys");
    }

    get keys() {
        return [
            ["A", _t("Accept")],
            this.props.usesLeads && ["Shift + A", _t("Accept, but keep it a lead")],
            ["N", _t("Nurture: out of the queue until a day")],
            ["D", _t("Discard, with a reason")],
            ["1 … 9", _t("Choose a reason")],
            ["T", _t("Write a note to the decision")],
            ["Esc", _t("Back: decide otherwise")],
            [_t("Space, Enter"), _t("Skip: decide later")],
            ["J, ↓", _t("Next lead")],
            ["K, ↑", _t("Previous lead")],
            ["O", _t("Open the whole form")],
            ["U", _t("Undo the last decision")],
            ["?", _t("These keys")],
        ].filter(Boolean);
    }
}
