import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** Milliseconds without a key after which what was typed is read. */
const DELAY = 300;

/** An expression over segments, read while it is typed. */
export class SegmentExpressionField extends CharField {
    static template = "crm_segmentation.SegmentExpressionField";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.check = useState({ problem: false, position: false, sentence: false });
        this.read = useDebounced(this.readNow.bind(this), DELAY);
        useRecordObserver((record) => this.follow(record.data[this.props.name]));
    }

    /** Read what the record says when it is shown, saved or left for another. */
    follow(text) {
        if (text !== this.text) {
            this.readNow(text);
        }
    }

    async readNow(text) {
        this.text = text;
        if (!text) {
            const nothing = Promise.resolve({ problem: false, sentence: false });
            Object.assign(this.check, await this.keepLast.add(nothing));
            return;
        }
        const { resId, data } = this.props.record;
        const call = this.orm.silent.call("crm.segment", "check_expression", [
            text,
            data.target,
            resId,
            "company_id" in data ? data.company_id?.id || false : null,
        ]);
        Object.assign(this.check, await this.keepLast.add(call));
    }

    onInput(ev) {
        this.read(ev.target.value);
    }
}

registry.category("fields").add("segment_expression", {
    ...charField,
    component: SegmentExpressionField,
    displayName: _t("Expression over Segments"),
});
