import { browser } from "@web/core/browser/browser";

export const SETTLED = 1500;

/**
 * Notes what was looked for in vain: once a word, and only when the reader stopped
 * typing or went away, so that "w", "wi", "win" on the way to "win rate" do not count.
 */
export class SearchMiss {
    /**
     * @param {(query: string) => any} log
     */
    constructor(log) {
        this.log = log;
        this.logged = new Set();
        this.query = "";
        this.timer = null;
    }

    /** Nothing was found: count it unless the reader goes on typing. */
    note(query) {
        this.forget();
        this.query = query.trim();
        this.timer = browser.setTimeout(() => this.flush(), SETTLED);
    }

    /** Something was found, or is looked for anew. */
    forget() {
        browser.clearTimeout(this.timer);
        this.query = "";
    }

    /** The reader went away: what stood there last counts now. */
    flush() {
        const { query } = this;
        const key = query.toLowerCase();
        this.forget();
        if (query && !this.logged.has(key)) {
            this.logged.add(key);
            this.log(query);
        }
    }
}
