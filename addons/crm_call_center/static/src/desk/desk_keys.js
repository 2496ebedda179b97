import { Component, onWillStart } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

/** The keys of the desk, and the way to the words it uses. */
export class DeskKeys extends Component {
    static template = "crm_call_center.DeskKeys";
    static components = { Dialog };
    static props = { close: Function, hasSale: Boolean };

    setup() {
        onWillStart(async () => {
            this.hasGlossary = await user.hasGroup(
                "crm_glossary_core.group_glossary_user"
            );
        });
    }

    get title() {
        return _t("Keys of the desk");
    }

    get groups() {
        return [
            [
                _t("The call"),
                [
                    [_t("Space"), _t("Start, or look for the next call")],
                    ["Enter", _t("Dial; it was answered; it is over")],
                    ["N", _t("Write a note")],
                    ["Esc", _t("Back, or leave the note")],
                    [_t("Alt + key"), _t("The same keys while you write")],
                    ["?", _t("These keys")],
                ],
            ],
            [
                _t("How it went"),
                [
                    ["1 … 9", _t("Not held: no answer, busy …")],
                    ["H", _t("Held: then write, and Alt + Enter")],
                    ["C", _t("Call back: then a digit, or T and a time")],
                    ["D D", _t("Never call again")],
                    ["X", _t("Cancel the call, with a reason")],
                    ["S", _t("Skip, with a reason")],
                    ["Ctrl + Z", _t("Undo, within ten seconds")],
                ],
            ],
            [
                _t("What follows"),
                [
                    ["O", _t("Make it an opportunity, then open it")],
                    ["M", _t("Arrange a meeting")],
                    this.props.hasSale && ["Q", _t("Write a quotation")],
                    ["P", _t("Take a break, with a reason")],
                ].filter(Boolean),
            ],
        ];
    }
}
