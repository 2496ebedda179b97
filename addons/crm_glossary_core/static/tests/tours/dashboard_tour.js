import { registry } from "@web/core/registry";

function drill(name, trigger, getCount) {
    let count;
    return [
        {
            content: `remember the number of: ${name}`,
            trigger,
            run({ anchor, click }) {
                count = getCount(anchor);
                return click();
            },
        },
        {
            content: `its list has as many: ${name}`,
            trigger: ".o_list_view .o_data_row",
            run() {
                const total = document.querySelector(".o_pager_limit").textContent;
                if (!count || Number(total) !== count) {
                    throw new Error(`${name}: ${count} became ${total}`);
                }
            },
        },
        {
            content: `back from: ${name}`,
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
    ];
}

const getDataCount = (anchor) => Number(anchor.dataset.count);

function steps() {
    return [
        ...drill(
            "a tile",
            ".o_crm_tile[data-code=new_leads] .o_crm_tile_open",
            (anchor) => Number(anchor.querySelector(".o_crm_tile_value").dataset.value)
        ),
        ...drill("a stage", ".o_crm_funnel_stage", getDataCount),
        ...drill(
            "what needs attention",
            ".o_crm_attention_row[data-code=open_without_activity]",
            getDataCount
        ),
        {
            content: "the dashboard is back",
            trigger: ".o_crm_tile[data-code=new_leads]",
        },
    ];
}

registry.category("web_tour.tours").add("crm_dashboard_salesperson", {
    steps: () => [
        {
            content: "own numbers",
            trigger: ".o_crm_scope:contains('Your own records')",
        },
        ...steps(),
    ],
});

registry.category("web_tour.tours").add("crm_dashboard_manager", {
    steps: () => [
        {
            content: "everybody's numbers",
            trigger: ".o_crm_scope:contains('Records of all salespeople')",
        },
        ...steps(),
        {
            content: "one team's numbers",
            trigger: "select[name=team_id]",
            run({ anchor }) {
                const options = [...anchor.options];
                const team = options.find((option) => option.text === "Dashboard Team");
                anchor.value = team.value;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "the funnel is that of the team",
            trigger: ".o_crm_funnel_stage[data-count='2']",
        },
    ],
});
