/** Where letters are letters, and space and Enter do what they always do. */
const EDITABLE = "input:not([type=checkbox]):not([type=radio]), textarea, select";
const CLICKABLE = "button, a, summary, label, input";
const ELSEWHERE = ".modal, .o-dropdown--menu, .o_popover, .o_command_palette";

/** The letter or digit that is printed on the key of a Latin keyboard. */
function characterOf({ key, code = "" }) {
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

/**
 * The key of an event, whatever the layout and the script of the keyboard.
 *
 * @param {KeyboardEvent} event
 * @returns {string} a small letter, a digit, "?" or the name of a key, with "alt+" or
 *  "ctrl+" before it; "" while a word is being composed
 */
export function keyOf(event) {
    const { key, code, ctrlKey, altKey, metaKey, shiftKey } = event;
    if (
        !key ||
        event.isComposing ||
        ["Alt", "Control", "Meta", "Shift"].includes(key)
    ) {
        return "";
    }
    const isCommand = ctrlKey || metaKey;
    if (!isCommand && !altKey && (key === "?" || (code === "Slash" && shiftKey))) {
        return "?";
    }
    const prefix = [isCommand && "ctrl+", altKey && "alt+"].filter(Boolean).join("");
    return prefix + characterOf(event);
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
