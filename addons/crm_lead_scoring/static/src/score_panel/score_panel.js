import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { LeadScoreGauge, formatPoints, formatSigned } from "../score_gauge/score_gauge";
import { LeadScoreWaterfall } from "../score_waterfall/score_waterfall";

/**
 * The Score page of a lead: where it stands, what that is made of, what would make it
 * ready, what changed, and what Odoo predicts. Read anew whenever the form is.
 */
export class LeadScorePanel extends Component {
    static template = "crm_lead_scoring.LeadScorePanel";
    static components = { LeadScoreGauge, LeadScoreWaterfall };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        this.state = useState({ panel: null, error: "" });
        this.formatPoints = formatPoints;
        this.formatSigned = formatSigned;
        useRecordObserver((record) => {
            // The data of a record are another object once they were read again.
            void record.data;
            return this.load(record.resId);
        });
    }

    async load(leadId) {
        if (!leadId) {
            this.state.panel = null;
            return;
        }
        try {
            const panel = await this.keepLast.add(
                this.orm.call("crm.lead.score", "get_panel", [leadId])
            );
            Object.assign(this.state, { panel, error: "" });
        } catch (error) {
            // The rest of the form is of use without the score.
            Object.assign(this.state, {
                panel: null,
                error:
                    error.data?.message || _t("The score cannot be read at present."),
            });
        }
    }

    get panel() {
        return this.state.panel;
    }

    get grade() {
        return this.panel.grade;
    }

    get observing() {
        return this.panel.model && this.panel.model.state === "observe";
    }

    get scoredBy() {
        return _t("Scored by %(model)s", { model: this.panel.model.name });
    }

    get sum() {
        const parts = this.panel.axes.map(
            ({ label, value }) => `${label} ${formatPoints(value)}`
        );
        return `= ${parts.join(" + ")}`;
    }

    get openRule() {
        return this.panel.can_configure ? this.onOpenRule.bind(this) : undefined;
    }

    difference(line) {
        return line.after - line.before;
    }

    onOpenRule(ruleId) {
        this.openForm("crm.lead.score.rule", ruleId);
    }

    openModel() {
        this.openForm("crm.lead.score.model", this.panel.model.id);
    }

    openModels() {
        this.action.doAction("crm_lead_scoring.crm_lead_score_model_action");
    }

    openForm(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** Show what stands behind a line, without leaving the lead. */
    openDocument({ model, id }) {
        this.dialog.add(FormViewDialog, {
            resModel: model,
            resId: id,
            title: _t("What the lead did"),
            readonly: true,
            preventCreate: true,
            preventEdit: true,
        });
    }
}

export const leadScorePanel = { component: LeadScorePanel };

registry.category("view_widgets").add("lead_score_panel", leadScorePanel);
