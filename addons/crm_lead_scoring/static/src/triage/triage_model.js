import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

const MODEL = "crm.lead.score.triage";
/** Rows that are asked for at once; more are fetched when so few are left. */
const ROWS = 20;
const FEW = 8;
/** Milliseconds after which a lead that was fetched ahead is read again. */
const FRESH = 60 * 1000;

const { DateTime } = luxon;

/** Whether the server says something to the user, and did not simply fail. */
function isForUsers(error) {
    return error.exceptionName?.startsWith("odoo.exceptions.");
}

/**
 * What happens on the triage screen, apart from how it looks: which lead is on it, what
 * was chosen and what the server is asked.
 *
 * `panel` is "nurture" or "discard" while that decision waits for a word. `sentence` is
 * what was done last, `problem` what could not be done.
 */
export class TriageModel {
    /**
     * @param {{ orm: object, filters: object, memory: object }} options `memory` is
     *  what an earlier visit of this session left: `{ undo, skipped, currentId }`
     */
    constructor({ orm, filters = {}, memory = {} }) {
        Object.assign(this, { orm, filters });
        this.choices = null;
        this.rows = [];
        this.left = 0;
        this.isMore = false;
        this.today = { accept: 0, nurture: 0, discard: 0 };
        this.currentId = memory.currentId || false;
        this.card = null;
        this.cards = {};
        this.skipped = memory.skipped || [];
        this.decisions = memory.undo || [];
        this.panel = null;
        this.note = "";
        this.until = "";
        this.sentence = "";
        this.problem = "";
        this.isBusy = false;
        this.isLoaded = false;
    }

    // --- what is shown -----------------------------------------------------------

    get memory() {
        const { decisions: undo, skipped, currentId } = this;
        return { undo: undo.slice(-20), skipped: skipped.slice(-200), currentId };
    }

    get done() {
        const { accept, nurture, discard } = this.today;
        return accept + nurture + discard;
    }

    get hasFilters() {
        return Object.values(this.filters).some(Boolean);
    }

    get isEmpty() {
        return this.isLoaded && !this.currentId;
    }

    isSkipped(id) {
        return this.skipped.includes(id);
    }

    // --- moving ------------------------------------------------------------------

    async load() {
        await this._guarded(async () => {
            this.choices = await this.orm.call(MODEL, "get_choices", []);
            await this._fetchQueue();
            await this._settle(this.currentId);
        });
        this.isLoaded = true;
    }

    async setFilters(changes) {
        await this._guarded(async () => {
            this.filters = { ...this.filters, ...changes };
            this.skipped = [];
            this.sentence = "";
            await this._fetchQueue();
            await this._settle(false);
        });
    }

    /** Go to a lead of the queue. */
    async select(id) {
        await this._guarded(() => this._show(id));
    }

    async move(step) {
        const index = this._indexOf(this.currentId) + step;
        if (this.rows[index]) {
            await this.select(this.rows[index].id);
        }
    }

    /** Leave this one for later, and go on. */
    async skip() {
        if (this.currentId && !this.isBusy) {
            const index = this._indexOf(this.currentId);
            if (!this.isSkipped(this.currentId)) {
                this.skipped.push(this.currentId);
            }
            await this._guarded(async () => {
                await this._refill();
                await this._settle(this._after(index + 1));
            });
        }
    }

    async lookAgain() {
        this.skipped = [];
        await this._guarded(async () => {
            await this._fetchQueue();
            await this._settle(false);
        });
    }

    // --- decisions ---------------------------------------------------------------

    open(panel) {
        if (this.card && !this.isBusy) {
            this.panel = panel;
            this.problem = "";
            this.until = this.dayIn(30);
        }
    }

    back() {
        this.panel = null;
        this.problem = "";
    }

    /** A day as the server writes it, so many days from today. */
    dayIn(days) {
        return DateTime.local().plus({ days }).toISODate();
    }

    accept(keepLead = false) {
        return this._decide("accept", keepLead ? { keep_lead: true } : {});
    }

    nurture(reason = false) {
        if (this.card?.needs_reason && !reason) {
            this.problem = _t("Say why: it counts for the rules that made it ready.");
            return;
        }
        const { until, note } = this;
        return this._decide("nurture", { until, note, reason: reason && reason.id });
    }

    discard(reason) {
        return this._decide("discard", { lost_reason_id: reason.id, note: this.note });
    }

    async undo() {
        const last = this.decisions.at(-1);
        if (!last) {
            return;
        }
        await this._guarded(async () => {
            const answer = await this.orm.call(MODEL, "undo", [last.id]);
            this.decisions.pop();
            if (!answer.done) {
                this.problem = `${last.name}: ${answer.sentence}`;
                return;
            }
            this.sentence = answer.sentence;
            this.today = answer.today;
            await this._fetchQueue();
            delete this.cards[answer.lead_id];
            await this._show(answer.lead_id);
        });
    }

    // --- how it is done ----------------------------------------------------------

    async _decide(method, values) {
        if (!this.card) {
            return;
        }
        await this._guarded(async () => {
            const { id, name } = this.card;
            const answer = await this.orm.call(MODEL, method, [id], values);
            const index = this._indexOf(id);
            this.rows = this.rows.filter((row) => row.id !== id);
            this.left = Math.max(this.left - 1, this.rows.length);
            delete this.cards[id];
            if (answer.done) {
                this.decisions.push({ id: answer.id, name });
                this.today = answer.today;
                this.sentence = answer.sentence;
            } else {
                this.sentence = "";
            }
            this.panel = null;
            await this._refill();
            await this._settle(this._after(index));
            if (!answer.done) {
                this.problem = `${name}: ${answer.sentence}`;
            }
        });
    }

    async _fetchQueue() {
        const limit = Math.min(ROWS + this.skipped.length, 200);
        const { leads, left, is_more, today } = await this.orm.call(
            MODEL,
            "get_queue",
            [this.filters],
            { limit }
        );
        Object.assign(this, { rows: leads, left, isMore: is_more, today });
    }

    /** Fetch more rows before the last one is on the screen. */
    async _refill() {
        const open = this.rows.filter((row) => !this.isSkipped(row.id)).length;
        if (open < FEW && (this.left > this.rows.length || this.isMore)) {
            await this._fetchQueue();
        }
    }

    _indexOf(id) {
        return this.rows.findIndex((row) => row.id === id);
    }

    /** The first row from a position on that was not skipped; else from the top. */
    _after(index) {
        const order = [...this.rows.slice(index), ...this.rows.slice(0, index)];
        return order.find((row) => !this.isSkipped(row.id))?.id || false;
    }

    /** Show a row, or the first one, or nothing when nothing is left. */
    async _settle(id) {
        const known = id && this._indexOf(id) >= 0 ? id : this._after(0);
        if (known) {
            return this._show(known);
        }
        this.currentId = false;
        this.card = null;
        this.panel = null;
    }

    async _show(id) {
        this.currentId = id;
        this.panel = null;
        this.note = "";
        const card = await this._getCard(id);
        if (!card) {
            this.rows = this.rows.filter((row) => row.id !== id);
            this.left = Math.max(this.left - 1, this.rows.length);
            this.problem = _t(
                "A lead is no longer yours to see. Here is the next one."
            );
            return this._settle(false);
        }
        this.card = card;
        if (this._indexOf(id) < 0) {
            this.rows.unshift(card);
        }
        this._prefetch(id);
    }

    async _getCard(id) {
        const known = this.cards[id];
        if (!known || known.at < Date.now() - FRESH) {
            const card = await this.orm.call(MODEL, "get_lead", [id]);
            this.cards[id] = { card, at: Date.now() };
        }
        return this.cards[id].card;
    }

    /** Fetch the next one while this one is read. */
    async _prefetch(id) {
        const next = this.rows[this._indexOf(id) + 1];
        if (!next || this.cards[next.id]) {
            return;
        }
        try {
            const card = await this.orm.silent.call(MODEL, "get_lead", [next.id]);
            this.cards[next.id] = { card, at: Date.now() };
        } catch {
            // It is asked for again when it is its turn.
        }
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
            return _t("No connection: nothing was decided. Try again in a moment.");
        }
        if (error instanceof RPCError && isForUsers(error)) {
            return error.data?.message || error.message;
        }
        throw error;
    }
}
