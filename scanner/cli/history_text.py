"""The history in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from scanner.model.rule import Text
from scanner.reports.escape import visible
from scanner.reports.messages import severity_word

if TYPE_CHECKING:
    from scanner.history import Run
    from scanner.model.changes import Changes, Entry

_BARS: Final = "▁▂▃▄▅▆▇█"
_TREND: Final = 30
KINDS: Final = ("new", "regressed", "persisting", "fixed", "undecided")
_WORDS: Final = {
    "new": Text("New", "신규"),
    "regressed": Text("Regressed", "재발"),
    "persisting": Text("Persisting", "지속"),
    "fixed": Text("Fixed", "해결"),
    "undecided": Text("Failing before, not decided this time", "이전 위반, 이번에는 판정 불가"),
}
_SUMMARY: Final = Text(
    "since the audit before: {new} new, {regressed} regressed, {persisting} persisting, {fixed} fixed,"
    " {undecided} undecided",
    "직전 감사 대비: 신규 {new}, 재발 {regressed}, 지속 {persisting}, 해결 {fixed}, 판정 불가 {undecided}",
)
_SINCE: Final = Text("since {day}", "{day}부터")
_INCOMPLETE: Final = Text("not everything could be read", "일부 입력을 읽지 못함")
_AUDITS: Final = Text("{number} audits, the last on {day}", "감사 {number}회, 최근 {day}")
_VIOLATIONS: Final = Text("violations", "위반")
NOTHING: Final = Text("The history has no audits.", "감사 기록이 없음.")


def summary(changes: Changes, language: str) -> str:
    """What has changed, in one line."""
    return _SUMMARY.in_(language).format(**{kind: len(getattr(changes, kind)) for kind in KINDS})


def sparkline(figures: Sequence[int]) -> str:
    """Figures as a row of bars, zero the lowest."""
    top = max(figures, default=0)
    return "".join(_BARS[0 if not top else round(figure / top * (len(_BARS) - 1))] for figure in figures)


def scope_text(runs: Sequence[Run], changes: Changes, language: str) -> str:
    """The audits of one scope: the trend, and what changed with the last one."""
    last = runs[-1]
    who = ", ".join(f"{name} {value}" for name, value in last.identity.items() if name not in ("arn", "taken"))
    failing = [run.summary.get("fail", 0) for run in runs[-_TREND:]]
    lines = [
        f"{', '.join(last.baselines)}{f' ({who})' if who else ''}: "
        + _AUDITS.in_(language).format(number=len(runs), day=last.started[:10]),
        f"  {_VIOLATIONS.in_(language)} {sparkline(failing)} {' → '.join(map(str, failing[-2:]))}",
    ]
    if not last.complete:
        lines.append(f"  {_INCOMPLETE.in_(language)}")
    for kind in KINDS:
        entries: list[Entry] = getattr(changes, kind)
        if entries:
            lines += ["", f"{_WORDS[kind].in_(language)} ({len(entries)})"]
            lines += [_line(entry, language) for entry in entries]
    return "".join(f"{visible(line)}\n" for line in lines)


def _line(entry: Entry, language: str) -> str:
    since = _SINCE.in_(language).format(day=entry.since[:10])
    severity = severity_word(entry.severity, language)
    return f"  {severity:<9} {entry.rule}  {entry.title.in_(language)}  {entry.where}  ({since})"
