"""Whether a weekly maintenance window starts at a given moment, whatever time zone it is written in."""

from __future__ import annotations

import re
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.world import Subject

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK: Final = 7 * 24 * 60
_NO_WINDOW: Final = Text("there is no maintenance window", "유지보수 기간이 없음")


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    path = text(arguments, "window")
    window = lookup(subject.root, f"{path}[0]")[0].value
    if window.is_absent:
        return said(Verdict.FAIL, subject, _NO_WINDOW, path=path)
    if isinstance(window.raw, Unknown):
        return undecided(subject, window.raw, window, path)
    fields = {name: lookup(window, name)[0].value for name in ("frequency", "interval", *_MOMENT)}
    for name, value in fields.items():
        if isinstance(value.raw, Unknown):
            return undecided(subject, value.raw, value, f"{path}.{name}")
    if (as_text(fields["frequency"]) or "").lower() != "weekly" or as_text(fields["interval"]) not in (None, "1"):
        words = Text("the window does not open every week", "유지보수 기간이 매주 열리지 않음")
        return said(Verdict.FAIL, subject, words, path=f"{path}.frequency", at=_place(window, fields["frequency"]))
    return _compared(subject, arguments, path, window, fields)


_MOMENT: Final = ("day_of_week", "start_time", "utc_offset")


def _compared(subject: Subject, arguments: Arguments, path: str, window: Value, fields: dict[str, Value]) -> Outcome:
    written = [as_text(fields[name]) or "" for name in _MOMENT]
    moment = _minutes(*written)
    wanted = _minutes(text(arguments, "day"), text(arguments, "time"), text(arguments, "offset"))
    if wanted is None:
        words = Words("the documented moment cannot be read", "문서의 시각을 해석할 수 없음")
        return undecided(subject, Unknown(Reason.ERROR, words))
    if moment == wanted:
        return HOLDS
    expected = f"{text(arguments, 'day')} {text(arguments, 'time')} {text(arguments, 'offset')}"
    actual = " ".join(part for part in written if part) or "nothing"
    words_ = Text(f"the window opens {actual}, expected {expected}", f"시작 시각이 {actual}인데 {expected}이어야 함")
    wrong = _wrong(written, arguments)
    return said(
        Verdict.FAIL,
        subject,
        words_,
        path=f"{path}.{wrong}",
        at=_place(window, fields[wrong]),
        expected=expected,
        actual=actual,
    )


def _wrong(written: list[str], arguments: Arguments) -> str:
    """The field that differs first, day before time before offset."""
    for name, have, key in zip(_MOMENT, written, ("day", "time", "offset"), strict=True):
        if have.lower() != text(arguments, key).lower():
            return name
    return _MOMENT[0]


def _place(window: Value, field: Value) -> Value:
    return window if field.is_absent else field


def _minutes(day: str, time: str, offset: str) -> int | None:
    """Minutes from Monday 00:00 UTC; None where a part is missing or cannot be read. Without an offset it is UTC."""
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})", time)
    zone = re.fullmatch(r"([+-]?)(\d{1,2}):?(\d{2})", offset or "+00:00")
    if day.lower() not in _DAYS or clock is None or zone is None:
        return None
    local = _DAYS.index(day.lower()) * 24 * 60 + int(clock[1]) * 60 + int(clock[2])
    ahead = int(zone[2]) * 60 + int(zone[3])
    return (local + ahead if zone[1] == "-" else local - ahead) % _WEEK


FUNCTIONS = (
    Function(
        "weekly_window",
        "Whether the maintenance window at a path opens every week at the given moment, in whatever time zone",
        ("window", "day", "time", "offset"),
        _decide,
    ),
)
