import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

/** Outcomes that are kept at most: more is a desk without a server for a day. */
const MOST = 500;

/** Whether the server says something to the user, and did not simply fail. */
export function isForUsers(error) {
    return Boolean(error.exceptionName?.startsWith("odoo.exceptions."));
}

/** A name for one outcome: sent twice, it counts once. */
export function newRef() {
    const random = crypto.getRandomValues(new Uint32Array(4));
    return [...random].map((part) => part.toString(16).padStart(8, "0")).join("");
}

/**
 * Outcomes on their way to the server. They are written down in the browser before they
 * are sent, so that neither a reload nor a lost connection loses one, and sent in their
 * order.
 *
 * An entry is `{ ref, callId, action, values, person }`.
 */
export class Outbox {
    /**
     * @param {{ orm: object, storage: Storage, key: string }} options
     */
    constructor({ orm, storage, key }) {
        Object.assign(this, { orm, storage, key });
        /** What the server would not have, for somebody to tell: `{ entry, error }`. */
        this.refused = [];
        this.running = null;
    }

    /** What waits, the oldest first. */
    get entries() {
        try {
            return JSON.parse(this.storage.getItem(this.key)) || [];
        } catch {
            return [];
        }
    }

    set entries(entries) {
        if (entries.length) {
            this.storage.setItem(this.key, JSON.stringify(entries.slice(-MOST)));
        } else {
            this.storage.removeItem(this.key);
        }
    }

    get size() {
        return this.entries.length;
    }

    /**
     * Send an outcome, after those that wait.
     *
     * @returns {Promise<object|null>} the server's answer; null when the connection is
     *  lost and it is sent later
     * @throws {RPCError} when the server refuses it: then it does not wait any more
     */
    async post(entry) {
        this.entries = [...this.entries, entry];
        const results = await this.flush(entry.ref);
        const result = results.get(entry.ref);
        if (result?.error) {
            throw result.error;
        }
        return result?.answer || null;
    }

    remove(ref) {
        this.entries = this.entries.filter((entry) => entry.ref !== ref);
    }

    /**
     * Send what waits, one at a time.
     *
     * @param {string} [mine] the entry whose refusal is told to the caller
     */
    async flush(mine) {
        while (this.running) {
            await this.running;
        }
        this.running = this._flush(mine);
        try {
            return await this.running;
        } finally {
            this.running = null;
        }
    }

    async _flush(mine) {
        const results = new Map();
        for (let entry; (entry = this.entries[0]); ) {
            try {
                results.set(entry.ref, { answer: await this._send(entry) });
            } catch (error) {
                if (error instanceof ConnectionLostError) {
                    break;
                }
                const isFinal = error instanceof RPCError && isForUsers(error);
                if (entry.ref === mine) {
                    results.set(entry.ref, { error });
                } else if (isFinal) {
                    this.refused.push({ entry, error });
                } else {
                    break;
                }
            }
            this.remove(entry.ref);
        }
        return results;
    }

    async _send({ ref, callId, action, values }) {
        const { silent } = this.orm;
        if (action === "do_not_call") {
            // The request stands at once, whatever becomes of the rest.
            await silent.call("crm.call", "desk_do_not_call", [callId, ref]);
        }
        return silent.call("crm.call", "desk_submit", [callId, action, values, ref]);
    }
}
