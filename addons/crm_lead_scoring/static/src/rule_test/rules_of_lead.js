import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { RuleTestResult, signed } from "./rule_test_result";

/** Opened from a lead: all rules of its scoring model, and why each counts or not. */
export class RulesOfLead extends Component {
    static template = "crm_lead_scoring.RulesOfLead";
    static components = { RuleTestResult };
    static props = { ...standardActionServiceProps };

    signed = signed;

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ answer: null, openId: false, result: null });
        const result = useRef("result");
        useEffect(
            () => {
                result.el?.scrollIntoView({ block: "nearest" });
            },
            () => [this.state.result]
        );
        onWillStart(async () => {
            this.state.answer = await this.orm.call(
                "crm.lead.score.rule",
                "get_results_of_lead",
                [this.leadId]
            );
        });
    }

    get leadId() {
        const { context, params } = this.props.action;
        return params?.lead_id || context.active_id;
    }

    get introduction() {
        const { lead, model } = this.state.answer;
        return _t(
            "What each rule of “%(model)s” gives to %(lead)s. Click one to see why.",
            {
                model,
                lead,
            }
        );
    }

    /** Rules that give or take points first; the others in the order of the model. */
    get rules() {
        const { rules } = this.state.answer;
        return [
            ...rules.filter((rule) => rule.points),
            ...rules.filter((rule) => !rule.points),
        ];
    }

    async toggle(ruleId) {
        const opens = this.state.openId !== ruleId;
        Object.assign(this.state, { openId: opens && ruleId, result: null });
        if (opens) {
            this.state.result = await this.keepLast.add(
                this.orm.call("crm.lead.score.rule", "test_on_lead", [
                    this.leadId,
                    ruleId,
                ])
            );
        }
    }
}

registry.category("actions").add("crm_lead_scoring.rules_of_lead", RulesOfLead);
