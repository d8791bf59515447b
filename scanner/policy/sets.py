"""Numbers of resources and of different values as conditions: `count` and `distinct`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scanner.model.finding import Verdict
from scanner.model.location import Location
from scanner.model.path import as_text, joined, lookup
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value, plain
from scanner.policy.assertion import certainly_present
from scanner.policy.conditions import Count, Distinct
from scanner.policy.evidence import Evidence, Outcome
from scanner.policy.links import IDENTITIES, type_of
from scanner.policy.picks import Picked, Picker, number_answer
from scanner.policy.relations import number_outcome
from scanner.policy.structures import literal
from scanner.policy.world import Check, Subject


def compile_count(condition: Count, where: Check) -> Check:
    """The number of picked resources."""
    picker = Picker(condition.pick, where)
    wanted = literal(condition.value)
    types = condition.pick.types or (condition.pick.component or "",)

    def decide(subject: Subject) -> Outcome:
        picked = picker.picked(subject)
        base = Evidence("count", subject.tested, op=condition.op, expected=wanted)
        base.location = _place(subject, picked, condition.op)
        base.figures = {"types": types, "known": len(picked.certain), "most": picked.most}
        return number_outcome(base, picked, wanted)

    return decide


def _place(subject: Subject, picked: Picked, op: str) -> Location | None:
    """The resource under test; for a set as a whole the last of those that are too many."""
    if subject.tested is not None:
        return subject.tested.location
    return picked.certain[-1].location if picked.certain and op in ("lte", "lt", "equals") else None


class _Values:
    """Different values seen so far, and how many more there may be."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.unsure = 0
        self.present = False
        self.endless = False
        self.unknown: Unknown | None = None
        self.place: Value | None = None
        self.last: Value | None = None

    def add(self, value: Value) -> None:
        """Counts a value, or every element of a list."""
        raw = value.raw
        if value.is_absent:
            return
        self.last = value
        if isinstance(raw, Unknown):
            self._add_unknown(value, raw)
        elif isinstance(raw, Sequence) and not isinstance(raw, str):
            for item in raw:
                self.add(item)
        elif isinstance(raw, Mapping):
            self.seen.add(repr(plain(value, reveal=True)))
        else:
            self.seen.add(as_text(value) or "")

    def _add_unknown(self, value: Value, unknown: Unknown) -> None:
        """The own id of a resource differs from that of every other one, even where it is not known yet."""
        refs = value.refs
        if unknown.reason is Reason.COMPUTED and len(refs) == 1 and _is_identity(refs[0].address, refs[0].attribute):
            self.seen.add(f"{refs[0].address}.{refs[0].attribute}")
            return
        self.unsure += 1
        self.present = self.present or certainly_present(value)
        self.endless = self.endless or len(refs) != 1
        self.doubt(unknown, value)

    def doubt(self, unknown: Unknown, value: Value | None = None) -> None:
        """Remembers the first reason."""
        if self.unknown is None:
            self.unknown, self.place = unknown, value

    def range(self) -> tuple[int, int | None]:
        """The least and the largest possible number; an unknown value may be null, or equal one that was seen."""
        low = max(len(self.seen), 1 if self.present else 0)
        return low, None if self.endless else len(self.seen) + self.unsure


def _is_identity(address: str, attribute: str) -> bool:
    return attribute in IDENTITIES and not type_of(address).startswith("data.")


def compile_distinct(condition: Distinct, where: Check) -> Check:
    """The number of different values of a path."""
    wanted = literal(condition.value)
    picker = Picker(condition.pick, where) if condition.pick else None

    def decide(subject: Subject) -> Outcome:
        values = _Values()
        if picker is None:
            collect(subject, condition.path, values, subject.resource, subject.root)
        else:
            _collect_picked(subject, picker, condition.path, values)
        return _distinct_outcome(subject, condition, values, wanted)

    return decide


def collect(subject: Subject, path: str, values: _Values, resource: Resource | None, root: Value) -> None:
    """Counts the values at a path of one resource, provider defaults included."""
    for found in lookup(root, path):
        value = found.value
        default = subject.world.default(resource, found.path) if value.is_absent else None
        computed = subject.world.computed(resource, found.path) if value.is_absent and not default else None
        if default is not None:
            value = default[0]
        elif computed is not None:
            value = Value(computed, found.value.location)
        values.add(value)


def _collect_picked(subject: Subject, picker: Picker, path: str, values: _Values) -> None:
    picked = picker.picked(subject)
    for resource in picked.certain:
        collect(subject, path, values, resource, resource.attributes)
    for possible in picked.possible:
        values.endless = True
        values.doubt(possible.unknown)
    values.endless = values.endless or picked.most is None
    if picked.hidden is not None:
        values.doubt(picked.hidden)


def _distinct_outcome(subject: Subject, condition: Distinct, values: _Values, wanted: Value) -> Outcome:
    low, high = values.range()
    resource = subject.resource if condition.pick is None else subject.tested
    header = resource.location if resource else None
    path = joined(subject.prefix, condition.path)
    base = Evidence("distinct", resource, path, header, op=condition.op, expected=wanted)
    base.figures = {
        "types": condition.pick.types or (condition.pick.component or "",) if condition.pick else (),
        "known": len(values.seen),
        "most": high,
        "values": sorted(values.seen),
    }
    if condition.pick is not None and header is None and values.last is not None:
        base.location, base.hops = values.last.location, values.last.hops
    if condition.pick is None:
        first = next((found for found in lookup(subject.root, condition.path)), None)
        if first is not None:
            base.location = first.value.location or base.location
            base.hops, base.written = first.value.hops, not first.value.is_absent
    answer = number_answer(condition.op, low, high, wanted)
    if isinstance(answer, Unknown):
        return Outcome(Verdict.UNKNOWN, (replace(base, unknown=answer),))
    if answer is None:
        place = values.place
        location = (place.location if place else None) or base.location
        hops = place.hops if place else ()
        return Outcome(Verdict.UNKNOWN, (replace(base, unknown=values.unknown, location=location, hops=hops),))
    return Outcome(Verdict.PASS if answer else Verdict.FAIL, (base,))
