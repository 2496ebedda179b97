import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The grade of a lead as a coloured badge. The grade is always there as text, and
 * the score is read out with it: the colour alone says nothing.
 */
export class LeadGradeBadge extends Component {
    static template = "crm_lead_scoring.LeadGradeBadge";
    static props = {
        ...standardFieldProps,
        size: { type: String, optional: true },
    };

    get grade() {
        return this.props.record.data[this.props.name]?.display_name;
    }

    get description() {
        return _t("Grade %(grade)s, score %(score)s", {
            grade: this.grade,
            score: this.props.record.data.lead_score ?? 0,
        });
    }

    get classNames() {
        const color = this.props.record.data.lead_grade_color || 0;
        const size = this.props.size === "large" ? "fs-3 px-3" : "";
        return `o_badge_color_${color} ${size}`;
    }
}

export const leadGradeBadge = {
    component: LeadGradeBadge,
    displayName: _t("Lead Grade"),
    supportedTypes: ["many2one"],
    supportedOptions: [
        {
            label: _t("Size"),
            name: "size",
            type: "selection",
            choices: [
                { label: _t("Normal"), value: "normal" },
                { label: _t("Large"), value: "large" },
            ],
            default: "normal",
        },
    ],
    fieldDependencies: [
        { name: "lead_score", type: "integer" },
        { name: "lead_grade_color", type: "integer" },
    ],
    extractProps: ({ options }) => ({ size: options.size }),
};

registry.category("fields").add("lead_grade_badge", leadGradeBadge);
