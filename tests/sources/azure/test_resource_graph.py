"""Resource Graph beside the Resource Manager: the same inventory, with fewer calls; nothing is lost where it fails."""

from __future__ import annotations

import pytest

from scanner.model.inventory import Inventory, Level
from scanner.sources.snapshot.write import resource_data
from tests.http_server import Answer, Asked
from tests.sources.azure.arm_server import GRAPH, error
from tests.sources.azure.support import collect
from tests.sources.azure.tripgen import Body, tripgen


@pytest.fixture(scope="module")
def bodies() -> dict[str, Body]:
    return tripgen().bodies


@pytest.fixture(scope="module")
def listed(bodies: dict[str, Body]) -> tuple[Inventory, list[Asked]]:
    return collect(bodies)


def resources(inventory: Inventory) -> list[dict[str, object]]:
    return [resource_data(item) for item in inventory.resources]


def posts(asked: list[Asked]) -> int:
    return sum(request.method == "POST" for request in asked)


def test_both_ways_give_the_same_inventory(bodies, listed):
    inventory, asked = collect(bodies, graph=True)
    assert resources(inventory) == resources(listed[0])
    assert inventory.notifications == listed[0].notifications
    assert posts(asked) > 1  # pages
    assert len(asked) < len(listed[1]) - 20


def test_one_resource_group_is_the_same_both_ways(bodies):
    group = next(id_.split("/")[4] for id_ in bodies if "/flexibleServers/" in id_)
    by_graph, asked = collect(bodies, graph=True, resource_groups=(group,))
    assert resources(by_graph) == resources(collect(bodies, resource_groups=(group,))[0])
    assert posts(asked)


@pytest.mark.parametrize(
    "answer",
    [
        error(403, "AuthorizationFailed"),
        error(400, "BadRequest"),
        Answer(b"<html>"),
        Answer(b"{}"),
        Answer(b'{"totalRecords": 3, "count": 1, "data": [{"id": "/subscriptions/a/b", "type": "c"}], "facets": []}'),
        Answer(b'{"totalRecords": 1, "count": 1, "data": [{"name": "no id"}], "facets": []}'),
    ],
)
def test_without_an_answer_every_type_is_listed(bodies, listed, answer):
    inventory, _ = collect(bodies, faults={GRAPH: [answer]}, graph=True)
    assert resources(inventory) == resources(listed[0])
    (said,) = [item for item in inventory.notifications if item.what.startswith("Resource Graph: ")]
    assert said.level is Level.NOTE
    assert ("missing permission Microsoft.ResourceGraph/resources/read" in said.what) == (answer.status == 403)


def test_a_type_that_it_does_not_have_in_full_is_listed(bodies, listed):
    servers = sorted(id_ for id_ in bodies if id_.rpartition("/")[0].endswith("/flexibleServers"))
    inventory, asked = collect(bodies, graph=True, lagging=(servers[0],))
    assert resources(inventory) == resources(listed[0])
    assert [request for request in asked if "/providers/Microsoft.DBforPostgreSQL/flexibleServers?" in request.path]


def test_nothing_but_the_query_is_posted(bodies):
    _, asked = collect(bodies, graph=True)
    assert {request.path.partition("?")[0].lower() for request in asked if request.method != "GET"} == {GRAPH}
