import { describe, expect, test } from "@odoo/hoot";
import { CrossLinks } from "@crm_glossary_core/utils/cross_links";
import { getCollator, getLetters } from "@crm_glossary_core/utils/alphabet";

const ENGLISH = new CrossLinks([
    { code: "win_rate", name: "Win Rate", words: ["success rate"] },
    { code: "win", name: "Win" },
    { code: "lead", name: "Lead" },
    { code: "lead_source", name: "Lead Source" },
]);

/** "plain [linked=code] plain" */
function show(links, text, without) {
    return links
        .cut(text, new Set(without))
        .map((part) => (part.code ? `[${part.text}=${part.code}]` : part.text))
        .join("");
}

describe("words of a text", () => {
    test("the longest term wins", () => {
        expect(show(ENGLISH, "A win rate is no win.")).toBe(
            "A [win rate=win_rate] is no [win=win]."
        );
        expect(show(ENGLISH, "Its lead source, a lead")).toBe(
            "Its [lead source=lead_source], a [lead=lead]"
        );
    });

    test("other words and plurals count, parts of words do not", () => {
        expect(show(ENGLISH, "Success rates of winning leads")).toBe(
            "[Success rates=win_rate] of winning [leads=lead]"
        );
        expect(show(ENGLISH, "misleading")).toBe("misleading");
    });

    test("a term is linked once, its own page not at all", () => {
        expect(show(ENGLISH, "lead, lead")).toBe("[lead=lead], lead");
        expect(show(ENGLISH, "lead and win", ["lead"])).toBe("lead and [win=win]");
    });

    test("words on both sides of a full stop are no term", () => {
        expect(show(ENGLISH, "They win. Rate them.")).toBe(
            "They [win=win]. Rate them."
        );
    });

    test("endings of Bulgarian and Russian words", () => {
        const links = new CrossLinks([
            { code: "probability", name: "Вероятност" },
            { code: "deal", name: "Сделка" },
            { code: "expected", name: "Очакван приход" },
            { code: "lead", name: "Лийд" },
        ]);
        expect(show(links, "Вероятността на сделката")).toBe(
            "[Вероятността=probability] на [сделката=deal]"
        );
        expect(show(links, "очаквания приход, сделки")).toBe(
            "[очаквания приход=expected], [сделки=deal]"
        );
        expect(show(links, "очаквани приходи")).toBe("[очаквани приходи=expected]");
        expect(show(links, "лийдър")).toBe("лийдър");
        expect(show(links, "лийд")).toBe("[лийд=lead]");
    });

    test("text is never lost", () => {
        for (const text of ["", " ", "win", "a <b>win</b> & more\n", "…win-rate…"]) {
            const parts = ENGLISH.cut(text);
            expect(parts.map((part) => part.text).join("")).toBe(text);
        }
    });
});

describe("alphabet", () => {
    test("the reader's letters, then others that are used", () => {
        expect(getLetters("bg-BG", new Set(["К", "K", "R"])).join("")).toBe(
            "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЮЯKR"
        );
        expect(getLetters("en-US", new Set(["A"])).join("")).toBe(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        );
        expect(getLetters("ru-RU", new Set())).toInclude("Ё");
    });

    test("names stand in the order of the alphabet", () => {
        const names = ["Ябълка", "Вероятност", "йод", "Идея", "Активност"];
        expect(names.sort(getCollator("bg-BG"))).toEqual([
            "Активност",
            "Вероятност",
            "Идея",
            "йод",
            "Ябълка",
        ]);
    });
});
