"""The external API: /json/2 with a bearer key, as an integration uses it."""

from datetime import date, timedelta

import pytest
import requests

SETUP = """
from datetime import datetime, timedelta

def key(login, group):
    user = env["res.users"].create(
        {
            "login": login,
            "name": login,
            "password": login,
            "group_ids": [(6, 0, env.ref(group).ids)],
        }
    )
    make = env["res.users.apikeys"].with_user(user)
    until = datetime.now() + timedelta(hours=12)
    return user, make._generate("rpc", "end to end", until)

GROUPS = {
    "operator": "crm_call_center.group_call_center_operator",
    "marketer": "crm_segmentation.group_segmentation_user",
    "seller": "sales_team.group_sale_salesman_all_leads",
    "nobody": "base.group_user",
}
made = {who: key(f"api_{who}", group) for who, group in GROUPS.items()}
leads = env["crm.lead"].create(
    [
        {"name": f"API {number}", "type": "lead", "phone": f"+1 212-555-01{number:02}",
         "user_id": False, "priority": str(number % 4)}
        for number in range(4)
    ]
)
env["crm.lead.score.model"].search([]).write({"active": False})
env["crm.lead.score.model"].create(
    {
        "name": "API",
        "rule_ids": [
            (0, 0, {"name": name, "points": points, "domain": domain})
            for name, points, domain in (
                ("Urgent", 7, "[('priority', '=', '3')]"),
                ("All", 2, "[('type', '=', 'lead')]"),
            )
        ],
    }
)
segment = env["crm.segment"].create(
    {"name": "API", "target": "lead", "domain": "[('name', 'like', 'API')]"}
)
segment.refresh()
calls = env["crm.call.list"].create(
    {
        "name": "API",
        "domain": "[('name', 'like', 'API')]",
        "operator_ids": [(6, 0, made["operator"][0].ids)],
    }
)
calls.action_start()
env.cr.commit()
env.ref("crm_glossary_core.ir_cron_refresh").method_direct_trigger()
return {
    "keys": {who: secret for who, (user, secret) in made.items()},
    "leads": leads.ids,
    "list": calls.id,
}
"""


@pytest.fixture(scope="module")
def facts(english, shell):
    """API keys, and records for them to work on."""
    return shell(english.name, SETUP)


@pytest.fixture(scope="module")
def ask(english, facts):
    """``ask(who, "model/method", **arguments)``: the server's answer."""
    session = requests.Session()
    session.trust_env = False

    def ask(who, path, **arguments):
        return session.post(
            f"{english.url}/json/2/{path}",
            json=arguments,
            headers={"Authorization": f"bearer {facts['keys'].get(who, who)}"},
            timeout=60,
        )

    return ask


def test_segments_can_be_read(ask):
    answer = ask(
        "marketer",
        "crm.segment/search_read",
        domain=[["name", "=", "API"]],
        fields=["name", "member_count"],
    )
    assert answer.status_code == 200
    assert [row["member_count"] for row in answer.json()] == [4]


def test_each_call_is_given_once(ask, facts):
    """Four calls, each another one; then there are none left."""
    taken = [
        ask("operator", "crm.call.list/take_next", ids=[facts["list"]]).json()
        for _turn in range(5)
    ]
    assert taken[4] is False
    assert {call["opportunity_id"] for call in taken[:4]} == set(facts["leads"])
    assert all(call["phone"] for call in taken[:4])


def test_calls_can_be_given_back(ask, facts):
    call = ask("operator", "crm.call.list/take_next", ids=[facts["list"]]).json()
    assert call is False
    calls = [["list_id", "=", facts["list"]]]
    mine = ask("operator", "crm.call/search", domain=calls).json()
    assert len(mine) == 4
    released = ask("operator", "crm.call.list/release", call_ids=mine[:1])
    assert released.json() == 1
    again = ask("operator", "crm.call.list/take_next", ids=[facts["list"]]).json()
    assert again["id"] == mine[0]


def test_a_score_is_explained(ask, facts):
    answer = ask("seller", "crm.lead/get_score_explanation", ids=[facts["leads"][3]])
    assert answer.status_code == 200
    explanation = answer.json()
    assert explanation["total"] == 9
    assert sum(line["points"] for line in explanation["lines"]) == 9


def test_a_term_is_found_and_read(ask):
    found = ask("seller", "crm.glossary.term/search_terms", query="win rte", limit=3)
    assert found.status_code == 200, found.text
    assert "win_rate" in [term["code"] for term in found.json()]
    [card] = ask("seller", "crm.glossary.term/get_cards", codes=["win_rate"]).json()
    assert card["definition"] and card["practice"] and card["related"]
    screen = ask("seller", "crm.glossary.term/get_cards", model="crm.lead").json()
    assert any("expected_revenue" in term["fields"] for term in screen)


def test_a_number_is_the_length_of_its_list(ask):
    [kpi] = ask(
        "seller",
        "crm.kpi/search_read",
        domain=[["code", "=", "new_leads"]],
        fields=["name"],
    ).json()
    today = date.today()
    period = {
        "ids": [kpi["id"]],
        "date_from": str(today - timedelta(days=31)),
        "date_to": str(today + timedelta(days=1)),
    }
    [row] = ask("seller", "crm.kpi/compute_values", **period).json()
    assert row["value"] >= 4, "the leads that were made for these tests"
    action = ask("seller", "crm.kpi/action_open_records", **period).json()
    count = ask(
        "seller",
        f"{action['res_model']}/search_count",
        domain=action["domain"],
        context=action["context"],
    )
    assert count.json() == row["value"] == row["count"]
    refused = ask("seller", "crm.kpi/compute_values", **{**period, "group_by": "name"})
    assert refused.status_code == 422, refused.text


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("crm.glossary.term/get_cards", {}),
        ("crm.glossary.term/search_terms", {"query": "lead"}),
        ("crm.kpi/search_read", {"domain": []}),
        ("crm.dashboard/get_dashboard", {}),
        ("crm.segment/search_read", {"domain": []}),
        ("crm.call.list/search_read", {"domain": []}),
        ("crm.call.list/take_next", {"ids": []}),
        ("crm.call.list/get_desk", {}),
        ("crm.lead.score.model/search_read", {"domain": []}),
        ("crm.lead.score.model/get_freshness", {}),
        ("crm.lead/search_read", {"domain": []}),
    ],
)
def test_a_user_without_rights_is_refused(ask, path, arguments):
    answer = ask("nobody", path, **arguments)
    assert answer.status_code == 403, answer.text


def test_a_user_without_rights_gets_no_explanation(ask, facts):
    path = "crm.lead/get_score_explanation"
    assert ask("nobody", path, ids=facts["leads"][:1]).status_code == 403


def test_an_operator_may_not_change_what_managers_decide(ask, facts):
    for path, arguments in (
        ("crm.call.list/write", {"ids": [facts["list"]], "vals": {"name": "Mine"}}),
        ("crm.segment/create", {"vals_list": [{"name": "Mine"}]}),
        ("crm.lead.score.model/create", {"vals_list": [{"name": "Mine"}]}),
    ):
        assert ask("operator", path, **arguments).status_code == 403, path


def test_private_methods_cannot_be_called(ask, facts):
    for method in ("_reserve_next", "_fill_now"):
        answer = ask("operator", f"crm.call.list/{method}", ids=[facts["list"]])
        assert answer.status_code in (403, 404), method


def test_a_wrong_key_opens_nothing(ask):
    assert ask("0" * 40, "crm.segment/search_read", domain=[]).status_code == 401
