import { useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { FormLabel } from "@web/views/form/form_label";

/** The label of a field that a term explains: it has Odoo's "?" and a tooltip. */
patch(FormLabel.prototype, {
    setup() {
        super.setup();
        this.glossary = useService("crm_glossary");
        this.bound = useState(this.glossary.bound);
        this.glossary.load();
    },

    get glossaryTerm() {
        const { record, fieldName } = this.props;
        return this.glossary.fieldTerm(record.resModel, fieldName, this.bound);
    },

    get hasTooltip() {
        return super.hasTooltip || Boolean(this.glossaryTerm);
    },

    get tooltipInfo() {
        const info = super.tooltipInfo;
        return this.glossaryTerm
            ? JSON.stringify({ ...JSON.parse(info), glossary: this.glossaryTerm })
            : info;
    },

    /** What the whole label gets where a term explains the field. */
    get glossaryTooltip() {
        return this.glossaryTerm
            ? {
                  "data-tooltip-template": "web.FieldTooltip",
                  "data-tooltip-info": this.tooltipInfo,
                  "data-tooltip-position": "top", // the field stays in sight
              }
            : {};
    },

    onHelpClick(ev) {
        if (this.glossaryTerm) {
            ev.preventDefault();
            this.glossary.openCard(this.glossaryTerm.code);
        }
    },
});
