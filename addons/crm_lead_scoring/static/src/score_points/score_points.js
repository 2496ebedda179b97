import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

/**
 * Points with their sign, and on request a bar whose length compares the lines of a
 * list: to the right what a rule gives, to the left what it takes.
 */
export class LeadScorePoints extends IntegerField {
    static template = "crm_lead_scoring.LeadScorePoints";
    static props = {
        ...IntegerField.props,
        bar: { type: Boolean, optional: true },
    };

    get points() {
        return this.props.record.data[this.props.name] || 0;
    }

    get signedPoints() {
        // A true minus sign is as wide as the plus and is read out as "minus".
        return `${this.points < 0 ? "\u2212" : "+"}${Math.abs(this.points)}`;
    }

    get barStyle() {
        const { data, records } = this.props.record.model.root;
        const lines = records || data?.score_line_ids?.records || [this.props.record];
        const largest = Math.max(
            1,
            ...lines.map((line) => Math.abs(line.data[this.props.name] || 0))
        );
        const length = (50 * Math.abs(this.points)) / largest;
        const start = this.points < 0 ? 50 - length : 50;
        return `margin-inline-start: ${start}%; width: ${length}%`;
    }
}

export const leadScorePoints = {
    ...integerField,
    component: LeadScorePoints,
    displayName: _t("Signed Points"),
    supportedOptions: [
        ...(integerField.supportedOptions || []),
        { label: _t("Show a bar"), name: "bar", type: "boolean" },
    ],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...integerField.extractProps(fieldInfo, dynamicInfo),
        bar: Boolean(fieldInfo.options.bar),
    }),
};

registry.category("fields").add("lead_score_points", leadScorePoints);
