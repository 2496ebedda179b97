import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** A lead in short: who it is, and why its score is what it is. */
export class TriageCard extends Component {
    static template = "crm_lead_scoring.TriageCard";
    static props = { card: Object };

    get age() {
        return formatAge(this.props.card.days);
    }

    /** What is known, as pairs of a label and a value; what is not known is left out. */
    get facts() {
        const { card } = this.props;
        const origin = [card.source, card.medium, card.campaign];
        return [
            [_t("From"), origin.filter(Boolean).join(" · ")],
            [_t("Place"), card.place],
            [_t("Salesperson"), card.user || _t("Nobody yet")],
            [_t("Sales Team"), card.team],
            [_t("Stage"), card.type === "opportunity" ? card.stage : ""],
            [_t("Customer"), card.partner],
        ].filter(([, value]) => value);
    }

    get gradeTitle() {
        const { grade, score } = this.props.card;
        return _t("Grade %(grade)s, score %(score)s", { grade, score });
    }

    get duplicates() {
        return _t("Similar leads: %s", this.props.card.duplicates);
    }

    when(date) {
        return toLocaleDateTimeString(deserializeDateTime(date));
    }

    signed(points) {
        return points > 0 ? `+${points}` : `−${Math.abs(points)}`;
    }
}

/** How old a lead is, in words. */
export function formatAge(days) {
    if (days < 1) {
        return _t("today");
    }
    return days === 1 ? _t("1 day ago") : _t("%s days ago", days);
}
