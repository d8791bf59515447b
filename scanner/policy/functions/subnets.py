"""Whether a subnet serves one service alone: by delegation, or as the home of its private endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import Found, as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Unknown, Value
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, text, texts, undecided
from scanner.policy.functions.linked import UNSURE, referred
from scanner.policy.links import mentions, same_address, settled
from scanner.policy.operators import is_empty
from scanner.policy.world import Subject, hidden_by

_ENDPOINT: Final = "azurerm_private_endpoint"
_TARGET: Final = "private_service_connection.private_connection_resource_id"
_RESIDENCE: Final = re.compile(r"(^|_)subnet_id$")
_NO_RESIDENT: Final = re.compile(r"_association$|network_rule|_rule_set$|^azurerm_subnet|^data\.")
"""Types and blocks that speak of a subnet without putting anything into it."""


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    subnet = subject.resource
    unknown = missing(arguments)
    if subnet is None or unknown is not None:
        return undecided(subject, unknown or UNSURE)
    delegated = text(arguments, "mode") == "vnet_injection"
    services = tuple(texts(arguments, "services"))
    outcomes = [_delegation(subject, subnet, text(arguments, "delegation") if delegated else None)]
    return all_hold([*outcomes, *_residents(subject, subnet, services, delegated)])


def _delegation(subject: Subject, subnet: Resource, wanted: str | None) -> Outcome:
    """None but the wanted delegation, and that one; without a wanted one there must be none."""
    block = lookup(subnet.attributes, "delegation")[0].value
    if isinstance(block.raw, Unknown):
        return undecided(subject, block.raw, block, "delegation")
    if wanted is None:
        if is_empty(block):
            return HOLDS
        words = Text(
            "the subnet is delegated, so it can hold no private endpoint",
            "서브넷이 위임되어 프라이빗 엔드포인트를 둘 수 없음",
        )
        return said(Verdict.FAIL, subject, words, path="delegation", at=lookup(block, "[0]")[0].value)
    path = "delegation[0].service_delegation[0].name"
    name = lookup(subnet.attributes, path)[0].value
    if isinstance(name.raw, Unknown):
        return undecided(subject, name.raw, name, path)
    if as_text(name) == wanted:
        return HOLDS
    words = Text(f"the subnet is not delegated to {wanted}", f"서브넷이 {wanted}에 위임되지 않음")
    return said(Verdict.FAIL, subject, words, path=path, at=name, expected=wanted, actual=as_text(name))


def _residents(subject: Subject, subnet: Resource, services: tuple[str, ...], delegated: bool) -> Iterator[Outcome]:
    """What is wrong, or undecided, with everything that lives in the subnet."""
    world = subject.world
    hidden = world.inventory.may_hide(_ENDPOINT)
    if hidden is not None:
        yield undecided(subject, hidden_by(hidden))
    for resource in world.inventory.resources:
        if resource.root != subnet.root or _NO_RESIDENT.search(resource.type):
            continue
        for value in _residences(resource.attributes):
            lives = _lives_in(value, subnet)
            if isinstance(lives, Unknown):
                yield undecided(subject, lives, value)
            elif lives:
                yield _resident(subject, resource, value, services, delegated)


def _resident(
    subject: Subject, resource: Resource, value: Value, services: tuple[str, ...], delegated: bool
) -> Outcome:
    if resource.type in services:
        return HOLDS
    if resource.type == _ENDPOINT and not delegated:
        linked = referred(subject.world, resource, _TARGET, services)
        if linked.certain:
            return HOLDS
        if linked.doubts:
            return undecided(subject, linked.doubts[0].unknown, linked.doubts[0].value)
    words = Text(f"{resource.address} lives in the subnet too", f"{resource.address} 리소스도 이 서브넷에 있음")
    return said(Verdict.FAIL, subject, words, at=value)


def _residences(value: Value, name: str = "") -> Iterator[Value]:
    """The values of attributes that say in which subnet something lives."""
    raw = value.raw
    if _RESIDENCE.search(name) and not value.is_absent:
        yield value
    elif isinstance(raw, Mapping):
        for key, item in raw.items():
            if not _NO_RESIDENT.search(key):
                yield from _residences(item, key)
    elif isinstance(raw, Sequence) and not isinstance(raw, str):
        for item in raw:
            if isinstance(item, Value):
                yield from _residences(item)


def _lives_in(value: Value, subnet: Resource) -> bool | Unknown:
    name = as_text(lookup(subnet.attributes, "name")[0].value)
    doubt: Unknown | None = None
    for mention in mentions([Found("", value)]):
        if any(same_address(ref.address, subnet.address) for ref in mention.refs):
            if settled(mention):
                return True
            doubt = doubt or mention.opaque or UNSURE
        elif mention.text and name and mention.text.lower().endswith(f"/subnets/{name.lower()}"):
            return True
        elif mention.opaque is not None and not mention.refs:
            doubt = doubt or mention.opaque
    return doubt or False


FUNCTIONS = (
    Function(
        "subnet_dedicated",
        "Whether a subnet is delegated to one service, or holds only its private endpoints, as `mode` says",
        ("mode", "services", "delegation"),
        _decide,
    ),
)
