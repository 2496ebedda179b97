import { beforeEach, expect, test } from "@odoo/hoot";
import {
    hover,
    leave,
    manuallyDispatchProgrammaticEvent,
    queryOne,
} from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineGlossaryModels, mockGlossary } from "./glossary_test_helpers";

defineMailModels();
defineModels(defineGlossaryModels());
beforeEach(() => {
    onRpc("has_group", () => true);
});

const FORM = `<form>
    <group>
        <field name="name"/>
        <field name="chance"/>
        <field name="stage"/>
    </group>
    <field name="child_ids">
        <list><field name="name"/><field name="chance"/><field name="stage"/></list>
    </field>
</form>`;

function mountForm() {
    return mountView({ type: "form", resModel: "deal", resId: 1, arch: FORM });
}

test("the terms of all fields are read once, for forms and lists", async () => {
    const calls = mockGlossary();
    await mountForm();
    await mountView({
        type: "list",
        resModel: "deal",
        arch: `<list><field name="name"/></list>`,
    });
    expect(calls).toEqual(["get_bound_fields"]);
});

test("who may not read the glossary asks for nothing and sees nothing", async () => {
    onRpc("crm.glossary.term", "*", ({ method }) => expect.step(method));
    await mountForm();
    expect("label[for^=stage] sup").toHaveCount(0);
    expect("label[for^=name] sup").toHaveCount(0);
    expect("label[for^=chance] sup").toHaveCount(1); // its own help
    expect("label[data-tooltip-template]").toHaveCount(0);
    expect.verifySteps([]);
});

test("a server that refuses leaves the form alone", async () => {
    mockGlossary({
        get_bound_fields: () => {
            throw new Error("no");
        },
    });
    await mountForm();
    await animationFrame();
    expect("label[for^=name]").toHaveText("Name");
    expect("label[for^=name] sup").toHaveCount(0);
});

test("a bound label has a question mark and Odoo's own tooltip", async () => {
    mockGlossary();
    await mountForm();
    await animationFrame();
    expect("label[for^=name] sup").toHaveText("?");
    expect("label[for^=stage] sup").toHaveCount(0);
    await hover("label[for^=chance]");
    await advanceTime(400);
    await animationFrame();
    expect(".o-tooltip .o_glossary_tooltip").toHaveText(
        /Probability\s*How likely the deal is won\.\s*More/
    );
    expect(".o-tooltip .o-tooltip--help").toHaveText("In percent.");
});

test("the tooltip stays for the pointer, and More opens the card", async () => {
    const calls = mockGlossary();
    await mountForm();
    await animationFrame();
    await hover("label[for^=chance]");
    await advanceTime(400);
    await animationFrame();
    await hover(".o-tooltip"); // out of the label, into the tooltip
    await advanceTime(2000);
    expect(".o-tooltip").toHaveCount(1);
    await contains(".o-tooltip .o_glossary_more").click();
    await animationFrame();
    expect(".o-tooltip").toHaveCount(0);
    expect(".o_glossary_panel h2").toHaveText("Probability");
    expect(calls).toEqual(["get_bound_fields", "get_cards:probability"]);
});

test("the tooltip stays under a finger", async () => {
    mockGlossary();
    await mountForm();
    await animationFrame();
    await hover("label[for^=chance]");
    await advanceTime(400);
    await animationFrame();
    // a touch enters the tooltip before Odoo closes it because of that touch
    await manuallyDispatchProgrammaticEvent(queryOne(".o_popover"), "pointerenter");
    await leave();
    await advanceTime(2000);
    expect(".o-tooltip").toHaveCount(1);
    await manuallyDispatchProgrammaticEvent(queryOne(".o_popover"), "pointerleave");
    await advanceTime(300);
    await animationFrame();
    expect(".o-tooltip").toHaveCount(0);
});

test("the tooltip goes when the pointer goes elsewhere", async () => {
    mockGlossary();
    await mountForm();
    await animationFrame();
    await hover("label[for^=chance]");
    await advanceTime(400);
    await animationFrame();
    expect(".o-tooltip").toHaveCount(1);
    await hover(".o-tooltip");
    await hover(".o_field_widget[name=stage]");
    await advanceTime(300);
    await animationFrame();
    expect(".o-tooltip").toHaveCount(0);
    await hover("label[for^=chance]");
    await advanceTime(400);
    await leave();
    await advanceTime(300);
    await animationFrame();
    expect(".o-tooltip").toHaveCount(0);
});

test("the tooltip does not take the focus from the field", async () => {
    mockGlossary();
    await mountForm();
    await animationFrame();
    await contains(".o_field_widget[name=name] input").focus();
    await hover("label[for^=chance]");
    await advanceTime(400);
    await animationFrame();
    expect(".o-tooltip .o_glossary_more").toHaveCount(1);
    expect(".o_field_widget[name=name] input").toBeFocused();
});

test("a click on the question mark opens the card, one on the label the field", async () => {
    mockGlossary();
    await mountForm();
    await animationFrame();
    await contains("label[for^=name]").click();
    expect(".o_field_widget[name=name] input").toBeFocused();
    expect(".o_glossary_panel").toHaveCount(0);
    await contains("label[for^=name] sup").click();
    await animationFrame();
    expect(".o_glossary_panel h2").toHaveText("Opportunity");
});

test("the header of a list inside a form tells the term", async () => {
    mockGlossary();
    await mountForm();
    await animationFrame();
    await hover(".o_field_x2many th[data-name=chance] [data-tooltip-template]");
    await advanceTime(400);
    await animationFrame();
    expect(".o-tooltip").toHaveText(/Chance\s*In percent\.\s*Probability/);
});

test("a tooltip without a term goes at once, as ever", async () => {
    mockGlossary();
    await mountForm();
    await animationFrame();
    await hover(".o_field_x2many th[data-name=stage] [data-tooltip-template]");
    await advanceTime(400);
    await animationFrame();
    expect(".o-tooltip").toHaveText("Stage");
    await leave();
    await animationFrame();
    expect(".o-tooltip").toHaveCount(0);
});
