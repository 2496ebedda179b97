/**
 * Words of a text that are terms of the glossary.
 *
 * A term is recognised by its name and its other words, the longest first. The endings
 * of Bulgarian and Russian words are tolerated a little: a word of five letters or more
 * also matches with up to three other letters at its end.
 */

const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu;
const JOINT = /^[\s\u00a0]+$|^\s?[-–‑]\s?$/u;
const CYRILLIC = /^[\u0400-\u04ff]+$/;
const LAST_VOWEL = /[аеёийоуъыьэюя]$/u;
const SHORTEST = 3;
const INFLECTED = 5;
const ENDING = 3;

/**
 * @param {string} text
 * @returns {{ word: string, start: number, end: number }[]}
 */
function split(text) {
    return [...text.matchAll(WORD)].map((match) => ({
        word: match[0].toLowerCase(),
        start: match.index,
        end: match.index + match[0].length,
    }));
}

/**
 * @param {string} said a word of the text
 * @param {string} word a word of a term
 * @returns {boolean}
 */
function isSame(said, word) {
    if (said === word) {
        return true;
    }
    if (!CYRILLIC.test(word)) {
        return said === `${word}s` || said === `${word}es`;
    }
    if (word.length < INFLECTED) {
        return false;
    }
    const stem = word.length > INFLECTED ? word.replace(LAST_VOWEL, "") : word;
    return said.startsWith(stem) && said.length - stem.length <= ENDING;
}

/** The phrases of all terms, ready to be looked for in many texts. */
export class CrossLinks {
    /**
     * @param {{ code: string, name: string, words?: string[] }[]} terms
     */
    constructor(terms) {
        /** @type {Map<string, { code: string, words: string[] }[]>} */
        this.phrases = new Map();
        for (const { code, name, words = [] } of terms) {
            for (const phrase of [name, ...words]) {
                this.addPhrase(code, phrase || "");
            }
        }
        for (const phrases of this.phrases.values()) {
            phrases.sort((a, b) => b.words.length - a.words.length || b.size - a.size);
        }
    }

    addPhrase(code, phrase) {
        const words = split(phrase).map(({ word }) => word);
        const size = words.join("").length;
        if (size < SHORTEST) {
            return;
        }
        const key = words[0].slice(0, SHORTEST);
        if (!this.phrases.has(key)) {
            this.phrases.set(key, []);
        }
        this.phrases.get(key).push({ code, words, size });
    }

    /**
     * Cut a text into plain parts and parts that name a term. A term is linked where
     * it is named first.
     *
     * @param {string} text
     * @param {Set<string>} [seen] codes of terms not to link, as the page's own; the
     *  ones that are linked are added, so that a page links each term once
     * @returns {{ text: string, code?: string }[]}
     */
    cut(text, seen = new Set()) {
        const words = split(text);
        const parts = [];
        let from = 0;
        for (let i = 0; i < words.length; i++) {
            const phrase = this.findPhrase(text, words, i);
            if (!phrase) {
                continue;
            }
            const last = i + phrase.words.length - 1;
            if (!seen.has(phrase.code)) {
                seen.add(phrase.code);
                const { start } = words[i];
                const { end } = words[last];
                parts.push({ text: text.slice(from, start) });
                parts.push({ text: text.slice(start, end), code: phrase.code });
                from = end;
            }
            i = last;
        }
        parts.push({ text: text.slice(from) });
        return parts.filter((part) => part.text);
    }

    findPhrase(text, words, i) {
        const phrases = this.phrases.get(words[i].word.slice(0, SHORTEST)) || [];
        return phrases.find((phrase) =>
            phrase.words.every((word, j) => {
                const said = words[i + j];
                if (!said || !isSame(said.word, word)) {
                    return false;
                }
                return !j || JOINT.test(text.slice(words[i + j - 1].end, said.start));
            })
        );
    }
}
