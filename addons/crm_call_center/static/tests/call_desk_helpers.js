import { expect } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { callProviders } from "@crm_call_center/providers/provider_hook";

class CrmCall extends models.Model {
    _name = "crm.call";
}
class CrmCallList extends models.Model {
    _name = "crm.call.list";
}

// a telephone would leave the page
callProviders.add("test", () => {});

export function defineDeskModels() {
    defineMailModels();
    defineModels([CrmCall, CrmCallList]);
}

const OUTCOMES = [
    { id: 1, name: "Held", code: "held", kind: "held", is_final: false },
    { id: 2, name: "Refused", code: "refused", kind: "held", is_final: false },
    { id: 3, name: "No answer", code: "no_answer", kind: "not_held", is_final: false },
    { id: 4, name: "Busy", code: "busy", kind: "not_held", is_final: false },
    { id: 5, name: "Wrong number", code: "wrong", kind: "not_held", is_final: true },
    { id: 6, name: "Not relevant", code: "no", kind: "cancelled", is_final: false },
    { id: 7, name: "Duplicate", code: "duplicate", kind: "cancelled", is_final: false },
];

const CHOICES = ["In an hour", "This evening", "Tomorrow morning"];

export function makeCard(id, values = {}) {
    return {
        id,
        name: `Call ${id}`,
        person: `Person ${id}`,
        company: "Lee Ltd",
        function: false,
        place: "Ruse, Bulgaria",
        tz: false,
        local_time: "12:00",
        phone: `+1 202-555-010${id}`,
        phone_sanitized: `+1202555010${id}`,
        numbers: [],
        grade: { name: "A", color: 10 },
        permission: { word: "call", label: "", opens: false, reasons: [] },
        callback_choices: CHOICES.map((label, index) => ({
            key: String(index + 1),
            code: `code_${index + 1}`,
            label,
            date: "2026-02-02 08:00:00",
            local_text: "10:00",
            own_text: "09:00",
        })),
        list_id: 1,
        list_name: "Spring",
        script: "<p>Say <b>hello</b></p>",
        description: "Ask for Ann",
        attempt_count: 1,
        max_attempts: 3,
        is_callback: false,
        can_convert: true,
        has_sale: false,
        touches: [
            {
                key: "message-1",
                date: "2026-02-01 10:00:00",
                kind: "message",
                who: "Ann",
                text: "Please call",
            },
        ],
        ...values,
    };
}

const DESK = {
    outcomes: OUTCOMES,
    card: false,
    prefetched: false,
    today: { calls: 4, held: 1, talk_seconds: 61 },
    pause: false,
    pause_reasons: [
        { id: 8, name: "Lunch" },
        { id: 9, name: "Short break" },
    ],
    skip_reasons: [
        { code: "busy", name: "I know them" },
        { code: "later", name: "Better later" },
    ],
    provider: { code: "test", options: {} },
    user: { id: 7 },
    auto_dial_seconds: 0,
};

/** A server that has so many calls and notes what the desk asks it. */
export class DeskServer {
    /**
     * @param {object} options `desk` overrides what `get_desk` says, `card` what a card
     *  has, `answer` what an outcome is answered with
     */
    constructor({ count = 3, desk = {}, card = {}, answer = {} } = {}) {
        Object.assign(this, { count, desk, card, answer });
        this.next = 0;
        this.refs = [];
        this.submitted = [];
        this.released = [];
        this.isDown = false;
        this._listen();
    }

    get lists() {
        return [{ id: 1, name: "Spring", left: this.count, done: 2, next_date: false }];
    }

    _on(model, method, answer) {
        onRpc(model, method, (request) => {
            if (this.isDown) {
                return new Response("", { status: 502 });
            }
            return answer(request);
        });
    }

    _listen() {
        const onList = (method, answer) => this._on("crm.call.list", method, answer);
        const onCall = (method, answer) => this._on("crm.call", method, answer);
        onList("get_desk", () => ({ lists: this.lists, ...DESK, ...this.desk }));
        onList("take_next", ({ args, kwargs }) => {
            const held = kwargs.held?.length ? ` held ${kwargs.held}` : "";
            expect.step(`take_next ${JSON.stringify(args[0])}${held}`);
            this.next += 1;
            return this.next <= this.count && makeCard(this.next, this.card);
        });
        onList("release", ({ args }) => this.released.push(...args[0]));
        onList("renew", ({ args }) => expect.step(`renew ${args[0]}`) || args[0]);
        onList("pause", ({ args }) => {
            expect.step(`pause ${args[0]}`);
            return { id: 1, name: "Lunch", start: "2026-02-01 10:00:00" };
        });
        onList("resume", () => expect.step("resume") || true);
        onCall("action_dial", ({ args }) => expect.step(`dial ${args[0]}`) || {});
        onCall("desk_do_not_call", ({ args }) => {
            expect.step(`desk_do_not_call ${args[0]}`);
            return true;
        });
        onCall("desk_undo", ({ args }) => {
            expect.step(`undo ${args[0]} ${args[1] === this.refs.at(-1)}`);
            return true;
        });
        onCall("desk_submit", ({ args }) => this._submit(...args));
    }

    _submit(id, action, values, ref) {
        const { outcome_id: outcome, note } = values;
        const words = [id, action, outcome, note].filter(Boolean);
        expect.step(`submit ${words.join(" ")}`);
        this.submitted.push(values);
        const replayed = this.refs.includes(ref);
        this.refs.push(ref);
        const states = {
            held: "held",
            cancelled: "cancelled",
            do_not_call: "cancelled",
        };
        return {
            call_id: id,
            state: states[action] || "not_held",
            next_attempt_date: states[action] ? false : "2026-02-02 08:00:00",
            reason: false,
            undo_until: action === "do_not_call" ? false : "2026-02-01 10:00:10",
            today: { calls: 5, held: 2, talk_seconds: 75 },
            replayed,
            ...this.answer,
        };
    }
}

/** Open the desk on such a server. */
export async function openDesk(options) {
    const server = new DeskServer(options);
    await mountWithCleanup(WebClient);
    await goToDesk();
    return server;
}

export async function goToDesk() {
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_call_center.desk",
    });
}

export async function pressAndWait(...keys) {
    for (const key of keys) {
        await press(key);
        await animationFrame();
        await animationFrame();
    }
}

/** Start, and forget the steps of the start. */
export async function startCalling() {
    await pressAndWait("space");
    expect.verifySteps(["take_next []", "take_next [] held 1"]);
}
