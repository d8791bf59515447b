"""Fixes as people read them: a unified diff, and what was mended and what was not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import unified_diff
from typing import Final, Protocol

from scanner.model.finding import Finding
from scanner.model.rule import Text
from scanner.reports.escape import visible, visible_lines
from scanner.reports.messages import say

_COLOURS: Final = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_PLAIN: Final = "\x1b[0m"
_NO_NEWLINE: Final = "\\ No newline at end of file\n"


class Mended(Protocol):
    """A finding with what mends it."""

    @property
    def finding(self) -> Finding:
        """The finding."""

    @property
    def description(self) -> Text:
        """What is changed."""


class Left(Protocol):
    """A finding without a fix."""

    @property
    def finding(self) -> Finding:
        """The finding."""

    @property
    def why(self) -> Text:
        """What stands in the way."""


def diff(name: str, before: str, after: str, *, color: bool) -> str:
    """The change of one file as a unified diff; in colour it is for a terminal, and shows control characters."""
    lines = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(_line(line, color) for line in lines)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _line(line: str, color: bool) -> str:
    if not line.endswith("\n"):
        line += f"\n{_NO_NEWLINE}"
    if not color:
        return line
    shown = visible_lines(line)
    start = _COLOURS.get(line[0], "") if not line.startswith(("+++", "---")) else "\x1b[1m"
    return f"{start}{shown[:-1]}{_PLAIN}\n" if start else shown


def summary(mended: Sequence[Mended], left: Sequence[Left], language: str, *, applied: bool) -> str:
    """How much is mended, and for everything else where it is and what stands in the way."""
    state = "applied" if applied else "shown"
    if not mended:
        lines = [say("fix.nothing" if left else "fix.clean", language)]
    else:
        key = f"fix.{state}.one" if len(mended) == 1 else f"fix.{state}"
        lines = [say(key, language, number=len(mended)), *_each_mended(mended, language)]
    for why, findings in _by_reason(left).items():
        lines += ["", f"{say('fix.left', language, why=why.in_(language))}"]
        lines += [f"  {line}" for line in dict.fromkeys(_place(finding) for finding in findings)]
    return "\n".join(lines) + "\n"


def _each_mended(mended: Iterable[Mended], language: str) -> list[str]:
    rows = dict.fromkeys(f"  {item.finding.rule}  {item.description.in_(language)}" for item in mended)
    return [visible(row) for row in rows]


def _by_reason(left: Iterable[Left]) -> dict[Text, list[Finding]]:
    found: dict[Text, list[Finding]] = {}
    for item in left:
        found.setdefault(item.why, []).append(item.finding)
    return found


def _place(finding: Finding) -> str:
    where = f"  {finding.location.path}:{finding.location.line}" if finding.location else ""
    return visible(f"{finding.rule}{where or '  ' + (finding.component or '')}".rstrip())
