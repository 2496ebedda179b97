import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What segments have in common, as a matrix: each cell opens the members. */
export class SegmentOverlap extends Component {
    static path = "segment-overlap";
    static displayName = _t("Overlap of Segments");
    static template = "crm_segmentation.SegmentOverlap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const ids = this.readIds();
        this.state = useState({ model: "", segments: [], counts: [] });
        // The address says which segments: the page can be reloaded and sent.
        this.props.updateActionState?.({ segment_ids: ids.join(",") });
        onWillStart(async () => {
            if (ids.length > 1) {
                const answer = await this.orm.call("crm.segment", "overlap", [ids]);
                Object.assign(this.state, answer);
            }
        });
    }

    /** Ids from the button's list or from the address. */
    readIds() {
        const ids = this.props.action.params?.segment_ids || [];
        const texts = Array.isArray(ids) ? ids : String(ids).split(",");
        return texts.map(Number).filter((id) => Number.isInteger(id) && id > 0);
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
        const share = row === column ? 0 : this.share(row, column);
        const strength = share ? 0.08 + 0.6 * share : 0;
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
