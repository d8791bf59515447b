"""How the source reads: pages, groups, and what it says where a call does not answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError

from scanner.model.inventory import Inventory
from scanner.model.value import Unknown, plain
from scanner.sources.azure import AzureOptions, AzureSource
from scanner.sources.azure.maps import Path, Read, all_reads, walk
from tests.http_server import Answer, Asked
from tests.sources.azure.arm_server import arm, error
from tests.sources.azure.support import Credential, collect
from tests.sources.azure.tripgen import BASE, SUBSCRIPTION, TENANT, tripgen

BODIES = tripgen().bodies
GROUPS = "azurerm_network_security_group"
REDIS = "azurerm_redis_cache"
SETTINGS = "azurerm_postgresql_flexible_server_configuration"
NAMESPACES = "azurerm_servicebus_namespace"
DENIED = error(403, "AuthorizationFailed")


def names(inventory: Inventory, type_: str) -> list[str]:
    return [item.identity["name"] for item in inventory.of_type(type_)]


def said(inventory: Inventory) -> list[str]:
    return [item.what for item in inventory.notifications]


def pages(asked: list[Asked], end: str) -> int:
    return sum(request.path.partition("?")[0].lower().endswith(end.lower()) for request in asked)


def test_all_pages_are_read() -> None:
    inventory, asked = collect(BODIES, [GROUPS])
    assert names(inventory, GROUPS) == ["nsg-aks-tripgen-prod", "nsg-database-tripgen-prod", "nsg-gateway-tripgen-prod"]
    assert pages(asked, "/networkSecurityGroups") == 2
    assert said(inventory) == []


def test_only_what_is_wanted_is_asked_for() -> None:
    _, asked = collect(BODIES, [GROUPS])
    paths = {request.path.partition("?")[0].rpartition("/")[2] for request in asked}
    assert paths == {"subscriptions", "resources", "networkSecurityGroups"}


def test_a_resource_has_the_shape_of_terraform() -> None:
    inventory, _ = collect(BODIES, [REDIS])
    (cache,) = inventory.of_type(REDIS)
    id_ = f"{BASE}/resourceGroups/rg-tripgen-prod/providers/Microsoft.Cache/redis/redis-tripgen-prod"
    assert (cache.address, cache.root) == (f"{REDIS}/{id_}", f"{SUBSCRIPTION}/koreacentral")
    assert cache.identity == {"id": id_, "name": "redis-tripgen-prod"}
    shown = plain(cache.attributes)
    assert isinstance(shown, dict)
    assert {name: shown[name] for name in ("sku_name", "zones", "location", "shard_count")} == {
        "sku_name": "Premium",
        "zones": ["1", "2"],
        "location": "koreacentral",
        "shard_count": 3,
    }
    (found,) = cache.lookup("redis_configuration.aof_backup_enabled")
    assert found.value.raw is True
    assert cache.lookup("primary_access_key")[0].value.is_unknown
    assert cache.lookup("no_such_attribute")[0].value.is_absent


def test_a_group_can_be_chosen() -> None:
    inventory, asked = collect(BODIES, [NAMESPACES], resource_groups=["rg-tripgen-prod-dr"])
    assert said(inventory) == []
    assert names(inventory, NAMESPACES) == ["sb-tripgen-prod-dr"]
    assert [request.path for request in asked if "/resourceGroups/rg-tripgen-prod/" in request.path] == []


def test_the_subscription_says_who_it_is() -> None:
    with arm(BODIES) as (url, _):
        identity = AzureSource(AzureOptions(endpoint=url, credential=Credential())).identity()
    assert identity == {"subscription": SUBSCRIPTION, "name": "TripGen", "tenant": TENANT}


def test_a_denied_listing_hides_its_types_and_no_others() -> None:
    inventory, _ = collect(BODIES, [GROUPS, REDIS], {"/providers/Microsoft.Cache/redis": [DENIED]})
    assert (
        f"Microsoft.Cache/redis {SUBSCRIPTION}: AuthorizationFailed (missing permission Microsoft.Cache/redis/read)"
        in said(inventory)
    )
    assert inventory.may_hide(REDIS) is not None
    assert inventory.may_hide(GROUPS) is None
    assert len(names(inventory, GROUPS)) == 3


def test_a_denied_detail_leaves_its_attribute_unknown() -> None:
    inventory, _ = collect(BODIES, [REDIS], {"/patchSchedules": [DENIED]})
    (cache,) = inventory.of_type(REDIS)
    assert isinstance(cache.lookup("patch_schedule")[0].value.raw, Unknown)
    assert cache.lookup("shard_count")[0].value.raw == 3
    assert "(missing permission Microsoft.Cache/redis/patchSchedules/read)" in said(inventory)[0]


def test_what_there_is_none_of_is_absent() -> None:
    without = {id_: body for id_, body in BODIES.items() if "patchSchedules" not in id_}
    inventory, _ = collect(without, [REDIS], {"/patchSchedules": [error(404, "NotFound")]})
    assert inventory.of_type(REDIS)[0].lookup("patch_schedule")[0].value.raw == ()
    assert said(inventory) == []


def test_a_page_that_fails_leaves_what_was_before_it() -> None:
    inventory, _ = collect(BODIES, [GROUPS], {"/networkSecurityGroups?2": [error(500, "InternalServerError")]})
    assert len(names(inventory, GROUPS)) == 2
    assert inventory.may_hide(GROUPS) is not None


def test_throttling_is_waited_for() -> None:
    busy = error(429, "TooManyRequests", **{"Retry-After": "0"})
    good = Answer(json.dumps({"value": []}).encode())
    inventory, _ = collect({}, [GROUPS], {"/networkSecurityGroups": [busy, busy, good]})
    assert said(inventory) == []


def test_throttling_without_end_is_said() -> None:
    inventory, asked = collect(
        BODIES, [GROUPS], {"/networkSecurityGroups": [error(429, "TooManyRequests", **{"Retry-After": "0"})]}
    )
    assert pages(asked, "/networkSecurityGroups") == 3
    assert inventory.may_hide(GROUPS) is not None


def test_a_provider_that_is_not_in_use_has_nothing_and_is_not_registered() -> None:
    unused = error(409, "MissingSubscriptionRegistration")
    inventory, asked = collect({}, [GROUPS], {"/networkSecurityGroups": [unused]})
    assert {request.method for request in asked} == {"GET"}
    assert inventory.resources == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>"),
        Answer(b"[]"),
        Answer(b"{}"),
        Answer(b'{"value": {}}'),
        Answer(b'{"value": [1]}'),
        Answer(b'{"value": [{}]}'),
        Answer(b'{"value": [], "nextLink": 7}'),
        Answer(b'{"value": [], "nextLink": "http://127.0.0.2:1/elsewhere"}'),
        Answer(b"", 302, {"Location": "http://127.0.0.2:1/elsewhere"}),
        Answer(b"[]", 500),
    ],
    ids=lambda answer: f"{answer.status} {answer.body.decode()}",
)
def test_an_answer_of_another_shape_is_no_empty_answer(answer: Answer) -> None:
    inventory, _ = collect({}, [GROUPS], {"/networkSecurityGroups": [answer]}, attempts=1)
    assert inventory.may_hide(GROUPS) is not None


@pytest.mark.parametrize("properties", [7, "text", [], None, {"securityRules": [1]}, {"securityRules": 7}])
def test_an_item_of_another_shape_does_not_stop_the_rest(properties: Any) -> None:
    odd = {
        "id": f"{BASE}/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/odd",
        "name": "odd",
        "properties": properties,
    }
    good = next(body for id_, body in BODIES.items() if id_.endswith("/nsg-aks-tripgen-prod"))
    answer = Answer(json.dumps({"value": [odd, good]}).encode())
    inventory, _ = collect({}, [GROUPS], {"/networkSecurityGroups": [answer]})
    assert "nsg-aks-tripgen-prod" in names(inventory, GROUPS)
    assert inventory.may_hide(GROUPS) is not None


def test_what_is_listed_but_not_read_is_said() -> None:
    empty = Answer(b'{"value": []}')
    inventory, _ = collect(BODIES, [REDIS], {"/providers/Microsoft.Cache/redis": [empty]})
    assert inventory.may_hide(REDIS) is not None
    assert said(inventory)[0].endswith("/redis-tripgen-prod is listed but was not read")


def test_what_a_filter_leaves_out_is_not_missed() -> None:
    kind = "azurerm_application_insights_workbook"
    book = f"{BASE}/resourceGroups/g/providers/Microsoft.Insights/workbooks/of-another-category"
    bodies: dict[str, Any] = {book: {"id": book, "name": "x", "type": "Microsoft.Insights/workbooks", "properties": {}}}
    inventory, _ = collect(bodies, [kind], {"/providers/Microsoft.Insights/workbooks": [Answer(b'{"value": []}')]})
    assert said(inventory) == []


def test_an_expired_token_is_asked_with_once() -> None:
    faults = {f"/{read.path.text}": [error(401, "ExpiredAuthenticationToken")] for read in all_reads()}
    inventory, asked = collect(BODIES, None, faults, workers=1)
    assert inventory.resources == []
    assert pages(asked, "/networkSecurityGroups") + pages(asked, "/vaults") <= 1
    assert inventory.may_hide(GROUPS) is not None


def test_without_credentials_everything_is_hidden() -> None:
    class Expired:
        def get_token(self, *_: str, **__: Any) -> Any:
            raise ClientAuthenticationError("expired")

    found = AzureSource(AzureOptions(credential=Expired(), subscriptions=(SUBSCRIPTION,), attempts=1)).collect()
    assert found.resources == []
    assert found.may_hide("azurerm_anything") is not None
    assert any("no valid credentials" in text for text in said(found))


def _every_path() -> list[tuple[str, frozenset[str]]]:
    """The end of every path, and the types of the listing that it belongs to."""
    found = [(path.text, top.types()) for top in all_reads() for path in _paths(top)]
    return sorted((f"/{text.strip('/')}", types) for text, types in found if isinstance(text, str))


def _paths(top: Read) -> list[Path]:
    return [path for read in walk([top]) for path in (read.path, *read.details.values())]


FAULTS = [
    DENIED,
    error(429, "TooManyRequests", **{"Retry-After": "0"}),
    error(500, "InternalServerError"),
    error(401, "ExpiredAuthenticationToken"),
    Answer(b"<html>"),
    Answer(b"{}"),
]


@pytest.fixture(scope="module")
def everything() -> set[str]:
    return {item.address for item in collect(BODIES)[0].resources}


@pytest.mark.parametrize(("at", "path", "types"), [(at, *item) for at, item in enumerate(_every_path())])
def test_whatever_fails_nothing_is_lost_and_nothing_stops(
    everything: set[str], at: int, path: str, types: frozenset[str]
) -> None:
    inventory, _ = collect(BODIES, types, {path: [FAULTS[at % len(FAULTS)]]}, attempts=2)
    expected = {address for address in everything if address.partition("/")[0] in types}
    missing = expected - {item.address for item in inventory.resources}
    assert all(inventory.may_hide(address.partition("/")[0]) for address in missing)
    assert inventory.notifications
