import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** The first steps of managers; each is done when the data say so. */
export class OnboardingPanel extends Component {
    static template = "crm_lead_scoring.OnboardingPanel";
    static props = { steps: Array };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ steps: this.props.steps });
    }

    async load() {
        this.state.steps = await this.call("get_onboarding");
    }

    /** The step to do next stands out. */
    get current() {
        return this.state.steps.find((step) => !step.is_done);
    }

    get progress() {
        return _t("%(done)s of %(all)s done", {
            done: this.state.steps.filter((step) => step.is_done).length,
            all: this.state.steps.length,
        });
    }

    async open(step) {
        const action = await this.call("open_step", [step.code]);
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    async close() {
        await this.call("close");
        this.state.steps = [];
    }

    call(method, args = []) {
        return this.orm.call("crm.lead.score.onboarding", method, args);
    }
}
