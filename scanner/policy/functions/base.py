"""What a policy function is, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scanner.model.finding import Verdict
from scanner.model.rule import Text
from scanner.model.value import Plain, Unknown, Value
from scanner.model.words import both
from scanner.policy.evidence import Evidence, Outcome
from scanner.policy.structures import literal
from scanner.policy.world import Subject

Arguments: TypeAlias = Mapping[str, Value]


@dataclass(slots=True, frozen=True)
class Function:
    """A registered function.

    name, summary   how conditions call it, and what it decides
    arguments       the names that `with` must give; `optional` those that it may
    decide          decide(subject, arguments): subject.resource is the resource under test, None for a whole set;
                    an argument that stands for an input without value is an unknown Value
    set_level       whether one verdict is given for the whole inventory instead of one for each resource
    """

    name: str
    summary: str
    arguments: tuple[str, ...]
    decide: Callable[[Subject, Arguments], Outcome]
    optional: tuple[str, ...] = ()
    set_level: bool = False


def said(
    verdict: Verdict,
    subject: Subject,
    text: Text,
    *,
    path: str | None = None,
    at: Value | None = None,
    expected: Plain = None,
    actual: Plain = None,
    unknown: Unknown | None = None,
) -> Outcome:
    """The outcome of a function: `text` says what is wrong; `at` is the value whose place is shown."""
    resource = subject.resource
    header = resource.location if resource else None
    evidence = Evidence(
        "call",
        resource,
        path,
        (at.location if at else None) or header,
        at.hops if at else (),
        expected=None if expected is None else literal(expected),
        actual=None if actual is None else literal(actual),
        unknown=unknown,
        written=at is not None and not at.is_absent,
        figures={"said": text},
    )
    return Outcome(verdict, (evidence,))


def undecided(subject: Subject, unknown: Unknown, at: Value | None = None, path: str | None = None) -> Outcome:
    """The outcome where something is not known; `at` is the value that would tell."""
    return said(Verdict.UNKNOWN, subject, both(unknown.detail), path=path, at=at, unknown=unknown)


def missing(arguments: Arguments) -> Unknown | None:
    """The first argument that stands for an input without a value."""
    for value in arguments.values():
        if isinstance(value.raw, Unknown):
            return value.raw
    return None


def text(arguments: Arguments, name: str, default: str = "") -> str:
    """An argument that is one text."""
    raw = arguments[name].raw if name in arguments else default
    return raw if isinstance(raw, str) else default


def texts(arguments: Arguments, name: str) -> list[str]:
    """An argument that is a list of texts; one text stands for a list of one."""
    raw = arguments[name].raw if name in arguments else ()
    if isinstance(raw, str):
        return [raw]
    items = raw if isinstance(raw, Sequence) else ()
    return [item.raw for item in items if isinstance(item, Value) and isinstance(item.raw, str)]
