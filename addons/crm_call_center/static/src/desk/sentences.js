import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatCallDuration } from "../call_duration/call_duration";

function formatDate(date) {
    return date ? toLocaleDateTimeString(deserializeDateTime(date)) : "";
}

/** When the next call is due. */
export function tellNext(date) {
    return _t("The next one is due on %(date)s.", { date: formatDate(date) });
}

/** What the operator did today, as pairs of a label and a figure. */
export function tellToday({ calls = 0, held = 0, talk_seconds: talk = 0 }) {
    return [
        { name: "calls", label: _t("Today"), value: String(calls) },
        { name: "held", label: _t("Held"), value: String(held) },
        { name: "talk", label: _t("Talked"), value: formatCallDuration(talk) },
    ];
}

/** One line about the call that was just saved. */
export function tellLast(last) {
    if (!last) {
        return "";
    }
    const { person, action, state, reason, next } = last;
    const values = { person, reason, date: formatDate(next) };
    if (state === "waiting") {
        return _t("%(person)s: saved here, sent when the connection is back.", values);
    }
    if (action === "do_not_call") {
        return _t("%(person)s: is not called again.", values);
    }
    if (action === "callback" && next) {
        return _t("%(person)s: called back on %(date)s.", values);
    }
    if (action === "skip") {
        return _t("%(person)s: put back.", values);
    }
    const tell = {
        held: () => _t("%(person)s: held.", values),
        not_held: () => _t("%(person)s: tried again on %(date)s.", values),
        cancelled: () =>
            reason
                ? _t("%(person)s: cancelled (%(reason)s).", values)
                : _t("%(person)s: cancelled.", values),
    };
    return tell[state]?.() || person;
}
