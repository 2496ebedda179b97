import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { user } from "@web/core/user";
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
import { keyOf } from "@crm_lead_scoring/triage/keys";

class Triage extends models.Model {
    _name = "crm.lead.score.triage";
}

defineMailModels();
defineModels([Triage]);
describe.current.tags("desktop");

const LOST = ["Too small", "No money", "Rival"].map((name, index) => ({
    id: 11 + index,
    name,
}));
const RETURNED = [{ id: 21, name: "Too early" }];

function makeRow(id) {
    return {
        id,
        name: `Lead ${id}`,
        who: `Company ${id}`,
        grade: "A1",
        color: 10,
        score: 100 - id,
        days: id,
        is_ready: false,
        is_handed_over: false,
    };
}

function makeCard(id, values = {}) {
    return {
        ...makeRow(id),
        type: "lead",
        company: `Company ${id}`,
        contact: "Ann",
        function: "",
        partner: "",
        email: "ann@example.com",
        phone: "",
        website: "",
        place: "Ruse, Bulgaria",
        source: "Fair",
        medium: "",
        campaign: "",
        tags: [],
        user: "",
        team: "Sales",
        stage: "New",
        created: "2026-02-01 10:00:00",
        description: "",
        duplicates: 0,
        messages: [],
        fit: 60,
        engagement: 30,
        model: "B2B",
        reasons_for: [
            { rule_id: 1, rule: "Budget", points: 40, evidence: "9,000 asked for" },
        ],
        reasons_against: [{ rule_id: 2, rule: "No phone", points: -10, evidence: "" }],
        readiness: ["10 more points"],
        needs_reason: false,
        can_decide: true,
        ...values,
    };
}

beforeEach(() => {
    mockDate("2026-02-10 10:00:00");
    browser.sessionStorage.clear();
    browser.localStorage.clear();
});

/** Open the screen on a server with `count` leads that notes what it is asked. */
async function openTriage({ count = 3, card = {}, answers = {}, choices = {} } = {}) {
    let left = Array.from({ length: count }, (_, index) => index + 1);
    const today = { accept: 0, nurture: 0, discard: 0 };
    onRpc("crm.lead.score.triage", "get_choices", () => ({
        teams: [
            { id: 1, name: "Sales" },
            { id: 2, name: "Website" },
        ],
        grades: ["A1", "B2"],
        lost_reasons: LOST,
        return_reasons: RETURNED,
        uses_leads: false,
        sees_all: false,
        can_configure: false,
        ...choices,
    }));
    onRpc("crm.lead.score.triage", "get_queue", ({ args }) => {
        expect.step(`get_queue ${JSON.stringify(args[0])}`);
        const leads = left.map(makeRow);
        return { leads, left: leads.length, is_more: false, today };
    });
    onRpc("crm.lead.score.triage", "get_lead", ({ args }) => makeCard(args[0], card));
    for (const method of ["accept", "nurture", "discard"]) {
        onRpc("crm.lead.score.triage", method, ({ args, kwargs }) => {
            delete kwargs.context;
            expect.step(`${method} ${args[0]} ${JSON.stringify(kwargs)}`);
            left = left.filter((id) => id !== args[0]);
            today[method] += 1;
            return {
                done: true,
                id: 100 + args[0],
                decision: method,
                sentence: `${method} done.`,
                today: { ...today },
                ...answers[method],
            };
        });
    }
    onRpc("crm.lead.score.triage", "undo", ({ args }) => {
        expect.step(`undo ${args[0]}`);
        left = [args[0] - 100, ...left];
        return { done: true, lead_id: args[0] - 100, sentence: "Undone.", today };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_lead_scoring.triage",
    });
}

async function pressAndWait(key, options) {
    await press(key, options);
    await animationFrame();
    await animationFrame();
}

const QUEUE = 'get_queue {"team_id":false,"owner":"","grade":"","ready":false}';

test("a key is the same key on every keyboard", async () => {
    const of = (values) => keyOf({ key: "", code: "", ...values });
    expect(of({ key: "a", code: "KeyA" })).toBe("a");
    // AZERTY: the letter counts, not its place
    expect(of({ key: "a", code: "KeyQ" })).toBe("a");
    // Bulgarian and Russian: the letter printed beside it
    expect(of({ key: "ь", code: "KeyA" })).toBe("a");
    expect(of({ key: "ф", code: "KeyA" })).toBe("a");
    expect(of({ key: "А", code: "KeyA", shiftKey: true })).toBe("a");
    expect(of({ key: "&", code: "Digit1" })).toBe("1");
    expect(of({ key: "3", code: "Numpad3" })).toBe("3");
    expect(of({ key: " ", code: "Space" })).toBe("space");
    expect(of({ key: ".", code: "Slash", shiftKey: true })).toBe("?");
    for (const modifier of ["ctrlKey", "altKey", "metaKey", "isComposing"]) {
        expect(of({ key: "a", code: "KeyA", [modifier]: true })).toBe("");
    }
});

test("the best lead is on the screen, with its reasons", async () => {
    await openTriage();
    expect(".o_triage_name").toHaveText("Lead 1");
    expect(".o_triage_row").toHaveCount(3);
    expect(".o_triage_row.active").toHaveCount(1);
    expect(queryAllTexts(".o_triage_points")).toEqual(["+40", "−10"]);
    expect(".o_triage_for").toHaveText(/9,000 asked for/);
    expect(".o_triage_count").toHaveText("0 done today, 3 left");
    expect.verifySteps([QUEUE]);
});

test("accept, and the next one is there", async () => {
    await openTriage();
    await pressAndWait("a");
    expect(".o_triage_name").toHaveText("Lead 2");
    expect(".o_triage_said").toHaveText("accept done. 2 left.");
    expect(".o_triage_count").toHaveText("1 done today, 2 left");
    expect.verifySteps([QUEUE, "accept 1 {}"]);
});

test("next, previous, skip, and what was skipped at the end", async () => {
    await openTriage({ count: 2 });
    await pressAndWait("j");
    expect(".o_triage_name").toHaveText("Lead 2");
    await pressAndWait("ArrowUp");
    expect(".o_triage_name").toHaveText("Lead 1");
    await pressAndWait("Space");
    expect(".o_triage_name").toHaveText("Lead 2");
    expect(".o_triage_skipped").toHaveCount(1);
    await pressAndWait("Enter");
    expect(".o_triage_empty").toHaveText(/Only what you skipped is left/);
    await contains(".o_triage_again").click();
    expect(".o_triage_name").toHaveText("Lead 1");
    expect.verifySteps([QUEUE, QUEUE]);
});

test("discard asks why; a note is typed, not obeyed", async () => {
    await openTriage();
    await pressAndWait("d");
    expect(queryAllTexts(".o_triage_reason span")).toEqual(LOST.map((r) => r.name));
    await pressAndWait("t");
    expect(".o_triage_note").toBeFocused();
    await contains(".o_triage_note").edit("a dad 1", { confirm: false });
    await pressAndWait("Enter");
    expect(".o_triage_name").toHaveText("Lead 1");
    await pressAndWait("2");
    expect(".o_triage_name").toHaveText("Lead 2");
    expect.verifySteps([QUEUE, 'discard 1 {"lost_reason_id":12,"note":"a dad 1"}']);
});

test("escape leaves a decision, and other keys wait while it is open", async () => {
    await openTriage();
    await pressAndWait("d");
    await pressAndWait("a");
    await pressAndWait("j");
    await pressAndWait("9");
    expect(".o_triage_panel").toHaveCount(1);
    expect(".o_triage_name").toHaveText("Lead 1");
    await pressAndWait("Escape");
    expect(".o_triage_panel").toHaveCount(0);
    expect.verifySteps([QUEUE]);
});

test("nurture until a day", async () => {
    await openTriage();
    await pressAndWait("n");
    expect(queryFirst(".o_triage_until").value).toBe("2026-03-12");
    await pressAndWait("w");
    expect(queryFirst(".o_triage_until").value).toBe("2026-02-17");
    await pressAndWait("n");
    expect.verifySteps([
        QUEUE,
        'nurture 1 {"until":"2026-02-17","note":"","reason":false}',
    ]);
});

test("a ready lead is nurtured with a reason", async () => {
    await openTriage({ card: { needs_reason: true, is_ready: true } });
    await pressAndWait("n");
    await pressAndWait("Enter");
    expect(".o_triage_problem").toHaveText(/Say why/);
    await pressAndWait("1");
    expect.verifySteps([
        QUEUE,
        'nurture 1 {"until":"2026-03-12","note":"","reason":21}',
    ]);
});

test("undo brings the lead back", async () => {
    await openTriage();
    await pressAndWait("a");
    await pressAndWait("u");
    expect(".o_triage_name").toHaveText("Lead 1");
    expect(".o_triage_said").toHaveText("Undone. 3 left.");
    await pressAndWait("u");
    expect.verifySteps([QUEUE, "accept 1 {}", "undo 101", QUEUE]);
});

test("no key with Ctrl, Alt or Meta, and none in a list of choices", async () => {
    await openTriage();
    for (const modifier of ["Control", "Alt", "Meta"]) {
        await pressAndWait([modifier, "a"]);
    }
    queryFirst(".o_triage_grade").focus();
    await pressAndWait("a");
    expect(".o_triage_name").toHaveText("Lead 1");
    expect.verifySteps([QUEUE]);
});

test("Shift + A keeps it a lead, where leads are used", async () => {
    await openTriage({ choices: { uses_leads: true } });
    expect(".o_triage_accept_lead").toHaveCount(1);
    await pressAndWait(["Shift", "a"]);
    expect.verifySteps([QUEUE, 'accept 1 {"keep_lead":true}']);
});

test("somebody was quicker: it is said, and the next one is there", async () => {
    const accept = { done: false, sentence: "Maria accepted it 1 minute ago." };
    await openTriage({ answers: { accept } });
    await pressAndWait("a");
    expect(".o_triage_problem").toHaveText("Lead 1: Maria accepted it 1 minute ago.");
    expect(".o_triage_name").toHaveText("Lead 2");
    expect(".o_triage_undo").not.toBeEnabled();
    expect.verifySteps([QUEUE, "accept 1 {}"]);
});

test("what the server refuses stays on the screen", async () => {
    await openTriage();
    onRpc("crm.lead.score.triage", "discard", () => {
        throw makeServerError({ message: "Not now." });
    });
    await pressAndWait("d");
    await contains(".o_triage_note").edit("Long story", { confirm: false });
    await contains(".o_triage_reason:first").click();
    expect(".o_triage_problem").toHaveText("Not now.");
    expect(".o_triage_note").toHaveValue("Long story");
    expect(".o_triage_name").toHaveText("Lead 1");
    expect.verifySteps([QUEUE]);
});

test("filters are asked for, and remembered in the address", async () => {
    await openTriage();
    await contains(".o_triage_team").select("2");
    await contains(".o_triage_ready input").click();
    expect.verifySteps([
        QUEUE,
        'get_queue {"team_id":2,"owner":"","grade":"","ready":false}',
        'get_queue {"team_id":2,"owner":"","grade":"","ready":true}',
    ]);
    expect(router.current.team_id).toBe(2);
    expect(router.current.ready).toBe(1);
    const kept = browser.localStorage.getItem(`crm_lead_triage/${user.userId}`);
    expect(JSON.parse(kept).team_id).toBe(2);
});

test("the end is glad", async () => {
    await openTriage({ count: 1 });
    await contains(".o_triage_accept").click();
    await animationFrame();
    expect(".o_triage_empty h2").toHaveText("Well done: every lead has its answer");
    expect.verifySteps([QUEUE, "accept 1 {}"]);
});

test("the keys are shown", async () => {
    await openTriage();
    await contains(".o_triage_help").click();
    expect(".modal .o_triage_keys dt").toHaveCount(12);
    await pressAndWait("a");
    await pressAndWait("Escape");
    expect(".modal").toHaveCount(0);
    expect(".o_triage_name").toHaveText("Lead 1");
    expect.verifySteps([QUEUE]);
});
