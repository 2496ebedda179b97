import { browser } from "@web/core/browser/browser";
import { tooltipService } from "@web/core/tooltip/tooltip_service";
import { patch } from "@web/core/utils/patch";

export const GRACE = 300;
const TEMPLATES = ["web.FieldTooltip", "web.ListHeaderTooltip"];

/**
 * The term that explains the field of a tooltip, if there is one.
 *
 * @param {Object} glossary the service
 * @param {Object} info what Odoo tells its field tooltips
 */
export function findTerm(glossary, info) {
    return info?.glossary || glossary?.fieldTerm(info?.resModel, info?.field?.name);
}

/**
 * Keep a tooltip while the pointer is in it, and a moment on the way there: it has
 * something to click on.
 */
class Lasting {
    constructor(target) {
        this.target = target;
        this.el = null;
        this.isOver = false;
        this.timer = null;
        this.remove = () => {};
    }

    /** @param {HTMLElement} el the tooltip, each time it was placed */
    watch(el) {
        if (this.el !== el) {
            this.el = el;
            el.addEventListener("pointerenter", () => this.enter());
            el.addEventListener("pointerleave", () => this.leave());
        }
    }

    enter() {
        this.isOver = true;
        browser.clearTimeout(this.timer);
    }

    leave() {
        this.isOver = false;
        this.timer = browser.setTimeout(this.remove, GRACE);
    }

    /** Odoo says that the tooltip is to go. */
    release() {
        browser.clearTimeout(this.timer);
        if (!this.target.isConnected) {
            this.remove();
        } else if (!this.isOver) {
            this.timer = browser.setTimeout(this.remove, GRACE);
        }
    }
}

/** Odoo's popover service, which adds the term to the tooltips of fields. */
function withTerms(env, popover) {
    let last = null;

    function add(target, component, props, options) {
        last?.remove();
        last = null;
        const glossary = env.services.crm_glossary;
        const term =
            TEMPLATES.includes(props.template) && findTerm(glossary, props.info);
        if (!term) {
            return popover.add(target, component, props, options);
        }
        const lasting = new Lasting(target);
        const open = () => {
            lasting.remove();
            glossary.openCard(term.code);
        };
        const info = { ...props.info, glossary: { ...term, open } };
        lasting.remove = popover.add(
            target,
            component,
            { ...props, info },
            {
                ...options,
                onPositioned: (el) => lasting.watch(el),
            }
        );
        last = lasting;
        return () => lasting.release();
    }

    return { ...popover, add };
}

patch(tooltipService, {
    start(env, services) {
        return super.start(env, {
            ...services,
            popover: withTerms(env, services.popover),
        });
    },
});
