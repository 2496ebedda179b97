import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { signed } from "../rule_test/rule_test_result";

/** Cards to choose a template from, and what the chosen one would create. */
export class TemplatePicker extends Component {
    static template = "crm_lead_scoring.TemplatePicker";
    static props = { ...standardFieldProps };

    signed = signed;

    get cards() {
        return this.props.record.data.cards || [];
    }

    get chosen() {
        return this.props.record.data[this.props.name];
    }

    get preview() {
        return this.props.record.data.preview;
    }

    get readiness() {
        return _t("Ready for sales from %s points", this.preview.ready_score);
    }

    get bestGrade() {
        const [best] = this.preview.grades;
        return _t(
            "Best grade %(name)s: fit from %(fit)s, engagement from %(interest)s",
            {
                name: best.name,
                fit: best.fit_min,
                interest: best.engagement_min,
            }
        );
    }

    get axes() {
        const rules = this.preview.rules;
        return [
            { name: "fit", title: _t("Fit: how well the lead suits") },
            { name: "engagement", title: _t("Engagement: how much interest it shows") },
        ].map((axis) => ({
            ...axis,
            rules: rules.filter((rule) => rule.axis === axis.name),
        }));
    }

    choose(code) {
        if (!this.props.readonly && code !== this.chosen) {
            return this.props.record.update({ [this.props.name]: code });
        }
    }
}

registry.category("fields").add("lead_score_template", {
    component: TemplatePicker,
    displayName: _t("Scoring Template"),
    supportedTypes: ["selection"],
    fieldDependencies: [
        { name: "cards", type: "json" },
        { name: "preview", type: "json" },
    ],
});
