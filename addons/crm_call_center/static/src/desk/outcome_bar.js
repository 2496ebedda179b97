import { Component } from "@odoo/owl";

/** The buttons that say how the call went, each with its key. */
export class OutcomeBar extends Component {
    static template = "crm_call_center.OutcomeBar";
    static props = {
        held: Array,
        notHeld: Array,
        cancelled: Array,
        pending: { type: [Object, { value: null }] },
        isBusy: Boolean,
        onChoose: Function,
        onConfirm: Function,
        onBack: Function,
        onSkip: Function,
    };

    get pendingKind() {
        return this.props.pending ? this.props.pending.kind : "";
    }

    isChosen(outcome) {
        return Boolean(this.props.pending?.outcome?.id === outcome.id);
    }

    keyOf(index) {
        return index < 9 ? String(index + 1) : "";
    }

    finalKey() {
        return this.keyOf(
            this.props.notHeld.findIndex((outcome) => this.isChosen(outcome))
        );
    }
}
