import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useDebounced } from "@web/core/utils/timing";
import { formatCallDuration } from "../call_duration/call_duration";
import { takeChoice } from "./desk_steps";

/** The call itself, the note, and the buttons that say how it went. */
export class OutcomeBar extends Component {
    static template = "crm_call_center.OutcomeBar";
    static props = {
        desk: Object,
        screen: Object,
        now: Number,
        dialsIn: { type: [Number, Boolean] },
        isOpened: Boolean,
    };

    setup() {
        this.desk = useState(this.props.desk);
        this.parse = useDebounced((text) => {
            if (this.desk.panel?.kind === "callback") {
                this.desk.parseCallback(text);
            }
        }, 250);
    }

    get kind() {
        return this.desk.panel?.kind || "";
    }

    get telUrl() {
        const { phone_sanitized: number, phone } = this.desk.card;
        return `tel:${number || phone}`;
    }

    // --- the call --------------------------------------------------------------------

    get isReady() {
        return !this.desk.clock.isLive;
    }

    get mayDial() {
        return this.desk.permission !== "never" && !this.desk.isBusy;
    }

    get time() {
        // Read for the sake of the rendering: each second the time is another.
        return this.props.now && formatCallDuration(this.desk.clock.seconds);
    }

    get dialWord() {
        const { stage } = this.desk.clock;
        if (this.props.dialsIn !== false) {
            return _t("Dials in %s s", this.props.dialsIn);
        }
        return stage === "ended" ? _t("Dial again") : _t("Dial");
    }

    // --- the buttons -----------------------------------------------------------------

    do(step) {
        return this.props.screen.do(step);
    }

    take(choice) {
        return this.do(() => takeChoice(this.props.screen, choice));
    }

    onTime(text) {
        this.desk.panel.text = text;
        this.parse(text);
    }

    isChosen(outcome) {
        return this.desk.panel?.outcome?.id === outcome.id;
    }

    keyOf(index) {
        return index < 9 ? String(index + 1) : "";
    }

    get question() {
        const questions = {
            held: _t("Held: how did it end?"),
            final: _t("This number is not tried again."),
            cancelled: _t("Cancel: why?"),
            callback: _t("Call back: when?"),
            do_not_call: _t("Never call this number again?"),
            skip: _t("Skip: why?"),
            pause: _t("Take a break: why?"),
        };
        return questions[this.kind];
    }

    /** The buttons of a panel whose choices are only names. */
    get choices() {
        const choices = {
            cancelled: this.desk.outcomesOf("cancelled"),
            skip: this.desk.skipReasons,
            pause: this.desk.pauseReasons,
        };
        return choices[this.kind] || [];
    }

    /** The key that pressed again makes it sure. */
    get finalKey() {
        const outcomes = this.desk.outcomesOf("not_held");
        return this.keyOf(outcomes.findIndex((outcome) => this.isChosen(outcome)));
    }

    thereText(choice) {
        return _t("%s there", choice.local_text);
    }

    hereText(choice) {
        return _t("%s here", choice.own_text);
    }

    get parsed() {
        const { parsed } = this.desk.panel;
        if (!parsed) {
            return "";
        }
        return parsed.date
            ? _t("%(there)s there, %(here)s here", {
                  there: parsed.local_text,
                  here: parsed.own_text,
              })
            : "";
    }
}
