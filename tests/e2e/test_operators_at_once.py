"""Operators at their desks, all at once: nobody is called by two of them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from client import Refused, WebClient

OPERATORS = 6
CALLS = 60
TEAM = f"""
    group = env.ref("crm_call_center.group_call_center_operator")
    users = env["res.users"].with_context(no_reset_password=True).create([
        {{"name": f"At once {{n}}", "login": f"once{{n}}", "password": f"once{{n}}",
          "group_ids": [(6, 0, [group.id])]}}
        for n in range({OPERATORS})
    ])
    call_list = env["crm.call.list"].create({{
        "name": "At once", "model_name": "res.partner", "domain": "[('id', '=', 0)]",
        "operator_ids": [(6, 0, users.ids)],
    }})
    call_list.action_start()
    # every number twice: it is given to nobody while somebody has it
    env["crm.call"].create([
        {{"name": f"Call {{n}}", "user_id": False, "list_id": call_list.id,
          "phone": f"+35988712{{n // 2:04d}}"}}
        for n in range({CALLS})
    ])
    return call_list.id
"""
CHECK = """
    calls = env["crm.call.list"].browse({list}).call_ids
    return [
        sorted({{len(call.attempt_ids) for call in calls}}),
        sorted(set(calls.mapped("state"))),
        env["crm.call.queue"].search_count([("list_id", "=", {list})]),
    ]
"""


@pytest.fixture(scope="module")
def call_list(english, shell):
    """Id of a running list with calls, and its operators ``once0`` and so on."""
    return shell(english.name, TEAM)


def test_the_same_user_in_two_tabs(english, call_list):
    """Two tabs at the same moment get two cards; a lost card comes again."""
    tabs = [WebClient(english, "once0", "once0") for _tab in range(2)]
    with ThreadPoolExecutor(2) as pool:
        cards = list(
            pool.map(
                lambda tab: tab.call("crm.call.list", "take_next", [call_list]), tabs
            )
        )
    assert len({card["id"] for card in cards}) == 2
    held = [cards[0]["id"]]
    again = tabs[1].call("crm.call.list", "take_next", [call_list], held=held)
    assert again["id"] == cards[1]["id"], "the second card got lost, and comes again"
    assert tabs[0].call("crm.call.list", "release_mine") == 2


def test_a_call_that_somebody_else_has(english, call_list):
    """It is not logged by anybody else, and stays with who has it."""
    one, other = (WebClient(english, f"once{n}", f"once{n}") for n in (0, 1))
    card = one.call("crm.call.list", "take_next", [call_list])
    with pytest.raises(Refused):
        other.call("crm.call", "action_held", [card["id"]])
    assert other.call("crm.call.list", "renew", [card["id"]]) == []
    assert other.call("crm.call.list", "release", [card["id"]]) == 0
    assert one.call("crm.call.list", "renew", [card["id"]]) == [card["id"]]
    assert one.call("crm.call.list", "release", [card["id"]]) == 1


def test_all_work_until_the_list_is_empty(english, shell, call_list):
    """Each call is made once, and no number is in two hands at a time."""
    in_hand, twice = Counter(), []

    def work(number):
        client, made = WebClient(english, f"once{number}", f"once{number}"), []
        while card := client.call("crm.call.list", "take_next", [call_list], held=[]):
            phone = card["phone_sanitized"]
            in_hand[phone] += 1
            if in_hand[phone] > 1:
                twice.append(phone)
            client.call("crm.call.list", "renew", [card["id"]])
            in_hand[phone] -= 1
            client.call("crm.call", "action_held", [card["id"]])
            made.append(card["id"])
        return made

    with ThreadPoolExecutor(OPERATORS) as pool:
        made = [call for calls in pool.map(work, range(OPERATORS)) for call in calls]
    assert not twice
    # who found only numbers in other hands has gone home: the last one ends the list
    made += work(0)
    assert len(made) == len(set(made)) == CALLS
    assert shell(english.name, CHECK.format(list=call_list)) == [[1], ["held"], 0]
