import { _t } from "@web/core/l10n/translation";
import { DeskState } from "./desk_state";
import { newRef } from "./outbox";

/** What the operator does on the desk: call, say how it went, undo, take a break. */
export class DeskModel extends DeskState {
    // --- calls ---------------------------------------------------------------------

    async load() {
        await this._guarded(async () => {
            this.waiting = this.outbox.size;
            if (this.waiting) {
                await this.replay();
            }
            const desk = await this._getDesk();
            this.queue.put(desk.prefetched);
            if (this.pause) {
                this.phase = "paused";
            } else if (desk.card && !this._isAnswered(desk.card)) {
                this._show(desk.card, this._recall());
            }
        });
        if (this.phase === "loading") {
            this.phase = "ready";
        }
    }

    async start() {
        await this._guarded(() => this._takeNext());
    }

    /** Work on another list, or on all. */
    async setList(id) {
        this.listId = id;
        await this.queue.drop();
    }

    /** Dial; the server is asked first whether the number may be called. */
    async dial() {
        if (!this.card) {
            return;
        }
        this.dialsAt = null;
        await this._guarded(async () => {
            const { id } = this.card;
            const action = await this.orm.call("crm.call", "action_dial", [[id]]);
            this.clock.dial();
            this.remember();
            await this.dialOut(action);
        });
    }

    answered() {
        this.clock.answer();
        this.remember();
    }

    ended() {
        this.clock.end();
        this.remember();
    }

    /** One key for the whole call: dial, it was answered, it is over, dial again. */
    async goOn() {
        const { stage } = this.clock;
        if (stage === "ringing") {
            this.answered();
        } else if (stage === "talking") {
            this.ended();
        } else if (this.permission !== "never") {
            await this.dial();
        }
    }

    // --- outcomes ------------------------------------------------------------------

    /**
     * An outcome was chosen. What needs no further word is saved at once.
     *
     * @param {string} kind held, not_held or cancelled
     * @param {object} [outcome]
     */
    async choose(kind, outcome) {
        if (!this.card || this.isBusy) {
            return;
        }
        if (kind === "held") {
            this.open("held", { outcome: outcome || this.outcomesOf("held")[0] });
        } else if (kind === "cancelled" && !outcome) {
            this.open("cancelled");
        } else if (outcome.is_final && kind === "not_held" && !this._isSure(outcome)) {
            this.open("final", { outcome });
        } else {
            await this.submit(kind, { outcome_id: outcome.id });
        }
    }

    _isSure(outcome) {
        return this.panel?.kind === "final" && this.panel.outcome.id === outcome.id;
    }

    /** Ask for the word that is missing; the time of talking ends here. */
    open(kind, values = {}) {
        if (this.isBusy || (kind !== "pause" && !this.card)) {
            return;
        }
        const clock = this.panel ? this.panel.clock : this.clock.save();
        this.panel = { kind, clock, text: "", isMine: false, parsed: null, ...values };
        this.problem = "";
        this.dialsAt = null;
        if (kind !== "pause") {
            this.clock.end();
        }
    }

    /** Decide otherwise: the call goes on as if nothing was chosen. */
    back() {
        if (this.panel && this.clock.stage === "ended") {
            this.clock.load(this.panel.clock);
        }
        this.panel = null;
        this.problem = "";
        this.dialsAt = null;
    }

    /** Save what was chosen and take the next call. */
    async confirm() {
        const { kind, outcome, text } = this.panel || {};
        if (kind === "held") {
            await this.submit("held", { outcome_id: outcome ? outcome.id : false });
        } else if (kind === "final") {
            await this.submit("not_held", { outcome_id: outcome.id });
        } else if (kind === "callback" && text.trim()) {
            await this.callBack({ text: text.trim() });
        } else if (kind === "do_not_call") {
            await this.submit("do_not_call", {});
        }
    }

    /** @param {{ code: string }|{ text: string }} callback */
    callBack(callback) {
        return this.submit("callback", { callback, personal: this.panel.isMine });
    }

    /** What the typed moment means, in both places; a later answer counts. */
    async parseCallback(text) {
        const { panel, card } = this;
        panel.text = text;
        if (!text.trim()) {
            panel.parsed = null;
            return;
        }
        try {
            const parsed = await this.orm.silent.call(
                "crm.call",
                "desk_parse_callback",
                [card.id, text]
            );
            if (this.panel === panel && panel.text === text) {
                panel.parsed = parsed;
            }
        } catch {
            panel.parsed = null;
        }
    }

    skip(reason) {
        return this.submit("skip", { reason: reason.name });
    }

    /**
     * Say how the call went, and show the next one.
     *
     * @param {string} action held, not_held, cancelled, callback, do_not_call or skip
     */
    async submit(action, values) {
        await this._guarded(async () => {
            const { card, note } = this;
            const outcome = this.outcomes.find(({ id }) => id === values.outcome_id);
            const isContact = ["held", "callback", "do_not_call"].includes(action);
            const entry = {
                ref: newRef(),
                callId: card.id,
                action,
                values: { ...values, note, ...this.clock.values(isContact) },
                person: card.person,
            };
            const clock = this.panel ? this.panel.clock : this.clock.save();
            const answer = await this._post(entry);
            this._tell({ ...entry, card, note, clock, outcome }, answer);
            this._clear();
            await this._goOn();
        });
    }

    /** Take the last outcome back: its call is on the desk again. */
    async undo() {
        if (!this.canUndo || this.panel) {
            return;
        }
        await this._guarded(async () => {
            const { last } = this;
            const answer = await this.orm.call("crm.call", "desk_undo", [
                last.callId,
                last.ref,
            ]);
            this.today = answer?.today || this.today;
            this._count(last, -1);
            await this.queue.put(this.card);
            this.last = null;
            this._show(answer?.card || last.card, last);
        });
    }

    // --- pause -----------------------------------------------------------------------

    /** Stop calling; a call that was begun is finished first. */
    async takeBreak(reason) {
        this.panel = null;
        if (this.card && this.clock.isBegun) {
            this.pauseNext = reason;
            return;
        }
        await this._guarded(() => this._pause(reason));
    }

    async resume() {
        await this._guarded(async () => {
            await this.orm.call("crm.call.list", "resume", []);
            this.pause = false;
            await this._takeNext();
        });
    }

    // --- beside the calls --------------------------------------------------------------

    /**
     * Ask the server for what follows the call: an opportunity, a meeting, a quotation.
     *
     * @param {string} method of crm.call
     * @returns {Promise<object|undefined>} the action that shows it
     */
    async follow(method) {
        let action;
        await this._guarded(async () => {
            const { id } = this.card;
            action = await this.orm.call("crm.call", method, [[id]]);
        });
        return action;
    }

    /** Every second: what is late is done, and what was written is kept. */
    tick() {
        if (this.dialsAt !== null && this.now() >= this.dialsAt) {
            this.dial();
        }
    }

    /** Send what waits for the connection. */
    async replay() {
        const results = await this.outbox.flush();
        this.waiting = this.outbox.size;
        this._tellRefused();
        const answer = results.get(this.last?.ref)?.answer;
        if (answer) {
            this._tell(this.last, answer);
        }
    }

    /** Keep the calls while they are on the desk. */
    async renew() {
        const ids = this.heldIds;
        if (!ids.length || this.isBusy) {
            return;
        }
        try {
            const kept = await this.orm.silent.call("crm.call.list", "renew", [ids]);
            this.queue.keep(kept);
            if (
                this.card &&
                ids.includes(this.card.id) &&
                !kept.includes(this.card.id)
            ) {
                this.problem = _t(
                    "This call is no longer reserved for you. Save it soon, or skip it."
                );
            }
        } catch {
            // The next outcome tells when the connection is really gone.
        }
    }

    get heldIds() {
        return [...(this.card ? [this.card.id] : []), ...this.queue.ids];
    }

    /** The operator leaves the desk: what was not begun is for the others. */
    async leave() {
        const isBegun = this.clock.isBegun || this.note || this.isKept;
        const ids = this.card && !isBegun ? this.heldIds : this.queue.ids;
        this.remember();
        this.phase = "left";
        this.queue.close();
        if (ids.length) {
            await this.orm.silent.call("crm.call.list", "release", [ids]);
        }
    }
}
