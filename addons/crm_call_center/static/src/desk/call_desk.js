import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatCallDuration } from "../call_duration/call_duration";
import { useProvider } from "../providers/provider_hook";
import { CallCard } from "./call_card";
import { DeskKeys } from "./desk_keys";
import { DeskModel } from "./desk_model";
import { findStep } from "./desk_steps";
import { isClickable, isEditable, isElsewhere, keyOf } from "./keys";
import { OutcomeBar } from "./outcome_bar";
import { tellLast, tellNext, tellToday } from "./sentences";

/** A call is reserved for ten minutes: it is renewed well before. */
const RENEW_EVERY = 4 * 60 * 1000;
/** What waits for the connection is tried again so often. */
const REPLAY_EVERY = 5 * 1000;

/** The operator's screen: one call after another, by keyboard, mouse or touch. */
export class CallDesk extends Component {
    static template = "crm_call_center.CallDesk";
    static components = { CallCard, OutcomeBar };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        this.rootRef = useRef("root");
        this.provider = useProvider({
            getDesk: () => this.desk,
            onAnswer: () => this.desk.answered(),
            onEnd: () => this.desk.ended(),
        });
        this.desk = useState(
            new DeskModel({
                orm: useService("orm"),
                dialOut: (action) => this.provider.dial(action),
                storage: browser.localStorage,
                key: `crm_call_desk/${user.userId}`,
            })
        );
        this.clock = useState({ now: Date.now() });
        this.opened = useState({ callId: false, action: null });
        this.isAway = false;
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), {
            capture: true,
        });
        useExternalListener(document, "visibilitychange", () => this.onVisible());
        useExternalListener(window, "online", () => this.desk.replay());
        useExternalListener(window, "pagehide", () => this.desk.remember());
        onWillStart(() => this.desk.load());
        onMounted(() => {
            // Away from the menu that was clicked: keys are for the desk now.
            this.focus();
            this.timers = [
                browser.setInterval(() => this._tick(), 1000),
                browser.setInterval(() => this.desk.renew(), RENEW_EVERY),
                browser.setInterval(() => this._replay(), REPLAY_EVERY),
            ];
        });
        onWillUnmount(() => {
            this.timers.forEach((timer) => browser.clearInterval(timer));
            this.provider.hangUp();
            this.desk.leave();
        });
        // A new call begins at its top, and what the last one played is over.
        useEffect(
            () => {
                this.provider.hangUp();
                this.focus();
                this.rootRef.el?.querySelector(".o_call_desk_main")?.scrollTo(0, 0);
            },
            () => [this.desk.card?.id]
        );
        useEffect(
            (kind) => kind && this._focusPanel(kind),
            () => [this.desk.panel?.kind]
        );
    }

    // --- keys ----------------------------------------------------------------------

    /** @param {KeyboardEvent} event */
    onKeydown(event) {
        const key = keyOf(event);
        const { target } = event;
        if (!key || event.defaultPrevented || event.repeat || this.ui.isBlocked) {
            return;
        }
        if (this.ui.activeElement !== document || isElsewhere(target)) {
            return;
        }
        if (["space", "enter"].includes(key) && isClickable(target)) {
            return;
        }
        const step = findStep(this, key, isEditable(target) && target);
        if (step) {
            event.preventDefault();
            event.stopImmediatePropagation();
            this.do(step);
        }
    }

    /** Do a step; then the keys are for the desk again, not for a button. */
    async do(step) {
        const before = document.activeElement;
        await step();
        const { el } = this.rootRef;
        const isLost = !el?.contains(document.activeElement);
        const isOnButton =
            document.activeElement === before && !isEditable(document.activeElement);
        if (isLost || isOnButton) {
            this.focus();
        }
    }

    focus() {
        this.rootRef.el?.focus({ preventScroll: true });
    }

    focusNote() {
        this.rootRef.el?.querySelector(".o_call_note")?.focus();
    }

    focusTime() {
        this.rootRef.el?.querySelector(".o_call_time")?.focus();
    }

    _focusPanel(kind) {
        if (kind === "held") {
            this.focusNote();
        } else {
            this.focus();
        }
    }

    // --- steps -----------------------------------------------------------------------

    choose(kind, outcome) {
        return this.do(() => this.desk.choose(kind, outcome));
    }

    chooseList(id) {
        return this.do(() => this.desk.setList(parseInt(id) || 0));
    }

    open(kind) {
        return this.do(() => this.desk.open(kind));
    }

    back() {
        this.desk.back();
        this.focus();
    }

    async convert() {
        const { card } = this.desk;
        const action = await this.desk.follow("action_convert_to_opportunity");
        if (!action) {
            return;
        }
        card.can_convert = false;
        if (action.type === "ir.actions.act_window") {
            Object.assign(this.opened, { callId: card.id, action });
        } else {
            await this.action.doAction(action);
        }
    }

    openOpportunity() {
        this.desk.isKept = true;
        return this.action.doAction(this.opened.action);
    }

    /** A meeting or a quotation: the call waits on the desk meanwhile. */
    async follow(method) {
        const action = await this.desk.follow(method);
        if (action) {
            this.desk.isKept = true;
            await this.action.doAction(action, { onClose: () => this.focus() });
        }
    }

    showKeys() {
        this.dialog.add(DeskKeys, { hasSale: Boolean(this.desk.card?.has_sale) });
    }

    /** Back from the telephone of a mobile: the time away is taken for the call. */
    onVisible() {
        if (document.visibilityState !== "visible") {
            this.isAway = this.desk.clock.isLive;
            this.desk.remember();
            return;
        }
        if (this.isAway && this.ui.isSmall) {
            this.desk.ended();
        }
        if (this.desk.clock.isBegun) {
            this.rootRef.el?.querySelector(".o_call_outcomes")?.focus();
        }
        this.isAway = false;
        this._replay();
    }

    _tick() {
        this.clock.now = Date.now();
        this.desk.tick();
    }

    _replay() {
        if (this.desk.waiting) {
            this.desk.replay();
        }
    }

    // --- what is shown ---------------------------------------------------------------

    get progressSentence() {
        return _t("%(done)s done, %(left)s left", this.desk.progress);
    }

    get today() {
        return tellToday(this.desk.today);
    }

    get nextSentence() {
        return tellNext(this.desk.nextDate);
    }

    get lastSentence() {
        return tellLast(this.desk.last);
    }

    /** Said aloud: what was saved, and who is next. */
    get announcement() {
        const { card, problem } = this.desk;
        const next = card ? _t("On the desk: %s", card.person) : "";
        return [problem, this.lastSentence, next].filter(Boolean).join(" ");
    }

    get pauseClock() {
        const { start } = this.desk.pause;
        if (!start) {
            return "";
        }
        const since = deserializeDateTime(start).toMillis();
        return formatCallDuration((this.clock.now - since) / 1000);
    }

    /** Seconds in which the number is dialled by itself; false when it is not. */
    get dialsIn() {
        const { dialsAt } = this.desk;
        return (
            dialsAt !== null &&
            Math.max(0, Math.ceil((dialsAt - this.clock.now) / 1000))
        );
    }

    get undoLeft() {
        const until = this.desk.last?.undoUntil || 0;
        return Math.max(0, Math.ceil((until - this.clock.now) / 1000));
    }
}

registry.category("actions").add("crm_call_center.desk", CallDesk);
