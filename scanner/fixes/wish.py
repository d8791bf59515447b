"""What a failing condition asks for, where it is `attribute op literal`: the value to write, in words of data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.model.path import as_text, decoded
from scanner.model.value import Plain, Unknown, Value, plain
from scanner.policy.evidence import Evidence

_NAMES: Final = ("name", "identifier", "bucket", "family", "metadata.name", "metadata.namespace")
_LINKS: Final = ("references", "referenced_by", "count")
_OPPOSITE: Final = {"gt": "lte", "gte": "lt", "lt": "gte", "lte": "gt", "exists": "absent"}
_STEP: Final = {"gt": 1, "lt": -1}
_BOUNDS: Final = ("gte", "lte")
_EXACT: Final = re.compile(r"(?:\(\?i\))?(?:\^|\\A)([\w/-]+)(?:\$|\\Z)")


@dataclass(slots=True, frozen=True)
class Wish:
    """One value that must be written: `value`, or nothing at all (`remove`), or a list without and with elements."""

    evidence: Evidence
    value: Plain = None
    remove: bool = False
    add: tuple[Plain, ...] = ()
    drop: tuple[Plain, ...] = ()

    @property
    def of_list(self) -> bool:
        """Whether elements of a list change."""
        return bool(self.add or self.drop)


def wishes(evidence: Sequence[Evidence]) -> list[Wish]:
    """Everything that has to be written for a failing outcome to hold. Raises NoFix."""
    if sum(item.negated for item in evidence) > 1:
        raise NoFix(Obstacle.DECISION)
    return [wish for item in evidence for wish in _of(item)]


def _of(evidence: Evidence) -> list[Wish]:
    if evidence.unknown is not None:
        raise NoFix(Obstacle.UNKNOWN)
    if evidence.kind == "any_of":
        return _one_of(evidence)
    if evidence.kind in _LINKS and evidence.parts and not evidence.negated and "too_many" not in evidence.figures:
        found = wishes(evidence.parts)
        if any(wish.evidence.path in _NAMES for wish in found):
            raise NoFix(Obstacle.DECISION)  # another resource is meant, not another name of this one
        return found
    if evidence.kind == "test" and evidence.figures.get("values") not in (None, 1):
        raise NoFix(Obstacle.DECISION)  # which of them is to change
    if evidence.kind != "test":
        raise NoFix(Obstacle.MISSING if evidence.kind in _LINKS and not evidence.written else Obstacle.DECISION)
    return [_tested(evidence), *wishes(evidence.others)]


def _one_of(evidence: Evidence) -> list[Wish]:
    """The alternative that is shown, or another one for the same attribute; writing is better than taking away."""
    shown = next((part for part in evidence.parts if part.written), evidence.parts[0])
    options: list[list[Wish]] = []
    obstacle = Obstacle.DECISION
    for part in sorted(evidence.parts, key=lambda part: part is not shown):
        if part is not shown and (part.path is None or (part.path, part.resource) != (shown.path, shown.resource)):
            continue
        try:
            options.append(_of(part))
        except NoFix as error:
            obstacle = error.obstacle if part is shown else obstacle
    writing = [option for option in options if not any(wish.remove for wish in option)]
    bounds = [option for option in writing if option[0].evidence.op in _BOUNDS]
    for choice in (writing, bounds, [] if writing else options):
        if len(choice) == 1:
            return choice[0]
    raise NoFix(obstacle)


def _tested(evidence: Evidence) -> Wish:
    """What one assertion asks for."""
    expected, actual = evidence.expected, evidence.actual
    if (evidence.path or "").startswith("provider."):
        raise NoFix(Obstacle.DECISION)  # many resources share the configuration of a provider
    if expected is None or actual is None or isinstance(expected.raw, Unknown):
        raise NoFix(Obstacle.UNKNOWN)
    if expected.location is not None or expected.refs or expected.hops or _names_component(expected):
        raise NoFix(Obstacle.DECISION)  # it follows another attribute or resource: no literal
    op = _OPPOSITE.get(evidence.op, f"not {evidence.op}") if evidence.negated else evidence.op
    wanted = _wanted(op, expected)
    if wanted is not None:
        return Wish(evidence, wanted)
    if op == "absent":
        return Wish(evidence, remove=True)
    add, drop = _elements(op, expected, actual)
    if actual.is_absent and add:
        return Wish(evidence, list(add))
    if not add and not drop:
        raise NoFix(Obstacle.DECISION)
    return Wish(evidence, add=add, drop=drop)


def _names_component(expected: Value) -> bool:
    raw = expected.raw
    items = raw if isinstance(raw, Sequence) and not isinstance(raw, str) else (expected,)
    return any(isinstance(item, Value) and isinstance(item.raw, Mapping) and "component" in item.raw for item in items)


def _wanted(op: str, expected: Value) -> Plain:
    """The one value that satisfies an operator, None where there is no such thing."""
    raw = expected.raw
    if op in ("equals", "gte", "lte"):
        return plain(expected)
    if op in _STEP and type(raw) is int:
        return raw + _STEP[op]
    if op == "not equals" and isinstance(raw, bool):
        return not raw
    if op == "in" and isinstance(raw, Sequence) and len(raw) == 1:
        return plain(raw[0])  # type: ignore[arg-type] # a list of Values: literal() made it
    if op == "matches" and isinstance(raw, str) and (exact := _EXACT.fullmatch(raw)):
        return exact[1]
    return None


def _elements(op: str, expected: Value, actual: Value) -> tuple[tuple[Plain, ...], tuple[Plain, ...]]:
    """The elements that a list lacks, and those that it must not have."""
    wanted = _items(expected)
    present = _items(actual)
    if op in ("contains", "not contains") and not actual.is_absent and not _is_list(actual):
        return (), ()  # a piece of text
    lacking = tuple(item for item in wanted if item not in present)
    beyond = tuple(item for item in present if item not in wanted)
    if op in ("contains", "contains_all"):
        return lacking, ()
    if op == "exactly":
        return lacking, beyond
    if op == "subset":
        return (), beyond if len(beyond) < len(present) else ()
    if op == "not contains":
        return (), tuple(item for item in present if item in wanted)
    return (), ()


def _is_list(value: Value) -> bool:
    raw = decoded(value).raw
    return isinstance(raw, Sequence) and not isinstance(raw, str)


def _items(value: Value) -> list[Plain]:
    """The elements of a list, or the value as the only one. Raises NoFix where one of them is not known."""
    if value.is_absent:
        return []
    raw = decoded(value).raw
    items = list(raw) if isinstance(raw, Sequence) and not isinstance(raw, str) else [value]
    if any(isinstance(item, Value) and as_text(item) is None for item in items):
        raise NoFix(Obstacle.DECISION)
    return [plain(item) for item in items if isinstance(item, Value)]
