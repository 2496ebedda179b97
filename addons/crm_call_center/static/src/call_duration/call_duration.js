import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Write a number of seconds as a clock does: 4:05, or 1:04:05.
 *
 * @param {number|false} seconds
 * @returns {string}
 */
export function formatCallDuration(seconds) {
    if (typeof seconds !== "number") {
        return "";
    }
    const total = Math.max(0, Math.round(seconds));
    const parts = [Math.floor(total / 60) % 60, total % 60];
    const hours = Math.floor(total / 3600);
    if (hours) {
        parts.unshift(hours);
    }
    return parts
        .map((part, index) => (index ? String(part).padStart(2, "0") : String(part)))
        .join(":");
}

/** Shows seconds as minutes; figures of calls are sums and are not edited. */
export class CallDurationField extends Component {
    static template = "crm_call_center.CallDurationField";
    static props = { ...standardFieldProps };

    get value() {
        return formatCallDuration(this.props.record.data[this.props.name]);
    }
}

export const callDurationField = {
    component: CallDurationField,
    displayName: _t("Duration of a call"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
};

registry.category("fields").add("call_duration", callDurationField);
registry.category("formatters").add("call_duration", formatCallDuration);
