const LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
// only those of languages that are not written with the letters of English
const ALPHABETS = {
    bg: "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЮЯ",
    ru: "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
    uk: "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ",
    el: "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
};

/**
 * @param {string} lang code as "bg-BG"
 * @returns {(a: string, b: string) => number} the order of the reader's alphabet
 */
export function getCollator(lang) {
    return new Intl.Collator(lang, { sensitivity: "base", numeric: true }).compare;
}

/**
 * The letters of an index: the whole alphabet of the reader, then the letters of other
 * alphabets that begin a term (as "KPI" in a Bulgarian glossary).
 *
 * @param {string} lang code as "bg-BG"
 * @param {Set<string>} used letters that begin a term
 * @returns {string[]}
 */
export function getLetters(lang, used) {
    const own = [...(ALPHABETS[lang.split("-")[0]] || LATIN)];
    const other = [...used].filter((letter) => letter && !own.includes(letter));
    return [...own, ...other.sort(getCollator(lang))];
}
