import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { RuleTestResult } from "./rule_test_result";

export const DELAY = 400;

/** Who looks at one rule after another tests them on the same lead. */
let lastLead = false;

/**
 * In the form of a rule: choose a lead and see what the rule, as it stands in the
 * form, gives to it. The answer follows each edit; nothing is saved.
 */
export class RuleTestPanel extends Component {
    static template = "crm_lead_scoring.RuleTestPanel";
    static components = { RecordSelector, RuleTestResult };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ leadId: lastLead, result: null, error: "" });
        this.testSoon = useDebounced(() => this.test(), DELAY);
        onWillStart(() => this.forgetLostLead());
        useRecordObserver((record) => {
            // Read, so that a change of any of them is noticed.
            JSON.stringify(
                Object.keys(record.data).map((name) => this.peek(record, name))
            );
            if (this.state.leadId) {
                this.testSoon();
            }
        });
    }

    get placeholder() {
        return _t("Choose a lead");
    }

    /** The value of a field, or what tells one linked record from another. */
    peek(record, name) {
        const value = record.data[name];
        return value && typeof value === "object" ? value.id || String(value) : value;
    }

    async forgetLostLead() {
        if (this.state.leadId) {
            const found = await this.orm.searchCount("crm.lead", [
                ["id", "=", this.state.leadId],
            ]);
            this.state.leadId = found ? this.state.leadId : false;
        }
    }

    choose(leadId) {
        lastLead = leadId;
        this.state.leadId = leadId;
        this.state.result = null;
        if (leadId) {
            this.test();
        }
    }

    async test() {
        const { record } = this.props;
        const values = await record.getChanges();
        try {
            this.state.result = await this.keepLast.add(
                this.orm.silent.call("crm.lead.score.rule", "test_on_lead", [
                    this.state.leadId,
                    record.resId || false,
                    values,
                ])
            );
            this.state.error = "";
        } catch (error) {
            this.state.result = null;
            this.state.error = error.data?.message || error.message;
        }
    }
}

registry.category("view_widgets").add("lead_score_rule_test", {
    component: RuleTestPanel,
});
