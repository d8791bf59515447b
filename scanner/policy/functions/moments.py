"""Moments of a running system measured from now: certificates that end, backups that were taken.

Times come from the account as ISO 8601 texts (`2026-01-31T09:00:00Z`); one without a zone is read as UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.readers import read_duration
from scanner.policy.structures import Mismatch
from scanner.policy.world import Subject

_ABSENT: Final = Text("there is no such moment", "해당 시각이 없음")


def _ahead(subject: Subject, arguments: Arguments) -> Outcome:
    """Function moment_ahead."""
    return _compared(subject, arguments, "at_least", ahead=True)


def _passed(subject: Subject, arguments: Arguments) -> Outcome:
    """Function moment_passed."""
    return _compared(subject, arguments, "at_most", ahead=False)


def _compared(subject: Subject, arguments: Arguments, limit: str, *, ahead: bool) -> Outcome:
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    path = text(arguments, "path")
    value = lookup(subject.root, path)[0].value
    if value.is_absent:
        return said(Verdict.FAIL, subject, _ABSENT, path=path)
    if isinstance(value.raw, Unknown):
        return undecided(subject, value.raw, value, path)
    try:
        moment = _moment(as_text(value) or "")
        wanted = timedelta(seconds=float(read_duration(arguments[limit])))
    except (ValueError, Mismatch):
        words = Words(f"{as_text(value)!r} is no moment", f"{as_text(value)!r} 값은 시각이 아님")
        return undecided(subject, Unknown(Reason.ERROR, words), value, path)
    distance = moment - datetime.now(UTC)
    if (distance >= wanted) if ahead else (timedelta(0) - distance <= wanted):
        return HOLDS
    given = as_text(arguments[limit]) or ""
    en = f"it is {moment.isoformat()}, expected " + (f"{given} from now or later" if ahead else f"{given} ago or later")
    ko = f"{moment.isoformat()}인데 " + (f"지금부터 {given} 이후여야 함" if ahead else f"{given} 이내여야 함")
    return said(Verdict.FAIL, subject, Text(en, ko), path=path, at=value, expected=given, actual=moment.isoformat())


def _moment(written: str) -> datetime:
    """A moment with a zone. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(written.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


FUNCTIONS = (
    Function(
        "moment_ahead",
        "Whether a moment lies at least a duration in the future",
        ("path", "at_least"),
        _ahead,
    ),
    Function(
        "moment_passed",
        "Whether a moment lies at most a duration in the past",
        ("path", "at_most"),
        _passed,
    ),
)
