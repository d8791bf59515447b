"""What the document states of both sides, brought together: the same fact on the code and on the account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from scanner.model.finding import Verdict
from scanner.model.resource import Resource
from scanner.model.stated import Stated
from scanner.model.value import Reference, Value, items_of

_INDEX: Final = re.compile(r'\["([^"]*)"\]|\[[^\]]*\]')


class Anchor(NamedTuple):
    """What a fact is about: a pair (by number), a resource that only one side has, a component, or nothing single."""

    kind: str
    key: int | str


NOWHERE: Final = Anchor("sets", "")


@dataclass(frozen=True, slots=True)
class Claim:
    """One fact of the document on both sides; a side is None where nothing is stated of it there."""

    anchor: Anchor
    code: Stated | None
    account: Stated | None

    @property
    def fact(self) -> Stated:
        """The fact as either side has it, that of the code first."""
        found = self.code or self.account
        assert found is not None
        return found

    @property
    def breaks_code(self) -> bool:
        """Whether the code certainly does not hold it."""
        return self.code is not None and self.code.verdict is Verdict.FAIL

    @property
    def breaks_account(self) -> bool:
        """Whether the account certainly does not hold it."""
        return self.account is not None and self.account.verdict is Verdict.FAIL

    @property
    def undecided_code(self) -> bool:
        """Whether it is not known of the code: then nobody can say that it was the account that moved."""
        return self.code is not None and self.code.verdict is Verdict.UNKNOWN

    @property
    def unknown(self) -> bool:
        """Whether one side could not be decided."""
        return any(fact is not None and fact.verdict is Verdict.UNKNOWN for fact in (self.code, self.account))

    @property
    def failing(self) -> Iterator[Stated]:
        """The sides that do not hold it."""
        return (fact for fact in (self.code, self.account) if fact is not None and fact.verdict is Verdict.FAIL)


def claims(
    code: Iterable[Stated], account: Iterable[Stated], anchors: Mapping[int, Anchor], elsewhere: frozenset[str]
) -> list[Claim]:
    """Every fact once. `anchors` are those of resources by `id()`; facts at other resources are left out.

    `elsewhere` are the components that code has in another system, where the account cannot tell.
    """
    ours, theirs = _keyed(code, anchors), _keyed(account, anchors)
    _spread(ours, theirs)
    _spread(theirs, ours)
    return [
        Claim(key[1], ours.get(key), theirs.get(key))
        for key in dict.fromkeys([*ours, *theirs])
        if not (key[1].kind == "component" and key[1].key in elsewhere)
    ]


_Key = tuple[str, Anchor, str]


def _keyed(facts: Iterable[Stated], anchors: Mapping[int, Anchor]) -> dict[_Key, Stated]:
    found: dict[_Key, Stated] = {}
    for fact in facts:
        anchor = anchor_of(fact, anchors)
        if anchor is not None:
            key = (fact.requirement, anchor, fact.path or "")
            if key not in found or _rank(fact) > _rank(found[key]):
                found[key] = fact
    return found


def _rank(fact: Stated) -> int:
    return {Verdict.FAIL: 2, Verdict.UNKNOWN: 1}.get(fact.verdict, 0)


def anchor_of(fact: Stated, anchors: Mapping[int, Anchor]) -> Anchor | None:
    """What a fact is about; None where its resource is none of those that are compared."""
    if fact.resource is not None:
        return anchors.get(id(fact.resource))
    return Anchor("component", fact.component) if fact.component is not None else NOWHERE


def _spread(whole: dict[_Key, Stated], single: Mapping[_Key, Stated]) -> None:
    """A component that one side lacks lacks every fact that the other side has of it."""
    for key, fact in [(key, fact) for key, fact in whole.items() if key[1].kind == "component"]:
        twins = [
            other
            for other, known in single.items()
            if other[0] == key[0] and known.component == fact.component and other[1].kind != "component"
        ]
        if twins:
            del whole[key]
        for other in twins:
            whole.setdefault(other, fact)


def bare(path: str) -> str:
    """A path without indexes; keys in quotes are names like others."""
    return _INDEX.sub(lambda match: f".{match[1]}" if match[1] else "", path)


def overlap(one: str, other: str) -> bool:
    """Whether two paths are of the same attribute, or one of them lies within the other; `|` separates alternatives."""
    return any(_within(first, second) for first in bare(one).split("|") for second in bare(other).split("|"))


def _within(one: str, other: str) -> bool:
    first, second = one.strip().removesuffix(".*").split("."), other.strip().removesuffix(".*").split(".")
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def linked(one: Resource, other: Resource) -> bool:
    """Whether a resource of code names another one of code anywhere among its references."""
    return one.root == other.root and any(ref.address == other.address for ref in _references(one.attributes))


def _references(value: Value) -> Iterator[Reference]:
    yield from value.refs
    raw = value.raw
    for item in raw.values() if isinstance(raw, Mapping) else items_of(value):
        yield from _references(item)
