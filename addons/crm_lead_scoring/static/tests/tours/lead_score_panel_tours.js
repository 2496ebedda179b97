import { registry } from "@web/core/registry";

/** Each step of the waterfall starts where the one before it ended. */
function checkRunningTotals() {
    const number = (element) =>
        parseInt(element.textContent.replace("\u2212", "-").match(/-?\d+/)[0]);
    let running = 0;
    for (const step of document.querySelectorAll(".o_lead_score_step")) {
        running += number(step.querySelector(".o_lead_score_step_points"));
        if (number(step.querySelector(".o_lead_score_step_running")) !== running) {
            throw new Error(`The lines do not add up: ${step.textContent}`);
        }
    }
    const total = document.querySelector(".o_lead_score_total span:last-child");
    if (number(total) !== running) {
        throw new Error("The lines do not add up to the total");
    }
}

registry.category("web_tour.tours").add("crm_lead_scoring_panel", {
    steps: () => [
        {
            content: "Open the explanation",
            trigger: ".nav-link[name='lead_score']",
            run: "click",
        },
        {
            content: "Both axes have a gauge, and say how far the next grade is",
            trigger:
                ".o_lead_score_gauge[data-axis='fit'] [role='meter'][aria-valuenow='80']",
        },
        {
            trigger:
                ".o_lead_score_gauge[data-axis='engagement']:contains(39 points to A2)",
        },
        {
            content: "The lines add up to the total",
            trigger: ".o_lead_score_total:contains(71)",
            run: checkRunningTotals,
        },
        {
            content: "A salesperson cannot open the rule",
            trigger: ".o_lead_score_step_rule:contains(Tour mailing):not(:has(button))",
        },
        {
            content: "The conditions of the rules",
            trigger: ".o_lead_score_conditions",
            run: "click",
        },
        {
            trigger:
                ".o_lead_score_step:contains(Tour budget):contains(Expected Revenue is at least 1,000)",
        },
        {
            content: "What would make it ready",
            trigger:
                ".o_lead_score_panel [name='readiness']:contains(29 more points):contains(Tour meeting)",
        },
        {
            content: "What changed",
            trigger: ".o_lead_score_panel [name='changes']:contains(came in today)",
        },
        {
            content: "What Odoo predicts is not believed blindly",
            trigger: ".o_lead_score_history:contains(Too little history)",
        },
        {
            content: "Open the evidence",
            trigger: ".o_lead_score_document:contains(Spring offer)",
            run: "click",
        },
        {
            trigger: ".modal .o_form_view:contains(Spring offer)",
        },
        {
            trigger: ".modal .modal-footer button, .modal .btn-close",
            run: "click",
        },
        {
            content: "Change the lead",
            trigger:
                ".o_form_view:not(:has(.modal)) .o_field_widget[name='phone'] input",
            run: "edit +359 2 123 4567",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The explanation follows",
            trigger: ".o_lead_score_total:contains(86):not(:contains(71))",
            run: checkRunningTotals,
        },
    ],
});

registry.category("web_tour.tours").add("crm_lead_scoring_best_lead", {
    steps: () => [
        {
            content: "The contact shows its best lead",
            trigger:
                "button[name='action_view_best_lead']:contains(71):has(.o_lead_grade_badge:contains(A3))",
            run: "click",
        },
        {
            content: "and opens it",
            trigger:
                ".o_form_view .o_field_widget[name='name']:contains(Tour tea), .o_breadcrumb:contains(Tour tea)",
        },
    ],
});
