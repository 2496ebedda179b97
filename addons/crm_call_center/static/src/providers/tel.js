import { callProviders } from "./provider_hook";

/** The telephone of the computer or of the mobile rings: nobody tells us what it does. */
callProviders.add("tel", ({ action, services }) => services.action.doAction(action));
