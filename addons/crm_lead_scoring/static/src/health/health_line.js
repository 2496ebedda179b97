import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const ICONS = {
    danger: "fa-times-circle text-danger",
    warning: "fa-exclamation-triangle text-warning",
    hint: "fa-info-circle text-info",
};

/** One line for managers: what is wrong with scoring, each with what mends it. */
export class HealthLine extends Component {
    static template = "crm_lead_scoring.HealthLine";
    static props = { problems: Array };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            problems: this.props.problems,
            isOpen: false,
            isBusy: false,
        });
    }

    async load() {
        this.state.problems = await this.call("get_health");
    }

    /** Only the worst, until somebody wants to see them all. */
    get shown() {
        return this.state.isOpen
            ? this.state.problems
            : this.state.problems.slice(0, 1);
    }

    get more() {
        return this.state.problems.length - 1;
    }

    get moreText() {
        return this.state.isOpen ? _t("Less") : _t("and %s more", this.more);
    }

    getIcon(problem) {
        return ICONS[problem.level];
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
    }

    async fix(problem) {
        this.state.isBusy = true;
        try {
            // What is mended shows the screen anew; a dialog is closed at last.
            const action = await this.call("fix", [problem.code]);
            await this.action.doAction(action, { onClose: () => this.load() });
        } finally {
            this.state.isBusy = false;
        }
    }

    async ignore(problem) {
        await this.call("ignore", [problem.code]);
        await this.load();
    }

    call(method, args = []) {
        return this.orm.call("crm.lead.score.health", method, args);
    }
}
