import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** A part of a segment's conditions: a group of parts, or one condition. */
export class ExplanationNode extends Component {
    static template = "crm_segmentation.ExplanationNode";
    static components = { ExplanationNode };
    static props = {
        node: Object,
        isIdle: { type: Boolean, optional: true },
        onSegment: Function,
    };

    /** What does not hold, where another part is enough, is no trouble. */
    get isIdle() {
        const { node, isIdle } = this.props;
        return (
            isIdle ||
            (node.kind === "any" && node.ok) ||
            (node.kind === "not" && node.ok)
        );
    }

    get icon() {
        const { node, isIdle } = this.props;
        if (node.ok) {
            return node.excludes ? "fa-check text-danger" : "fa-check text-success";
        }
        return isIdle ? "fa-times text-muted" : "fa-times text-danger";
    }

    get title() {
        return {
            all: _t("All of these must hold"),
            any: _t("At least one of these must hold"),
            not: _t("This must not hold"),
        }[this.props.node.kind];
    }

    get state() {
        return this.props.node.ok ? _t("holds") : _t("does not hold");
    }
}
