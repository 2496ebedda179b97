import { expect, test } from "@odoo/hoot";
import {
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    is_sales_ready = fields.Boolean();
    ready_since = fields.Datetime();
    _records = [
        {
            id: 1,
            name: "Ready",
            is_sales_ready: true,
            ready_since: "2026-12-03 08:00:00",
        },
        { id: 2, name: "Not ready", is_sales_ready: false, ready_since: false },
    ];
}

defineMailModels();
defineModels([Lead]);
onRpc("has_group", () => true);

test("only a lead that is ready has a badge", async () => {
    await mountView({
        resModel: "crm.lead",
        type: "list",
        arch: `<list>
            <field name="name"/>
            <field name="is_sales_ready" widget="lead_ready_badge"/>
        </list>`,
    });
    expect(".o_data_row").toHaveCount(2);
    expect(".o_lead_ready_badge").toHaveCount(1);
    expect(".o_data_row:first .o_lead_ready_badge").toHaveText("Ready");
});

test("the badge says since when", async () => {
    await mountView({
        resModel: "crm.lead",
        resId: 1,
        type: "form",
        arch: `<form>
            <field name="is_sales_ready" widget="lead_ready_badge"
                options="{'show_date': true}"/>
        </form>`,
    });
    expect(".o_lead_ready_badge").toHaveText("Ready since 12/03/2026");
    expect(".o_lead_ready_badge").toHaveAttribute(
        "title",
        /^Ready for sales since 12\/03\/2026/
    );
});
