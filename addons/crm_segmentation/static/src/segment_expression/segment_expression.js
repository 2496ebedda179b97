import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
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
    }

    async readNow(text) {
        const { target } = this.props.record.data;
        const call = this.orm.call("crm.segment", "check_expression", [text, target]);
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
