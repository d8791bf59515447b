"""Trying one alternative of a component on one resource."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from scanner.model.finding import Verdict
from scanner.model.path import as_text
from scanner.model.resource import Resource
from scanner.model.value import Unknown
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.links import Backlinks
from scanner.policy.world import Check, Subject, World


def always(subject: Subject) -> Outcome:  # noqa: ARG001 (one signature for all checks)
    """The check that always holds."""
    return HOLDS


class Link(Protocol):
    """A condition on how a resource hangs together with another component."""

    def decide(self, resource: Resource) -> Verdict:
        """Whether it does."""


class Attached:
    """A resource of the other component refers to it."""

    def __init__(self, links: Backlinks, certain: set[int]) -> None:
        self._links = links
        self._certain = certain

    def decide(self, resource: Resource) -> Verdict:
        """Certain where a certain member certainly refers to it."""
        sources, possible = self._links.to(resource)
        if any(id(source) in self._certain for source in sources):
            return Verdict.PASS
        return Verdict.UNKNOWN if sources or possible else Verdict.FAIL


class RefersTo:
    """It refers to a resource of the other component."""

    def __init__(self, world: World, check: Check) -> None:
        self._world = world
        self._check = check

    def decide(self, resource: Resource) -> Verdict:
        """As the condition `references` has it."""
        return self._world.decide(self._check, resource).verdict


class Matcher:
    """One alternative, ready to be tried on resources."""

    def __init__(
        self, world: World, patterns: Mapping[str, Sequence[str] | Unknown], links: list[Link], where: Check
    ) -> None:
        self._world = world
        self._patterns = patterns
        self._links = links
        self._where = where

    def decide(self, resource: Resource) -> Verdict:
        """Whether the resource fits: fail beats unknown beats pass."""
        verdict = Verdict.PASS
        for path, texts in self._patterns.items():
            verdict = least(verdict, _fits(self._world, resource, path, texts))
            if verdict is Verdict.FAIL:
                return verdict
        for link in self._links:
            verdict = least(verdict, link.decide(resource))
        if verdict is Verdict.FAIL:
            return verdict
        return least(verdict, self._world.decide(self._where, resource).verdict)


def least(first: Verdict, second: Verdict) -> Verdict:
    """fail beats unknown beats pass."""
    if Verdict.FAIL in (first, second):
        return Verdict.FAIL
    return Verdict.UNKNOWN if Verdict.UNKNOWN in (first, second) else Verdict.PASS


def _fits(world: World, resource: Resource, path: str, texts: Sequence[str] | Unknown) -> Verdict:
    """Whether one of the values at a path is one of the texts."""
    verdict = Verdict.FAIL
    for found in resource.lookup(path):
        value = found.value
        if value.is_absent:
            default = world.default(resource, found.path)
            if default is None:
                continue
            value = default[0]
        text = as_text(value)
        if isinstance(value.raw, Unknown):
            verdict = Verdict.UNKNOWN
        elif text is not None:
            for wanted in [texts] if isinstance(texts, Unknown) else texts:
                if isinstance(wanted, Unknown):
                    verdict = Verdict.UNKNOWN
                elif fits_text(wanted, text):
                    return Verdict.PASS
    return verdict


def fits_text(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern; most patterns are plain texts."""
    if pattern == text:
        return True
    plain = "*" not in pattern and "?" not in pattern and not (pattern[:1] == "/" and len(pattern) > 1)
    return not plain and glob(pattern).match(text) is not None


@lru_cache(maxsize=1024)
def glob(text: str) -> re.Pattern[str]:
    """A pattern as a regular expression: `/regex/` is searched, otherwise `*` and `?` stand for any text and letter."""
    if len(text) > 1 and text.startswith("/") and text.endswith("/"):
        return re.compile(f"(?s).*?(?:{text[1:-1]})") if not text[1:-1].startswith("(?") else _flagged(text[1:-1])
    parts = ["[^\\0]*" if char == "*" else "[^\\0]" if char == "?" else re.escape(char) for char in text]
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


def _flagged(pattern: str) -> re.Pattern[str]:
    """A pattern that begins with flags, which must stay in front."""
    match = re.match(r"\(\?([aiLmsux]+)\)", pattern)
    flags, rest = (match[1], pattern[match.end() :]) if match else ("", pattern)
    return re.compile(f"(?s{flags}).*?(?:{rest})")
