import { Component, markup } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const TOUCH_ICONS = {
    held: "fa-phone",
    not_held: "fa-phone",
    cancelled: "fa-ban",
    message: "fa-envelope-o",
    note: "fa-sticky-note-o",
};

/** Whom the call is to, what to say, and what was before. */
export class CallCard extends Component {
    static template = "crm_call_center.CallCard";
    static props = { card: Object, onDial: Function, elapsed: String, isBusy: Boolean };

    get telUrl() {
        return `tel:${this.props.card.phone_sanitized || this.props.card.phone}`;
    }

    get script() {
        return this.props.card.script ? markup(this.props.card.script) : "";
    }

    get attempts() {
        const { attempt_count: made, max_attempts: maximum } = this.props.card;
        if (!maximum) {
            return _t("Attempt %(number)s", { number: made + 1 });
        }
        return _t("Attempt %(number)s of %(maximum)s", { number: made + 1, maximum });
    }

    get localTime() {
        return _t("%(time)s there", { time: this.props.card.local_time });
    }

    touchDate(touch) {
        return toLocaleDateTimeString(deserializeDateTime(touch.date));
    }

    touchIcon(touch) {
        return TOUCH_ICONS[touch.kind] || "fa-circle-o";
    }
}
