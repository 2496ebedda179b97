import { serializeDateTime } from "@web/core/l10n/dates";

const { DateTime } = luxon;

/**
 * How long a call rang, was talked, and took to write down, as the desk measures it.
 *
 * `stage` is one of: idle (not dialled), ringing, talking and ended. Nobody need say
 * that the call was answered or over: what comes of it tells as much.
 */
export class CallClock {
    /**
     * @param {() => number} now milliseconds
     * @param {object} [saved] what :meth:`save` returned before a reload
     */
    constructor(now, saved = {}) {
        this.now = now;
        this.load(saved);
    }

    load({ stage = "idle", start = null, since = null, ring = 0, talk = 0 }) {
        Object.assign(this, { stage, start, since, ring, talk });
    }

    save() {
        const { stage, start, since, ring, talk } = this;
        return { stage, start, since, ring, talk };
    }

    get isBegun() {
        return this.stage !== "idle";
    }

    get isLive() {
        return this.stage === "ringing" || this.stage === "talking";
    }

    /** Seconds of the present stage; after the end, of the whole call. */
    get seconds() {
        if (this.stage === "ended") {
            return Math.round((this.ring + this.talk) / 1000);
        }
        return this.isBegun ? Math.round((this.now() - this.since) / 1000) : 0;
    }

    dial() {
        this._count();
        this.start ??= this.now();
        this._enter("ringing");
    }

    answer() {
        if (this.stage === "ringing") {
            this._count();
            this._enter("talking");
        }
    }

    /** The line is closed: from now on it is being written down. */
    end() {
        if (this.isLive) {
            this._count();
            this._enter("ended");
        }
    }

    /**
     * What is sent with the outcome.
     *
     * @param {boolean} isContact whether somebody was reached: then it was talk, though
     *  nobody said when it began
     */
    values(isContact) {
        const wrap = this.stage === "ended" ? this.now() - this.since : 0;
        const last = this.isLive ? this.now() - this.since : 0;
        let ring = this.ring + (this.stage === "ringing" ? last : 0);
        let talk = this.talk + (this.stage === "talking" ? last : 0);
        if (isContact && !talk) {
            [ring, talk] = [0, ring];
        }
        const inSeconds = (time) => Math.max(0, Math.round(time / 1000));
        return {
            ring: inSeconds(ring),
            talk: inSeconds(talk),
            wrap: inSeconds(wrap),
            start:
                this.start !== null &&
                serializeDateTime(DateTime.fromMillis(this.start)),
        };
    }

    _count() {
        if (this.isLive) {
            const name = this.stage === "ringing" ? "ring" : "talk";
            this[name] += this.now() - this.since;
        }
    }

    _enter(stage) {
        this.stage = stage;
        this.since = this.now();
    }
}
