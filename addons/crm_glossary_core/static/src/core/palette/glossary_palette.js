import { Component, onWillDestroy } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { CommandPalette, DefaultCommandItem } from "@web/core/commands/command_palette";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { getCurrentModel } from "../../utils/current_model";

export const NAMESPACE = "?";

/** A term in the command palette: its name, the word that was found, what it means. */
export class GlossaryCommandItem extends Component {
    static template = "crm_glossary_core.CommandItem";
    static props = {
        ...DefaultCommandItem.props,
        definition: String,
        matched: { type: String, optional: true },
    };
}

/** Search terms; without a word, offer those of the view behind the palette. */
async function provide(env, { searchValue = "" } = {}) {
    const glossary = env.services.crm_glossary;
    const query = searchValue.trim();
    glossary.miss.forget();
    await glossary.load();
    const terms = query
        ? await glossary.search(query)
        : glossary.modelTerms(getCurrentModel(env));
    if (query && !terms.length) {
        glossary.miss.note(query);
    }
    return terms.map((term) => ({
        Component: GlossaryCommandItem,
        name: term.name,
        category: query ? "glossary_found" : "glossary_here",
        // once the palette is closed, which gives the focus back to the view
        action: () => void browser.setTimeout(() => glossary.openCard(term.code)),
        props: {
            definition: term.definition || "",
            matched: term.matched && term.matched !== term.name ? term.matched : "",
        },
    }));
}

/** Offer "?word" in the command palette; called for users who may read the glossary. */
export function registerPalette() {
    const force = { force: true };
    registry.category("command_setup").add(
        NAMESPACE,
        {
            name: _t("terms"),
            placeholder: _t("Search for a term, in any language..."),
            emptyMessage: _t(
                "No term found. Try another word, or a part of it: any language will do."
            ),
            debounceDelay: 200,
        },
        force
    );
    registry
        .category("command_categories")
        .add(
            "glossary_here",
            { namespace: NAMESPACE, name: _t("On this screen") },
            { ...force, sequence: 10 }
        )
        .add("glossary_found", { namespace: NAMESPACE }, { ...force, sequence: 20 });
    registry
        .category("command_provider")
        .add("crm_glossary", { namespace: NAMESPACE, provide }, force);
}

patch(CommandPalette.prototype, {
    setup() {
        super.setup();
        const glossary = this.env.services.crm_glossary;
        onWillDestroy(() => glossary?.miss.flush());
    },
});
