import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Press Ctrl+K and type. */
function openPalette(query) {
    return [
        {
            content: "wait for the screen",
            trigger: ".o_kanban_renderer, .o_list_renderer, .o_view_nocontent",
        },
        {
            content: "open the command palette",
            trigger: "body",
            run: "press control+k",
        },
        {
            trigger: ".o_command_palette input",
            run: `edit ${query}`,
        },
    ];
}

tours.add("crm_glossary_label", {
    steps: () => [
        {
            content: "the label of a field that a term explains",
            trigger: ".o_form_view label[for^=expected_revenue]:has(.o_glossary_help)",
            run: "hover",
        },
        {
            content: "Odoo's tooltip says what it means, and more",
            trigger: ".o-tooltip .o_glossary_tooltip .o_glossary_more",
            run: "click",
        },
        {
            content: "the card is beside the lead",
            trigger: ".o_glossary_panel:contains('Expected Revenue') h2",
        },
        {
            trigger: "body:has(.o_form_view label[for^=expected_revenue])",
        },
        {
            content: "go on to a related term",
            trigger: ".o_glossary_panel .o_glossary_related a",
            run: "click",
        },
        {
            trigger: ".o_glossary_panel .o_glossary_back",
            run: "click",
        },
        {
            trigger: ".o_glossary_panel h2:contains('Expected Revenue')",
            run: "press Escape",
        },
        {
            trigger: "body:not(:has(.o_glossary_panel)) .o_form_view",
        },
    ],
});

tours.add("crm_glossary_stranger", {
    steps: () => [
        {
            content: "a form as ever",
            trigger: ".o_form_view label.o_form_label",
        },
        {
            trigger:
                "body:not(:has(.o_glossary_help)):not(:has(.o_glossary_systray)) .o_form_view",
        },
    ],
});

tours.add("crm_glossary_palette_en", {
    steps: () => [
        ...openPalette("?win rate"),
        {
            content: "the term is found",
            trigger: ".o_command:first:contains('Win Rate')",
            run: "click",
        },
        {
            trigger: ".o_glossary_panel h2:contains('Win Rate')",
            run: "press Escape",
        },
        {
            trigger: "body:not(:has(.o_glossary_panel))",
        },
        ...openPalette("?zzyzx"),
        {
            content: "nothing is found, and the glossary's owner will know",
            trigger: ".o_command_palette_listbox_empty",
            run: "press Escape",
        },
        {
            trigger: "body:not(:has(.o_command_palette))",
            run: () => new Promise((resolve) => setTimeout(resolve, 500)),
        },
    ],
});

tours.add("crm_glossary_palette_bg", {
    steps: () => [
        ...openPalette("?печалба"),
        {
            content: "the terms are in Bulgarian",
            trigger: ".o_command:contains('ечал')",
            run: "press Enter",
        },
        {
            trigger: ".o_glossary_panel .o_glossary_definition:contains('а')",
        },
        {
            content: "and so is the interface",
            trigger: ".o_glossary_panel:contains('Речник')",
        },
    ],
});

tours.add("crm_glossary_systray", {
    steps: () => [
        {
            trigger: ".o_kanban_renderer",
        },
        {
            content: "the book has the terms of the pipeline",
            trigger: ".o_glossary_systray",
            run: "click",
        },
        {
            trigger: ".o_glossary_menu [data-code=expected_revenue]",
            run: "click",
        },
        {
            trigger: ".o_glossary_panel h2:contains('Expected Revenue')",
        },
        {
            trigger: ".o_glossary_panel .o_glossary_close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_glossary_panel)) .o_glossary_systray",
            run: "click",
        },
        {
            content: "to the whole glossary",
            trigger: ".o_glossary_menu .o_glossary_all",
            run: "click",
        },
        {
            trigger: ".o_glossary_browser .o_glossary_item",
        },
    ],
});

tours.add("crm_glossary_browse_en", {
    steps: () => [
        {
            content: "the index has its letters",
            trigger: ".o_glossary_letters button[data-letter=W]:enabled",
            run: "click",
        },
        {
            content: "filter by audience",
            trigger: ".o_glossary_browser select[name=audience]",
            run: "selectByLabel Salesperson",
        },
        {
            content: "search as you type",
            trigger: ".o_glossary_tools input",
            run: "edit win rate",
        },
        {
            trigger: ".o_glossary_item:first[data-code=win_rate]",
            run: "click",
        },
        {
            trigger: ".o_glossary_pane h2:contains('Win Rate')",
        },
        {
            content: "follow a word of the text",
            trigger: ".o_glossary_pane .o_glossary_link:first",
            run: "click",
        },
        {
            trigger: ".o_glossary_pane h2:not(:contains('Win Rate'))",
        },
        {
            content: "go back as everywhere",
            trigger: ".o_glossary_pane",
            run: () => window.history.back(),
        },
        {
            trigger: ".o_glossary_pane h2:contains('Win Rate')",
        },
        {
            trigger: ".o_glossary_pane .o_glossary_back",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_glossary_pane)) .o_glossary_item",
        },
    ],
});

tours.add("crm_glossary_browse_bg", {
    steps: () => [
        {
            content: "the letters of the reader",
            trigger: ".o_glossary_letters button[data-letter=В]:enabled",
            run: "click",
        },
        {
            content: "an English word finds the Bulgarian term",
            trigger: ".o_glossary_tools input",
            run: "edit probability",
        },
        {
            trigger: ".o_glossary_item[data-code=probability]",
            run: "click",
        },
        {
            trigger: ".o_glossary_pane h2:contains('Вероятност')",
        },
        {
            trigger: ".o_glossary_pane .o_glossary_link",
        },
    ],
});

tours.add("crm_glossary_address", {
    steps: () => [
        {
            trigger: ".o_glossary_browser .o_glossary_pane h2:contains('Win Rate')",
        },
        {
            trigger: ".o_glossary_item.active[data-code=win_rate]",
        },
    ],
});
