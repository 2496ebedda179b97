"""Two programs that log the same events at the same time: each event counts once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from client import WebClient

EVENTS = 400
RULE = """
    env["crm.lead.score.model"].search([]).write({"active": False})
    model = env["crm.lead.score.model"].create({"name": "At once"})
    signal = env["crm.lead.score.signal"].search([("code", "=", "page_visit")])
    env["crm.lead.score.rule"].create({
        "name": "Visits", "model_id": model.id, "kind": "event", "points": 2,
        "axis": "engagement", "signal_id": signal.id,
    })
    env["crm.lead.score"]._refresh_all()
    return env["crm.lead"].create({"name": "Visited at once"}).id
"""


@pytest.fixture(scope="module")
def lead(english, shell):
    """Id of a lead; each visit gives it two points."""
    return shell(english.name, RULE)


def test_the_same_events_by_several_programs(english, lead):
    """In the same order, and in opposite orders: nobody waits for ever."""
    values = [
        {"lead_id": lead, "signal": "page_visit", "origin": f"visit/{number}"}
        for number in range(EVENTS)
    ]
    parts = [values[first : first + 100] for first in range(0, EVENTS, 100)]
    orders = [parts, parts, [part[::-1] for part in parts[::-1]]]

    def send(order):
        client = WebClient(english)
        return sum(
            len(client.call("crm.lead.score.event", "log", part)) for part in order
        )

    with ThreadPoolExecutor(len(orders)) as pool:
        new = list(pool.map(send, orders))
    assert sum(new) == EVENTS, "each is new to one of them"
    client = WebClient(english)
    domain = [("lead_id", "=", lead)]
    assert client.count("crm.lead.score.event", domain) == EVENTS
    [read] = client.call("crm.lead", "read", [lead], ["lead_score"])
    assert read["lead_score"] == 2 * EVENTS
