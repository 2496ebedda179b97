import { SegmentExplanation } from "@crm_segmentation/segment_explanation/segment_explanation";
import { DELAY } from "@crm_segmentation/segment_live_count/segment_live_count";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Segment extends models.Model {
    _name = "crm.segment";
    name = fields.Char();
    kind = fields.Char();
    target = fields.Char();
    domain = fields.Char();
    active = fields.Boolean();
    member_count = fields.Integer();
    refreshed_at = fields.Datetime();
    error_message = fields.Char();
    _records = [
        {
            id: 1,
            name: "Key accounts",
            kind: "rule",
            target: "partner",
            domain: "[]",
            active: true,
            member_count: 0,
        },
    ];
}
defineMailModels();
defineModels([Segment]);

const leaf = (values) => ({
    kind: "leaf",
    ok: true,
    text: "",
    value: false,
    number: 0,
    excludes: false,
    segment_id: 0,
    children: [],
    ...values,
});

const ANSWER = {
    name: "Ann",
    segment: "Key accounts",
    member: false,
    since: false,
    reason: false,
    evaluated_at: "1 May",
    text: "Condition 2 excludes Ann.",
    notes: ["A note"],
    tree: leaf({
        kind: "all",
        ok: false,
        children: [
            leaf({ text: "Country is Bulgaria", value: "Bulgaria", number: 1 }),
            leaf({
                kind: "segment",
                text: "in “Big”",
                value: "not a member",
                number: 2,
                ok: false,
                excludes: true,
                segment_id: 9,
            }),
        ],
    }),
};

async function mountExplanation(params) {
    await mountWithCleanup(SegmentExplanation, {
        props: {
            action: { params: { segment_id: 1, model: "res.partner", ...params } },
            actionId: 1,
            updateActionState: () => {},
            className: "",
        },
    });
}

test("the condition that excludes is marked, and what was seen is said", async () => {
    onRpc("crm.segment", "explain", ({ args }) => {
        expect.step(args);
        return ANSWER;
    });
    await mountExplanation({ record_id: 3 });
    expect.verifySteps([[[1], 3]]);
    expect(".o_explanation_text").toHaveText("Condition 2 excludes Ann.");
    expect(".o_explanation_node.o_excludes").toHaveCount(1);
    expect(".o_explanation_node.o_excludes").toHaveText(/2\. in “Big”/);
    expect(queryAllTexts(".o_explanation_value .fw-bold")).toEqual([
        "Bulgaria",
        "not a member",
    ]);
    expect(".o_explanation_note").toHaveText("A note");
});

test("a segment that it is made of explains itself, and back", async () => {
    onRpc("crm.segment", "explain", ({ args }) => {
        expect.step(args[0][0]);
        return args[0][0] === 1 ? ANSWER : { ...ANSWER, segment: "Big", tree: false };
    });
    await mountExplanation({ record_id: 3 });
    await contains(".o_explanation_segment").click();
    expect(".o_explanation_answer").toHaveText(/Big/);
    expect(".o_explanation_tree").toHaveCount(0);
    await contains(".o_explanation_back").click();
    expect(".o_explanation_tree").toHaveCount(1);
    expect.verifySteps([1, 9, 1]);
});

test("without a record one is asked for", async () => {
    onRpc("crm.segment", "explain", () => expect.step("explain"));
    await mountExplanation({});
    expect(".o_segment_explanation").toHaveText(/See which conditions hold/);
    expect.verifySteps([]);
});

test("an empty segment says which condition empties it", async () => {
    onRpc("crm.segment", "explain_empty", () => ({
        text: "Condition 2 excludes all.",
        steps: [
            { number: 1, position: 0, text: "One", count: 4, without: 0 },
            { number: 2, position: 1, text: "Two", count: 0, without: 4 },
        ],
    }));
    onRpc("crm.segment", "action_view_without", ({ args }) => {
        expect.step(args[1]);
        return { type: "ir.actions.act_window_close" };
    });
    await mountView({
        resModel: "crm.segment",
        type: "form",
        resId: 1,
        arch: `<form>
            <field name="member_count"/><field name="active"/>
            <widget name="segment_empty_hint"/></form>`,
    });
    await animationFrame();
    expect(".o_segment_empty_hint").toHaveText(/Condition 2 excludes all/);
    expect(".o_segment_empty_hint li").toHaveCount(2);
    await contains(".o_segment_empty_hint li button").click();
    expect.verifySteps([1]);
});

const COUNT_FORM = {
    resModel: "crm.segment",
    type: "form",
    resId: 1,
    arch: `<form><field name="kind"/><field name="target"/>
        <field name="domain"/><widget name="segment_live_count"/></form>`,
};

test("the count follows the edited rule", async () => {
    onRpc("crm.segment", "count_draft", ({ args }) => {
        expect.step(args[0].domain);
        return { problem: false, count: 12, entering: 3, leaving: 0, is_late: false };
    });
    await mountView(COUNT_FORM);
    await advanceTime(DELAY);
    await animationFrame();
    expect(".o_segment_live_count").toHaveText("Match now: 12 · would enter: 3");
    await contains("[name='domain'] input").edit("[('a', '=', 1)]");
    await advanceTime(DELAY);
    await animationFrame();
    expect.verifySteps(["[]", "[('a', '=', 1)]"]);
});

test("a slow count says so and can be cancelled", async () => {
    const slow = new Deferred();
    onRpc("crm.segment", "count_draft", ({ args }) => {
        expect.step(args[2] ? "patient" : "quick");
        return args[2] ? slow : { problem: false, count: null, is_late: true };
    });
    await mountView(COUNT_FORM);
    await advanceTime(DELAY);
    await animationFrame();
    expect.verifySteps(["quick", "patient"]);
    expect(".o_segment_live_count").toHaveText(/Counting/);
    await contains(".o_segment_count_cancel").click();
    expect(".o_segment_live_count").toHaveText(/Not counted/);
    slow.resolve({ problem: false, count: 5, entering: null, leaving: null });
    await animationFrame();
    expect(".o_segment_live_count").toHaveText(/Not counted/);
});

test("reach: channels with the reasons why not", async () => {
    Segment._records[0].member_count = 4;
    onRpc("crm.segment", "get_reach", () => ({
        members: 4,
        channels: [
            {
                code: "email",
                label: "E-mail",
                icon: "fa-envelope-o",
                count: 3,
                blocked: [
                    {
                        channel: "email",
                        code: "no_email",
                        text: "no address",
                        count: 1,
                    },
                ],
            },
        ],
    }));
    onRpc("crm.segment", "action_view_reach", ({ args }) => {
        expect.step(args.slice(1));
        return { type: "ir.actions.act_window_close" };
    });
    await mountView({
        resModel: "crm.segment",
        type: "form",
        resId: 1,
        arch: `<form><field name="member_count"/><widget name="segment_reach"/></form>`,
    });
    await animationFrame();
    expect(".o_segment_reach_channel").toHaveText(/E-mail\s*3\s*\/ 4/);
    await contains(".o_segment_reach_reason").click();
    expect.verifySteps([["email", "no_email"]]);
});
