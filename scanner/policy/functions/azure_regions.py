"""Whether Azure resources live where the document says: what serves users at home, copies in the recovery region."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.model.finding import Verdict
from scanner.model.path import lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, texts, undecided
from scanner.policy.readers import read_region
from scanner.policy.structures import Mismatch, Undecided
from scanner.policy.world import Subject

_GLOBAL = "global"
_SERVES_USERS = (
    "azurerm_application_gateway",
    "azurerm_container_registry",
    "azurerm_key_vault",
    "azurerm_kubernetes_cluster",
    "azurerm_log_analytics_workspace",
    "azurerm_postgresql_flexible_server",
    "azurerm_redis_cache",
    "azurerm_servicebus_namespace",
    "azurerm_virtual_network",
)
"""Types of which the one in the recovery region is a second one, never the only one."""
_COPIES = ("Replica", "GeoRestore", "PointInTimeRestore")
_NOTHING = Unknown(Reason.UNSUPPORTED, Words("there is no Azure resource in the code", "코드에 Azure 리소스가 없음"))


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    located = [
        (resource, value)
        for type_ in sorted(subject.world.inventory.types())
        if type_.startswith("azurerm_")
        for resource in subject.world.of_types((type_,))
        if not (value := lookup(resource.attributes, "location")[0].value).is_absent
    ]
    if not located:
        return undecided(subject, _NOTHING)
    return all_hold(_outcomes(subject, located, texts(arguments, "primary"), texts(arguments, "recovery")))


def _outcomes(
    subject: Subject, located: list[tuple[Resource, Value]], primary: list[str], recovery: list[str]
) -> Iterator[Outcome]:
    at_home = {resource.type for resource, value in located if _region(value) in primary and not _is_copy(resource)}
    for resource, value in located:
        if isinstance(value.raw, Unknown):
            yield undecided(subject, value.raw, value, "location")
            continue
        region = _region(value)
        alone = resource.type in _SERVES_USERS and not _is_copy(resource) and resource.type not in at_home
        if region in primary or region == _GLOBAL or (region in recovery and not alone):
            continue
        words = Text(
            f"{resource.address} lives in {region}, expected {', '.join(primary)}",
            f"{resource.address} 리소스가 {region}에 있는데 {', '.join(primary)}이어야 함",
        )
        yield said(
            Verdict.FAIL, subject, words, path="location", at=value, expected=list(primary), actual=str(value.raw)
        )


def _is_copy(resource: Resource) -> bool:
    return lookup(resource.attributes, "create_mode")[0].value.raw in _COPIES


def _region(value: Value) -> str | None:
    try:
        return read_region(value)
    except (Mismatch, Undecided):
        return None


FUNCTIONS = (
    Function(
        "azure_locations",
        "Whether every Azure resource is in a primary region, and only copies and companions in the recovery region",
        ("primary",),
        _decide,
        ("recovery",),
        set_level=True,
    ),
)
