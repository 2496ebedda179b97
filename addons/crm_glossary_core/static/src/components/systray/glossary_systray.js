import { Component, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { hasTouch } from "@web/core/browser/feature_detection";
import { useCommand } from "@web/core/commands/command_hook";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { getCurrentModel } from "../../utils/current_model";
import { findTermAtCursor } from "../../utils/term_at_cursor";
import { BROWSER_ACTION } from "../term_page/term_page";

const DELAY = 250;

/** The book in the top bar: the terms of the view on the screen, and a search. */
export class GlossarySystray extends Component {
    static template = "crm_glossary_core.Systray";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.glossary = useService("crm_glossary");
        this.action = useService("action");
        this.command = useService("command");
        this.ui = useService("ui");
        this.dropdown = useDropdownState({ onClose: () => this.glossary.miss.flush() });
        this.state = useState({ query: "", cards: [], found: null, isLoading: false });
        this.keepLast = new KeepLast();
        this.input = useRef("query");
        this.searchSoon = useDebounced(() => this.search(), DELAY);
        useCommand(_t("Explain the field under the cursor"), () => this.explain(), {
            hotkey: "alt+shift+g",
            global: true,
            hotkeyOptions: { bypassEditableProtection: true },
        });
    }

    /** What the list shows: what was found, or the terms of the view. */
    get cards() {
        return this.state.found || this.state.cards;
    }

    beforeOpen() {
        Object.assign(this.state, { query: "", found: null, cards: [] });
        const loaded = this.loadCards(getCurrentModel(this.env));
        // the menu opens meanwhile; the sheet of a phone takes its height from the terms
        return this.ui.isSmall ? loaded : undefined;
    }

    async loadCards(model) {
        this.state.isLoading = true;
        try {
            const cards = model ? await this.glossary.getModelCards(model) : [];
            this.state.cards = cards;
        } finally {
            this.state.isLoading = false;
        }
    }

    focusInput() {
        // a touch screen would show its keyboard over the terms
        if (!hasTouch()) {
            this.input.el?.focus();
        }
    }

    onInput(ev) {
        this.state.query = ev.target.value;
        this.glossary.miss.forget();
        this.searchSoon();
    }

    async search() {
        const query = this.state.query.trim();
        if (!query) {
            this.state.found = null;
            return;
        }
        const found = await this.keepLast.add(this.glossary.search(query));
        if (query === this.state.query.trim()) {
            this.state.found = found;
            if (!found.length) {
                this.glossary.miss.note(query);
            }
        }
    }

    /** Enter in the search box opens the first term. */
    onKeydown(ev) {
        const [first] = this.cards;
        if (ev.key === "Enter" && first) {
            ev.preventDefault();
            ev.stopPropagation();
            this.dropdown.close();
            this.open(first.code);
        }
    }

    open(code) {
        // once the menu is closed, which gives the focus back to the book
        browser.setTimeout(() => this.glossary.openCard(code));
    }

    openBrowser() {
        return this.action.doAction(BROWSER_ACTION, { clearBreadcrumbs: true });
    }

    /** The card of the field that has the focus; without one, the search of terms. */
    explain() {
        const term = findTermAtCursor(this.glossary);
        if (term) {
            this.glossary.openCard(term.code);
        } else {
            this.command.openMainPalette({ searchValue: "?" });
        }
    }
}

registry.category("systray").add(
    "crm_glossary_core.glossary",
    {
        Component: GlossarySystray,
        isDisplayed: (env) => env.services.crm_glossary.enabled,
    },
    { sequence: 30 }
);
