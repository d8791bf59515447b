"""Fixes out of findings: the changes of source text that give each failing condition what it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scanner.fixes.align import aligned
from scanner.fixes.change import Change, applied, edits_between, touched_lines
from scanner.fixes.companion import companions
from scanner.fixes.definition import Definition
from scanner.fixes.files import Files, SourceText
from scanner.fixes.gap import gap
from scanner.fixes.hcl_tree import parsed
from scanner.fixes.insertion import insertion
from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.fixes.removal import removal
from scanner.fixes.wish import Wish, wishes
from scanner.fixes.words import described
from scanner.model.finding import Edit, Finding, Fix, Verdict
from scanner.model.resource_type import Facts
from scanner.model.rule import Text
from scanner.policy.evidence import Evidence

_FROM_RESOURCE: Final = re.compile(
    r"(?:module\.[^.]+\.)*(?!module\.|var\.|local\.|each\.|count\.)\w+\.[\w-]+(?:\[[^\]]*\])?\."
)
"""The name of an attribute of a resource, as hops have it."""


@dataclass(slots=True, frozen=True)
class Candidate:
    """The changes that one finding asks for, in words and as text."""

    finding: Finding
    description: Text
    changes: tuple[Change, ...]


@dataclass(slots=True, frozen=True)
class Refused:
    """A finding without a fix, and why."""

    finding: Finding
    obstacle: Obstacle

    @property
    def why(self) -> Text:
        """The obstacle in words."""
        return self.obstacle.value


def derived(findings: Iterable[Finding], files: Files, facts: Facts) -> tuple[list[Candidate], list[Refused]]:
    """What every violation in code asks for, or why nothing can be derived; waived ones are left alone."""
    candidates: list[Candidate] = []
    refused: list[Refused] = []
    for finding in findings:
        if finding.verdict is not Verdict.FAIL or finding.suppression is not None:
            continue
        try:
            candidates.append(_candidate(finding, files, facts))
        except NoFix as error:
            refused.append(Refused(finding, error.obstacle))
    return candidates, refused


def _candidate(finding: Finding, files: Files, facts: Facts) -> Candidate:
    evidence = [item for item in finding.evidence if isinstance(item, Evidence)]
    if not evidence:
        raise NoFix(Obstacle.MISSING)
    built = companions(evidence, files)
    if built is not None:
        return Candidate(finding, *built)
    wanted = wishes(evidence)
    changes: list[Change] = []
    for wish in wanted:
        changes += [change for change in _changes(wish, files, facts) if change not in changes]
    if any(one.contradicts(other) for one in changes for other in changes):
        raise NoFix(Obstacle.DECISION)
    return Candidate(finding, described(wanted), tuple(changes))


def _changes(wish: Wish, files: Files, facts: Facts) -> list[Change]:
    """Where and how a wish is written. Raises NoFix."""
    evidence = wish.evidence
    actual = evidence.actual
    if evidence.location is None or evidence.resource is None or evidence.path is None or actual is None:
        raise NoFix(Obstacle.PLACE)
    if any(_FROM_RESOURCE.match(hop.what) for hop in evidence.hops):
        raise NoFix(Obstacle.DECISION)  # it follows another resource, which has its own requirements
    if wish.remove:
        return [removal(files.text(evidence.location.path), evidence, facts)]
    if not actual.is_absent and evidence.default is None:
        return Definition.at(files.text(evidence.location.path), evidence.location).changes(wish)
    found = gap(evidence.resource, evidence.path, facts)
    source = files.text(found.place.path)
    if found.null is not None:
        return Definition.at(source, found.null).changes(wish)
    return [insertion(source, found, wish.value)]


def changed_texts(changes: Iterable[Change], files: Files) -> dict[str, str]:
    """The texts of the changed files, aligned where they were aligned. Raises NoFix."""
    by_file: dict[str, list[Change]] = {}
    for change in changes:
        by_file.setdefault(change.path, []).append(change)
    texts: dict[str, str] = {}
    for path, own in by_file.items():
        source = files.text(path)
        if not path.endswith((".json", ".yaml", ".yml")) and any(_moves_columns(source, change) for change in own):
            texts[path] = _applied_in_columns(source.text, own)
        else:
            texts[path] = applied(source.text, own)
    return texts


def _applied_in_columns(text: str, changes: Sequence[Change]) -> str:
    """The changed text with columns aligned; only the paragraphs around the changes are looked at. Raises NoFix."""
    first, last = min(change.start for change in changes), max(change.end for change in changes)
    paragraphs = parsed(text).paragraphs()
    start = max((begin for begin, _ in paragraphs if begin < first), default=0)
    end = min((end for _, end in paragraphs if end > last), default=len(text))
    part = text[start:end]
    own = [replace(change, start=change.start - start, end=change.end - start) for change in changes]
    return text[:start] + aligned(applied(part, own), touched_lines(part, own)) + text[end:]


def _moves_columns(source: SourceText, change: Change) -> bool:
    """Whether a change may move what stands below each other: it makes lines, or a comment follows it."""
    behind = source.text[change.end : source.line_end(change.end)]
    return "\n" in change.text or change.text == "" or "#" in behind or "//" in behind or "/*" in behind


def fix_of(candidate: Candidate, files: Files) -> Fix:
    """The fix as reports carry it. Raises NoFix."""
    edits: list[Edit] = []
    for path, text in changed_texts(candidate.changes, files).items():
        edits += edits_between(files.text(path), text)
    return Fix(candidate.description, tuple(edits))


def with_fixes(findings: Sequence[Finding], base: Path, facts: Facts) -> list[Finding]:
    """The findings, each with the fix that can be derived for it; `base` is what locations are relative to."""
    files = Files(base)
    fixes: dict[int, Fix] = {}
    by_file = sorted(findings, key=lambda item: item.location.path if item.location else "")
    for candidate in derived(by_file, files, facts)[0]:
        with suppress(NoFix):
            fixes[id(candidate.finding)] = fix_of(candidate, files)
    return [replace(item, fix=fixes[id(item)]) if id(item) in fixes else item for item in findings]
