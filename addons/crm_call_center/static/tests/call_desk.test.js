import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
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

test("the card shows whom to call and what was before", async () => {
    await openDesk();
    expect(".o_call_start").toHaveCount(1);
    expect(".o_call_counts").toHaveText("2 done, 3 left");
    await startCalling();
    expect(".o_call_person").toHaveText("Person 1");
    expect(".o_call_company").toHaveText("Lee Ltd");
    expect(".o_call_local_time").toHaveText("12:00 there");
    expect(".o_call_script b").toHaveText("hello");
    expect(".o_call_description").toHaveText("Ask for Ann");
    expect(".o_call_attempt").toHaveText("Attempt 2 of 3");
    expect(".o_call_grade").toHaveText("A");
    expect(".o_call_touch").toHaveCount(1);
    expect(".o_call_dial").toHaveAttribute("href", "tel:+12025550101");
    expect(queryAllTexts(".o_call_today dd")).toEqual(["4", "1", "1:01"]);
});

test("not held is one key, and the next call is there already", async () => {
    await openDesk();
    await startCalling();
    expect(queryAllTexts(".o_call_not_held span")).toEqual([
        "No answer",
        "Busy",
        "Wrong number",
    ]);
    expect(queryAllTexts(".o_call_not_held kbd")).toEqual(["1", "2", "3"]);
    await pressAndWait("2");
    expect(".o_call_person").toHaveText("Person 2");
    expect(queryAllTexts(".o_call_today dd")).toEqual(["5", "2", "1:15"]);
    expect(".o_call_last_sentence").toHaveText(/^Person 1: tried again on/);
    // the one after the next is fetched, but not waited for
    expect.verifySteps(["submit 1 not_held 4", "take_next [] held 2"]);
});

test("held asks for a note and saves it with Alt+Enter", async () => {
    await openDesk();
    await startCalling();
    await pressAndWait("h");
    expect(".o_call_note").toBeFocused();
    expect(".o_call_held_choice.btn-success span").toHaveText("Held");
    await contains(".o_call_note").edit("Wants 2", { confirm: false });
    await pressAndWait(["alt", "2"]);
    expect(".o_call_held_choice.btn-success span").toHaveText("Refused");
    expect(".o_call_person").toHaveText("Person 1");
    await pressAndWait(["alt", "Enter"]);
    expect(".o_call_person").toHaveText("Person 2");
    expect(".o_call_note").toHaveValue("");
    expect(".o_call_counts").toHaveText("3 done, 2 left");
    expect(".o_call_last_sentence").toHaveText("Person 1: held.");
    expect.verifySteps(["submit 1 held 2 Wants 2", "take_next [] held 2"]);
});

test("keys in the note are letters; with Alt they are keys", async () => {
    await openDesk();
    await startCalling();
    await pressAndWait("n");
    expect(".o_call_note").toBeFocused();
    await pressAndWait("h", "1", "x", "n");
    expect(".o_call_person").toHaveText("Person 1");
    expect(".o_call_note").toHaveValue("h1xn");
    expect.verifySteps([]);
    await pressAndWait(["alt", "1"]);
    expect.verifySteps(["submit 1 not_held 3 h1xn", "take_next [] held 2"]);
});

test("the letters of a Cyrillic keyboard are the same keys", async () => {
    await openDesk();
    await startCalling();
    const init = { key: "х", code: "KeyH", bubbles: true, cancelable: true };
    queryFirst(".o_call_desk").dispatchEvent(new KeyboardEvent("keydown", init));
    await animationFrame();
    expect(".o_call_outcomes").toHaveAttribute("data-pending", "held");
});

test("seconds ring, are talked and are written down", async () => {
    mockDate("2026-02-01 10:00:00");
    const server = await openDesk();
    await startCalling();
    await pressAndWait("Enter");
    await advanceTime(12000);
    expect(".o_call_stage").toHaveText("Ringing");
    expect(".o_call_timer").toHaveText("0:12");
    await pressAndWait("Enter");
    await advanceTime(63000);
    expect(".o_call_stage").toHaveText("Talking");
    await pressAndWait("h");
    await advanceTime(5000);
    await pressAndWait(["alt", "Enter"]);
    const { ring, talk, wrap, start } = server.submitted[0];
    expect([ring, talk, wrap]).toEqual([12, 63, 5]);
    expect(start).toMatch(/^2026-02-01 10:00:0\d$/);
    expect.verifySteps(["dial 1", "submit 1 held 1", "take_next [] held 2"]);
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
        "take_next [] held 1",
        "submit 1 not_held 3",
        "take_next [] held 2",
        "submit 2 held 1",
        "take_next [] held 3",
        "submit 3 cancelled 6",
        "take_next []",
    ]);
});

test("calls are kept while they are on the desk", async () => {
    await openDesk();
    await startCalling();
    await advanceTime(4 * 60 * 1000);
    expect.verifySteps(["renew 1,2"]);
});

test("who leaves gives back what was not begun", async () => {
    const server = await openDesk();
    await startCalling();
    await goToDesk();
    expect(server.released).toEqual([1, 2]);
});

test("a reload in mid-call keeps the card, the note and the clock", async () => {
    const server = await openDesk();
    await startCalling();
    await pressAndWait("Enter");
    await contains(".o_call_note").edit("Long story", { confirm: false });
    server.desk = { card: makeCard(1), prefetched: makeCard(2) };
    await goToDesk();
    expect(".o_call_person").toHaveText("Person 1");
    expect(".o_call_note").toHaveValue("Long story");
    expect(".o_call_stage").toHaveText("Ringing");
    // only what was fetched ahead was given back
    expect(server.released).toEqual([2]);
    expect.verifySteps(["dial 1"]);
});

test("errors are told in words and lose nothing", async () => {
    await openDesk();
    await startCalling();
    onRpc("crm.call", "desk_submit", () => {
        throw makeServerError({ message: "Olivia is making this call now." });
    });
    await contains(".o_call_note").edit("Long story", { confirm: false });
    await contains(".o_call_held").click();
    await contains(".o_call_confirm").click();
    expect(".o_call_problem").toHaveText("Olivia is making this call now.");
    expect(".o_call_note").toHaveValue("Long story");
    expect(".o_call_person").toHaveText("Person 1");
    expect(".o_call_waiting").toHaveCount(0);
    expect.verifySteps([]);
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
    expect.verifySteps(["take_next [2]", "take_next [2] held 1"]);
});

test("whether the number may be called is said in words", async () => {
    mockDate("2026-02-01 10:00:00");
    const permission = {
        word: "later",
        opens: "2026-02-02 08:00:00",
        opens_local: "10:00",
        reasons: ["Sunday is no day for calls"],
    };
    await openDesk({ card: { permission } });
    await startCalling();
    expect(".o_call_permission").toHaveAttribute("data-word", "later");
    expect(".o_call_permission b").toHaveText("Not now");
    expect(".o_call_opens").toHaveText(/\(10:00 there\)$/);
    expect(".o_call_reasons li").toHaveText("Sunday is no day for calls");
});

test("who must not be called has no dial", async () => {
    const permission = { word: "never", opens: false, reasons: ["Asked for it"] };
    await openDesk({ card: { permission } });
    await startCalling();
    expect(".o_call_dial").toHaveClass("disabled");
    expect(".o_call_dial").not.toHaveAttribute("href");
    await pressAndWait("Enter");
    expect.verifySteps([]);
});

test("a card may be dialled by itself, and stopped", async () => {
    mockDate("2026-02-01 10:00:00");
    await openDesk({ desk: { auto_dial_seconds: 5 } });
    await startCalling();
    await advanceTime(2000);
    expect(".o_call_dial_word").toHaveText(/^Dials in [34] s$/);
    await pressAndWait("Escape");
    await advanceTime(10000);
    expect.verifySteps([]);
    await pressAndWait("1");
    expect.verifySteps(["submit 1 not_held 3", "take_next [] held 2"]);
    await advanceTime(6000);
    expect.verifySteps(["dial 2"]);
});
