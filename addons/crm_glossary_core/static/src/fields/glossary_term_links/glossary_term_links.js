import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import {
    Many2ManyTagsField,
    many2ManyTagsField,
} from "@web/views/fields/many2many_tags/many2many_tags_field";

/** Related terms as tags; a click on one opens that term. */
export class GlossaryTermLinks extends Many2ManyTagsField {
    setup() {
        super.setup();
        this.action = useService("action");
    }

    getTagProps(record) {
        return {
            ...super.getTagProps(record),
            canEdit: true, // the tag shows the hand of a link
            onClick: () => this.openTerm(record.resId),
        };
    }

    openTerm(resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.relation,
            res_id: resId,
            views: [[false, "form"]],
        });
    }
}

export const glossaryTermLinks = {
    ...many2ManyTagsField,
    component: GlossaryTermLinks,
    displayName: _t("Links to Terms"),
    supportedTypes: ["many2many"],
};

registry.category("fields").add("glossary_term_links", glossaryTermLinks);
