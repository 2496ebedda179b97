import {
    Component,
    onPatched,
    onWillDestroy,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useActiveElement } from "@web/core/ui/ui_service";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { OVERLAY_SYMBOL } from "@web/core/overlay/overlay_container";
import { TermPage } from "../term_page/term_page";

const TITLE = "o_glossary_panel_title";

/** The card of a term at the side of the screen, over any view. */
export class CardPanel extends Component {
    static template = "crm_glossary_core.CardPanel";
    static components = { TermPage };
    static props = {
        stack: Object, // {codes}: the terms visited, the last one is shown
        close: Function,
    };

    setup() {
        this.glossary = useService("crm_glossary");
        this.root = useRef("root");
        this.titleId = TITLE;
        this.stack = useState(this.props.stack);
        this.state = useState({ card: null, failed: false });
        this.keepLast = new KeepLast();
        useActiveElement("root");
        useHotkey("escape", () => this.props.close(), {
            bypassEditableProtection: true,
        });
        useHotkey("alt+arrowleft", () => this.back(), {
            bypassEditableProtection: true,
            isAvailable: () => this.canGoBack,
        });
        useExternalListener(window, "pointerdown", this.onPointerDown, {
            capture: true,
        });
        useExternalListener(window, "popstate", () => this.props.close());
        useEffect(
            (code) => void this.load(code),
            () => [this.stack.codes.at(-1)]
        );
        onPatched(() => this.focusTitle());
        onWillDestroy(() => (this.isGone = true));
    }

    get canGoBack() {
        return this.stack.codes.length > 1;
    }

    async load(code) {
        let card;
        try {
            card = await this.keepLast.add(this.glossary.getCard(code));
        } catch (error) {
            this.props.close();
            throw error;
        }
        if (!this.isGone) {
            this.unread = true;
            Object.assign(this.state, { card, failed: !card });
        }
    }

    /** A new card is read from its top, by eye and by ear. */
    focusTitle() {
        const title = this.root.el?.querySelector(`#${TITLE}`);
        if (this.unread && title) {
            this.unread = false;
            title.closest(".o_glossary_panel_body").scrollTop = 0;
            title.focus();
        }
    }

    open(code) {
        this.stack.codes.push(code);
    }

    back() {
        this.stack.codes.pop();
    }

    /** A click beside the card closes it; one in a dialog above it does not. */
    onPointerDown(ev) {
        if (!this.env[OVERLAY_SYMBOL]?.contains(ev.target)) {
            this.props.close();
        }
    }
}
