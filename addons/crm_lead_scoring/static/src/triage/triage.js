import {
    Component,
    onMounted,
    onWillStart,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { isClickable, isEditable, isElsewhere, keyOf } from "./keys";
import { formatAge, TriageCard } from "./triage_card";
import { TriageKeys } from "./triage_keys";
import { TriageModel } from "./triage_model";

const FILTERS = ["team_id", "owner", "grade", "ready"];
const REPEATABLE = new Set(["j", "k", "arrowdown", "arrowup"]);

/** One lead after another, the best first: accept, nurture, discard, next. */
export class Triage extends Component {
    static template = "crm_lead_scoring.Triage";
    static path = "lead-triage";
    static displayName = _t("Triage");
    static components = { Layout, TriageCard };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.noteRef = useRef("note");
        this.display = { controlPanel: {} };
        this.memory = `crm_lead_triage/${user.userId}`;
        this.triage = useState(
            new TriageModel({
                orm: useService("orm"),
                filters: this._recallFilters(),
                memory: this._recall(browser.sessionStorage),
            })
        );
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        onWillStart(() => this.triage.load());
        onMounted(() => {
            this._focus();
            this._remember();
        });
        // A new lead begins at its top, and the queue shows where we are.
        useEffect(
            () => {
                const box = this.root.el?.querySelector(".o_triage_middle");
                box?.scrollTo(0, 0);
                const row = this.root.el?.querySelector(".o_triage_row.active");
                row?.scrollIntoView({ block: "nearest" });
            },
            () => [this.triage.currentId]
        );
    }

    // --- memory ------------------------------------------------------------------

    _recall(storage) {
        try {
            return JSON.parse(storage.getItem(this.memory)) || {};
        } catch {
            return {};
        }
    }

    /** The address says what is shown; without it, what was chosen last time. */
    _recallFilters() {
        const { current } = router;
        const named = FILTERS.some((name) => current[name] !== undefined);
        const source = named ? current : this._recall(browser.localStorage);
        return {
            team_id: parseInt(source.team_id) || false,
            owner: source.owner || "",
            grade: source.grade || "",
            ready: Boolean(source.ready),
        };
    }

    _remember() {
        const { filters } = this.triage;
        const state = FILTERS.map((name) => [
            name,
            (name === "ready" ? Number(filters[name]) : filters[name]) || undefined,
        ]);
        this.props.updateActionState?.(Object.fromEntries(state));
        browser.localStorage.setItem(this.memory, JSON.stringify(filters));
        this._rememberSession();
    }

    _rememberSession() {
        const memory = JSON.stringify(this.triage.memory);
        browser.sessionStorage.setItem(this.memory, memory);
    }

    // --- keys --------------------------------------------------------------------

    /** @param {KeyboardEvent} event */
    onKeydown(event) {
        const key = keyOf(event);
        const { target } = event;
        if (!key || event.defaultPrevented || this.ui.isBlocked) {
            return;
        }
        if (this.ui.activeElement !== document || isElsewhere(target)) {
            return;
        }
        if (event.repeat && !REPEATABLE.has(key)) {
            return;
        }
        if (isEditable(target)) {
            this._onKeyInField(event, key);
            return;
        }
        if (["space", "enter"].includes(key) && isClickable(target)) {
            return;
        }
        const step = this.triage.panel
            ? this._findPanelStep(key)
            : this._findStep(key, event.shiftKey);
        if (step) {
            event.preventDefault();
            this.do(step);
        }
    }

    /** While somebody is typing, only what ends the typing. */
    _onKeyInField(event, key) {
        if (!this.triage.panel || event.target.tagName === "SELECT") {
            return;
        }
        if (key === "escape") {
            event.preventDefault();
            this.do(() => this.triage.back());
        } else if (key === "enter") {
            event.preventDefault();
            this._focus();
        }
    }

    _findStep(key, shift) {
        const { triage } = this;
        const steps = {
            a: () => triage.accept(Boolean(shift && this.canKeepLead)),
            n: () => triage.open("nurture"),
            d: () => triage.open("discard"),
            j: () => triage.move(1),
            arrowdown: () => triage.move(1),
            k: () => triage.move(-1),
            arrowup: () => triage.move(-1),
            space: () => triage.skip(),
            enter: () => triage.skip(),
            o: () => this.openForm(),
            u: () => triage.undo(),
            "?": () => this.showKeys(),
        };
        return steps[key];
    }

    _findPanelStep(key) {
        const { triage } = this;
        if (/^[1-9]$/.test(key)) {
            const reason = this.reasons[Number(key) - 1];
            return reason && (() => this.choose(reason));
        }
        const days = { w: 7, m: 30, q: 90 }[key];
        if (days && triage.panel === "nurture") {
            return () => this.setDays(days);
        }
        const steps = {
            t: () => this.noteRef.el?.focus(),
            escape: () => triage.back(),
            "?": () => this.showKeys(),
        };
        if (triage.panel === "nurture") {
            Object.assign(steps, {
                n: () => triage.nurture(),
                enter: () => triage.nurture(),
                d: () => triage.open("discard"),
            });
        } else {
            steps.n = () => triage.open("nurture");
        }
        return steps[key];
    }

    // --- steps -------------------------------------------------------------------

    /** Do a step; then the keys are for the screen again, not for a button. */
    async do(step) {
        const before = document.activeElement;
        await step();
        const isInNote = document.activeElement === this.noteRef.el;
        if (!isInNote && document.activeElement === before) {
            this._focus();
        }
        this._rememberSession();
    }

    _focus() {
        this.root.el?.focus({ preventScroll: true });
    }

    choose(reason) {
        return this.triage.panel === "nurture"
            ? this.triage.nurture(reason)
            : this.triage.discard(reason);
    }

    setDays(days) {
        this.triage.until = this.triage.dayIn(days);
    }

    async setFilter(name, value) {
        const chosen = name === "team_id" ? parseInt(value) || false : value;
        await this.triage.setFilters({ [name]: chosen });
        this._remember();
    }

    clearFilters() {
        return this.do(async () => {
            await this.triage.setFilters({
                team_id: false,
                owner: "",
                grade: "",
                ready: false,
            });
            this._remember();
        });
    }

    openForm() {
        if (this.triage.currentId) {
            this._rememberSession();
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "crm.lead",
                res_id: this.triage.currentId,
                views: [[false, "form"]],
            });
        }
    }

    openPipeline() {
        return this.action.doAction("crm.crm_lead_action_pipeline");
    }

    openDecisions() {
        return this.action.doAction("crm_lead_scoring.crm_lead_score_triage_action");
    }

    showKeys() {
        const usesLeads = Boolean(this.triage.choices?.uses_leads);
        this.dialog.add(TriageKeys, { usesLeads });
    }

    // --- what is shown -----------------------------------------------------------

    get canKeepLead() {
        return this.triage.choices.uses_leads && this.triage.card?.type === "lead";
    }

    /** The reasons of the open panel, in the order of their keys. */
    get reasons() {
        const { choices, panel, card } = this.triage;
        if (panel === "discard") {
            return choices.lost_reasons;
        }
        return card?.needs_reason ? choices.return_reasons : [];
    }

    get escape() {
        return "Esc";
    }

    get left() {
        const { left, isMore } = this.triage;
        return isMore ? `${left}+` : String(left);
    }

    get progress() {
        return _t("%(done)s done today, %(left)s left", {
            done: this.triage.done,
            left: this.left,
        });
    }

    /** Said aloud after each step. */
    get announcement() {
        const { sentence, problem } = this.triage;
        if (problem) {
            return problem;
        }
        return sentence ? _t("%(what)s %(left)s left.", this._spoken(sentence)) : "";
    }

    _spoken(what) {
        return { what, left: this.left };
    }

    get counts() {
        const { accept, nurture, discard } = this.triage.today;
        return [
            ["accept", _t("Accepted: %s", accept)],
            ["nurture", _t("Nurtured: %s", nurture)],
            ["discard", _t("Discarded: %s", discard)],
        ];
    }

    get owners() {
        const all = this.triage.choices.sees_all
            ? _t("Everybody’s")
            : _t("Mine and unassigned");
        return [
            ["", all],
            ["mine", _t("Mine")],
            ["unassigned", _t("Unassigned")],
        ];
    }

    get untilText() {
        const { until, dayIn } = this.triage;
        return formatDate(deserializeDate(until || dayIn(30)));
    }

    age(days) {
        return formatAge(days);
    }
}

registry.category("actions").add("crm_lead_scoring.triage", Triage);
