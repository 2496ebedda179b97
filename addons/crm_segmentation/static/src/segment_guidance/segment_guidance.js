import { Component, onWillStart, status, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/** Above the segments, for marketers: what is wrong, and the first steps. */
export class SegmentGuidance extends Component {
    static template = "crm_segmentation.SegmentGuidance";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ steps: [], problems: [] });
        onWillStart(async () => {
            const isMarketer = await user.hasGroup(
                "crm_segmentation.group_segmentation_user"
            );
            // Whoever clicks on at once has left by now.
            if (isMarketer && status(this) !== "destroyed") {
                await this.load();
            }
        });
    }

    async load() {
        const [steps, problems] = await Promise.all([
            this.orm.call("crm.segment.onboarding", "get_onboarding", []),
            this.orm.call("crm.segment.health", "get_health", []),
        ]);
        Object.assign(this.state, { steps, problems });
    }

    /** The step to do next stands out. */
    get current() {
        return this.state.steps.find((step) => !step.is_done);
    }

    get progress() {
        return _t("%(done)s of %(all)s done", {
            done: this.state.steps.filter((step) => step.is_done).length,
            all: this.state.steps.length,
        });
    }

    async open(model, method, code) {
        const action = await this.orm.call(model, method, [code]);
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    async close() {
        await this.orm.call("crm.segment.onboarding", "close", []);
        this.state.steps = [];
    }
}

export class SegmentListController extends ListController {
    static template = "crm_segmentation.SegmentListView";
    static components = { ...ListController.components, SegmentGuidance };
}

export class SegmentKanbanController extends KanbanController {
    static template = "crm_segmentation.SegmentKanbanView";
    static components = { ...KanbanController.components, SegmentGuidance };
}

registry
    .category("views")
    .add("segment_list", { ...listView, Controller: SegmentListController })
    .add("segment_kanban", { ...kanbanView, Controller: SegmentKanbanController });
