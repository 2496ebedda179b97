import { Component, onWillStart, status, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { HealthLine } from "../health/health_line";
import { OnboardingPanel } from "../onboarding/onboarding_panel";

/** One line above the list: how old the scores are. */
export class ScoreFreshness extends Component {
    static template = "crm_lead_scoring.ScoreFreshness";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.state = useState({ refreshedAt: false, pending: false });
        onWillStart(async () => {
            const freshness = await this.orm.call(
                "crm.lead.score.model",
                "get_freshness",
                []
            );
            this.state.pending = freshness.pending;
            this.state.refreshedAt =
                freshness.refreshed_at && deserializeDateTime(freshness.refreshed_at);
        });
    }

    get text() {
        if (!this.state.refreshedAt) {
            return _t("The scores have not been computed yet.");
        }
        return _t("Scores as of %(date)s (%(age)s).", {
            date: this.state.refreshedAt.toLocaleString(luxon.DateTime.DATETIME_SHORT),
            age: this.state.refreshedAt.toRelative(),
        });
    }
}

export class LeadScoreListController extends ListController {
    static template = "crm_lead_scoring.LeadScoreListView";
    static components = {
        ...ListController.components,
        HealthLine,
        OnboardingPanel,
        ScoreFreshness,
    };

    /** What managers read above the list is asked for once, beside the records. */
    setup() {
        super.setup();
        this.guidance = { problems: [], steps: [] };
        onWillStart(async () => {
            const isManager = await user.hasGroup(
                "crm_lead_scoring.group_lead_scoring_manager"
            );
            // Whoever clicks on at once has left by now.
            if (isManager && status(this) !== "destroyed") {
                const [problems, steps] = await Promise.all([
                    this.orm.call("crm.lead.score.health", "get_health", []),
                    this.orm.call("crm.lead.score.onboarding", "get_onboarding", []),
                ]);
                this.guidance = { problems, steps };
            }
        });
    }
}

export const leadScoreListView = {
    ...listView,
    Controller: LeadScoreListController,
};

registry.category("views").add("lead_score_list", leadScoreListView);
