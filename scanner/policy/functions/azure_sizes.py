"""Whether an Azure server is as large as another one: a replica smaller than its source cannot take over.

A size reads as its tier (Burstable, General Purpose, Memory Optimized) and its number of virtual processors, both out
of the name: GP_Standard_D4s_v3. Source: Azure's page on compute options of Azure Database for PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import lookup
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.functions.linked import referred
from scanner.policy.world import Subject

_SIZE: Final = re.compile(r"(?:(B|GP|MO)_)?Standard_([A-Z])[A-Z]*(\d+)", re.IGNORECASE)
_TIERS: Final = {"B": 0, "GP": 1, "D": 1, "MO": 2, "E": 2}
_NO_SOURCE: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("the size is that of its source, which is not in the code", "크기가 코드에 없는 원본 서버를 따름"),
)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    assert subject.resource is not None
    path = text(arguments, "path")
    own = lookup(subject.resource.attributes, path)[0].value
    sources = list(_sources(subject, path, text(arguments, "source")))
    if own.is_absent:
        own = next(iter(sources), Value(_NO_SOURCE))
        sources = []
    stated = [Value(text(arguments, "size"))] if "size" in arguments else []
    return all_hold(_compared(subject, path, own, least) for least in (*stated, *sources))


def _sources(subject: Subject, path: str, through: str) -> Iterator[Value]:
    """The sizes of the servers that the resource copies."""
    if not through:
        return
    assert subject.resource is not None
    linked = referred(subject.world, subject.resource, through, (subject.resource.type,))
    for source, _ in linked.certain:
        yield lookup(source.attributes, path)[0].value
    for doubt in linked.doubts:
        yield Value(doubt.unknown)
    if linked.outside:
        yield Value(_NO_SOURCE)


def _compared(subject: Subject, path: str, own: Value, least: Value) -> Outcome:
    for value, shown in ((own, own), (least, None)):
        if isinstance(value.raw, Unknown):
            return undecided(subject, value.raw, shown, path)
    size, minimum = _read(own.raw), _read(least.raw)
    if size is None or minimum is None:
        strange = own if size is None else least
        words = Words(f"{strange.raw!r} is no size that can be read", f"{strange.raw!r} 값은 해석할 수 없는 크기임")
        return undecided(subject, Unknown(Reason.UNSUPPORTED, words), own, path)
    if size[0] >= minimum[0] and size[1] >= minimum[1]:
        return HOLDS
    words_ = Text(
        f"{path} is {own.raw}, expected at least {least.raw}", f"{path} 값이 {own.raw}인데 {least.raw} 이상이어야 함"
    )
    return said(Verdict.FAIL, subject, words_, path=path, at=own, expected=str(least.raw), actual=str(own.raw))


def _read(raw: object) -> tuple[int, int] | None:
    """Tier and number of processors."""
    match = _SIZE.match(raw) if isinstance(raw, str) else None
    tier = _TIERS.get((match[1] or match[2]).upper()) if match else None
    return None if match is None or tier is None else (tier, int(match[3]))


FUNCTIONS = (
    Function(
        "size_at_least",
        "Whether an Azure size at `path` is at least `size`, and at least that of the server that `source` refers to",
        ("path",),
        _decide,
        ("size", "source"),
    ),
)
