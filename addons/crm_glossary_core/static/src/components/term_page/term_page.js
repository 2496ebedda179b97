import { Component } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { CrossLinks } from "../../utils/cross_links";
import { getTermUrl } from "../../utils/term_url";
import { TermText } from "../term_text/term_text";

const { DateTime } = luxon;
const MODEL = "crm.glossary.term";
export const BROWSER_ACTION = "crm_glossary_core.crm_glossary_browser_action";

const KINDS = {
    model: _t("Document"),
    field: _t("Field"),
    menu: _t("Menu"),
    action: _t("Screen"),
    kpi: _t("KPI"),
    module: _t("App"),
};

/** All that the glossary says of one term; shown in the side panel and on the A-Z page. */
export class TermPage extends Component {
    static template = "crm_glossary_core.TermPage";
    static components = { TermText };
    static props = {
        card: Object, // of crm.glossary.term.get_cards(codes=...)
        links: { type: Object, optional: true }, // CrossLinks; else the related terms
        titleId: { type: String, optional: true },
        inBrowser: { type: Boolean, optional: true },
        onOpen: Function, // of the code of another term
        beforeAction: { type: Function, optional: true },
        slots: { type: Object, optional: true },
    };
    static defaultProps = { beforeAction: () => {}, inBrowser: false };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.getTermUrl = getTermUrl;
        this.isAdmin = user.isSystem;
    }

    get card() {
        return this.props.card;
    }

    /** The texts from top to bottom, cut at the terms in them: each is linked once. */
    get texts() {
        const links = this.props.links || new CrossLinks(this.card.related);
        const seen = new Set([this.card.code]);
        const cut = (text) => links.cut(text || "", seen);
        const { definition, practice, truth, pitfall } = this.card;
        return {
            definition: cut(definition),
            practice: cut(practice),
            truth: truth.map(cut),
            pitfall: cut(pitfall),
        };
    }

    /** Lists of other words, those that have any. */
    get words() {
        const { synonyms, former_names, false_friends } = this.card;
        return [
            { key: "synonyms", label: _t("Also called"), words: synonyms },
            { key: "former_names", label: _t("Formerly"), words: former_names },
            {
                key: "false_friends",
                label: _t("Not to be confused with"),
                words: false_friends,
            },
        ].filter(({ words }) => words.length);
    }

    /** Where the thing is in the interface; what is gone is told to editors alone. */
    get places() {
        return this.card.bindings
            .filter(({ state, kind }) => state === "ok" && kind !== "module")
            .map((binding) => ({
                ...binding,
                kindLabel: KINDS[binding.kind],
                key: `${binding.kind}:${binding.reference}`,
            }));
    }

    get canOpen() {
        return this.card.bindings.some((binding) => binding.can_open);
    }

    get isForeign() {
        return Boolean(this.card.language?.fallback);
    }

    get missingModule() {
        const { module } = this.card;
        return module && module.state !== "installed" ? module : null;
    }

    get editionClass() {
        const { edition } = this.card;
        return {
            suite: "text-bg-success",
            oca: "text-bg-info",
            enterprise: "text-bg-warning",
        }[edition];
    }

    get missingText() {
        const { label } = this.missingModule;
        return _t("Not in this database: %(app)s is not installed.", { app: label });
    }

    /** When the text was last checked, and by whom it is kept. */
    get checked() {
        const { verified_on, owner } = this.card;
        const date = verified_on && formatDate(deserializeDate(verified_on));
        return [date && _t("Checked on %(date)s", { date }), owner]
            .filter(Boolean)
            .join(" · ");
    }

    async doAction(action, options) {
        await this.props.beforeAction();
        return this.action.doAction(action, options);
    }

    /** Open the best of the things that the term names. */
    async open() {
        const action = await this.orm.call(MODEL, "action_open", [[this.card.id]]);
        if (action) {
            await this.doAction(action);
        }
    }

    /** Open exactly the records that the number counts. */
    async openRecords() {
        const { id, date_from, date_to } = this.card.kpi;
        const today = DateTime.local();
        const action = await this.orm.call("crm.kpi", "action_open_records", [[id]], {
            date_from: date_from || serializeDate(today.startOf("month")),
            date_to: date_to || serializeDate(today.endOf("month")),
        });
        await this.doAction(action);
    }

    edit() {
        return this.doAction({
            type: "ir.actions.act_window",
            name: this.card.name,
            res_model: MODEL,
            res_id: this.card.id,
            views: [[false, "form"]],
        });
    }

    openBrowser() {
        return this.doAction(BROWSER_ACTION, { props: { term: this.card.code } });
    }

    install() {
        const { label } = this.missingModule;
        this.dialog.add(ConfirmationDialog, {
            title: _t("Install %(app)s?", { app: label }),
            body: _t(
                "The app and those it needs are installed for everybody in this database. The page is loaded anew afterwards."
            ),
            confirmLabel: _t("Install"),
            confirm: async () => {
                const action = await this.orm.call(MODEL, "action_install_module", [
                    [this.card.id],
                ]);
                await this.doAction(
                    action || { type: "ir.actions.client", tag: "reload" }
                );
            },
            cancel: () => {},
        });
    }
}
