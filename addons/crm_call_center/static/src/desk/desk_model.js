import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

const METHODS = {
    held: "action_held",
    not_held: "action_not_held",
    cancelled: "action_cancel",
};

/**
 * What happens on the desk, apart from how it looks: which call is on it, what was
 * chosen and what the server is asked.
 *
 * `phase` is one of: loading, ready (before the first call), card (a call is there) and
 * empty (no call is due). `pending` is an outcome that still needs a word or a
 * confirmation: `{ kind, outcome }`.
 */
export class DeskModel {
    /**
     * @param {{ orm: object, action: object, now: () => number }} services `now` gives
     *  milliseconds
     */
    constructor({ orm, action, now = () => Date.now() }) {
        Object.assign(this, { orm, action, now });
        this.phase = "loading";
        this.lists = [];
        this.listId = false;
        this.outcomes = [];
        this.card = null;
        this.note = "";
        this.pending = null;
        this.last = null;
        this.today = 0;
        this.dialledAt = null;
        this.isBusy = false;
        this.problem = "";
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

    /** Seconds since the number was dialled; 0 when it was not. */
    get elapsed() {
        return this.dialledAt === null
            ? 0
            : Math.round((this.now() - this.dialledAt) / 1000);
    }

    // --- steps of the operator ---------------------------------------------------

    async load() {
        await this._guarded(async () => {
            const desk = await this._getDesk();
            if (desk.card) {
                this._show(desk.card);
            }
        });
        if (this.phase === "loading") {
            this.phase = "ready";
        }
    }

    async start() {
        await this._guarded(() => this._takeNext());
    }

    /** Dial; the server is asked first whether the number may be called. */
    async dial() {
        await this._guarded(async () => {
            const action = await this._callOn("action_dial");
            if (this.dialledAt === null) {
                this.dialledAt = this.now();
            }
            await this.action.doAction(action);
        });
    }

    /**
     * An outcome was chosen. What needs no further word is saved at once.
     *
     * @param {string} kind
     * @param {object} [outcome]
     */
    async choose(kind, outcome) {
        if (!this.card || this.isBusy) {
            return;
        }
        const again = this.pending && this.pending.kind === kind;
        if (kind === "not_held") {
            const confirmed = again && this.pending.outcome.id === outcome.id;
            if (outcome.is_final && !confirmed) {
                this.pending = { kind, outcome };
                return;
            }
            await this._finish(kind, outcome);
        } else if (kind === "held") {
            this.pending = { kind, outcome: outcome || this.outcomesOf("held")[0] };
        } else if (outcome) {
            await this._finish(kind, outcome);
        } else {
            this.pending = { kind, outcome: null };
        }
    }

    /** Save what was chosen and take the next call. */
    async confirm() {
        if (this.pending && (this.pending.outcome || this.pending.kind === "held")) {
            await this._finish(this.pending.kind, this.pending.outcome);
        }
    }

    back() {
        this.pending = null;
        this.problem = "";
    }

    /** Put the call back and take another one. */
    async skip() {
        await this._guarded(async () => {
            await this._callOn("action_skip");
            this.last = { person: this.card.person, state: "skipped", next: false };
            this._clear();
            await this._takeNext();
        });
    }

    /** Keep the call while it is on the desk. */
    async renew() {
        if (!this.card || this.isBusy) {
            return;
        }
        try {
            const { id } = this.card;
            const kept = await this.orm.silent.call("crm.call.list", "renew", [[id]]);
            if (this.card && this.card.id === id && !kept.includes(id)) {
                this.problem = _t(
                    "This call is no longer reserved for you. Save it soon, or skip it."
                );
            }
        } catch {
            // The next outcome tells when the connection is really gone.
        }
    }

    /** Give the call back: the operator leaves the desk. */
    async leave() {
        const card = this.card;
        this._clear();
        if (card) {
            await this.orm.silent.call("crm.call.list", "release", [[card.id]]);
        }
    }

    // --- how it is done ----------------------------------------------------------

    async _finish(kind, outcome) {
        await this._guarded(async () => {
            const values = {
                outcome_id: outcome ? outcome.id : false,
                note: this.note,
            };
            if (kind !== "cancelled") {
                values.duration = this.elapsed;
            }
            const { id, person, list_id: listId } = this.card;
            await this._callOn(METHODS[kind], values);
            this.today += kind === "cancelled" ? 0 : 1;
            this._clear();
            await Promise.all([this._tell(id, person, listId), this._takeNext()]);
        });
    }

    /** Note what became of the call that was just saved. */
    async _tell(id, person, listId) {
        const fields = ["state", "next_attempt_date", "cancel_reason"];
        const [call] = await this.orm.silent.read("crm.call", [id], fields);
        if (!call) {
            return;
        }
        this.last = {
            person,
            state: call.state,
            next: call.next_attempt_date,
            reason: call.cancel_reason,
        };
        const list = this.lists.find((candidate) => candidate.id === listId);
        if (list && ["held", "cancelled"].includes(call.state)) {
            list.done += 1;
            list.left = Math.max(0, list.left - 1);
        }
    }

    async _takeNext() {
        const ids = this.listId ? [this.listId] : [];
        const card = await this.orm.call("crm.call.list", "take_next", [ids]);
        if (card) {
            this._show(card);
        } else {
            await this._getDesk();
            this.phase = "empty";
        }
    }

    async _getDesk() {
        const desk = await this.orm.call("crm.call.list", "get_desk", []);
        Object.assign(this, {
            lists: desk.lists,
            outcomes: desk.outcomes,
            today: desk.today,
        });
        return desk;
    }

    async _callOn(method, values = {}) {
        return this.orm.call("crm.call", method, [[this.card.id]], values);
    }

    _show(card) {
        this.card = card;
        this.phase = "card";
        this.note = "";
        this.pending = null;
        this.dialledAt = null;
    }

    _clear() {
        this.card = null;
        this.note = "";
        this.pending = null;
        this.dialledAt = null;
        this.phase = "ready";
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
            return _t("No connection. What you wrote is still here: try again.");
        }
        if (error instanceof RPCError) {
            return error.data?.message || error.message;
        }
        throw error;
    }
}
