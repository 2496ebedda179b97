import {
    Component,
    onMounted,
    onPatched,
    onWillDestroy,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { TermPage } from "../components/term_page/term_page";
import { CrossLinks } from "../utils/cross_links";
import { getTermUrl } from "../utils/term_url";
import { TermIndex } from "./term_index";

const DELAY = 250;
const TITLE = "o_glossary_browser_title";
const NEXT = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** The glossary as a book: index from A to Z, filters, search, and the page of a term. */
export class GlossaryBrowser extends Component {
    static template = "crm_glossary_core.Browser";
    static components = { Layout, TermPage };
    static props = {
        ...standardActionServiceProps,
        term: { type: String, optional: true },
    };
    static path = "crm-glossary";
    static displayName = _t("Glossary A-Z");

    setup() {
        this.glossary = useService("crm_glossary");
        this.action = useService("action");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.input = useRef("query");
        this.display = { controlPanel: {} };
        this.titleId = TITLE;
        this.getTermUrl = getTermUrl;
        this.keepLast = new KeepLast();
        this.state = useState({
            query: "",
            category: 0,
            audience: 0,
            found: [], // of the server: other languages, misspellings, definitions
            code: "",
            card: null,
        });
        this.searchSoon = useDebounced(() => this.search(), DELAY);
        useExternalListener(window, "keydown", this.onKeydown);
        onWillStart(() => this.start());
        onMounted(() => {
            this.share();
            this.focusTitle();
        });
        onPatched(() => this.focusTitle());
        onWillDestroy(() => this.glossary.miss.flush());
    }

    async start() {
        const code = this.props.term || this.props.action.params?.term;
        const [index] = await Promise.all([
            this.glossary.getIndex(),
            code && this.load(String(code)),
        ]);
        this.data = index;
        this.index = new TermIndex(index.terms, user.lang);
        this.links = new CrossLinks(index.terms);
    }

    // === THE LIST === //

    get hasFilter() {
        return Boolean(this.state.query || this.state.category || this.state.audience);
    }

    /** What is listed: groups by letter, or what was found, the best first. */
    get groups() {
        const terms = this.index.filter(this.state);
        const query = this.state.query.trim();
        if (!query) {
            return this.index.group(terms);
        }
        const found = this.index.search(terms, query);
        const codes = new Set(found.map((term) => term.code));
        const others = this.state.found.filter((term) => !codes.has(term.code));
        const allowed = new Map(terms.map((term) => [term.code, term]));
        for (const { code, name, matched } of others) {
            if (allowed.has(code)) {
                const word = matched === name ? "" : matched;
                found.push({ ...allowed.get(code), matched: word });
            }
        }
        return found.length ? [{ letter: "", terms: found }] : [];
    }

    get letters() {
        const used = new Set(this.groups.map((group) => group.letter));
        return this.index.letters.map((letter) => ({
            letter,
            isUsed: used.has(letter),
        }));
    }

    get count() {
        return this.groups.reduce((count, group) => count + group.terms.length, 0);
    }

    getCategory(term) {
        const categories = this.data.categories;
        return categories.find((category) => category.id === term.category)?.name || "";
    }

    onInput(ev) {
        this.state.query = ev.target.value;
        this.glossary.miss.forget();
        this.searchSoon();
    }

    async search() {
        const query = this.state.query.trim();
        const found = query ? await this.glossary.search(query) : [];
        if (query !== this.state.query.trim()) {
            return; // the reader goes on typing
        }
        this.state.found = found;
        if (query && !this.count && !this.state.category && !this.state.audience) {
            this.glossary.miss.note(query);
        }
    }

    setFilter(name, ev) {
        this.state[name] = Number(ev.target.value);
    }

    clear() {
        Object.assign(this.state, { query: "", category: 0, audience: 0, found: [] });
        this.input.el.focus();
    }

    jump(letter) {
        const group = this.root.el.querySelector(
            `.o_glossary_group[data-letter="${CSS.escape(letter)}"]`
        );
        group?.scrollIntoView({ block: "start" });
        group?.querySelector(".o_glossary_item").focus({ preventScroll: true });
    }

    // === THE PAGE === //

    async load(code) {
        this.state.code = code;
        const card = await this.keepLast.add(this.glossary.getCard(code));
        this.state.card = card || null;
        this.isUnread = true;
    }

    async open(code) {
        await this.load(code);
        this.share();
    }

    close() {
        const { code } = this.state;
        Object.assign(this.state, { code: "", card: null });
        this.share();
        this.lastCode = code; // where the reader was in the list
    }

    /** Keep the term in the address, to be shared and to go back to. */
    share() {
        this.props.updateActionState?.({ term: this.state.code || undefined });
    }

    /** Bring a new page to eye and ear, unless the reader is walking through the list. */
    focusTitle() {
        const root = this.root.el;
        if (this.lastCode) {
            this.getItems()
                .find((item) => item.dataset.code === this.lastCode)
                ?.focus();
            this.lastCode = "";
        }
        const title = root?.querySelector(`#${TITLE}`);
        if (this.isUnread && title) {
            this.isUnread = false;
            root.querySelector(".o_glossary_item.active")?.scrollIntoView({
                block: "nearest",
            });
            root.querySelector(".o_glossary_pane").scrollTop = 0;
            const isInList = document.activeElement?.closest(".o_glossary_index");
            if (!isInList || this.ui.isSmall) {
                title.focus();
            }
        }
    }

    print() {
        window.print();
    }

    create() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.glossary.term",
            views: [[false, "form"]],
            context: { default_name: this.state.query.trim() },
        });
    }

    // === THE KEYBOARD === //

    getItems() {
        return [...this.root.el.querySelectorAll(".o_glossary_item")];
    }

    /** Arrows walk, "/" searches, a letter jumps, Escape goes back. */
    onKeydown(ev) {
        const isInput = ev.target === this.input.el;
        const isElsewhere = ev.target.closest?.(
            "input, select, textarea, [contenteditable]"
        );
        if (
            ev.defaultPrevented ||
            ev.ctrlKey ||
            ev.altKey ||
            ev.metaKey ||
            this.ui.activeElement !== document ||
            (isElsewhere && !isInput)
        ) {
            return;
        }
        if (this.onKey(ev.key, isInput)) {
            ev.preventDefault();
        }
    }

    /** @returns {boolean} whether the key meant something here */
    onKey(key, isInput) {
        if (key === "Escape") {
            return this.onEscape(isInput);
        }
        if (isInput) {
            return this.onInputKey(key);
        }
        if (key === "/") {
            this.input.el.focus();
            return true;
        }
        if (key in NEXT) {
            return this.walk(NEXT[key]);
        }
        const letter = key.length === 1 ? key.toUpperCase() : "";
        if (this.letters.some((entry) => entry.isUsed && entry.letter === letter)) {
            this.jump(letter);
            return true;
        }
        return false;
    }

    onEscape(isInput) {
        if (isInput && this.state.query) {
            this.clear();
            return true;
        }
        if (this.state.code) {
            this.close();
            return true;
        }
        return false;
    }

    onInputKey(key) {
        const [first] = this.getItems();
        if (!first || !["ArrowDown", "Enter"].includes(key)) {
            return false;
        }
        if (key === "Enter") {
            this.open(first.dataset.code);
        }
        first.focus();
        return true;
    }

    walk(step) {
        const items = this.getItems();
        const current = items.indexOf(document.activeElement);
        if (current < 0 && document.activeElement !== document.body) {
            return false; // the arrows scroll the page of the term
        }
        const next = items[current + step];
        if (!next && current === 0) {
            this.input.el.focus();
        }
        next?.focus();
        return Boolean(next);
    }
}

registry.category("actions").add("crm_glossary_core.browser", GlossaryBrowser);
