"""Pairs that follow from links: what a resource of code refers to is what its twin in the account refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from scanner.drift.identify import alternatives, code_keys, fits_place, read_as
from scanner.drift.resolve import Resolver
from scanner.model.resource import Resource
from scanner.model.value import Value, items_of

_OWN = frozenset({"id", "arn", "key_id", "allocation_id", "name"})
"""What a resource is called by others."""


def linked(
    pairs: Sequence[tuple[Resource, Resource]],
    code: Collection[Resource],
    live: Collection[Resource],
    resolver: Resolver,
) -> list[tuple[Resource, Resource]]:
    """Further pairs among what is left, where every link agrees and the resource has no name of its own."""
    by_address = {(item.root, item.address): item for item in code if not _named(item, resolver)}
    left = {id(item): item for item in live}
    targets: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        for root, address, text in _links(one, other):
            item = by_address.get((root, address))
            if item is None:
                continue
            hits = [hit for hit in resolver.names.of(text) if hit.type == read_as(item.type) and fits_place(item, hit)]
            targets[id(item)].update(id(hit) for hit in hits)
    sources: dict[int, int] = defaultdict(int)
    for found in targets.values():
        for target in found:
            sources[target] += 1
    return [
        (item, left[target])
        for item in by_address.values()
        for target in targets.get(id(item), ())
        if len(targets[id(item)]) == 1 and sources[target] == 1 and target in left
    ]


def _named(resource: Resource, resolver: Resolver) -> bool:
    return any(code_keys(resource, key, resolver) is not None for key in alternatives(resource.type))


def _links(code: Resource, live: Resource) -> Iterator[tuple[str, str, str]]:
    """Where code names another resource, the text that the account has there."""
    yield from _between(code.attributes, live.attributes, code.root)


def _between(code: Value, live: Value, root: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(code.raw, Mapping) and isinstance(live.raw, Mapping):
        for name, item in code.raw.items():
            other = live.raw.get(name)
            if other is not None and name not in ("provider", "depends_on", "lifecycle"):
                yield from _between(item, other, root)
        return
    ones, others = items_of(code), items_of(live)
    if ones and len(ones) == len(others) == 1:
        yield from _between(ones[0], others[0], root)
    elif len(code.refs) == 1 and code.refs[0].attribute in _OWN and isinstance(live.raw, str):
        ref = code.refs[0]
        yield (root if ref.root is None else ref.root, ref.address, live.raw)
