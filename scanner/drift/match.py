"""Which resource of the account is which of the code: by state, component, identity, name, tag, then by links.

A pair is made only where nothing else fits either of the two; what fits several is told, not guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scanner.drift.data import keys_of, listed
from scanner.drift.identify import TAG, alternatives, code_keys, fits_place, live_key, read_as
from scanner.drift.links import linked
from scanner.drift.resolve import Resolver
from scanner.model.path import lookup
from scanner.model.resource import Resource
from scanner.model.value import fields_of


@dataclass(slots=True, frozen=True)
class Bound:
    """The resources of a component of the document on either side, certain ones only."""

    code: Sequence[Resource]
    live: Sequence[Resource]


@dataclass(slots=True, frozen=True)
class Pair:
    """One thing, in code and in the account, and how that is known (`state`, `binding`, `identity`, …)."""

    code: Resource
    live: Resource
    matched_by: str


@dataclass(slots=True)
class Matching:
    """Every resource of both sides, once.

    missing    in code, certainly not in the account
    unmanaged  in the account, certainly not in code
    ambiguous  resources of code with the several of the account that fit
    unsure     resources of code of which it is not known what names them in the account
    """

    pairs: list[Pair] = field(default_factory=list)
    missing: list[Resource] = field(default_factory=list)
    unmanaged: list[Resource] = field(default_factory=list)
    ambiguous: list[tuple[Resource, list[Resource]]] = field(default_factory=list)
    unsure: list[Resource] = field(default_factory=list)


def match(
    code: Iterable[Resource],
    live: Iterable[Resource],
    resolver: Resolver,
    bound: Iterable[Bound] = (),
    stored: Mapping[str, Resource] | None = None,
) -> Matching:
    """Pairs the resources of code with those of the account; `stored` are those of a state by address."""
    matcher = _Matcher(code, live, resolver)
    matcher.by_state(stored or {})
    matcher.by_binding(bound)
    matcher.until_nothing_fits()
    return matcher.matching()


class _Matcher:
    def __init__(self, code: Iterable[Resource], live: Iterable[Resource], resolver: Resolver) -> None:
        self._code = {id(resource): resource for resource in code}
        self._live = {id(resource): resource for resource in live}
        self._code_of, self._live_of = _by_type(self._code.values()), _by_type(self._live.values())
        self._resolver = resolver
        self._pairs: list[Pair] = []

    def _left(self, type_: str) -> list[Resource]:
        """The resources of the account, of the type that code calls so, that have no twin yet."""
        return [item for item in self._live_of.get(read_as(type_), ()) if id(item) in self._live]

    def by_state(self, stored: Mapping[str, Resource]) -> None:
        """The state says which id each address has."""
        for resource in list(self._code.values()):
            known = stored.get(resource.address)
            if known is None:
                continue
            hits = {
                id(found): found
                for text in known.identity.values()
                for found in self._resolver.names.of(text)
                if found.type == read_as(resource.type) and id(found) in self._live
            }
            if len(hits) == 1:
                self._pair(resource, next(iter(hits.values())), "state")

    def by_binding(self, bound: Iterable[Bound]) -> None:
        """The baseline's component stands for one resource on each side."""
        for component in bound:
            code = [resource for resource in component.code if id(resource) in self._code]
            live = [resource for resource in component.live if id(resource) in self._live]
            if len(code) == len(live) == 1 and read_as(code[0].type) == live[0].type and fits_place(code[0], live[0]):
                self._pair(code[0], live[0], "binding")

    def until_nothing_fits(self) -> None:
        """Every pair may tell what another resource refers to, so that is tried again."""
        while True:
            before = len(self._pairs)
            for type_ in sorted(self._code_of):
                for key in keys_of(type_).alternatives:
                    self._by_key(type_, key, "tag" if key == TAG else "identity" if listed(type_) else "name")
            if len(self._pairs) > before:
                continue
            for type_ in sorted(self._code_of):
                self._by_key(type_, TAG, "tag")
            if len(self._pairs) == before and not self._by_links():
                return

    def _by_key(self, type_: str, key: Sequence[str], how: str) -> None:
        found = self._candidates(type_, key)
        claims: dict[int, int] = defaultdict(int)
        for _, hits in found:
            for hit in hits:
                claims[id(hit)] += 1
        for resource, hits in found:
            if len(hits) == 1 and claims[id(hits[0])] == 1:
                self._pair(resource, hits[0], how)

    def _candidates(self, type_: str, key: Sequence[str]) -> list[tuple[Resource, list[Resource]]]:
        index: dict[tuple[str, ...], list[Resource]] = defaultdict(list)
        for resource in self._left(type_):
            if (own := live_key(resource, key)) is not None:
                index[own].append(resource)
        found = []
        for resource in [item for item in self._code_of.get(type_, ()) if id(item) in self._code]:
            keys = code_keys(resource, key, self._resolver) or ()
            hits = {id(hit): hit for one in keys for hit in index.get(one, ()) if fits_place(resource, hit)}
            if hits:
                found.append((resource, list(hits.values())))
        return found

    def _by_links(self) -> bool:
        pairs = [(pair.code, pair.live) for pair in self._pairs]
        made = linked(pairs, self._code.values(), self._live.values(), self._resolver)
        for code, live in made:
            self._pair(code, live, "links")
        return bool(made)

    def _pair(self, code: Resource, live: Resource, how: str) -> None:
        del self._code[id(code)], self._live[id(live)]
        self._pairs.append(Pair(code, live, how))
        self._resolver.pair(code, live)

    def matching(self) -> Matching:
        """What is left is missing or unmanaged, unless it may be the other side of something else that is left."""
        result = Matching(pairs=self._pairs)
        doubtful: set[int] = set()
        for resource in self._code.values():
            hits, known = self._fitting(resource)
            if hits:
                result.ambiguous.append((resource, hits))
                doubtful.update(id(hit) for hit in hits)
            elif not known or resource.undecided is not None:
                result.unsure.append(resource)
            else:
                result.missing.append(resource)
        for resource in self._live.values():
            perhaps = any(read_as(item.type) == resource.type and fits_place(item, resource) for item in result.unsure)
            if id(resource) not in doubtful and not perhaps:
                result.unmanaged.append(resource)
        return result

    def _fitting(self, resource: Resource) -> tuple[list[Resource], bool]:
        """The resources of the account that are left and fit, and whether it is known at all what would."""
        known = False
        pool = self._left(resource.type)
        for key in alternatives(resource.type):
            keys = code_keys(resource, key, self._resolver)
            if keys is None:
                continue
            known = known or any(all(one) for one in keys)
            hits = [item for item in pool if live_key(item, key) in keys and fits_place(resource, item)]
            if hits:
                return hits, True
        return [], known


def _by_type(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in resources:
        found[resource.type].append(resource)
    return found


def without_parts(resources: Sequence[Resource], resolver: Resolver) -> list[Resource]:
    """Leftovers without those that are only a part of another one of them: what is said of that holds for its parts."""
    addresses = {(resource.root, resource.address) for resource in resources}
    ids = {id(resource) for resource in resources}
    return [resource for resource in resources if not _part(resource, addresses, ids, resolver)]


def _part(resource: Resource, addresses: set[tuple[str, str]], ids: set[int], resolver: Resolver) -> bool:
    attribute = keys_of(resource.type).part_of
    if not attribute or attribute not in fields_of(resource.attributes):
        return False
    value = lookup(resource.attributes, attribute)[0].value
    if any((resource.root if ref.root is None else ref.root, ref.address) in addresses for ref in value.refs):
        return True
    return isinstance(value.raw, str) and any(
        id(found) in ids and found is not resource for found in resolver.names.of(value.raw)
    )
