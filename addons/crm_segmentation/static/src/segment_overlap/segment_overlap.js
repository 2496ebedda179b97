import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What segments have in common, as a matrix: each cell opens the members. */
export class SegmentOverlap extends Component {
    static template = "crm_segmentation.SegmentOverlap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { params = {}, context = {} } = this.props.action;
        const ids = params.segment_ids || context.segment_ids || [];
        this.state = useState({ model: "", segments: [], counts: [] });
        useSetupAction({ getLocalState: () => ({}) });
        onWillStart(async () => {
            Object.assign(
                this.state,
                await this.orm.call("crm.segment", "overlap", [ids])
            );
        });
    }

    /** Share of 1 of the row's members that are in the column's segment, too. */
    share(row, column) {
        const { count } = this.state.segments[row];
        return count ? this.state.counts[row][column] / count : 0;
    }

    percent(row, column) {
        return _t("%s %", Math.round(100 * this.share(row, column)));
    }

    style(row, column) {
        const strength = row === column ? 0 : 0.08 + 0.6 * this.share(row, column);
        return `background-color: rgba(27, 163, 156, ${strength.toFixed(2)})`;
    }

    label(row, column) {
        const { segments, counts } = this.state;
        return _t("%(count)s of “%(row)s” are in “%(column)s”", {
            count: counts[row][column],
            row: segments[row].name,
            column: segments[column].name,
        });
    }

    onCell(row, column) {
        const { model, segments } = this.state;
        const ids = [...new Set([segments[row].id, segments[column].id])];
        const names = ids.map((id) => segments.find((one) => one.id === id).name);
        this.action.doAction({
            type: "ir.actions.act_window",
            name: names.join(" ∩ "),
            res_model: model,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain: ids.map((id) => ["segment_ids", "in", [id]]),
            context: { active_test: false },
        });
    }
}

registry.category("actions").add("crm_segmentation.overlap", SegmentOverlap);
