"""Resources picked by type and condition, and numbers of them that are only known in part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from scanner.model.finding import Verdict
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.conditions import Pick, uses_outer
from scanner.policy.evidence import Evidence, Outcome
from scanner.policy.typed import TYPES
from scanner.policy.world import Check, Subject, World, hidden_by

_REJECTED_TOLD = 2
"""Only a single one that is not picked is told of, so that two are enough to remember."""


@dataclass(slots=True, frozen=True)
class Possible:
    """A resource that may be picked, why it is not certain, and what was seen of it."""

    resource: Resource
    unknown: Unknown
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class Picked:
    """Resources that are certainly picked, those that may be, the first that are not, and why there may be more.

    `endless` says that one of the possible ones may exist any number of times, `seen` what was seen of the first
    certain one.
    """

    certain: list[Resource] = field(default_factory=list)
    possible: list[Possible] = field(default_factory=list)
    rejected: list[tuple[Resource, Outcome]] = field(default_factory=list)
    hidden: Unknown | None = None
    endless: bool = False
    seen: tuple[Evidence, ...] = ()

    @property
    def most(self) -> int | None:
        """The largest possible number, None where there is no limit."""
        if self.hidden is not None or self.endless:
            return None
        return len(self.certain) + len(self.possible)


class Picker:
    """Picks resources for a subject; the same answer serves every subject unless `where` speaks of the one tested."""

    def __init__(self, pick: Pick, where: Check) -> None:
        self.pick = pick
        self._where = where
        self._personal = uses_outer(pick.where)
        self._made: tuple[World, list[Possible]] | None = None
        self._all: tuple[World, Picked] | None = None

    def once(self, world: World, make: Callable[[], list[Possible | None]]) -> list[Possible]:
        """What `make` finds for any subject of a world, each resource once; made once unless it differs by subject."""
        if not self._personal and self._made is not None and self._made[0] is world:
            return self._made[1]
        found = {id(item.resource): item for item in reversed(make()) if item is not None}
        self._made = (world, list(reversed(found.values())))
        return self._made[1]

    def meets(self, subject: Subject, resource: Resource) -> Outcome:
        """Whether a resource meets the condition."""
        if self._personal:
            return self._where(subject.world.subject(resource, subject.tested))
        return subject.world.decide(self._where, resource)

    def pool(self, subject: Subject) -> tuple[list[Resource], list[Resource], Unknown | None]:
        """The resources to pick from: certain ones, possible ones, and why there may be more."""
        world = subject.world
        if self.pick.component is not None and world.components is not None:
            members = world.components.members(self.pick.component)
            return members.certain, members.possible, members.hidden
        notification = world.hidden(self.pick.types)
        return world.of_types(self.pick.types), [], hidden_by(notification) if notification else None

    def picked(self, subject: Subject) -> Picked:
        """All resources that are picked for a subject; worked out once unless they differ by subject."""
        if self._personal:
            return self._picked(subject)
        if self._all is None or self._all[0] is not subject.world:
            self._all = (subject.world, self._picked(subject))
        return self._all[1]

    def _picked(self, subject: Subject) -> Picked:
        certain, possible, hidden = self.pool(subject)
        result = Picked(hidden=hidden)
        for resource in certain:
            self.sort(subject, resource, result, sure=True)
        for resource in possible:
            self.sort(subject, resource, result, sure=False)
        return result

    def sort(self, subject: Subject, resource: Resource, result: Picked, *, sure: bool) -> None:
        """Adds one resource where it belongs."""
        outcome = self.meets(subject, resource)
        if outcome.verdict is Verdict.FAIL:
            if len(result.rejected) < _REJECTED_TOLD:
                result.rejected.append((resource, outcome))
            return
        undecided = existence(resource)
        if outcome.verdict is Verdict.UNKNOWN:
            result.possible.append(Possible(resource, reason_of(outcome), outcome.evidence))
        elif undecided is not None or not sure:
            result.possible.append(Possible(resource, undecided or UNSURE))
        else:
            result.certain.append(resource)
            result.seen = result.seen or outcome.evidence
        result.endless = result.endless or undecided is not None


UNSURE = Unknown(Reason.UNSUPPORTED, Words("it may be a different resource", "다른 리소스일 수 있음"))


def existence(resource: Resource) -> Unknown | None:
    """Why it is not known whether, or how often, a resource exists."""
    if resource.undecided is None:
        return None
    raw = resource.undecided.raw
    detail = raw.detail if isinstance(raw, Unknown) else "count or for_each is not known"
    reason = raw.reason if isinstance(raw, Unknown) else Reason.UNSUPPORTED
    ko = detail.ko if isinstance(detail, Words) else detail
    return Unknown(
        reason,
        Words(
            f"it is not known whether, or how often, {resource.address} exists: {detail}",
            f"{resource.address} 리소스의 존재 여부나 개수를 알 수 없음: {ko}",
        ),
    )


def reason_of(outcome: Outcome) -> Unknown:
    """Why an outcome is unknown."""
    for evidence in outcome.evidence:
        if evidence.unknown is not None:
            return evidence.unknown
    return Unknown(Reason.UNSUPPORTED, Words("it cannot be decided", "판정할 수 없음"))


def number_answer(op: str, low: int, high: int | None, wanted: Value) -> bool | Unknown | None:
    """Whether every number from `low` to `high` (None: no limit) meets, or misses, `op wanted`; None: some do.

    An Unknown as `wanted` (an input that was not given) is the answer itself.
    """
    if isinstance(wanted.raw, Unknown):
        return wanted.raw
    number = TYPES["number"].read(wanted)
    if op == "equals":
        if low == high:
            return bool(low == number)
        return None if low <= number and (high is None or number <= high) else False
    largest = max(int(number), low) + 1 if high is None else high
    answers = {_meets(op, low, number), _meets(op, largest, number)}
    return answers.pop() if len(answers) == 1 else None


def _meets(op: str, number: int, wanted: int | Decimal) -> bool:
    if op == "gte":
        return number >= wanted
    if op == "gt":
        return number > wanted
    return number <= wanted if op == "lte" else number < wanted
