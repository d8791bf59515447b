"""What tells a resource apart from others of its type, on either side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from scanner.drift.data import keys_of
from scanner.drift.resolve import Resolver, names_of, region_of
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.value import Unknown

TAG: Final = ("tags.Name",)
_MOST_SPELLINGS: Final = 64
_READ_AS: Final = {
    "aws_alb": "aws_lb",
    "aws_alb_listener": "aws_lb_listener",
    "aws_alb_listener_rule": "aws_lb_listener_rule",
    "aws_alb_target_group": "aws_lb_target_group",
    "aws_default_route_table": "aws_route_table",
    "aws_default_vpc": "aws_vpc",
    "aws_default_subnet": "aws_subnet",
    "aws_elasticsearch_domain": "aws_opensearch_domain",
}
"""Types that an account tells under another name with the same attributes."""


def read_as(type_: str) -> str:
    """The type under which an account has what code declares as `type_`."""
    return _READ_AS.get(type_, type_)


def alternatives(type_: str) -> list[tuple[str, ...]]:
    """What may tell resources of a type apart, in the order in which it is tried; the tag Name is the last resort."""
    known = list(keys_of(type_).alternatives)
    return known if TAG in known else [*known, TAG]


def code_keys(resource: Resource, key: Sequence[str], resolver: Resolver) -> list[tuple[str, ...]] | None:
    """The texts that the key may have in the account; None where it is not known, or not written at all."""
    parts: list[list[str]] = []
    for path in key:
        options = _options(resource, path, resolver)
        if options is None:
            return None
        parts.append(options)
    if all(options == [""] for options in parts):
        return None
    return list(_limited(product(*parts)))


def live_key(resource: Resource, key: Sequence[str]) -> tuple[str, ...] | None:
    """The key of a resource of the account; None where it has none."""
    texts = []
    for path in key:
        value = lookup(resource.attributes, path)[0].value
        text = "" if value.is_absent else as_text(value)
        if text is None:
            return None
        texts.append(_spelled(resource.type, text))
    return tuple(texts) if any(texts) else None


def fits_place(code: Resource, live: Resource) -> bool:
    """Whether both may lie in the same region; what a resource does not tell fits any."""
    region = region_of(code)
    place = live.root.rpartition("/")[2]
    return region is None or "/" not in live.root or place in ("global", region)


def _options(resource: Resource, path: str, resolver: Resolver) -> list[str] | None:
    value = resolver.value(lookup(resource.attributes, path)[0].value, resource)
    if isinstance(value.raw, Unknown):
        return None
    text = "" if value.is_absent else as_text(value)
    if text is None:
        return None
    if path == "region" and not text:
        text = region_of(resource) or ""
    found = {_spelled(resource.type, text): None}
    for named in resolver.names.of(text) if text else ():
        found.update({_spelled(resource.type, other): None for other in sorted(names_of(named))})
    if resource.type == "aws_route53_record" and path == "name":
        found.update({_spelled(resource.type, f"{text}.{zone}"): None for zone in _zones(resource, resolver)})
    return list(found)


def _zones(resource: Resource, resolver: Resolver) -> Iterator[str]:
    """The names of the zone of a record: a record may be named relative to it."""
    zone = resolver.value(lookup(resource.attributes, "zone_id")[0].value, resource)
    for found in resolver.names.of(zone.raw) if isinstance(zone.raw, str) else ():
        name = as_text(lookup(found.attributes, "name")[0].value)
        if name:
            yield name


def _spelled(type_: str, text: str) -> str:
    if type_.startswith("aws_route53_"):
        return text.rstrip(".").lower().replace("\\052", "*")
    return text.lower() if type_.startswith("azurerm_") else text


def _limited(keys: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    for count, key in enumerate(keys):
        if count == _MOST_SPELLINGS:
            return
        yield key
