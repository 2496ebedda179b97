import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** In the form of a segment without members: which condition leaves nobody. */
export class SegmentEmptyHint extends Component {
    static template = "crm_segmentation.SegmentEmptyHint";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ answer: null });
        this.asked = "";
        useRecordObserver((record) => this.follow(record));
    }

    /** Ask once for each saved state of an empty segment. */
    follow(record) {
        const { member_count, refreshed_at, active, error_message } = record.data;
        const isEmpty = record.resId && active && !member_count && !error_message;
        const asked = isEmpty ? `${record.resId} ${refreshed_at}` : "";
        if (asked === this.asked) {
            return;
        }
        this.asked = asked;
        this.state.answer = null;
        if (asked) {
            this.load(record.resId);
        }
    }

    async load(segmentId) {
        const call = this.orm.silent.call("crm.segment", "explain_empty", [
            [segmentId],
        ]);
        const answer = await this.keepLast.add(call);
        this.state.answer = this.asked ? answer : null;
    }

    remaining(step) {
        return step.count === null ? "" : _t("left: %s", step.count);
    }

    without(step) {
        return _t("without it: %s", step.without);
    }

    async open(step) {
        this.action.doAction(
            await this.orm.call("crm.segment", "action_view_without", [
                [this.props.record.resId],
                step.position,
            ])
        );
    }
}

registry.category("view_widgets").add("segment_empty_hint", {
    component: SegmentEmptyHint,
});
