"""Date and time functions. What depends on the time of the run is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from fractions import Fraction

from scanner.model.value import Raw
from scanner.sources.terraform.functions.base import Function, FunctionError, pure, undecidable
from scanner.sources.terraform.kinds import STRING

_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TOKEN = re.compile(r"''|'(?:[^']|'')*'|'.*|([A-Za-z])\1*|[^A-Za-z']+", re.DOTALL)


def parse_timestamp(source: str) -> tuple[datetime, int]:
    """A moment in RFC 3339 syntax, and the nanoseconds beyond its second. Raises FunctionError for anything else."""
    match = _RFC3339.fullmatch(source)
    if match is None:
        raise FunctionError(f"{source!r} is no timestamp like 2006-01-02T15:04:05Z")
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0)) * (-1 if match[8] == "-" else 1)
    try:
        numbers = [int(match[at]) for at in range(1, 7)]
        year, month, day, hour, minute, second = numbers
        moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError as error:
        raise FunctionError(f"{source!r} is no timestamp") from error
    return moment, int((match[7] or "").ljust(9, "0")[:9])


def _duration(source: str) -> Fraction:
    """Nanoseconds of a duration like `1h30m`."""
    body = source.lstrip("+-") if source[:1] in "+-" else source
    if body == "0":
        return Fraction(0)
    parts = list(_DURATION.finditer(body))
    if not parts or "".join(part[0] for part in parts) != body or len(source) - len(body) > 1:
        raise FunctionError(f"{source!r} is no duration like 1h30m")
    total = sum((Fraction(part[1].rstrip(".") or "0") * _UNITS[part[2]] for part in parts), Fraction(0))
    return -total if source[0] == "-" else total


def _zone(moment: datetime, colon: bool = True, letter: bool = True) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    if letter and minutes == 0:
        return "Z"
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}{':' if colon else ''}{rest:02d}"


def _timeadd(source: str, duration: str) -> Raw:
    moment, nanoseconds = parse_timestamp(source)
    try:
        moved = moment + timedelta(seconds=int((_duration(duration) + nanoseconds) // 10**9))
    except OverflowError as error:
        raise FunctionError("the time is out of range") from error
    return f"{moved.year:04d}{moved:-%m-%dT%H:%M:%S}{_zone(moved)}"


def _timecmp(first: str, second: str) -> Raw:
    left, right = parse_timestamp(first), parse_timestamp(second)
    return (left > right) - (left < right)


def _utc_name(moment: datetime) -> str:
    name = _zone(moment, colon=False, letter=False)
    return "UTC" if name == "+0000" else name


_VERBS: dict[str, Callable[[datetime], str]] = {
    "YY": lambda moment: f"{moment.year % 100:02d}",
    "YYYY": lambda moment: f"{moment.year:04d}",
    "M": lambda moment: str(moment.month),
    "MM": lambda moment: f"{moment.month:02d}",
    "MMM": lambda moment: _MONTHS[moment.month - 1][:3],
    "MMMM": lambda moment: _MONTHS[moment.month - 1],
    "D": lambda moment: str(moment.day),
    "DD": lambda moment: f"{moment.day:02d}",
    "EEE": lambda moment: _DAYS[moment.weekday()][:3],
    "EEEE": lambda moment: _DAYS[moment.weekday()],
    "h": lambda moment: str(moment.hour),
    "hh": lambda moment: f"{moment.hour:02d}",
    "H": lambda moment: str(moment.hour % 12 or 12),
    "HH": lambda moment: f"{moment.hour % 12 or 12:02d}",
    "AA": lambda moment: "AM" if moment.hour < 12 else "PM",
    "aa": lambda moment: "am" if moment.hour < 12 else "pm",
    "m": lambda moment: str(moment.minute),
    "mm": lambda moment: f"{moment.minute:02d}",
    "s": lambda moment: str(moment.second),
    "ss": lambda moment: f"{moment.second:02d}",
    "Z": _zone,
    "ZZZ": _utc_name,
    "ZZZZ": lambda moment: _zone(moment, colon=False, letter=False),
    "ZZZZZ": lambda moment: _zone(moment, letter=False),
}


def _formatdate(template: str, source: str) -> Raw:
    moment, _ = parse_timestamp(source)
    result: list[str] = []
    for match in _TOKEN.finditer(template):
        token = match[0]
        if token[0] == "'":
            if len(token) == 1 or token[-1] != "'":
                raise FunctionError("a quote is not closed")
            result.append("'" if token == "''" else token[1:-1].replace("''", "'"))
        elif match[1]:
            if token not in _VERBS:
                raise FunctionError(f"unknown date format {token!r}")
            result.append(_VERBS[token](moment))
        else:
            result.append(token)
    return "".join(result)


FUNCTIONS = (
    Function("formatdate", pure(_formatdate), (STRING, STRING)),
    Function("plantimestamp", undecidable("the time of the plan")),
    Function("timeadd", pure(_timeadd), (STRING, STRING)),
    Function("timecmp", pure(_timecmp), (STRING, STRING)),
    Function("timestamp", undecidable("the time of the run")),
)
