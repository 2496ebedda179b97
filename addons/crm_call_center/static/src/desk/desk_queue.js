/**
 * The next calls: one is fetched while the present one is worked, so that the operator
 * never waits for it.
 */
export class DeskQueue {
    constructor(orm) {
        this.orm = orm;
        this.cards = [];
        this.fetching = null;
        this.isClosed = false;
    }

    get ids() {
        return this.cards.map((card) => card.id);
    }

    /** Put a card first; at most one is kept, the others are for somebody else. */
    async put(card) {
        if (!card) {
            return;
        }
        const rest = this.ids.filter((id) => id !== card.id);
        this.cards = [card];
        await this._release(rest);
    }

    /** Fetch the next one ahead; whoever needs it then waits for this. */
    prefetch(listId, held) {
        if (this.cards.length || this.fetching) {
            return;
        }
        const fetching = this._fetch(this.orm.silent, listId, held)
            .then((card) => card && this._store(card))
            .catch(() => {
                // It is asked for again when it is its turn.
            })
            .finally(() => {
                this.fetching = null;
            });
        this.fetching = fetching;
    }

    /** @returns {Promise<object|false>} the next card; false when no call is due */
    async take(listId) {
        await this.fetching;
        return this.cards.shift() || this._fetch(this.orm, listId, []);
    }

    /** Forget the cards whose call is no longer reserved. */
    keep(ids) {
        this.cards = this.cards.filter((card) => ids.includes(card.id));
    }

    forget() {
        this.cards = [];
    }

    /** Give back what was fetched ahead. */
    async drop() {
        await this.fetching;
        const ids = this.ids;
        this.forget();
        await this._release(ids);
    }

    /** The desk is left: what still comes is given back. */
    close() {
        this.isClosed = true;
        this.forget();
    }

    _fetch(orm, listId, held) {
        const ids = listId ? [listId] : [];
        return orm.call("crm.call.list", "take_next", [ids], { held });
    }

    _store(card) {
        if (this.isClosed) {
            return this._release([card.id]);
        }
        this.cards.push(card);
    }

    async _release(ids) {
        if (!ids.length) {
            return;
        }
        try {
            await this.orm.silent.call("crm.call.list", "release", [ids]);
        } catch {
            // What is not given back is free again in ten minutes.
        }
    }
}
