import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { CallClock } from "./call_clock";
import { DeskQueue } from "./desk_queue";
import { isForUsers, Outbox } from "./outbox";

/** Milliseconds in which an outcome may be taken back; the server minds them too. */
const UNDO = 10 * 1000;

const NOT_LOST = () =>
    _t("No connection. What you wrote is still here: try again in a moment.");

/**
 * What happens on the desk, apart from how it looks: which call is on it, what was
 * chosen and what the server is asked.
 *
 * `phase` is one of: loading, ready (before the first call), card (a call is there),
 * empty (no call is due) and paused. `panel` is what still needs a word or a
 * confirmation: `{ kind, ... }` with the kind held, final, cancelled, callback,
 * do_not_call, skip or pause.
 */
export class DeskState {
    /**
     * @param {object} options
     * @param {object} options.orm
     * @param {(action: object) => Promise} options.dialOut plays what the server says
     *  to a dial
     * @param {Storage} options.storage keeps what a reload must not lose
     * @param {string} options.key its prefix there
     * @param {() => number} [options.now] milliseconds
     */
    constructor({ orm, dialOut, storage, key, now = () => Date.now() }) {
        Object.assign(this, { orm, dialOut, storage, key, now });
        Object.assign(this, { phase: "loading", card: null, note: "", panel: null });
        Object.assign(this, { lists: [], listId: 0, outcomes: [], last: null });
        Object.assign(this, { pauseReasons: [], skipReasons: [], autoDial: 0 });
        this.today = { calls: 0, held: 0, talk_seconds: 0 };
        this.provider = { code: "tel" };
        this.pause = false;
        this.pauseNext = null;
        this.dialsAt = null;
        this.isKept = false;
        this.isBusy = false;
        this.problem = "";
        this.waiting = 0;
        this.clock = new CallClock(now);
        this.queue = new DeskQueue(orm);
        this.outbox = new Outbox({
            orm,
            storage,
            key: `${key}/outbox`,
        });
    }

    // --- what is shown -----------------------------------------------------------

    /** Outcomes of a kind, in the order of their keys. */
    outcomesOf(kind) {
        return this.outcomes.filter((outcome) => outcome.kind === kind);
    }

    /** The list of the card, or the chosen one; all lists together otherwise. */
    get progress() {
        const id = this.card ? this.card.list_id : this.listId;
        const lists = this.lists.filter((list) => !id || list.id === id);
        const sum = (name) => lists.reduce((total, list) => total + list[name], 0);
        const [done, left] = [sum("done"), sum("left")];
        const percent = done + left ? Math.round((100 * done) / (done + left)) : 0;
        return { done, left, percent };
    }

    /** When the next call is due, in the lists that are worked on (UTC string). */
    get nextDate() {
        const dates = this.lists
            .filter((list) => !this.listId || list.id === this.listId)
            .map((list) => list.next_date)
            .filter(Boolean);
        return dates.sort()[0] || false;
    }

    /** Whether the number may be called, as was last known: call, later or never. */
    get permission() {
        const { word = "call", opens } = this.card?.permission || {};
        const isOpen = opens && deserializeDateTime(opens).toMillis() <= this.now();
        return word === "later" && isOpen ? "call" : word;
    }

    get canUndo() {
        return Boolean(this.last?.undoUntil > this.now());
    }

    // --- memory ------------------------------------------------------------------------

    setNote(note) {
        this.note = note;
        this.remember();
    }

    /** Write down what a reload must not lose. */
    remember() {
        const key = `${this.key}/draft`;
        if (!this.card) {
            this.storage.removeItem(key);
            return;
        }
        const { note, isKept } = this;
        const draft = { id: this.card.id, note, isKept, clock: this.clock.save() };
        this.storage.setItem(key, JSON.stringify(draft));
    }

    _recall() {
        try {
            return JSON.parse(this.storage.getItem(`${this.key}/draft`)) || {};
        } catch {
            return {};
        }
    }

    // --- how it is done ------------------------------------------------------------------

    async _post(entry) {
        const answer = await this.outbox.post(entry);
        this.waiting = this.outbox.size;
        this._tellRefused();
        return answer;
    }

    /** An outcome that waits for the connection: its call is not shown again. */
    _isAnswered(card) {
        return this.outbox.entries.some((entry) => entry.callId === card.id);
    }

    /** Note what became of the call that was just saved. */
    _tell({ ref, callId, action, person, card, note, clock, outcome }, answer) {
        const isFinal = action === "do_not_call";
        const mayUndo = !isFinal && answer?.undo_until;
        this.last = {
            ...{ ref, callId, action, person, card, note, clock, outcome },
            state: answer ? answer.state : "waiting",
            next: answer?.next_attempt_date || false,
            reason: answer?.reason || "",
            undoUntil: mayUndo ? this.now() + UNDO : 0,
        };
        if (answer) {
            this.today = answer.today || this.today;
            this._count(this.last, 1);
        }
    }

    /** What was saved without a connection, and refused by the server later. */
    _tellRefused() {
        for (const { entry, error } of this.outbox.refused.splice(0)) {
            this.problem = _t("%(person)s: what you saved was refused. %(reason)s", {
                person: entry.person,
                reason: error.data?.message || error.message,
            });
        }
    }

    /** A call that is over counts for the progress of its list. */
    _count({ state, card }, sign) {
        const list = this.lists.find(({ id }) => id === card.list_id);
        if (list && ["held", "cancelled"].includes(state)) {
            list.done = Math.max(0, list.done + sign);
            list.left = Math.max(0, list.left - sign);
        }
    }

    async _goOn() {
        if (this.pauseNext) {
            await this._pause(this.pauseNext);
        } else {
            await this._takeNext();
        }
    }

    async _pause(reason) {
        const id = reason ? reason.id : false;
        const pause = await this.orm.call("crm.call.list", "pause", [id]);
        this._clear();
        this.queue.forget();
        this.pauseNext = null;
        this.pause = pause?.start ? pause : { name: reason?.name || "", start: false };
        this.phase = "paused";
    }

    async _takeNext() {
        const card = await this.queue.take(this.listId);
        if (card) {
            this._show(card);
        } else {
            await this._getDesk();
            this.phase = "empty";
        }
    }

    async _getDesk() {
        const desk = await this.orm.call("crm.call.list", "get_desk", []);
        const { lists, outcomes, today, pause, provider } = desk;
        Object.assign(this, { lists, outcomes, today, pause: pause || false });
        this.pauseReasons = desk.pause_reasons || [];
        this.skipReasons = desk.skip_reasons || [];
        this.provider = provider || this.provider;
        this.autoDial = desk.auto_dial_seconds || 0;
        return desk;
    }

    /** Put a call on the desk, with what was noted of it before a reload or an undo. */
    _show(card, { id, callId, note = "", clock = {}, isKept = false } = {}) {
        const isSame = [id, callId].includes(card.id);
        this.card = card;
        this.phase = "card";
        this.panel = null;
        this.note = isSame ? note : "";
        this.isKept = isSame && isKept;
        this.clock.load(isSame ? clock : {});
        const dials =
            this.autoDial && !this.clock.isBegun && this.permission === "call";
        this.dialsAt = dials ? this.now() + this.autoDial * 1000 : null;
        this.remember();
        this.queue.prefetch(this.listId, this.heldIds);
    }

    _clear() {
        this.card = null;
        this.note = "";
        this.panel = null;
        this.isKept = false;
        this.dialsAt = null;
        this.clock.load({});
        this.phase = "ready";
        this.remember();
    }

    /** Run one step at a time; what goes wrong is told in words and loses nothing. */
    async _guarded(step) {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        this.problem = "";
        try {
            await step();
        } catch (error) {
            this.problem = this._explain(error);
        } finally {
            this.isBusy = false;
        }
    }

    _explain(error) {
        if (error instanceof ConnectionLostError) {
            return this.waiting ? "" : NOT_LOST();
        }
        if (error instanceof RPCError && !isForUsers(error)) {
            return _t("The server failed. What you wrote is still here: try again.");
        }
        if (error instanceof RPCError) {
            return error.data?.message || error.message;
        }
        throw error;
    }
}
