import { Component, useState } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** In the form of a segment: how many members can be reached, and why not the others. */
export class SegmentReach extends Component {
    static template = "crm_segmentation.SegmentReach";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.format = formatInteger;
        this.state = useState({ reach: null });
        useRecordObserver((record) => this.follow(record));
    }

    follow(record) {
        const { member_count, refreshed_at } = record.data;
        const asked = member_count
            ? `${record.resId} ${member_count} ${refreshed_at}`
            : "";
        if (asked !== this.asked) {
            this.asked = asked;
            this.state.reach = null;
            if (asked) {
                this.load(record.resId);
            }
        }
    }

    async load(segmentId) {
        const call = this.orm.silent.call("crm.segment", "get_reach", [[segmentId]]);
        const reach = await this.keepLast.add(call);
        this.state.reach = this.asked ? reach : null;
    }

    percent(channel) {
        const { members } = this.state.reach;
        return members ? Math.round((100 * channel.count) / members) : 0;
    }

    async open(channel, reason = false) {
        this.action.doAction(
            await this.orm.call("crm.segment", "action_view_reach", [
                [this.props.record.resId],
                channel,
                reason,
            ])
        );
    }
}

registry.category("view_widgets").add("segment_reach", { component: SegmentReach });
