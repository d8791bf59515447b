"""How long secrets and keys of a vault live: dates and ISO 8601 durations that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.world import Subject

_NO_EXPIRY: Final = Text("nothing says when it expires", "만료 시점이 지정되지 않음")
_NO_ROTATION: Final = Text("nothing says when it is replaced", "자동 교체 시점이 지정되지 않음")
_NO_START: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("the code does not say from when on it is valid", "언제부터 유효한지 코드에 없음"),
)
_ISO: Final = re.compile(
    r"P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\Z"
)
_SHORTEST: Final = (365.0, 28.0, 7.0, 1.0, 1 / 24, 1 / 1440, 1 / 86400)
_LONGEST: Final = (366.0, 31.0, 7.0, 1.0, 1 / 24, 1 / 1440, 1 / 86400)

Span = tuple[float, float]
"""The days that a duration has at least and at most: months and years differ."""


def _expires(subject: Subject, arguments: Arguments) -> Outcome:
    """Function expires_within."""
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    path = text(arguments, "until")
    end, start = (lookup(subject.root, name)[0].value for name in (path, text(arguments, "from")))
    if end.is_absent:
        return said(Verdict.FAIL, subject, _NO_EXPIRY, path=path)
    for value, name in ((end, path), (start, text(arguments, "from"))):
        if isinstance(value.raw, Unknown):
            return undecided(subject, value.raw, value, name)
    if start.is_absent:
        return undecided(subject, _NO_START, end, path)
    moments = [_moment(value) for value in (start, end)]
    if moments[0] is None or moments[1] is None:
        return undecided(subject, _unreadable(start if moments[0] is None else end), end, path)
    life, days = moments[1] - moments[0], _days(arguments)
    if life <= timedelta(days=days):
        return HOLDS
    begun = -(-life // timedelta(days=1))
    words = Text(f"it lives {begun} days, expected at most {days}", f"{begun}일 동안 유효한데 {days}일 이하여야 함")
    return said(Verdict.FAIL, subject, words, path=path, at=end, expected=days, actual=begun)


def _rotates(subject: Subject, arguments: Arguments) -> Outcome:
    """Function rotates_within: the first of the two triggers counts."""
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    days = _days(arguments)
    policy = text(arguments, "policy")
    block = lookup(subject.root, f"{policy}[0]")[0].value
    if isinstance(block.raw, Unknown):
        return undecided(subject, block.raw, block, policy)
    outcomes = [_trigger(subject, days, *trigger) for trigger in _triggers(subject.root, policy)]
    if not outcomes:
        return said(Verdict.FAIL, subject, _NO_ROTATION, path=policy, at=block)
    for verdict in (Verdict.PASS, Verdict.UNKNOWN):
        found = next((outcome for outcome in outcomes if outcome.verdict is verdict), None)
        if found is not None:
            return found
    return outcomes[0]


def _triggers(root: Value, policy: str) -> Iterator[tuple[str, Value, Value | None]]:
    """What starts a rotation: the path, its duration, and the life that it counts back from."""
    after, before = (f"{policy}.automatic.{name}" for name in ("time_after_creation", "time_before_expiry"))
    value = lookup(root, after)[0].value
    if not value.is_absent:
        yield after, value, None
    value = lookup(root, before)[0].value
    life = lookup(root, f"{policy}.expire_after")[0].value
    if not value.is_absent and not life.is_absent:
        yield before, value, life


def _trigger(subject: Subject, days: int, path: str, value: Value, life: Value | None) -> Outcome:
    for part in (value, life):
        if part is not None and isinstance(part.raw, Unknown):
            return undecided(subject, part.raw, part, path)
    span, whole = _span(value), None if life is None else _span(life)
    if span is None or (life is not None and whole is None):
        return undecided(subject, _unreadable(life if span is not None and life else value), value, path)
    age = span if whole is None else (whole[0] - span[1], whole[1] - span[0])
    if age[1] <= days:
        return HOLDS
    if age[0] <= days:
        words_ = Words(
            f"{as_text(value)} may be more than {days} days", f"{as_text(value)} 값은 {days}일을 넘을 수 있음"
        )
        return undecided(subject, Unknown(Reason.UNSUPPORTED, words_), value, path)
    words = Text(
        f"it is replaced after {age[0]:g} days, expected at most {days}",
        f"{age[0]:g}일 후 교체되는데 {days}일 이하여야 함",
    )
    return said(Verdict.FAIL, subject, words, path=path, at=value, expected=days, actual=as_text(value))


def _span(value: Value) -> Span | None:
    match = _ISO.match((as_text(value) or "").strip())
    if match is None:
        return None
    parts = [int(part or 0) for part in match.groups()]
    low, high = (sum(part * unit for part, unit in zip(parts, units, strict=True)) for units in (_SHORTEST, _LONGEST))
    return low, high


def _moment(value: Value) -> datetime | None:
    try:
        moment = datetime.fromisoformat(as_text(value) or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _days(arguments: Arguments) -> int:
    raw = arguments["days"].raw
    assert isinstance(raw, int)
    return raw


def _unreadable(value: Value) -> Unknown:
    words = Words(f"{as_text(value)!r} cannot be read", f"{as_text(value)!r} 값을 해석할 수 없음")
    return Unknown(Reason.UNSUPPORTED, words)


FUNCTIONS = (
    Function(
        "expires_within",
        "Whether the date at `until` is at most `days` after the one at `from`",
        ("from", "until", "days"),
        _expires,
    ),
    Function(
        "rotates_within",
        "Whether a vault key's rotation `policy` replaces it after at most `days`",
        ("policy", "days"),
        _rotates,
    ),
)
