import { markRaw, reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { session } from "@web/session";
import { CardPanel } from "../components/card_panel/card_panel";
import { registerPalette } from "../core/palette/glossary_palette";
import { getCollator } from "../utils/alphabet";
import { SearchMiss } from "./search_miss";

const MODEL = "crm.glossary.term";
const INDEX_LIFE = 60000;

/**
 * The glossary of the web client: which term explains which field, and the card of a
 * term beside any view. Without access to the glossary it asks the server for nothing
 * and knows no term.
 */
export class Glossary {
    constructor({ orm, overlay }) {
        this.orm = orm.silent;
        this.overlay = overlay;
        this.enabled = Boolean(session.crm_glossary);
        this.bound = reactive({ terms: markRaw({}) });
        this.cards = reactive({ codes: [] });
        this.miss = new SearchMiss((query) =>
            this.read("log_search_miss", [query]).catch(() => {})
        );
        this.loading = null;
        this.index = null;
        this.removeCard = null;
    }

    // --- terms bound to fields ---

    /** Read the terms bound to fields: once a page load, when a label first needs it. */
    load() {
        if (this.enabled && !this.loading) {
            this.loading = this.read("get_bound_fields").then(
                (terms) => (this.bound.terms = markRaw(terms)),
                () => {} // the labels are as good without terms
            );
        }
        return this.loading || Promise.resolve();
    }

    /**
     * @param {string} model
     * @param {string} field
     * @param {Object} [bound] what the caller observes
     * @returns {{ code: string, name: string, definition: string } | undefined}
     */
    fieldTerm(model, field, bound = this.bound) {
        return bound.terms[model]?.[field];
    }

    /**
     * @param {string} model
     * @returns {{ code: string, name: string, definition: string }[]} each once, A to Z
     */
    modelTerms(model) {
        const terms = Object.values(this.bound.terms[model] || {});
        const byCode = new Map(terms.map((term) => [term.code, term]));
        const compare = getCollator(user.lang);
        return [...byCode.values()].sort((a, b) => compare(a.name, b.name));
    }

    // --- reading ---

    read(method, args = [], kwargs = {}) {
        return this.orm.call(MODEL, method, args, kwargs);
    }

    /** @returns {Promise<Object | undefined>} the full card, if the reader may see it */
    async getCard(code) {
        const cards = await this.read("get_cards", [], { codes: [code] });
        return cards[0];
    }

    /** @returns {Promise<Object[]>} light cards, the ones bound to fields first */
    async getModelCards(model) {
        const cards = await this.read("get_cards", [], { model });
        const isField = (card) => Number(card.fields.length > 0);
        return cards.sort((a, b) => isField(b) - isField(a));
    }

    search(query) {
        return this.read("search_terms", [query]);
    }

    /** The list of all terms; it may be a minute old. */
    getIndex() {
        if (!this.index || this.index.date < Date.now() - INDEX_LIFE) {
            const promise = this.read("get_index");
            this.index = { date: Date.now(), promise };
            promise.catch(() => (this.index = null));
        }
        return this.index.promise;
    }

    // --- the card beside the view ---

    /**
     * Show the card of a term, over whatever is on the screen.
     *
     * @param {string} code
     */
    openCard(code) {
        if (!this.enabled) {
            return;
        }
        if (this.removeCard) {
            this.cards.codes.push(code);
            return;
        }
        this.cards.codes = [code];
        this.removeCard = this.overlay.add(
            CardPanel,
            { stack: this.cards, close: () => this.closeCard() },
            { onRemove: () => (this.removeCard = null) }
        );
    }

    closeCard() {
        return this.removeCard?.();
    }
}

export const glossaryService = {
    dependencies: ["orm", "overlay"],
    start(_env, services) {
        const glossary = new Glossary(services);
        if (glossary.enabled) {
            registerPalette();
        }
        return glossary;
    },
};

registry.category("services").add("crm_glossary", glossaryService);
