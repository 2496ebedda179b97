import { Component, markup } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

const TOUCH_ICONS = {
    held: "fa-phone",
    not_held: "fa-phone",
    cancelled: "fa-ban",
    message: "fa-envelope-o",
    note: "fa-sticky-note-o",
};

/** A sign and a colour for each answer: whoever sees no colour sees the sign. */
const PERMISSIONS = {
    call: { icon: "fa-check-circle", look: "o_call_may" },
    later: { icon: "fa-clock-o", look: "o_call_later" },
    never: { icon: "fa-ban", look: "o_call_never" },
};

/** Whom the call is to, what to say, and what was before. */
export class CallCard extends Component {
    static template = "crm_call_center.CallCard";
    static props = { card: Object, permission: String, now: Number };

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

    /** The clock on the wall there; it goes on while the card is read. */
    get localTime() {
        const { tz, local_time: known } = this.props.card;
        const there = tz && DateTime.fromMillis(this.props.now).setZone(tz);
        const time = there?.isValid
            ? there.toLocaleString(DateTime.TIME_SIMPLE)
            : known;
        return time ? _t("%(time)s there", { time }) : "";
    }

    get permission() {
        const { permission } = this.props;
        const words = {
            call: _t("May be called"),
            later: _t("Not now"),
            never: _t("Must not be called"),
        };
        return { ...PERMISSIONS[permission], word: words[permission] };
    }

    get opens() {
        const { opens, opens_local: there } = this.props.card.permission || {};
        if (this.props.permission !== "later" || !opens) {
            return "";
        }
        const here = toLocaleDateTimeString(deserializeDateTime(opens));
        return there
            ? _t("from %(here)s (%(there)s there)", { here, there })
            : _t("from %(here)s", { here });
    }

    /** Why not, or what to mind: nothing when the number may simply be called. */
    get reasons() {
        return this.props.card.permission?.reasons || [];
    }

    touchDate(touch) {
        return toLocaleDateTimeString(deserializeDateTime(touch.date));
    }

    touchIcon(touch) {
        return TOUCH_ICONS[touch.kind] || "fa-circle-o";
    }
}
