"""Cron schedules as the moments that they name, in the notations of cron, Kubernetes and EventBridge."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, TypeAlias

from scanner.model.value import Value
from scanner.model.words import Words
from scanner.policy.readers import read_text
from scanner.policy.structures import Mismatch

Schedule: TypeAlias = tuple[frozenset[object], ...]

SHORTHANDS: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_EVENTBRIDGE: Final = re.compile(r"cron\((?P<fields>[^)]*)\)\Z")
_DAY: Final = re.compile(r"(?<![A-Z#L/\d])([1-7])(?![\dA-Z/])")
_ANY: Final = datetime(2028, 1, 1)


def read_cron(value: Value) -> Schedule:
    """The minutes, hours, days, months and weekdays of a schedule; equal ones name the same moments of any clock.

    Reads five fields, `@daily` and its kin, and `cron(…)` with the six fields of EventBridge, whose week begins with
    Sunday as 1 (docs.aws.amazon.com: EventBridge, cron expressions); a year other than `*` cannot be compared.
    Raises Mismatch.
    """
    from cronsim import CronSim, CronSimError

    text = read_text(value).strip()
    try:
        parsed = CronSim(_five_fields(text), _ANY)
    except (CronSimError, ValueError):
        words = Words(f"the text {text!r} is no cron schedule", f"{text!r} 값은 cron 일정이 아님")
        raise Mismatch(words) from None
    fields = (parsed.minutes, parsed.hours, parsed.days, parsed.months, parsed.weekdays)
    both = frozenset({"either day"}) if not parsed.day_and else frozenset[object]()
    return (*(frozenset(field) for field in fields), both)


def _five_fields(text: str) -> str:
    """The schedule in cron's own notation. Raises ValueError for a year."""
    inside = _EVENTBRIDGE.match(text)
    if inside is None:
        return SHORTHANDS.get(text.lower(), text)
    fields = inside["fields"].split()
    if len(fields) != 6 or fields[5] not in ("*", "?"):
        raise ValueError("no six fields, or a year")
    minute, hour, day, month, weekday = ("*" if field == "?" else field for field in fields[:5])
    return f"{minute} {hour} {day} {month} {_DAY.sub(lambda match: str(int(match[1]) - 1), weekday.upper())}"
