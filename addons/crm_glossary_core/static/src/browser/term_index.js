import { normalize } from "@web/core/l10n/utils";
import { getCollator, getLetters } from "../utils/alphabet";

/**
 * How well a word answers a query: 0 = it begins so, 1 = one of its words begins so,
 * 2 = it contains it, null = not at all.
 */
function getRank(word, query) {
    const position = word.indexOf(query);
    if (position <= 0) {
        return position ? null : 0;
    }
    return /[\s\-(/]/.test(word[position - 1]) ? 1 : 2;
}

/** The list of terms in the reader's alphabet, with its filters and its search. */
export class TermIndex {
    /**
     * @param {Object[]} terms of crm.glossary.term.get_index()
     * @param {string} lang code as "bg-BG"
     */
    constructor(terms, lang) {
        const compare = getCollator(lang);
        this.terms = [...terms].sort((a, b) => compare(a.name, b.name));
        this.letters = getLetters(lang, new Set(terms.map((term) => term.letter)));
        this.words = new Map(
            terms.map(({ code, name, english_name, words }) => [
                code,
                [name, english_name, ...words]
                    .filter(Boolean)
                    .map((word) => ({ word, normal: normalize(word) })),
            ])
        );
    }

    /**
     * @param {{ category?: number, audience?: number }} filter 0 = all
     * @returns {Object[]} a term without an audience is for everyone
     */
    filter({ category = 0, audience = 0 }) {
        return this.terms.filter(
            (term) =>
                (!category || term.category === category) &&
                (!audience ||
                    !term.audiences.length ||
                    term.audiences.includes(audience))
        );
    }

    /**
     * @param {Object[]} terms
     * @param {string} query
     * @returns {Object[]} those that have such a word, the best first; `matched` is
     *  the word, where it is not the name
     */
    search(terms, query) {
        const wanted = normalize(query.trim());
        const found = [];
        for (const term of terms) {
            let best = null;
            this.words.get(term.code).forEach(({ word, normal }, i) => {
                const rank = getRank(normal, wanted);
                // a name counts for more than another word
                const score = rank === null ? null : rank + (i ? 3 : 0);
                if (score !== null && (!best || score < best.score)) {
                    best = { score, matched: i ? word : "" };
                }
            });
            if (best) {
                found.push({ ...term, ...best });
            }
        }
        return found.sort((a, b) => a.score - b.score); // stable: A to Z within
    }

    /**
     * @param {Object[]} terms
     * @returns {{ letter: string, terms: Object[] }[]} in the order of the alphabet
     */
    group(terms) {
        return this.letters
            .map((letter) => ({
                letter,
                terms: terms.filter((term) => term.letter === letter),
            }))
            .filter((group) => group.terms.length);
    }
}
