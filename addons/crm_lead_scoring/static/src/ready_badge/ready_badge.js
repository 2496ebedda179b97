import { Component } from "@odoo/owl";
import { formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Says that a lead is ready for sales, and since when; nothing for other leads. */
export class LeadReadyBadge extends Component {
    static template = "crm_lead_scoring.LeadReadyBadge";
    static props = {
        ...standardFieldProps,
        showDate: { type: Boolean, optional: true },
    };

    get isReady() {
        return this.props.record.data[this.props.name];
    }

    get since() {
        return this.props.record.data.ready_since;
    }

    get text() {
        return this.props.showDate && this.since
            ? _t("Ready since %(date)s", { date: formatDate(this.since) })
            : _t("Ready");
    }

    get description() {
        return this.since
            ? _t("Ready for sales since %(date)s", { date: formatDateTime(this.since) })
            : _t("Ready for sales");
    }
}

export const leadReadyBadge = {
    component: LeadReadyBadge,
    displayName: _t("Ready for Sales"),
    supportedTypes: ["boolean"],
    supportedOptions: [
        { label: _t("Show since when"), name: "show_date", type: "boolean" },
    ],
    fieldDependencies: [{ name: "ready_since", type: "datetime" }],
    extractProps: ({ options }) => ({ showDate: Boolean(options.show_date) }),
};

registry.category("fields").add("lead_ready_badge", leadReadyBadge);
