"""What a document states of one resource, fact by fact, and whether it holds there."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.finding import Verdict
from scanner.model.location import Location
from scanner.model.resource import Resource
from scanner.model.rule import Severity
from scanner.model.value import Plain


@dataclass(slots=True, frozen=True)
class Stated:
    """One fact: a requirement at a resource, and the attribute, where it is about a single one.

    resource   None where the component has no resource, or the fact is about sets of resources
    path       None where the fact is about more than one attribute of one resource
    expected   what the document asks for: the value itself, or `{operation: value}`
    actual     what is there, sensitive parts masked
    seen       what decided a fact that does not hold: resources, and paths in them where one is known
    types      further resource types that the fact depends on, also as patterns
    """

    requirement: str
    severity: Severity
    required: bool
    verdict: Verdict
    component: str | None = None
    resource: Resource | None = None
    path: str | None = None
    expected: Plain = None
    actual: Plain = None
    location: Location | None = None
    seen: tuple[tuple[Resource, str | None], ...] = ()
    types: frozenset[str] = frozenset()
