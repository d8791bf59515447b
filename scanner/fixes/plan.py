"""Which fixes can really be made: every one is tried, and what it does to all verdicts decides.

Nothing is written. A trial evaluates the code as it would be; a fix is taken when its finding passes and no other
verdict gets worse. What becomes possible by a fix is looked for again, so that a second run finds nothing to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from scanner.errors import ScannerError
from scanner.fixes.change import Change
from scanner.fixes.derive import Candidate, Refused, changed_texts, derived
from scanner.fixes.files import Files
from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Level
from scanner.model.report import Report
from scanner.model.resource_type import Facts

Trial: TypeAlias = Callable[[Mapping[str, bytes]], Report]
"""The report on the code with other contents of some files (by their names in locations)."""

_MOST_ROUNDS: Final = 5
_BAD: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.REVIEW)
_Key: TypeAlias = "tuple[str | None, str, str | None, str]"


@dataclass(slots=True)
class Plan:
    """The contents of files before and after, what is mended by it, what is not and why, and the report after it."""

    report: Report
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    mended: list[Candidate] = field(default_factory=list)
    left: list[Refused] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class _Unit:
    """The findings that one set of changes mends."""

    changes: tuple[Change, ...]
    candidates: tuple[Candidate, ...]


def make_plan(report: Report, facts: Facts, trial: Trial, only: Collection[str] = ()) -> Plan:
    """The fixes that can be made for a report, or for the requirements or policies `only` names."""
    planner = _Planner(report, facts, trial, only)
    for _ in range(_MOST_ROUNDS):
        if not planner.round():
            break
    planner.plan.left = planner.left()
    return planner.plan


class _Planner:
    """The state of one plan: what was taken so far, and the report on it."""

    def __init__(self, report: Report, facts: Facts, trial: Trial, only: Collection[str]) -> None:
        self.plan = Plan(report)
        self._facts = facts
        self._trial = trial
        self._only = only
        self._refused: dict[_Key, Refused] = {}
        self._last: tuple[Mapping[str, bytes], Report] | None = None

    @property
    def _files(self) -> Files:
        return Files(Path(self.plan.report.base), self.plan.after)

    def left(self) -> list[Refused]:
        """The violations that stay, each with what stands in its way."""
        candidates, refused = derived(self._wanted(), self._files, self._facts)
        found = {_key(item.finding): item for item in refused}
        found |= {_key(item.finding): Refused(item.finding, Obstacle.UNPROVEN) for item in candidates}
        return [self._refused.get(key, item) for key, item in found.items()]

    def round(self) -> bool:
        """Takes what can be taken now; whether that was anything."""
        candidates, _ = derived(self._wanted(), self._files, self._facts)
        units = _units(item for item in candidates if _key(item.finding) not in self._refused)
        taken = self._harmless(self._unanimous(units))
        if not taken:
            return False
        texts = self._texts(taken)
        files = self._files
        for path in texts:
            self.plan.before.setdefault(path, files.text(path).data)
        self.plan.mended += [candidate for unit in taken for candidate in unit.candidates]
        self.plan.report = self._on(texts)
        self.plan.after.update(texts)
        return True

    def _wanted(self) -> list[Finding]:
        findings = self.plan.report.findings
        return [item for item in findings if not self._only or {item.requirement, item.policy} & set(self._only)]

    def _refuse(self, units: Iterable[_Unit], obstacle: Obstacle) -> None:
        for unit in units:
            for candidate in unit.candidates:
                self._refused[_key(candidate.finding)] = Refused(candidate.finding, obstacle)

    def _unanimous(self, units: list[_Unit]) -> list[_Unit]:
        """The units without those that contradict each other, unless one of these satisfies all."""
        free: list[_Unit] = []
        for group in _contradicting(units):
            if len(group) == 1:
                free += group
                continue
            keys = {_key(candidate.finding) for unit in group for candidate in unit.candidates}
            best = next((unit for unit in group if self._tried([unit], keys) is None), None)
            if best is None:
                self._refuse(group, Obstacle.CONFLICT)
            else:
                every = tuple(candidate for unit in group for candidate in unit.candidates)
                free.append(_Unit(best.changes, every))
        return free

    def _harmless(self, units: list[_Unit]) -> list[_Unit]:
        """The units that mend what they are for and break nothing; halves are tried where all together do not."""
        if not units:
            return []
        obstacle = self._tried(units)
        if obstacle is None:
            return units
        if len(units) == 1:
            self._refuse(units, obstacle)
            return []
        middle = len(units) // 2
        first, second = self._harmless(units[:middle]), self._harmless(units[middle:])
        if not first or not second or self._tried(first + second) is None:
            return first + second
        self._refuse(second, Obstacle.CONFLICT)
        return first

    def _tried(self, units: list[_Unit], keys: Collection[_Key] = ()) -> Obstacle | None:
        """What speaks against some units; `keys` are the findings that must pass, by default their own."""
        try:
            texts = self._texts(units)
        except NoFix as error:
            return error.obstacle
        wanted = keys or {_key(candidate.finding) for unit in units for candidate in unit.candidates}
        try:
            after = self._on(texts)
        except ScannerError:  # a name of the document fits two resources now, for one
            return Obstacle.HARM
        before, now = _verdicts(self.plan.report.findings), _verdicts(after.findings)
        if any(not now.get(key) or any(now[key][bad] for bad in _BAD) for key in wanted):
            return Obstacle.UNPROVEN
        return Obstacle.HARM if _worse(before, now) or _errors(after) > _errors(self.plan.report) else None

    def _on(self, texts: Mapping[str, bytes]) -> Report:
        """The report on the code with some files changed further. Raises ScannerError."""
        files = {**self.plan.after, **texts}
        if self._last is None or self._last[0] != files:
            self._last = (files, self._trial(files))
        return self._last[1]

    def _texts(self, units: list[_Unit]) -> dict[str, bytes]:
        files = self._files
        texts = changed_texts(dict.fromkeys(change for unit in units for change in unit.changes), files)
        return {path: files.text(path).encoded(text) for path, text in texts.items()}


def _units(candidates: Iterable[Candidate]) -> list[_Unit]:
    by_changes: dict[tuple[Change, ...], list[Candidate]] = {}
    for candidate in candidates:
        by_changes.setdefault(tuple(sorted(candidate.changes, key=lambda change: change.order)), []).append(candidate)
    return [_Unit(changes, tuple(own)) for changes, own in by_changes.items()]


def _contradicting(units: Sequence[_Unit]) -> list[list[_Unit]]:
    """The units in groups: in one group what contradicts each other, directly or through others."""
    groups: list[list[_Unit]] = []
    for unit in units:
        touching = [group for group in groups if any(_contradict(unit, other) for other in group)]
        merged = [*(other for group in touching for other in group), unit]
        groups = [group for group in groups if group not in touching] + [merged]
    return groups


def _contradict(one: _Unit, other: _Unit) -> bool:
    return any(left.contradicts(right) for left in one.changes for right in other.changes)


def _key(finding: Finding) -> _Key:
    resource = finding.resource
    where = f"{resource.root}//{resource.type}//{resource.address}" if resource else ""
    return finding.baseline, finding.rule, finding.component, where


def _verdicts(findings: Iterable[Finding]) -> dict[_Key, Counter[Verdict]]:
    found: dict[_Key, Counter[Verdict]] = {}
    for finding in findings:
        found.setdefault(_key(finding), Counter())[finding.verdict] += 1
    return found


def _worse(before: Mapping[_Key, Counter[Verdict]], after: Mapping[_Key, Counter[Verdict]]) -> bool:
    """Whether anything fails or is undecided that was not, or no longer passes."""
    none: Counter[Verdict] = Counter()
    if any(counts[bad] > before.get(key, none)[bad] for key, counts in after.items() for bad in _BAD):
        return True
    return any(counts[Verdict.PASS] > after.get(key, none)[Verdict.PASS] for key, counts in before.items())


def _errors(report: Report) -> int:
    return sum(item.level is Level.ERROR for item in report.notifications)
