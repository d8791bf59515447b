"""What was changed outside of terraform, as a plan found it (`resource_drift`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.plan.document import Document
from scanner.sources.plan.entries import actions_of, is_resource, mapping, type_of
from scanner.sources.plan.values import NOTHING_KNOWN, Builder, masked


@dataclass(frozen=True, slots=True)
class Change:
    """What a plan does to a resource, or what was done to it outside of terraform (`resource_drift`).

    actions   terraform's words: `create`, `update`, `delete`, `no-op`, `read`; two of them where it is replaced
    before, after   its attributes, absent values left out and sensitive ones masked; null where it is not there
    """

    address: str
    type: str
    actions: tuple[str, ...]
    before: Value
    after: Value
    location: Location


def read_drift(document: Document) -> Iterator[Change]:
    """What was changed outside of terraform since it last ran, as the plan found it when it refreshed.

    Raises SourceError where the document cannot be opened, Damaged where it is no plan.
    """
    with document.stream() as stream:
        for key in stream.members():
            if key != "resource_drift":
                stream.skip()
                continue
            for _ in stream.elements():
                place = stream.place()
                change = _change(stream.value(), Location(document.name, *place))
                if change is not None:
                    yield change


def _change(data: Any, location: Location) -> Change | None:
    if not is_resource(data):
        return None
    change = mapping(data.get("change"))
    builder = Builder(location)
    sides = []
    for side in ("before", "after"):
        values = masked(change.get(side), change.get(f"{side}_sensitive"))
        made = builder.object(values, None, NOTHING_KNOWN, None) if isinstance(values, dict) else None
        sides.append(Value(made, location))
    return Change(data["address"], type_of(data), actions_of(change), sides[0], sides[1], location)
