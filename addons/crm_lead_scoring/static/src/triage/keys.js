/** Where letters are letters, and space and Enter do what they always do. */
const EDITABLE = "input:not([type=checkbox]):not([type=radio]), textarea, select";
const CLICKABLE = "button, a, summary, label, input";
const ELSEWHERE = ".modal, .o-dropdown--menu, .o_popover, .o_command_palette";

/**
 * The key of an event, whatever the layout of the keyboard: the letter that is printed
 * on a Latin keyboard, where the layout gives another script's.
 *
 * @param {KeyboardEvent} event
 * @returns {string} a small letter, a digit, "?", or the name of the key; "" for what
 *  is no key of ours: with Ctrl, Alt or Meta, or while a word is being composed
 */
export function keyOf(event) {
    const { key, code = "" } = event;
    if (!key || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
        return "";
    }
    if (key === "?" || (code === "Slash" && event.shiftKey)) {
        return "?";
    }
    if (/^[a-z]$/i.test(key)) {
        return key.toLowerCase();
    }
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
    if (digit) {
        return digit[1];
    }
    const letter = /^Key([A-Z])$/.exec(code);
    if (letter && key.length === 1) {
        return letter[1].toLowerCase();
    }
    return key === " " ? "space" : key.toLowerCase();
}

/** Whether somebody is typing there. */
export function isEditable(target) {
    return Boolean(target?.isContentEditable || target?.closest?.(EDITABLE));
}

/** Whether space and Enter press what has the focus. */
export function isClickable(target) {
    return Boolean(target?.closest?.(CLICKABLE));
}

/** Whether the focus is in a dialog or a menu, which have keys of their own. */
export function isElsewhere(target) {
    return Boolean(target?.closest?.(ELSEWHERE));
}
