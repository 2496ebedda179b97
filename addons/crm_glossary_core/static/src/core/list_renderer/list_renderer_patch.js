import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";

/** A list asks for the terms early: its headers find them when a tooltip opens. */
patch(ListRenderer.prototype, {
    setup() {
        super.setup();
        useService("crm_glossary").load();
    },
});
