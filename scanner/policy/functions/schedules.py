"""When the sync windows of an Argo CD project let an application sync: schedules are evaluated, not compared as text.

Source: Argo CD, user guide, "Sync Windows": a window begins at every tick of its cron schedule and lasts `duration`;
without `timeZone` its clock is UTC. Where no window applies, syncs run at any time; where windows that allow do, only
while one of them is open; and never while one that denies is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import takewhile
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value, items_of
from scanner.model.words import Words
from scanner.network.intervals import Intervals, difference, intersection, interval, union_all
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.readers import read_duration
from scanner.policy.schedules import SHORTHANDS
from scanner.policy.structures import Mismatch, Undecided
from scanner.policy.world import Subject

_FIRST: Final = datetime(2028, 1, 2, tzinfo=UTC)  # a Sunday; the year after it has every date, 29 February included
_WEEKS: Final = 53
_WEEK: Final = 7 * 24 * 60
_APPLICATION: Final = "argoproj.io/v1alpha1/Application"


class _Undecided(Undecided):
    """A window of which something cannot be told; `value` is the one that would tell."""

    def __init__(self, unknown: Unknown, value: Value) -> None:
        super().__init__(unknown)
        self.value = value


@dataclass(slots=True, frozen=True)
class _Times:
    """The openings of one window: a schedule on a clock, each opening so many minutes long."""

    schedule: str
    minutes: int
    zone: tzinfo

    def starts(self, first: int, last: int) -> tuple[int, ...]:
        """The openings from minute `first` to before minute `last`, counted from the beginning of that year."""
        return _starts(self.schedule, self.zone, first, last)

    def open(self, week: int) -> Intervals:
        """The minutes of a week in which the window is open."""
        first, last = week * _WEEK, (week + 1) * _WEEK
        starts = self.starts(first - self.minutes + 1, last)
        return intersection(
            union_all(interval(start, start + self.minutes - 1) for start in starts), interval(first, last - 1)
        )


@lru_cache(maxsize=512)
def _starts(schedule: str, zone: tzinfo, first: int, last: int) -> tuple[int, ...]:
    """See `_Times.starts`; kept, because every requirement on a project asks about the same weeks."""
    from cronsim import CronSim

    moment = (_FIRST + timedelta(minutes=first) - timedelta(seconds=1)).astimezone(zone)
    minutes = (int((tick - _FIRST).total_seconds()) // 60 for tick in CronSim(schedule, moment))
    return tuple(takewhile(lambda minute: minute < last, minutes))


@dataclass(slots=True, frozen=True)
class _Window:
    allows: bool
    times: _Times
    value: Value


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    project = subject.resource
    unknown = missing(arguments)
    if project is None or unknown is not None:
        return undecided(subject, unknown or _NO_PROJECT)
    wanted = _wanted(arguments)
    own_clock = "own_clock" in arguments and arguments["own_clock"].raw is True
    try:
        windows = list(_windows(subject, project, text(arguments, "application"), wanted.zone if own_clock else None))
    except _Undecided as error:
        return undecided(subject, error.unknown, error.value, "spec.syncWindows")
    if not windows:
        words = Text("no sync window applies, so syncs run at any time", "적용되는 동기화 창이 없어 상시 동기화됨")
        return _fail(subject, words, None)
    if text(arguments, "mode", "exactly") == "opens":
        return _opens(subject, windows, wanted)
    return _exactly(subject, windows, wanted)


def _opens(subject: Subject, windows: Sequence[_Window], wanted: _Times) -> Outcome:
    """Whether windows of the wanted length open at least whenever the wanted one does."""
    fitting = [window for window in windows if window.allows and window.times.minutes == wanted.minutes]
    for week in range(_WEEKS):
        first, last = week * _WEEK, (week + 1) * _WEEK
        starts = {start for window in fitting for start in window.times.starts(first, last)}
        lacking = next((start for start in wanted.starts(first, last) if start not in starts), None)
        if lacking is not None:
            when = _moment(lacking, wanted.zone)
            words = Text(
                f"no sync window of {wanted.minutes} minutes opens at {when}",
                f"{when}에 열리는 {wanted.minutes}분 동기화 창이 없음",
            )
            return _fail(subject, words, windows[0].value)
    return HOLDS


def _exactly(subject: Subject, windows: Sequence[_Window], wanted: _Times) -> Outcome:
    """Whether syncs are allowed exactly while the wanted window is open."""
    for week in range(_WEEKS):
        actual, meant = _allowed(windows, week), wanted.open(week)
        for wrong, allowed in ((difference(actual, meant), True), (difference(meant, actual), False)):
            if wrong:
                culprit = _culprit(windows, wrong[0], week, allowed)
                return _fail(subject, _wrong(wrong[0], wanted.zone, allowed), culprit)
    return HOLDS


def _allowed(windows: Sequence[_Window], week: int) -> Intervals:
    allowing = [window.times.open(week) for window in windows if window.allows]
    denied = union_all(window.times.open(week) for window in windows if not window.allows)
    base = union_all(allowing) if allowing else interval(week * _WEEK, (week + 1) * _WEEK - 1)
    return difference(base, denied)


def _culprit(windows: Sequence[_Window], minute: int, week: int, allowed: bool) -> Value:
    """The window that makes the difference: one of the sort that is open at that minute, else the first one."""
    at = interval(minute, minute)
    hits = (item for item in windows if item.allows is allowed and intersection(item.times.open(week), at))
    return next(hits, windows[0]).value


def _wrong(minute: int, zone: tzinfo, allowed: bool) -> Text:
    when = _moment(minute, zone)
    if allowed:
        return Text(f"syncs are allowed at {when}", f"{when}에 동기화가 허용됨")
    return Text(f"syncs are not allowed at {when}", f"{when}에 동기화가 허용되지 않음")


def _moment(minute: int, zone: tzinfo) -> str:
    return f"{(_FIRST + timedelta(minutes=minute)).astimezone(zone):%a %H:%M} ({zone})"


def _fail(subject: Subject, words: Text, at: Value | None) -> Outcome:
    return said(Verdict.FAIL, subject, words, path="spec.syncWindows", at=at)


def _windows(subject: Subject, project: Resource, application: str, clock: tzinfo | None) -> Iterator[_Window]:
    """The windows that apply to an application; on `clock` instead of their own, if one is given."""
    found = lookup(project.attributes, "spec.syncWindows")[0].value
    for window in items_of(_known(found)):
        kind = _text(window, "kind")
        if _applies(subject, window, application):
            if kind not in ("allow", "deny"):
                raise _Undecided(_wording(f"{kind!r} is no kind of window", f"{kind!r} 종류의 창은 없음"), window)
            schedule, duration = _text(window, "schedule"), _text(window, "duration")
            zone = clock or _zone(_text(window, "timeZone") or "UTC", window)
            yield _Window(kind == "allow", _times(schedule, duration, zone, window), window)


def _applies(subject: Subject, window: Value, application: str) -> bool:
    names = _known(lookup(window, "applications")[0].value)
    results = [_listed(names, application)] if not names.is_absent else []
    for key, paths in (("namespaces", ("namespace",)), ("clusters", ("server", "name"))):
        listed = _known(lookup(window, key)[0].value)
        if listed.is_absent:
            continue
        target = [_destination(subject, application, path, window) for path in paths]
        results.append(any(_listed(listed, name) for name in target if name))
    both = lookup(window, "andOperator")[0].value.raw is True
    return bool(results) and (all(results) if both else any(results))


def _destination(subject: Subject, application: str, key: str, window: Value) -> str:
    for resource in subject.world.of_types((_APPLICATION,)):
        if lookup(resource.attributes, "metadata.name")[0].value.raw == application:
            value = _known(lookup(resource.attributes, f"spec.destination.{key}")[0].value)
            return value.raw if isinstance(value.raw, str) else ""
    raise _Undecided(
        _wording(f"the application {application} is not in the code", f"코드에 {application} 없음"), window
    )


def _listed(names: Value, name: str) -> bool:
    return any(fnmatchcase(name, str(_known(item).raw)) for item in items_of(names))


def _known(value: Value) -> Value:
    if isinstance(value.raw, Unknown):
        raise _Undecided(value.raw, value)
    return value


def _text(window: Value, key: str) -> str:
    raw = _known(lookup(window, key)[0].value).raw
    return raw if isinstance(raw, str) else ""


def _wanted(arguments: Arguments) -> _Times:
    zone = _zone(text(arguments, "time_zone", "UTC"), arguments["schedule"])
    return _times(text(arguments, "schedule"), text(arguments, "duration"), zone, arguments["schedule"])


def _times(schedule: str, duration: str, zone: tzinfo, at: Value) -> _Times:
    """Raises _Undecided for a schedule or a duration that Argo CD would not take either."""
    schedule = SHORTHANDS.get(schedule, schedule).replace("?", "*")
    if not _is_schedule(schedule):
        raise _Undecided(_wording(f"{schedule!r} is no cron schedule", f"{schedule!r} 값은 cron 일정이 아님"), at)
    try:
        minutes = int(read_duration(Value(duration)) // 60)
    except Mismatch as error:
        raise _Undecided(Unknown(Reason.ERROR, error.words), at) from error
    return _Times(schedule, minutes, zone)


@lru_cache(maxsize=256)
def _is_schedule(text: str) -> bool:
    from cronsim import CronSim, CronSimError

    if len(text.split()) != 5 or set(text.upper()) & {"L", "#"} & set(text.upper().split()[4]):
        return False
    try:
        CronSim(text, _FIRST)
    except CronSimError:
        return False
    return True


def _zone(name: str, at: Value) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        words = _wording(f"{name!r} is no time zone that this machine knows", f"{name!r} 시간대를 알 수 없음")
        raise _Undecided(words, at) from error


def _wording(en: str, ko: str) -> Unknown:
    return Unknown(Reason.ERROR, Words(en, ko))


_NO_PROJECT = _wording("there is no project to look at", "확인할 프로젝트가 없음")

FUNCTIONS = (
    Function(
        "argocd_sync_times",
        "Whether the sync windows of an AppProject let an application sync at the wanted times: `opens` at least a "
        "window like the wanted one, `exactly` at no other times; `own_clock` reads schedules without their time zones",
        ("application", "schedule", "duration"),
        _decide,
        ("time_zone", "mode", "own_clock"),
    ),
)
