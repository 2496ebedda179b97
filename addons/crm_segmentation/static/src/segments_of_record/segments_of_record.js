import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** On a contact or lead: its segments, since when, why; and why not in another. */
export class SegmentsOfRecord extends Component {
    static template = "crm_segmentation.SegmentsOfRecord";
    static components = { RecordSelector };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ segments: null });
        useRecordObserver((record) => {
            // Saving the record may have moved it.
            const asked = `${record.resId} ${record.data.write_date} ${record.data.segment_count}`;
            if (asked !== this.asked) {
                this.asked = asked;
                this.load(record);
            }
        });
    }

    get placeholder() {
        return _t("Why not in …");
    }

    get otherDomain() {
        const target = this.props.record.resModel === "crm.lead" ? "lead" : "partner";
        return [["target", "=", target]];
    }

    async load({ resModel, resId }) {
        if (!resId) {
            this.state.segments = [];
            return;
        }
        const call = this.orm.silent.call("crm.segment", "get_segments_of", [
            resModel,
            resId,
        ]);
        this.state.segments = await this.keepLast.add(call);
    }

    explain(segmentId) {
        if (!segmentId) {
            return;
        }
        const { resModel, resId } = this.props.record;
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "crm_segmentation.explain",
            name: _t("Why?"),
            target: "new",
            params: { segment_id: segmentId, model: resModel, record_id: resId },
            context: { dialog_size: "medium" },
        });
    }

    open(segmentId) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.segment",
            res_id: segmentId,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("segments_of_record", {
    component: SegmentsOfRecord,
});
