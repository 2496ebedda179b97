import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    _records = [{ id: 1, name: "Good" }];
}

defineMailModels();
defineModels([Lead]);
onRpc("crm.lead.score.model", "get_freshness", () => ({
    refreshed_at: false,
    pending: false,
}));

const OFF = {
    code: "job_off",
    level: "danger",
    message: "A job is off.",
    label: "Switch On",
};
const EMPTY = {
    code: "no_rules",
    level: "warning",
    message: "A model has no rules.",
    label: "Add Rules",
};
const LEADS = {
    code: "leads_off",
    level: "hint",
    message: "Leads are off.",
    label: false,
};

/** Mount the list for a manager with these problems and first steps. */
async function mountList(problems = [], steps = [], isManager = true) {
    onRpc("has_group", () => isManager);
    onRpc("crm.lead.score.health", "get_health", () => {
        expect.step("get_health");
        return problems;
    });
    onRpc("crm.lead.score.onboarding", "get_onboarding", () => {
        expect.step("get_onboarding");
        return steps;
    });
    await mountView({
        resModel: "crm.lead",
        type: "list",
        arch: `<list js_class="lead_score_list"><field name="name"/></list>`,
    });
}

test("nothing is shown when there is nothing to say", async () => {
    await mountList();
    expect(".o_lead_score_freshness").toHaveCount(1);
    expect(".o_lead_score_health").toHaveCount(0);
    expect(".o_lead_score_onboarding").toHaveCount(0);
    expect.verifySteps(["get_health", "get_onboarding"]);
});

test("who is no manager is not even asked for", async () => {
    await mountList([OFF], [], false);
    expect(".o_lead_score_freshness").toHaveCount(1);
    expect(".o_lead_score_health").toHaveCount(0);
    expect.verifySteps([]);
});

test("the worst problem in one line; the others on demand", async () => {
    await mountList([OFF, EMPTY, LEADS]);
    expect(".o_lead_score_health_row").toHaveCount(1);
    expect(".o_lead_score_health_message").toHaveText("A job is off.");
    expect(".o_lead_score_health_fix").toHaveText("Switch On");
    expect(".o_lead_score_health_ignore").toHaveCount(0);
    expect(".o_lead_score_health_more").toHaveText("and 2 more");

    await contains(".o_lead_score_health_more").click();
    expect(".o_lead_score_health_row").toHaveCount(3);
    expect(".o_lead_score_health_more").toHaveText("Less");
    expect(".o_lead_score_health_row:last .o_lead_score_health_fix").toHaveCount(0);
    expect(".o_lead_score_health_row:last .o_lead_score_health_ignore").toHaveCount(1);
    expect.verifySteps(["get_health", "get_onboarding"]);
});

test("the fix is done on the server; a dialog that it opens renews the line", async () => {
    const problems = [OFF];
    onRpc("crm.lead.score.health", "fix", ({ args }) => {
        expect.step(`fix ${args[0]}`);
        problems.pop();
        return { type: "ir.actions.act_window", res_model: "wizard" };
    });
    mockService("action", {
        doAction(action, options) {
            expect.step(action.res_model);
            options.onClose();
        },
    });
    await mountList(problems);
    expect.verifySteps(["get_health", "get_onboarding"]);
    await contains(".o_lead_score_health_fix").click();
    await animationFrame();
    expect.verifySteps(["fix job_off", "wizard", "get_health"]);
    expect(".o_lead_score_health").toHaveCount(0);
});

test("a hint is ignored for good", async () => {
    const problems = [LEADS];
    onRpc("crm.lead.score.health", "ignore", ({ args }) => {
        expect.step(`ignore ${args[0]}`);
        problems.pop();
        return true;
    });
    await mountList(problems);
    await contains(".o_lead_score_health_ignore").click();
    expect.verifySteps([
        "get_health",
        "get_onboarding",
        "ignore leads_off",
        "get_health",
    ]);
    expect(".o_lead_score_health").toHaveCount(0);
});

const STEPS = ["rules", "check", "signals", "live"].map((code) => ({
    code,
    title: `Do ${code}`,
    text: "How",
    label: `Open ${code}`,
    is_done: code === "rules",
}));

test("the first steps: what is done, what is next", async () => {
    onRpc("crm.lead.score.onboarding", "open_step", ({ args }) => {
        expect.step(`open ${args[0]}`);
        return { type: "ir.actions.act_window" };
    });
    mockService("action", {
        doAction(action) {
            expect.step(action.type);
        },
    });
    await mountList([], STEPS);
    expect(".o_lead_score_onboarding_step").toHaveCount(4);
    expect(".o_lead_score_onboarding header:contains(1 of 4 done)").toHaveCount(1);
    expect(".o_lead_score_onboarding_step[data-code=rules]").toHaveClass("o_done");
    expect(".o_lead_score_onboarding_step[data-code=rules] button").toHaveCount(0);
    expect(".o_lead_score_onboarding_step[data-code=check]").toHaveClass("o_current");
    expect(".o_lead_score_onboarding .btn-primary").toHaveText("Open check");

    await contains(".o_lead_score_onboarding .btn-primary").click();
    await animationFrame();
    expect.verifySteps([
        "get_health",
        "get_onboarding",
        "open check",
        "ir.actions.act_window",
    ]);
});

test("the first steps are closed for good", async () => {
    onRpc("crm.lead.score.onboarding", "close", () => {
        expect.step("close");
        return true;
    });
    await mountList([], STEPS);
    await contains(".o_lead_score_onboarding_close").click();
    expect.verifySteps(["get_health", "get_onboarding", "close"]);
    expect(".o_lead_score_onboarding").toHaveCount(0);
});
