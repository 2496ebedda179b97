import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import { formatCallDuration } from "@crm_call_center/call_duration/call_duration";

class CrmCall extends models.Model {
    _name = "crm.call";
    duration = fields.Integer();
    _records = [{ id: 1, duration: 75 }];
}

defineMailModels();
defineModels([CrmCall]);

test("seconds are written as a clock does", () => {
    const cases = [
        [0, "0:00"],
        [9, "0:09"],
        [75, "1:15"],
        [3600, "1:00:00"],
        [3725, "1:02:05"],
        [-5, "0:00"],
        [false, ""],
    ];
    for (const [seconds, text] of cases) {
        expect(formatCallDuration(seconds)).toBe(text);
    }
});

test("the widget in a list", async () => {
    await mountView({
        resModel: "crm.call",
        type: "list",
        arch: `<list><field name="duration" widget="call_duration"/></list>`,
    });
    expect(".o_call_duration").toHaveText("1:15");
});
