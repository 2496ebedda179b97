import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

/** Points with their sign; a true minus is read out as "minus". */
export function signed(points) {
    if (!points) {
        return "0";
    }
    const digits = Number.isInteger(points) ? 0 : 1;
    const number = formatFloat(Math.abs(points), { digits: [16, digits] });
    return `${points < 0 ? "\u2212" : "+"}${number}`;
}

/** A part of the conditions: a group of parts, or one condition with its value. */
export class RuleTestNode extends Component {
    static template = "crm_lead_scoring.RuleTestNode";
    static components = { RuleTestNode };
    static props = { node: Object, isIdle: { type: Boolean, optional: true } };

    /** What does not hold, while another part of "at least one" does, is no trouble. */
    get isIdle() {
        const { node } = this.props;
        return node.kind === "any" && node.holds;
    }

    get icon() {
        if (this.props.node.holds) {
            return "fa-check text-success";
        }
        return this.props.isIdle ? "fa-times text-muted" : "fa-times text-danger";
    }

    get title() {
        return {
            all: _t("All of these must hold"),
            any: _t("At least one of these must hold"),
            not: _t("This must not hold"),
        }[this.props.node.kind];
    }

    get state() {
        return this.props.node.holds ? _t("holds") : _t("does not hold");
    }
}

/** What a rule gives to one lead, and why: the answer of the server, drawn. */
export class RuleTestResult extends Component {
    static template = "crm_lead_scoring.RuleTestResult";
    static components = { RuleTestNode };
    static props = { result: Object };

    signed = signed;

    get headline() {
        const { result } = this.props;
        if (result.problem) {
            return _t("The rule cannot be used like this");
        }
        return result.is_match
            ? _t("The lead gets points by this rule")
            : _t("The lead gets no points by this rule");
    }

    get points() {
        const { points, axis } = this.props.result;
        return `${signed(points)} ${axis}`;
    }

    /** A lead that matches gets nothing where the rule does not count for it. */
    get givesPoints() {
        const { result } = this.props;
        return !result.problem && Boolean(result.points);
    }
}
