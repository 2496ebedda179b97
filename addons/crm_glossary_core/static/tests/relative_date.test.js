import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { Component, xml } from "@odoo/owl";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import { DomainSelector } from "@web/core/domain_selector/domain_selector";

import {
    readRelativeDate,
    tellRelativeDate,
} from "@crm_glossary_core/core/relative_date/relative_date";

class Deal extends models.Model {
    date = fields.Date();
    datetime = fields.Datetime();
}

defineMailModels();
defineModels([Deal]);

async function mountSelector(domain, readonly = false) {
    class Parent extends Component {
        static components = { DomainSelector };
        static template = xml`<DomainSelector t-props="selector"/>`;
        static props = ["*"];
        setup() {
            this.selector = {
                resModel: "deal",
                readonly,
                domain,
                update: (value) => {
                    expect.step(value);
                    this.selector.domain = value;
                    this.render();
                },
            };
        }
    }
    await mountWithCleanup(Parent);
}

test("what is a relative date", () => {
    expect(readRelativeDate("-30d")).toEqual({ count: 30, step: "-d" });
    expect(readRelativeDate("+2w")).toEqual({ count: 2, step: "+w" });
    for (const value of [
        "2026-01-01",
        "today -30d",
        "-30",
        "30d",
        "-30x",
        30,
        false,
        null,
    ]) {
        expect(readRelativeDate(value)).toBe(null);
    }
    expect(tellRelativeDate(30, "-d")).toBe("30 days ago");
    expect(tellRelativeDate(2, "+w")).toBe("in 2 weeks");
});

test("a relative date is told in words", async () => {
    await mountSelector(`[("datetime", "<", "-30d")]`, true);
    expect(".o_tree_editor_condition").toHaveText(/30 days ago/);
    expect(".o_tree_editor_condition").not.toHaveText(/Invalid/);
});

test("a relative date is changed", async () => {
    await mountSelector(`[("datetime", "<", "-30d")]`);
    expect(".o_relative_date select").toHaveValue("-d");
    expect(".o_relative_date input").toHaveValue(30);
    await contains(".o_relative_date input").edit("90");
    expect.verifySteps([`[("datetime", "<", "-90d")]`]);
    await contains(".o_relative_date select").select("-w");
    expect.verifySteps([`[("datetime", "<", "-90w")]`]);
    expect(queryAllTexts(".o_relative_date option:checked")).toEqual(["90 weeks ago"]);
});

test("a date becomes a relative one, and one of the calendar again", async () => {
    await mountSelector(`[("date", ">", "2026-01-15")]`);
    expect(".o_relative_date select").toHaveValue("");
    expect(".o_relative_date input.o_datetime_input").toHaveValue(/2026/);
    await contains(".o_relative_date select").select("-d");
    expect.verifySteps([`[("date", ">", "-30d")]`]);
    await contains(".o_relative_date select").select("");
    expect(".o_relative_date input.o_datetime_input").toHaveCount(1);
    expect.verifySteps([`[("date", ">", "2019-03-11")]`]);
});
