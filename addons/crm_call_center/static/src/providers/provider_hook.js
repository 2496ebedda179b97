import { useComponent } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/**
 * What plays a dial, by the code of the provider:
 * `(context) => hang up` or nothing, with the context
 * `{ action, card, services: { action, overlay }, onAnswer, onEnd }`.
 *
 * `action` is what the server says to the dial. A provider that hears the line calls
 * `onAnswer` and `onEnd`; with the others the operator says it, or the outcome does.
 */
export const callProviders = registry.category("crm_call_providers");

/**
 * Dial with the provider of the company.
 *
 * @param {{ getDesk: () => DeskModel, onAnswer: () => void, onEnd: () => void }} hooks
 */
export function useProvider({ getDesk, onAnswer, onEnd }) {
    const component = useComponent();
    const services = { action: useService("action"), overlay: useService("overlay") };
    let hangUp = null;
    return {
        async dial(action) {
            this.hangUp();
            const { provider, card } = getDesk();
            const code = card.provider || provider.code;
            const play = callProviders.get(code, null) || callProviders.get("tel");
            const { env } = component;
            const end = await play({ env, action, card, services, onAnswer, onEnd });
            hangUp = end || null;
        },
        hangUp() {
            hangUp?.();
            hangUp = null;
        },
    };
}
