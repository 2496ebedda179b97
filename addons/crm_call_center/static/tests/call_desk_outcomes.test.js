import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { contains, makeServerError, onRpc } from "@web/../tests/web_test_helpers";
import {
    defineDeskModels,
    goToDesk,
    makeCard,
    openDesk,
    pressAndWait,
    startCalling,
} from "./call_desk_helpers";

defineDeskModels();
describe.current.tags("desktop");
beforeEach(() => mockDate("2026-02-01 10:00:00"));

test("a final outcome asks once more", async () => {
    await openDesk();
    await startCalling();
    await pressAndWait("3");
    expect(".o_call_final span").toHaveText("Wrong number");
    expect(".o_call_final kbd").toHaveText("3");
    await pressAndWait("1");
    expect(".o_call_final").toHaveCount(1, { message: "another key does nothing" });
    await pressAndWait("Escape");
    expect(".o_call_final").toHaveCount(0);
    await pressAndWait("3", "3");
    expect(".o_call_person").toHaveText("Person 2");
    expect.verifySteps(["submit 1 not_held 5", "take_next [] held 2"]);
});

test("cancel asks why", async () => {
    await openDesk();
    await startCalling();
    await pressAndWait("x");
    expect(queryAllTexts(".o_call_reason span")).toEqual(["Not relevant", "Duplicate"]);
    await pressAndWait("2");
    expect(".o_call_last_sentence").toHaveText("Person 1: cancelled.");
    expect.verifySteps(["submit 1 cancelled 7", "take_next [] held 2"]);
});

test("skip asks why and puts the call back", async () => {
    const server = await openDesk();
    await startCalling();
    await pressAndWait("s", "2");
    expect(server.submitted[0].reason).toBe("Better later");
    expect(".o_call_last_sentence").toHaveText("Person 1: put back.");
    expect.verifySteps(["submit 1 skip", "take_next [] held 2"]);
});

test("call back with two keys, in both times", async () => {
    const server = await openDesk();
    await startCalling();
    await pressAndWait("c");
    expect(".o_call_when:first b").toHaveText("In an hour");
    expect(".o_call_when:first small").toHaveText(/10:00 there\s*09:00 here/);
    await pressAndWait("3");
    expect(server.submitted[0].callback).toEqual({ code: "code_3" });
    expect(server.submitted[0].personal).toBe(false);
    expect(".o_call_last_sentence").toHaveText(/^Person 1: called back on/);
    expect.verifySteps(["submit 1 callback", "take_next [] held 2"]);
});

test("call back at a time that is typed", async () => {
    const server = await openDesk();
    onRpc("crm.call", "desk_parse_callback", ({ args }) => ({
        date: "2026-02-03 08:00:00",
        local_text: `${args[1]}, 10:00`,
        own_text: "Tue 09:00",
        problem: "It is a holiday on Monday.",
    }));
    await startCalling();
    await pressAndWait("c", "i", "t");
    await contains(".o_call_time").edit("monday", { confirm: false });
    await advanceTime(300);
    await animationFrame();
    expect(".o_call_parsed").toHaveText("monday, 10:00 there, Tue 09:00 here");
    expect(".o_call_parsed_problem").toHaveText("It is a holiday on Monday.");
    await pressAndWait("Enter");
    expect(server.submitted[0].callback).toEqual({ text: "monday" });
    expect(server.submitted[0].personal).toBe(true);
    expect.verifySteps(["submit 1 callback", "take_next [] held 2"]);
});

test("never call again is said twice and sent first", async () => {
    await openDesk();
    await startCalling();
    await pressAndWait("d");
    expect.verifySteps([]);
    await pressAndWait("d");
    expect.verifySteps([
        "desk_do_not_call 1",
        "submit 1 do_not_call",
        "take_next [] held 2",
    ]);
    expect(".o_call_last_sentence").toHaveText("Person 1: is not called again.");
    expect(".o_call_undo").toHaveCount(0);
    await pressAndWait(["control", "z"]);
    expect(".o_call_person").toHaveText("Person 2");
    expect.verifySteps([]);
});

test("the last outcome is undone within ten seconds", async () => {
    const server = await openDesk();
    await startCalling();
    await contains(".o_call_note").edit("Oh", { confirm: false });
    await pressAndWait(["alt", "1"]);
    expect.verifySteps(["submit 1 not_held 3 Oh", "take_next [] held 2"]);
    await pressAndWait(["control", "z"]);
    expect(".o_call_person").toHaveText("Person 1");
    expect(".o_call_note").toHaveValue("Oh");
    expect(".o_call_last").toHaveCount(0);
    // the one after the next is for somebody else
    expect(server.released).toEqual([3]);
    expect.verifySteps(["undo 1 true"]);
    await pressAndWait("2");
    expect(".o_call_person").toHaveText("Person 2");
    expect.verifySteps(["submit 1 not_held 4 Oh", "take_next [] held 2"]);
    await advanceTime(11000);
    expect(".o_call_undo").toHaveCount(0);
    await pressAndWait(["control", "z"]);
    expect.verifySteps([]);
});

test("a break has a reason, and ends with a key", async () => {
    await openDesk();
    await startCalling();
    await pressAndWait("p", "1");
    expect.verifySteps(["pause 8"]);
    expect(".o_call_paused").toHaveText("Lunch");
    await advanceTime(61000);
    expect(".o_call_pause_clock").toHaveText("1:01");
    await pressAndWait("space");
    expect(".o_call_person").toHaveText("Person 3");
    expect.verifySteps(["resume", "take_next []", "take_next [] held 3"]);
});

test("a break in mid-call begins after the call", async () => {
    await openDesk();
    await startCalling();
    await pressAndWait("Enter", "p", "1");
    expect(".o_call_pause_next").toHaveCount(1);
    expect.verifySteps(["dial 1"]);
    await pressAndWait("1");
    expect.verifySteps(["submit 1 not_held 3", "pause 8"]);
    expect(".o_call_paused").toHaveText("Lunch");
});

test("an opportunity is made and the call stays", async () => {
    await openDesk();
    onRpc("crm.call", "action_convert_to_opportunity", ({ args }) => {
        expect.step(`convert ${args[0]}`);
        return { type: "ir.actions.act_window", res_model: "crm.lead", res_id: 1 };
    });
    await startCalling();
    await pressAndWait("o");
    expect(".o_call_person").toHaveText("Person 1");
    expect(".o_call_open").toHaveCount(1);
    expect.verifySteps(["convert 1"]);
});

test("without a connection outcomes wait and are sent once", async () => {
    const server = await openDesk();
    await startCalling();
    server.isDown = true;
    await pressAndWait("1");
    expect(".o_call_person").toHaveText("Person 2");
    expect(".o_call_waiting b").toHaveText("1");
    expect(".o_call_last").toHaveAttribute("data-state", "waiting");
    await pressAndWait("2");
    expect(".o_call_waiting b").toHaveText("2");
    expect(".o_call_person").toHaveCount(0);
    server.isDown = false;
    await advanceTime(5000);
    await animationFrame();
    expect(".o_call_waiting").toHaveCount(0);
    expect.verifySteps(["submit 1 not_held 3", "submit 2 not_held 4"]);
    expect(new Set(server.refs).size).toBe(2);
    await advanceTime(20000);
    expect.verifySteps([]);
});

test("what waited is sent after a reload, and its call is not shown again", async () => {
    const server = await openDesk({ count: 1 });
    await pressAndWait("space");
    server.isDown = true;
    await pressAndWait("1");
    expect(".o_call_waiting b").toHaveText("1");
    server.isDown = false;
    server.desk = { card: false };
    await goToDesk();
    expect(".o_call_waiting").toHaveCount(0);
    expect.verifySteps(["take_next []", "take_next [] held 1", "submit 1 not_held 3"]);
});

test("what is refused later is told, and does not stop the rest", async () => {
    const server = await openDesk();
    await startCalling();
    server.isDown = true;
    await pressAndWait("1", "1");
    server.isDown = false;
    let isFirst = true;
    onRpc("crm.call", "desk_submit", ({ args }) => {
        if (isFirst) {
            isFirst = false;
            throw makeServerError({ message: "It is closed already." });
        }
        return server._submit(...args);
    });
    await advanceTime(5000);
    await animationFrame();
    expect(".o_call_waiting").toHaveCount(0);
    expect(".o_call_problem").toHaveText(
        "Person 1: what you saved was refused. It is closed already."
    );
    expect.verifySteps(["submit 2 not_held 3"]);
});

test("another reload finds what was fetched ahead", async () => {
    const server = await openDesk({ desk: { card: makeCard(1) } });
    expect.verifySteps(["take_next [] held 1"]);
    server.desk = { card: makeCard(2), prefetched: makeCard(3) };
    await goToDesk();
    expect(".o_call_person").toHaveText("Person 2");
    await pressAndWait("1");
    expect(".o_call_person").toHaveText("Person 3");
    expect.verifySteps(["submit 2 not_held 3", "take_next [] held 3"]);
});
