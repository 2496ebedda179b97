import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatCallDuration } from "../call_duration/call_duration";
import { CallCard } from "./call_card";
import { DeskModel } from "./desk_model";
import { OutcomeBar } from "./outcome_bar";

/** A call is reserved for ten minutes: it is renewed well before. */
const RENEW_EVERY = 4 * 60 * 1000;

/** The operator's screen: one call after another, by keyboard, mouse or touch. */
export class CallDesk extends Component {
    static template = "crm_call_center.CallDesk";
    static components = { CallCard, OutcomeBar };
    static props = { ...standardActionServiceProps };

    setup() {
        const orm = useService("orm");
        const action = useService("action");
        this.desk = useState(new DeskModel({ orm, action }));
        this.clock = useState({ elapsed: "" });
        this.rootRef = useRef("root");
        this.noteRef = useRef("note");
        this._useKeys();
        onWillStart(() => this.desk.load());
        onMounted(() => {
            // Away from the menu that was clicked: keys are for the desk now.
            this.rootRef.el.focus();
            this.ticking = browser.setInterval(() => this._tick(), 1000);
            this.renewing = browser.setInterval(() => this.desk.renew(), RENEW_EVERY);
        });
        onWillUnmount(() => {
            browser.clearInterval(this.ticking);
            browser.clearInterval(this.renewing);
            this.desk.leave();
        });
    }

    // --- keys --------------------------------------------------------------------

    _useKeys() {
        const onCard = () => this.desk.phase === "card";
        const idle = (target) => !target.closest?.("button, a, select, summary");
        const start = () => this._onStartKey();
        useHotkey("space", start, { isAvailable: (el) => idle(el) && !onCard() });
        useHotkey("enter", start, { isAvailable: idle });
        useHotkey("h", () => this.onChoose("held"), { isAvailable: onCard });
        useHotkey("x", () => this.onChoose("cancelled"), { isAvailable: onCard });
        useHotkey("n", () => this._onNextKey(), {
            isAvailable: () => !this.desk.pending,
        });
        useHotkey("escape", () => this.onBack(), { isAvailable: onCard });
        useHotkey("alt+enter", () => this.desk.confirm(), {
            bypassEditableProtection: true,
            isAvailable: onCard,
        });
        for (let index = 0; index < 9; index++) {
            const key = String(index + 1);
            useHotkey(key, () => this._onDigit(index), { isAvailable: onCard });
            useHotkey(`alt+${key}`, () => this._onAltDigit(index), {
                bypassEditableProtection: true,
                isAvailable: () => this.desk.pending?.kind === "held",
            });
        }
    }

    _onStartKey() {
        if (this.desk.phase !== "card") {
            this.desk.start();
        } else if (!this.desk.pending) {
            this.desk.dial();
        }
    }

    _onNextKey() {
        if (this.desk.phase === "card") {
            this.desk.skip();
        } else {
            this.desk.start();
        }
    }

    _onDigit(index) {
        const pending = this.desk.pending;
        const kind = pending ? pending.kind : "not_held";
        const outcome = this.desk.outcomesOf(kind)[index];
        if (!outcome) {
            return;
        }
        // While a final outcome waits for its second key press, no other key counts.
        const isOther = pending?.outcome && pending.outcome.id !== outcome.id;
        if (kind !== "not_held" || !isOther) {
            this.onChoose(kind, outcome);
        }
    }

    _onAltDigit(index) {
        const outcome = this.desk.outcomesOf("held")[index];
        if (outcome) {
            this.onChoose("held", outcome);
        }
    }

    // --- steps -------------------------------------------------------------------

    async onChoose(kind, outcome) {
        await this.desk.choose(kind, outcome);
        if (kind === "held" && this.desk.pending) {
            this.noteRef.el?.focus();
        }
    }

    onBack() {
        this.desk.back();
        this.noteRef.el?.blur();
    }

    _tick() {
        const elapsed =
            this.desk.dialledAt === null ? "" : formatCallDuration(this.desk.elapsed);
        if (this.clock.elapsed !== elapsed) {
            this.clock.elapsed = elapsed;
        }
    }

    // --- what is shown -----------------------------------------------------------

    get progressSentence() {
        return _t("%(done)s done, %(left)s left", this.desk.progress);
    }

    get todaySentence() {
        return _t("Today: %(count)s", { count: this.desk.today });
    }

    get nextSentence() {
        return _t("The next one is due on %(date)s.", {
            date: this._formatDate(this.desk.nextDate),
        });
    }

    /** One line about the call that was just saved. */
    get lastSentence() {
        const last = this.desk.last;
        if (!last) {
            return "";
        }
        const values = {
            person: last.person,
            date: this._formatDate(last.next),
            reason: last.reason || "",
        };
        switch (last.state) {
            case "held":
                return _t("%(person)s: held.", values);
            case "not_held":
                return _t("%(person)s: tried again on %(date)s.", values);
            case "cancelled":
                return _t("%(person)s: cancelled (%(reason)s).", values);
            default:
                return _t("%(person)s: put back.", values);
        }
    }

    _formatDate(date) {
        return date ? toLocaleDateTimeString(deserializeDateTime(date)) : "";
    }
}

registry.category("actions").add("crm_call_center.desk", CallDesk);
