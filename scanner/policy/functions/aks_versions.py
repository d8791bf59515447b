"""Whether the Kubernetes version of an AKS cluster is new enough, and still supported on a given day.

Support ends are in aks_support.tsv, a dated table: past its horizon a version that it calls supported is undecided.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.world import Subject

Minor: TypeAlias = tuple[int, int]

_PATH: Final = "kubernetes_version"
_TABLE: Final = Path(__file__).with_name("aks_support.tsv")
_CHOSEN_BY_AZURE: Final = Unknown(
    Reason.UNSUPPORTED,
    Words(
        "kubernetes_version is not set, so Azure chose the version when the cluster was created",
        "kubernetes_version 미지정으로 클러스터 생성 시점에 Azure가 버전을 정함",
    ),
)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    cluster = subject.resource
    unknown = missing(arguments)
    if cluster is None or unknown is not None:
        return undecided(subject, unknown or _CHOSEN_BY_AZURE)
    value = lookup(cluster.attributes, _PATH)[0].value
    if value.is_absent:
        return undecided(subject, _CHOSEN_BY_AZURE, path=_PATH)
    if isinstance(value.raw, Unknown):
        return undecided(subject, value.raw, value, _PATH)
    written = as_text(value) or ""
    minor, least = _minor(written), _minor(text(arguments, "minimum"))
    if minor is None or least is None:
        words = Words(f"{written!r} is no Kubernetes version", f"{written!r} 값은 쿠버네티스 버전이 아님")
        return undecided(subject, Unknown(Reason.ERROR, words), value, _PATH)
    if minor < least:
        too_old = Text(
            f"Kubernetes {written} is older than {_shown(least)}",
            f"쿠버네티스 {written} 버전이 최소 버전 {_shown(least)}보다 낮음",
        )
        return said(Verdict.FAIL, subject, too_old, path=_PATH, at=value, expected=_shown(least), actual=written)
    return _supported(subject, value, minor, arguments)


def _supported(subject: Subject, value: Value, minor: Minor, arguments: Arguments) -> Outcome:
    given = text(arguments, "day")
    try:
        day = datetime.date.fromisoformat(given) if given else datetime.datetime.now(datetime.UTC).date()
    except ValueError:
        words = Words(f"{given!r} is no date (YYYY-MM-DD)", f"{given!r} 값은 날짜(YYYY-MM-DD)가 아님")
        return undecided(subject, Unknown(Reason.ERROR, words), path=_PATH)
    horizon, ends = _table()
    long_term = arguments["long_term"].raw is True and _has_long_term_support(subject)
    if minor < min(ends):
        return _ended(subject, value, minor, None)
    if minor in ends and ends[minor][long_term] < day:
        return _ended(subject, value, minor, ends[minor][long_term])
    if minor in ends and day <= horizon:
        return HOLDS
    words = Words(
        f"the support of Kubernetes {_shown(minor)} on {day} is not known; the list of versions ends on {horizon}",
        f"{day} 기준 쿠버네티스 {_shown(minor)} 지원 여부를 알 수 없음(버전 목록 기한 {horizon})",
    )
    return undecided(subject, Unknown(Reason.UNSUPPORTED, words), value, _PATH)


def _ended(subject: Subject, value: Value, minor: Minor, end: datetime.date | None) -> Outcome:
    since = f" on {end}" if end else ""
    since_ko = f"({end})" if end else ""
    words = Text(
        f"AKS ended the support of Kubernetes {_shown(minor)}{since}",
        f"쿠버네티스 {_shown(minor)} 버전의 AKS 지원이 종료됨{since_ko}",
    )
    return said(Verdict.FAIL, subject, words, path=_PATH, at=value, actual=_shown(minor))


def _has_long_term_support(subject: Subject) -> bool:
    plan = lookup(subject.root, "support_plan")[0].value
    return plan.raw == "AKSLongTermSupport"


def _minor(version: str) -> Minor | None:
    found = re.fullmatch(r"v?(\d+)\.(\d+)(?:\.\d+)?(?:[-+].*)?", version.strip())
    return (int(found[1]), int(found[2])) if found else None


def _shown(minor: Minor) -> str:
    return f"{minor[0]}.{minor[1]}"


@cache
def _table() -> tuple[datetime.date, dict[Minor, tuple[datetime.date, datetime.date]]]:
    """The day until which the table is relied on, and the ends of standard and long-term support by minor version."""
    horizon = datetime.date.min
    ends: dict[Minor, tuple[datetime.date, datetime.date]] = {}
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, *dates = line.split("\t")
        days = [datetime.date.fromisoformat(date) for date in dates]
        minor = _minor(name)
        if minor is None:
            horizon = days[0]
        else:
            ends[minor] = (days[0], days[1])
    return horizon, ends


FUNCTIONS = (
    Function(
        "aks_supported_version",
        "Whether a cluster runs at least the minimum Kubernetes version, and one that AKS supports on the day",
        ("minimum", "day", "long_term"),
        _decide,
    ),
)
