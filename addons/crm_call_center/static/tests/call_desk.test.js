import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    getService,
    makeServerError,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

class CrmCall extends models.Model {
    _name = "crm.call";
}
class CrmCallList extends models.Model {
    _name = "crm.call.list";
}

defineMailModels();
defineModels([CrmCall, CrmCallList]);
describe.current.tags("desktop");

const OUTCOMES = [
    { id: 1, name: "Held", code: "held", kind: "held", is_final: false },
    { id: 2, name: "Refused", code: "refused", kind: "held", is_final: false },
    { id: 3, name: "No answer", code: "no_answer", kind: "not_held", is_final: false },
    { id: 4, name: "Busy", code: "busy", kind: "not_held", is_final: false },
    { id: 5, name: "Wrong number", code: "wrong", kind: "not_held", is_final: true },
    { id: 6, name: "Not relevant", code: "no", kind: "cancelled", is_final: false },
    { id: 7, name: "Duplicate", code: "duplicate", kind: "cancelled", is_final: false },
];

function makeCard(id) {
    return {
        id,
        name: `Call ${id}`,
        person: `Person ${id}`,
        company: "Lee Ltd",
        function: false,
        place: "Ruse, Bulgaria",
        local_time: "12:00",
        phone: `+1 202-555-010${id}`,
        phone_sanitized: `+1202555010${id}`,
        list_id: 1,
        list_name: "Spring",
        script: "<p>Say <b>hello</b></p>",
        description: "Ask for Ann",
        attempt_count: 1,
        max_attempts: 3,
        is_callback: false,
        touches: [
            {
                key: "message-1",
                date: "2026-02-01 10:00:00",
                kind: "message",
                who: "Ann",
                text: "Please call",
            },
        ],
    };
}

/**
 * Open the desk on a server that has `count` calls and notes what it is asked.
 *
 * @param {object} [options]
 */
async function openDesk({ count = 3, desk = {}, call = { state: "held" } } = {}) {
    let next = 0;
    onRpc("crm.call.list", "get_desk", () => ({
        lists: [{ id: 1, name: "Spring", left: count, done: 2, next_date: false }],
        outcomes: OUTCOMES,
        card: false,
        today: 4,
        ...desk,
    }));
    onRpc("crm.call.list", "take_next", ({ args }) => {
        expect.step(`take_next ${JSON.stringify(args[0])}`);
        next += 1;
        return next <= count ? makeCard(next) : false;
    });
    onRpc("crm.call.list", "release", ({ args }) => args[0].length);
    onRpc("crm.call.list", "renew", ({ args }) => {
        expect.step(`renew ${args[0]}`);
        return args[0];
    });
    onRpc("crm.call", "read", () => [
        { id: 1, next_attempt_date: false, cancel_reason: false, ...call },
    ]);
    for (const method of ["action_held", "action_not_held", "action_cancel"]) {
        onRpc("crm.call", method, ({ args, kwargs }) => {
            const { outcome_id: outcome, note, duration } = kwargs;
            expect.step(`${method} ${args[0]} ${outcome} ${note} ${duration}`);
            return true;
        });
    }
    onRpc("crm.call", "action_skip", ({ args }) => {
        expect.step(`action_skip ${args[0]}`);
        return true;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_call_center.desk",
    });
}

async function pressAndWait(key) {
    await press(key);
    await animationFrame();
    await animationFrame();
}

test("the card shows whom to call and what was before", async () => {
    await openDesk();
    expect(".o_call_start").toHaveCount(1);
    expect(".o_call_counts").toHaveText("2 done, 3 left");
    await pressAndWait("space");
    expect.verifySteps(["take_next []"]);
    expect(".o_call_person").toHaveText("Person 1");
    expect(".o_call_company").toHaveText("Lee Ltd");
    expect(".o_call_local_time").toHaveText("12:00 there");
    expect(".o_call_script b").toHaveText("hello");
    expect(".o_call_description").toHaveText("Ask for Ann");
    expect(".o_call_attempt").toHaveText("Attempt 2 of 3");
    expect(".o_call_touch").toHaveCount(1);
    expect(".o_call_dial").toHaveAttribute("href", "tel:+12025550101");
});

test("not held is one key, and the next call comes by itself", async () => {
    await openDesk({ call: { state: "not_held" } });
    await pressAndWait("space");
    expect(queryAllTexts(".o_call_not_held span")).toEqual([
        "No answer",
        "Busy",
        "Wrong number",
    ]);
    expect(queryAllTexts(".o_call_not_held kbd")).toEqual(["1", "2", "3"]);
    await pressAndWait("2");
    expect(".o_call_person").toHaveText("Person 2");
    expect(".o_call_counts").toHaveText("2 done, 3 left");
    expect(".o_call_today").toHaveText("Today: 5");
    expect.verifySteps(["take_next []", "action_not_held 1 4  0", "take_next []"]);
});

test("held asks for a note and saves it with Alt+Enter", async () => {
    await openDesk();
    await pressAndWait("space");
    await pressAndWait("h");
    expect(".o_call_note").toBeFocused();
    expect(".o_call_held_choice.btn-success span").toHaveText("Held");
    expect(".o_call_held_choice.btn-success kbd").toHaveText("Alt+1");
    await contains(".o_call_note").edit("Wants 2", { confirm: false });
    expect(".o_call_person").toHaveText("Person 1");
    await pressAndWait(["alt", "2"]);
    expect(".o_call_held_choice.btn-success span").toHaveText("Refused");
    await pressAndWait(["alt", "Enter"]);
    expect(".o_call_person").toHaveText("Person 2");
    expect(".o_call_note").toHaveValue("");
    expect(".o_call_counts").toHaveText("3 done, 2 left");
    expect(".o_call_last").toHaveText("Person 1: held.");
    expect.verifySteps(["take_next []", "action_held 1 2 Wants 2 0", "take_next []"]);
});

test("keys in the note are letters", async () => {
    await openDesk();
    await pressAndWait("space");
    await contains(".o_call_note").click();
    for (const key of ["h", "1", "x", "n"]) {
        await pressAndWait(key);
    }
    expect(".o_call_person").toHaveText("Person 1");
    expect(".o_call_note").toHaveValue("h1xn");
    expect.verifySteps(["take_next []"]);
});

test("a final outcome asks once more", async () => {
    await openDesk({ call: { state: "cancelled", cancel_reason: "Wrong number" } });
    await pressAndWait("space");
    await pressAndWait("3");
    expect(".o_call_final span").toHaveText("Wrong number");
    expect(".o_call_final kbd").toHaveText("3");
    await pressAndWait("1");
    expect(".o_call_final").toHaveCount(1, { message: "another key does nothing" });
    await pressAndWait("Escape");
    expect(".o_call_final").toHaveCount(0);
    await pressAndWait("3");
    await pressAndWait("3");
    expect(".o_call_person").toHaveText("Person 2");
    expect(".o_call_last").toHaveText("Person 1: cancelled (Wrong number).");
    expect.verifySteps(["take_next []", "action_not_held 1 5  0", "take_next []"]);
});

test("cancel asks why", async () => {
    await openDesk();
    await pressAndWait("space");
    await pressAndWait("x");
    expect(queryAllTexts(".o_call_reason span")).toEqual(["Not relevant", "Duplicate"]);
    await pressAndWait("2");
    expect(".o_call_person").toHaveText("Person 2");
    expect.verifySteps([
        "take_next []",
        "action_cancel 1 7  undefined",
        "take_next []",
    ]);
});

test("skip puts the call back", async () => {
    await openDesk();
    await pressAndWait("space");
    await pressAndWait("n");
    expect(".o_call_person").toHaveText("Person 2");
    expect.verifySteps(["take_next []", "action_skip 1", "take_next []"]);
});

test("the buttons do what the keys do", async () => {
    await openDesk();
    await contains(".o_call_start").click();
    await contains(".o_call_not_held:first").click();
    await contains(".o_call_held").click();
    await contains(".o_call_confirm").click();
    await contains(".o_call_cancel").click();
    await contains(".o_call_reason:first").click();
    expect(".o_call_empty").toHaveCount(1);
    expect.verifySteps([
        "take_next []",
        "action_not_held 1 3  0",
        "take_next []",
        "action_held 2 1  0",
        "take_next []",
        "action_cancel 3 6  undefined",
        "take_next []",
    ]);
});

test("seconds are counted from the dial", async () => {
    mockDate("2026-02-01 10:00:00");
    onRpc("crm.call", "action_dial", ({ args }) => {
        expect.step(`action_dial ${args[0]}`);
        return { type: "ir.actions.client", tag: "reload_context_none" };
    });
    await openDesk();
    // the dialled address would leave the page
    getService("action").doAction = (action) => expect.step(`do ${action.type}`);
    await pressAndWait("space");
    await pressAndWait("Enter");
    await advanceTime(75000);
    expect(".o_call_timer").toHaveText("1:15");
    await pressAndWait("1");
    expect.verifySteps([
        "take_next []",
        "action_dial 1",
        "do ir.actions.client",
        "action_not_held 1 3  75",
        "take_next []",
    ]);
});

test("the call is kept while it is on the desk, and given back after", async () => {
    await openDesk();
    await pressAndWait("space");
    await advanceTime(4 * 60 * 1000);
    expect.verifySteps(["take_next []", "renew 1"]);
    onRpc("crm.call.list", "release", ({ args }) => {
        expect.step(`release ${args[0]}`);
        return args[0].length;
    });
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_call_center.desk",
    });
    expect.verifySteps(["release 1"]);
});

test("a reload shows the call that was on the desk", async () => {
    await openDesk({ desk: { card: makeCard(3) } });
    expect(".o_call_person").toHaveText("Person 3");
    expect.verifySteps([]);
});

test("errors are told in words and lose nothing", async () => {
    await openDesk();
    await pressAndWait("space");
    onRpc("crm.call", "action_held", () => {
        throw makeServerError({ message: "Olivia is making this call now." });
    });
    await contains(".o_call_note").edit("Long story", { confirm: false });
    await contains(".o_call_held").click();
    await contains(".o_call_confirm").click();
    expect(".o_call_problem").toHaveText("Olivia is making this call now.");
    expect(".o_call_note").toHaveValue("Long story");
    expect(".o_call_person").toHaveText("Person 1");
    expect.verifySteps(["take_next []"]);
});

test("no list names the operator", async () => {
    await openDesk({ desk: { lists: [] } });
    expect(queryFirst("h2")).toHaveText("No list is waiting for you");
    expect(".o_call_start").toHaveCount(0);
});

test("an operator of several lists may choose one", async () => {
    const lists = [
        { id: 1, name: "Spring", left: 3, done: 2, next_date: false },
        { id: 2, name: "Renewals", left: 9, done: 1, next_date: false },
    ];
    await openDesk({ desk: { lists } });
    expect(".o_call_counts").toHaveText("3 done, 12 left");
    await contains(".o_call_list_choice").select("2");
    expect(".o_call_counts").toHaveText("1 done, 9 left");
    await contains(".o_call_start").click();
    expect.verifySteps(["take_next [2]"]);
});
