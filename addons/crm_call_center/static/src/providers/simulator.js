import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { formatCallDuration } from "../call_duration/call_duration";
import { callProviders } from "./provider_hook";

/**
 * A call that nobody makes: it rings, somebody answers or nobody does, and it is over.
 * It lasts as long as a real one; who is in a hurry winds on.
 */
export class SimulatedCall extends Component {
    static template = "crm_call_center.SimulatedCall";
    static props = {
        person: String,
        ring: Number,
        talk: Number,
        answered: Boolean,
        text: String,
        onAnswer: Function,
        onEnd: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ stage: "ringing", seconds: 0 });
        onMounted(() => {
            this.timer = browser.setInterval(() => this._tick(), 1000);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get stageWord() {
        const words = {
            ringing: _t("It rings …"),
            talking: _t("On the line"),
            ended: _t("The line is closed"),
        };
        return words[this.state.stage];
    }

    get time() {
        return formatCallDuration(this.state.seconds);
    }

    /** Whether it is known what is heard: before, it only rings. */
    get isHeard() {
        return this.state.stage !== "ringing";
    }

    /** Go to what comes next: the answer, or the end. */
    windOn() {
        const { answered, onAnswer, onEnd } = this.props;
        this.state.seconds = 0;
        if (this.state.stage === "ringing" && answered) {
            this.state.stage = "talking";
            onAnswer();
        } else if (this.state.stage !== "ended") {
            this.state.stage = "ended";
            onEnd();
        }
    }

    _tick() {
        const { stage } = this.state;
        if (stage === "ended") {
            return;
        }
        this.state.seconds += 1;
        const lasts = stage === "ringing" ? this.props.ring : this.props.talk;
        if (this.state.seconds >= lasts) {
            this.windOn();
        }
    }
}

callProviders.add("simulator", ({ action, card, services, onAnswer, onEnd }) => {
    const { ring, talk, answered, text } = action.params;
    const remove = services.overlay.add(SimulatedCall, {
        person: card.person,
        ...{ ring, talk, answered, text, onAnswer, onEnd },
        close: () => remove(),
    });
    return remove;
});
