"""From rows of Resource Graph to resources: a row is what the Resource Manager answers for the id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from scanner.model.inventory import Level, Notification
from scanner.model.resource import Resource
from scanner.model.words import Words
from scanner.sources.azure.maps import Read, all_reads, walk
from scanner.sources.azure.shape import Item, Undecided, inside, resources_of
from scanner.sources.mapping import ExpressionError

COLUMNS: Final = ("id", "name", "type", "kind", "location", "tags", "sku", "identity", "zones", "properties")
"""What the maps use of a row; one that a query left out is unknown."""
_MOST_SAID: Final = 20


@dataclass
class RowReading:
    """Reads rows of one or several files; knows afterwards what they have in common.

    wanted         the Terraform types that are read (names, no patterns)
    subscriptions  those that rows come from
    """

    wanted: frozenset[str]
    subscriptions: set[str] = field(default_factory=set)
    _addresses: set[int] = field(default_factory=set)  # hashes: the texts would weigh more than the resources
    _unmapped: Counter[str] = field(default_factory=Counter)
    _undecided: Counter[str] = field(default_factory=Counter)
    _unusable: int = 0

    def rows(self, name: str, rows: Iterable[Any]) -> Iterator[Resource | Notification]:
        """The resources of the rows of a file, and what could not be used of it."""
        for number, row in enumerate(rows, 1):
            try:
                yield from self._row(row)
            except ExpressionError as error:
                self._unusable += 1
                if self._unusable <= _MOST_SAID:
                    more = " (there may be more)" if self._unusable == _MOST_SAID else ""
                    yield Notification(Level.ERROR, f"row {number} of {name} cannot be used: {error}{more}")

    def _row(self, row: Any) -> Iterator[Resource | Notification]:
        id_, type_ = (row.get("id"), row.get("type")) if isinstance(row, dict) else (None, None)
        if not isinstance(id_, str) or not isinstance(type_, str):
            raise ExpressionError("id or type is missing")
        words = id_.split("/")
        if len(words) < 3 or words[1].lower() != "subscriptions":
            raise ExpressionError("its id belongs to no subscription")
        self.subscriptions.add(words[2].lower())
        reads = reads_by_kind().get(type_.lower())
        if reads is None:
            self._unmapped[type_.lower()] += 1
            return
        for read, below in reads:
            item = _item(row, read, words[2], below=below)
            for made in read.resources:
                if made.type in self.wanted:
                    try:
                        for resource in resources_of(item, made):
                            yield from self._once(resource)
                    except Undecided:
                        self._undecided[made.type] += 1

    def _once(self, resource: Resource) -> Iterator[Resource | Notification]:
        """A resource, unless an earlier row was it too: which of two states is the present one is not known."""
        key = hash((resource.type, resource.address))
        if key in self._addresses:
            said = f"{resource.address} occurs twice: give only the last export"
            yield Notification(Level.ERROR, said, None, (resource.type,))
            return
        self._addresses.add(key)
        yield resource

    def gaps(self) -> Iterator[Notification]:
        """What was left out of all files."""
        for type_, times in sorted(self._undecided.items()):
            what = f"Resource Graph does not tell whether there are {type_} ({times} rows)"
            yield Notification(Level.WARNING, what, None, (type_,))
        for type_, times in sorted(self._unmapped.items()):
            rows = "1 row" if times == 1 else f"{times} rows"
            yield Notification(Level.NOTE, f"{type_} is not read from Resource Graph: {rows}")


@cache
def reads_by_kind() -> Mapping[str, tuple[tuple[Read, bool], ...]]:
    """The maps by the type of a row in lower case, and whether they lie below another resource."""
    found: dict[str, tuple[tuple[Read, bool], ...]] = {}
    top = {id(read) for read in all_reads()}
    for read in walk(all_reads()):
        kind = read.path.kind.lower()
        found[kind] = (*found.get(kind, ()), (read, id(read) not in top))
    return found


def _item(row: Mapping[str, Any], read: Read, subscription: str, *, below: bool) -> Item:
    """A row as an answer for its id: what was asked about it elsewhere is unknown, and so are columns left out."""
    ground = {"subscription": subscription.lower(), "id": f"/subscriptions/{subscription}"}
    if row.get("properties") is not None and not isinstance(row["properties"], dict):
        raise ExpressionError("its properties are no object")
    missing = [*read.details, *(name for name in COLUMNS if name not in row), *(["parent"] if below else [])]
    if row.get("properties") is None:
        missing.append("properties")
    return Item(inside(row, ground), {name: _untold(name) for name in missing})


@cache
def _untold(name: str) -> Words:
    return Words(f"the rows of Resource Graph do not have {name}", f"Resource Graph의 행에 {name} 값이 없음")
