"""The table of document, code and account: one line for each fact, and never two for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from scanner.drift.claims import NOWHERE, Anchor, Claim, claims, linked, overlap
from scanner.drift.compare import Difference, Open
from scanner.drift.match import Pair
from scanner.drift.rows import Row
from scanner.model.drift import Drift
from scanner.model.resource import Resource
from scanner.model.stated import Stated

_EVERYTHING: Final = frozenset({"*/*", "aws_*", "azurerm_*"})
"""What explains no fact: it is about a whole cloud."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair with what differs in it, and what may."""

    pair: Pair
    differences: Sequence[Difference]
    open: Sequence[Open]


@dataclass(frozen=True, slots=True)
class Documented:
    """What the document states of both sides, and the resources of its components."""

    code: Sequence[Stated] = ()
    account: Sequence[Stated] = ()
    components: Mapping[int, str] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """The lines, and the documented facts that could not be decided."""

    lines: list[Drift]
    undecided: list[Claim]


def table(
    compared: Sequence[Compared], missing: Iterable[Resource], unmanaged: Iterable[Resource], documented: Documented
) -> Table:
    """Every difference and every documented fact as one line."""
    making = _Making(compared, missing, unmanaged, documented)
    for claim in claims(documented.code, documented.account, making.anchors, documented.elsewhere):
        making.take(claim)
    lines = [row.drift() for row in making.rows]
    return Table(sorted(lines, key=_order), making.undecided)


def _order(line: Drift) -> tuple[int, str, str, str, str]:
    order = (
        "changed_by_hand", "next_apply_breaks", "violation_deployed", "not_deployed", "unmanaged", "plain_drift",
        "as_built",
    )  # fmt: skip
    resource = line.resource
    address = resource.address if resource else ""
    return order.index(line.meaning.value), line.component or "~", line.type, address, line.path or ""


class _Making:
    def __init__(
        self,
        compared: Sequence[Compared],
        missing: Iterable[Resource],
        unmanaged: Iterable[Resource],
        documented: Documented,
    ) -> None:
        self.rows: list[Row] = []
        self.undecided: list[Claim] = []
        self.anchors: dict[int, Anchor] = {}
        self._pairs: dict[Anchor, Pair] = {}
        self._at: dict[Anchor, list[Row]] = defaultdict(list)
        self._facts: dict[tuple[Anchor, str, bool, bool], Row] = {}
        self._components = documented.components
        for number, item in enumerate(compared):
            anchor = Anchor("pair", number)
            self._pairs[anchor] = item.pair
            self.anchors[id(item.pair.code)] = self.anchors[id(item.pair.live)] = anchor
            for difference in item.differences:
                self._add(anchor, self._different(item.pair, difference))
        for resource in missing:
            self._leftover(resource, Row(code=resource, differs=True, location=resource.location))
        for resource in unmanaged:
            self._leftover(resource, Row(live=resource, differs=True))

    def _different(self, pair: Pair, difference: Difference) -> Row:
        row = Row.of_pair(pair, self._component(pair))
        row.path, row.location, row.differs = difference.path, difference.location, True
        row.in_code, row.in_account = difference.in_code, difference.in_account
        return row

    def _leftover(self, resource: Resource, row: Row) -> None:
        anchor = Anchor("alone", id(resource))
        self.anchors[id(resource)] = anchor
        row.type, row.component = resource.type, self._components.get(id(resource))
        self._add(anchor, row)

    def _component(self, pair: Pair) -> str | None:
        return self._components.get(id(pair.code)) or self._components.get(id(pair.live))

    def _add(self, anchor: Anchor, row: Row) -> Row:
        self.rows.append(row)
        self._at[anchor].append(row)
        return row

    def take(self, claim: Claim) -> None:
        """Puts a fact to the lines that it is about; without any, it gets one of its own."""
        here = self._at.get(claim.anchor, ())
        if claim.anchor.kind == "alone":
            for row in here:
                row.claims.append(claim)
            return
        if claim.fact.path:
            about = [row for row in here if row.differs and row.path and overlap(row.path, claim.fact.path)]
        else:
            about = self._about(claim, here)
        for row in about:
            row.claims.append(claim)
        if about:
            return
        if claim.unknown:
            self.undecided.append(claim)
        elif claim.account is not None and (claim.code is not None or claim.breaks_account):
            self._own(claim)

    def _about(self, claim: Claim, here: Sequence[Row]) -> list[Row]:
        """The lines that explain why a fact about several attributes or resources holds on one side only."""
        if claim.unknown:
            return []
        if claim.breaks_code == claim.breaks_account:
            return self._seen(claim) if claim.breaks_code else []
        own = [row for row in here if row.differs]
        near, far = self._depends(claim)
        pair = self._pairs.get(claim.anchor)
        elsewhere = pair is not None and not any(fnmatchcase(pair.code.type, type_) for type_ in self._types(claim))
        return self._seen(claim) or (near if elsewhere else own) or own or near or far

    def _seen(self, claim: Claim) -> list[Row]:
        found: dict[int, Row] = {}
        for fact in claim.failing:
            for resource, path in fact.seen:
                if resource is fact.resource and path is None:
                    continue
                for row in self._at.get(self.anchors.get(id(resource), NOWHERE), ()):
                    if row.differs and (path is None or row.path is None or overlap(row.path, path)):
                        found[id(row)] = row
        return list(found.values())

    def _depends(self, claim: Claim) -> tuple[list[Row], list[Row]]:
        """The lines about resources of types that the fact depends on: those linked with its own one, and all."""
        types = self._types(claim)
        rows = [row for row in self.rows if row.differs and any(fnmatchcase(row.type, type_) for type_ in types)]
        pair = self._pairs.get(claim.anchor)
        return [row for row in rows if pair is not None and _near(row, pair)], rows

    @staticmethod
    def _types(claim: Claim) -> frozenset[str]:
        types = claim.fact.types | (claim.account.types if claim.account else frozenset())
        return types - _EVERYTHING

    def _own(self, claim: Claim) -> None:
        """A line of the fact's own, shared by all requirements that say the same of one attribute."""
        path = claim.fact.path or next((path for path in self._paths(claim)), None)
        key = (claim.anchor, path or "", claim.breaks_code, claim.breaks_account)
        known = self._facts.get(key)
        if known is not None:
            known.claims.append(claim)
            return
        pair = self._pairs.get(claim.anchor)
        row = Row.of_pair(pair, self._component(pair)) if pair else Row(component=claim.fact.component)
        row.type = row.type or next(iter(sorted(claim.fact.types)), "")
        row.path, row.location = path, claim.fact.location
        row.in_code = claim.code.actual if claim.code else None
        row.in_account = claim.account.actual if claim.account else None
        row.claims.append(claim)
        self._add(claim.anchor, row)
        self._facts[key] = row

    def _paths(self, claim: Claim) -> Iterator[str]:
        """The attributes of its own resource because of which a fact does not hold."""
        for fact in claim.failing:
            for resource, path in fact.seen:
                if path is not None and self.anchors.get(id(resource)) == claim.anchor:
                    yield path


def _near(row: Row, pair: Pair) -> bool:
    if row.code is not None:
        return linked(row.code, pair.code)
    texts = {text for text in pair.live.identity.values() if text}
    raw = row.live.attributes.raw if row.live is not None else None
    return isinstance(raw, Mapping) and any(isinstance(item.raw, str) and item.raw in texts for item in raw.values())
