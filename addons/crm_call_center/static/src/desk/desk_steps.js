/**
 * Which step a key means on the desk; undefined for a key that means nothing now.
 *
 * While somebody is typing only keys with Alt count, and what ends the typing.
 *
 * @param {CallDesk} screen
 * @param {string} key what `keyOf` returned
 * @param {HTMLElement|false} field where somebody is typing
 * @returns {(() => any)|undefined}
 */
export function findStep(screen, key, field) {
    if (field) {
        return findTypingStep(screen, key, field);
    }
    const { desk } = screen;
    const common = { "?": () => screen.showKeys() };
    if (desk.panel) {
        return { ...panelSteps(screen, key), ...common }[key];
    }
    if (desk.phase === "card") {
        return { ...cardSteps(screen), ...outcomeSteps(screen, key), ...common }[key];
    }
    return { ...restSteps(screen), ...common }[key];
}

function findTypingStep(screen, key, field) {
    const { desk } = screen;
    if (field.tagName === "SELECT") {
        return;
    }
    if (key === "escape") {
        return desk.panel ? () => screen.back() : () => screen.focus();
    }
    if (key === "enter" && field.matches(".o_call_time")) {
        return () => desk.confirm();
    }
    if (key.startsWith("alt+")) {
        return findStep(screen, key === "alt+enter" ? key : key.slice(4), false);
    }
}

/** Before the first call, when none is due, and in a pause. */
function restSteps(screen) {
    const { desk } = screen;
    const undo = { "ctrl+z": () => desk.undo() };
    if (desk.phase === "paused") {
        const resume = () => desk.resume();
        return { space: resume, enter: resume, p: resume, ...undo };
    }
    if (!desk.lists.length) {
        return { space: () => desk.load(), enter: () => desk.load() };
    }
    const start = () => desk.start();
    return { space: start, enter: start, p: () => desk.open("pause"), ...undo };
}

function cardSteps(screen) {
    const { desk } = screen;
    const steps = {
        enter: () => desk.goOn(),
        h: () => desk.choose("held"),
        x: () => desk.choose("cancelled"),
        c: () => desk.open("callback"),
        d: () => desk.open("do_not_call"),
        s: () => desk.open("skip"),
        p: () => desk.open("pause"),
        n: () => screen.focusNote(),
        m: () => screen.follow("action_schedule_meeting"),
        "ctrl+z": () => desk.undo(),
        escape: () => desk.back(),
    };
    if (desk.card.can_convert) {
        steps.o = () => screen.convert();
    } else if (screen.opened.callId === desk.card.id) {
        steps.o = () => screen.openOpportunity();
    }
    if (desk.card.has_sale) {
        steps.q = () => screen.follow("action_new_quotation");
    }
    return steps;
}

/** The digits of a card are the outcomes of a call that was not held. */
function outcomeSteps({ desk }, key) {
    const outcome = /^[1-9]$/.test(key) && desk.outcomesOf("not_held")[Number(key) - 1];
    return outcome ? { [key]: () => desk.choose("not_held", outcome) } : {};
}

/** What the digits of an open panel choose. */
function findChoice({ desk }, digit) {
    const { kind, outcome } = desk.panel;
    const index = Number(digit) - 1;
    const choices = {
        held: () => desk.outcomesOf("held")[index],
        cancelled: () => desk.outcomesOf("cancelled")[index],
        callback: () => desk.card.callback_choices.find(({ key }) => key === digit),
        skip: () => desk.skipReasons[index],
        pause: () => desk.pauseReasons[index],
        final: () => desk.outcomesOf("not_held")[index]?.id === outcome?.id && outcome,
    };
    return choices[kind]?.();
}

/** Take a choice of the open panel. */
export function takeChoice({ desk }, choice) {
    const take = {
        held: () => desk.choose("held", choice),
        cancelled: () => desk.choose("cancelled", choice),
        callback: () => desk.callBack({ code: choice.code }),
        skip: () => desk.skip(choice),
        pause: () => desk.takeBreak(choice),
        final: () => desk.confirm(),
    };
    return take[desk.panel.kind]();
}

function panelSteps(screen, key) {
    const { desk } = screen;
    const { kind } = desk.panel;
    const steps = {
        escape: () => screen.back(),
        "alt+enter": () => desk.confirm(),
        n: () => screen.focusNote(),
    };
    const choice = /^[1-9]$/.test(key) && findChoice(screen, key);
    if (choice) {
        steps[key] = () => takeChoice(screen, choice);
    }
    if (kind === "held") {
        steps.enter = () => desk.confirm();
    } else if (kind === "do_not_call") {
        steps.d = () => desk.confirm();
    } else if (kind === "callback") {
        steps.t = () => screen.focusTime();
        steps.i = () => {
            desk.panel.isMine = !desk.panel.isMine;
        };
    }
    return steps;
}
