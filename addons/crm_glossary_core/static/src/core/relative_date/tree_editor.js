import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { TreeEditor } from "@web/core/tree_editor/tree_editor";
import { patch } from "@web/core/utils/patch";

import { readRelativeDate, tellRelativeDate } from "./relative_date";
import { RelativeDateInput } from "./relative_date_input";

patch(TreeEditor.prototype, {
    async prepareInfo(props) {
        await super.prepareInfo(props);
        if (props.readonly) {
            const describe = this.getConditionDescription;
            this.getConditionDescription = (node) =>
                this.tellDates(node, describe(node));
        }
    },

    /** Odoo tells "Invalid DateTime" for a date that moves along with today. */
    tellDates(node, description) {
        const relative = this.isDate(node) && readRelativeDate(node.value);
        if (!relative || !description.valueDescription) {
            return description;
        }
        const values = [tellRelativeDate(relative.count, relative.step)];
        return {
            ...description,
            valueDescription: { ...description.valueDescription, values },
        };
    },

    getValueEditorInfo(node) {
        const info = super.getValueEditorInfo(node);
        if (info.component !== DateTimeInput || !this.isDate(node)) {
            return info;
        }
        return {
            ...info,
            component: RelativeDateInput,
            extractProps: ({ value, update, displayPlaceholder }) => ({
                value,
                update,
                displayPlaceholder,
                editorInfo: info,
            }),
            isSupported: (value) =>
                Boolean(readRelativeDate(value)) || info.isSupported(value),
        };
    },

    isDate(node) {
        return ["date", "datetime"].includes(this.getFieldDef(node.path)?.type);
    },
});
