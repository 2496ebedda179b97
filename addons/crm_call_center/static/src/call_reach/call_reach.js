import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** When the calls that are left in a list can be made, hour by hour, and which never. */
export class CallReach extends Component {
    static template = "crm_call_center.CallReach";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ reach: null });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((props) => {
            if (props.record.resId !== this.props.record.resId) {
                return this.load(props.record.resId);
            }
        });
    }

    async load(id) {
        this.state.reach = id
            ? await this.orm.call("crm.call.list", "get_reach", [[id]])
            : null;
    }

    /** Rows of the picture: what may be called now, then by hour, then never. */
    get rows() {
        const { now, later, after, never } = this.state.reach;
        const rows = [{ key: "now", label: _t("Now"), count: now, kind: "success" }];
        for (const { label, count } of later) {
            rows.push({ key: label, label, count, kind: "primary" });
        }
        if (after) {
            rows.push({
                key: "after",
                label: _t("Later"),
                count: after,
                kind: "secondary",
            });
        }
        for (const { reason, count } of never) {
            rows.push({
                key: reason,
                label: _t("Never: %s", reason),
                count,
                kind: "danger",
            });
        }
        const most = Math.max(1, ...rows.map((row) => row.count));
        return rows.map((row) => ({
            ...row,
            share: Math.round((100 * row.count) / most),
        }));
    }

    get partSentence() {
        const { asked, left } = this.state.reach;
        return asked < left
            ? _t("Of the first %(asked)s calls of %(left)s.", { asked, left })
            : "";
    }
}

registry.category("view_widgets").add("crm_call_reach", { component: CallReach });
