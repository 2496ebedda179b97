import { expect, test } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Term extends models.Model {
    _name = "crm.glossary.term";
    name = fields.Char();
    related_term_ids = fields.Many2many({ relation: "crm.glossary.term" });
    _records = [
        { id: 1, name: "Win Rate", related_term_ids: [2] },
        { id: 2, name: "Conversion Rate", related_term_ids: [] },
    ];
}
defineMailModels();
defineModels([Term]);
onRpc("has_group", () => true);

function mountTerm(attributes = "") {
    return mountView({
        type: "form",
        resModel: "crm.glossary.term",
        resId: 1,
        arch: `<form ${attributes}>
            <field name="related_term_ids" widget="glossary_term_links"/>
        </form>`,
    });
}

test("a click on a related term opens it", async () => {
    mockService("action", {
        doAction(action) {
            expect.step([action.res_model, action.res_id]);
        },
    });
    await mountTerm('edit="0"');
    expect(".o_tag").toHaveText("Conversion Rate");
    await contains(".o_tag").click();
    expect.verifySteps([["crm.glossary.term", 2]]);
});

test("an editor removes a related term without opening it", async () => {
    mockService("action", {
        doAction() {
            expect.step("opened");
        },
    });
    await mountTerm();
    await contains(".o_tag .o_delete").click();
    expect(".o_tag").toHaveCount(0);
    expect.verifySteps([]);
});
