import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Milliseconds without an edit after which the rule is counted. */
export const DELAY = 300;

/** Beside the rule: how many match it as it stands in the form, enter and leave. */
export class SegmentLiveCount extends Component {
    static template = "crm_segmentation.SegmentLiveCount";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ status: "none", answer: null });
        this.countSoon = useDebounced(() => this.count(), DELAY);
        this.call = null;
        useRecordObserver((record) => this.follow(record));
        onWillUnmount(() => this.stop());
    }

    get values() {
        const { data } = this.props.record;
        const values = {};
        for (const name of ["kind", "target", "domain", "expression", "roll_up"]) {
            if (name in data) {
                values[name] = data[name];
            }
        }
        for (const name of ["company_id", "parent_id"]) {
            if (name in data) {
                values[name] = data[name] ? data[name].id : false;
            }
        }
        return values;
    }

    follow(record) {
        const { kind, target, domain, expression, roll_up } = record.data;
        const { company_id, parent_id, refreshed_at } = record.data;
        const parts = [kind, target, domain, expression, roll_up, String(refreshed_at)];
        const asked = JSON.stringify([...parts, company_id?.id, parent_id?.id]);
        if (asked !== this.asked) {
            this.asked = asked;
            this.stop();
            this.countSoon();
        }
    }

    /** Forget the question that is under way; the browser drops its answer. */
    stop() {
        this.call?.abort?.(false);
        this.call = null;
    }

    cancel() {
        this.stop();
        this.state.status = "cancelled";
    }

    async count() {
        this.state.status = "counting";
        try {
            let answer = await this.ask(false);
            if (answer?.is_late) {
                answer = await this.ask(true);
            }
            if (answer) {
                this.state.answer = answer;
                this.state.status = answer.is_late ? "late" : "counted";
            }
        } catch (error) {
            const problem = error.data?.message || error.message;
            Object.assign(this.state, { status: "counted", answer: { problem } });
        }
    }

    /** Ask the server; nothing comes back once another question was asked. */
    async ask(patient) {
        const { resId } = this.props.record;
        const call = this.orm.silent.call("crm.segment", "count_draft", [
            this.values,
            resId || false,
            patient,
        ]);
        this.call = call;
        const answer = await call;
        return this.call === call ? answer : null;
    }

    get texts() {
        const { count, entering, leaving } = this.state.answer;
        const texts = [_t("Match now: %s", formatInteger(count))];
        if (entering) {
            texts.push(_t("would enter: %s", formatInteger(entering)));
        }
        if (leaving) {
            texts.push(_t("would leave: %s", formatInteger(leaving)));
        }
        return texts.join(" · ");
    }
}

registry.category("view_widgets").add("segment_live_count", {
    component: SegmentLiveCount,
});
