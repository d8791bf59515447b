"""Reading values as what they are compared as: versions, quantities, durations, address blocks, ports, images …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from scanner.model.korean import with_particle
from scanner.model.path import as_text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.structures import Mismatch, Undecided, kind_of
from scanner.policy.versions import Version, read_version


def _no_value(value: Value, en: str, ko: str) -> Mismatch:
    kind = kind_of(value)
    return Mismatch(Words(f"{kind.en} is no {en}", f"{with_particle(kind.ko, '은')} {with_particle(ko, '이')} 아님"))


def _no_text(text: str, en: str, ko: str) -> Mismatch:
    return Mismatch(Words(f"the text {text!r} is no {en}", f"{text!r} 값은 {with_particle(ko, '이')} 아님"))


def read_text(value: Value) -> str:
    """A scalar as Terraform writes it in a text. Raises Mismatch."""
    text = as_text(value)
    if text is None:
        raise _no_value(value, "text", "문자열")
    return text


def read_folded(value: Value) -> str:
    """Text without regard to case. Raises Mismatch."""
    return read_text(value).casefold()


def read_number(value: Value) -> int | Decimal:
    """A number, also one written as text. Raises Mismatch."""
    raw = value.raw
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        return _decimal(raw)
    raise _no_value(value, "number", "숫자")


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise _no_text(text, "number", "숫자") from None
    if not number.is_finite():
        raise _no_text(text, "number", "숫자")
    return number


def read_boolean(value: Value) -> bool:
    """A boolean, also one written as text. Raises Mismatch."""
    raw = value.raw
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "1") and isinstance(raw, str):
        return True
    if raw in ("false", "0") and isinstance(raw, str):
        return False
    raise _no_value(value, "boolean", "불리언")


def version(value: Value) -> Version:
    """A version. Raises Mismatch."""
    found = read_version(read_text(value))
    if found is None:
        raise _no_text(read_text(value), "version", "버전")
    return found


def version_order(left: Version, right: Version) -> int:
    """-1, 0 or 1. Raises Undecided where the left one leaves open what the right one asks for."""
    order = left.order(right)
    if order is None:
        words = Words(
            f"version {left.text} leaves open what {right.text} asks for",
            f"버전 {left.text}만으로는 {right.text} 기준을 판정할 수 없음",
        )
        raise Undecided(Unknown(Reason.UNSUPPORTED, words))
    return order


def versions_equal(left: Version, right: Version) -> bool:
    """Whether two versions are the same release. Raises Undecided."""
    return version_order(left, right) == 0


_QUANTITY = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([-+]?\d+))?\Z")
_SMALL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def read_quantity(value: Value) -> Decimal:
    """A Kubernetes resource quantity (kubernetes.io: API conventions, Quantity): 500m, 1Gi, 2, 1e3."""
    text = read_text(value).strip()
    match = _QUANTITY.match(text)
    if match is None:
        raise _no_text(text, "quantity", "수량")
    number, binary, decimal, exponent = match.groups()
    if binary:
        return Decimal(number) * Decimal(1024) ** ("KMGTPE".index(binary[0]) + 1)
    return Decimal(number).scaleb(_SMALL[decimal] if decimal else int(exponent or 0))


_SECONDS = {
    "ns": "0.000000001", "us": "0.000001", "µs": "0.000001", "ms": "0.001", "s": "1", "sec": "1", "second": "1",
    "m": "60", "min": "60", "minute": "60", "h": "3600", "hour": "3600", "d": "86400", "day": "86400",
    "w": "604800", "week": "604800",
}  # fmt: skip
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zµ]+)(?=[\s\d]|\Z)")
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z")


def read_duration(value: Value) -> Decimal:
    """Seconds: a number, `30s`, `1h30m`, `5 minutes`, `rate(5 minutes)` or ISO 8601 (`PT1H`)."""
    text = read_text(value).strip()
    iso = _ISO.match(text) if len(text) > 1 else None
    if iso is not None:
        return sum((Decimal(part or 0) * unit for part, unit in zip(iso.groups(), (604800, 86400, 3600, 60, 1),
                                                                    strict=True)), Decimal(0))  # fmt: skip
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Decimal(text)
    rest = text.removeprefix("rate(").removesuffix(")")
    total, position = Decimal(0), 0
    while position < len(rest):
        match = _PART.match(rest, position)
        unit = match and (_SECONDS.get(match[2]) or _SECONDS.get(match[2].removesuffix("s")))
        if match is None or not unit:
            raise _no_text(text, "duration", "기간")
        total += Decimal(match[1]) * Decimal(unit)
        position = match.end()
    if not rest:
        raise _no_text(text, "duration", "기간")
    return total


def read_cidr(value: Value) -> Any:
    """An address block, IPv4 or IPv6. Raises Mismatch."""
    from ipaddress import ip_network

    text = read_text(value)
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        raise _no_text(text, "address block", "CIDR 블록") from None


Intervals = tuple[tuple[int, int], ...]


def read_ports(value: Value) -> Intervals:
    """Ports as disjoint intervals: 443, `8000-8100`, `*`, or a list of those."""
    raw = value.raw
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        for item in raw:
            if isinstance(item.raw, Unknown):
                raise Undecided(item.raw)
        return _merged([interval for item in raw for interval in read_ports(item)])
    text = read_text(value).strip()
    if text in ("*", "all", "-1"):
        return ((0, 65535),)
    match = re.fullmatch(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?", text)
    if match is None:
        raise _no_text(text, "port", "포트")
    low, high = int(match[1]), int(match[2] or match[1])
    if low > high or high > 65535:
        raise _no_text(text, "port range", "포트 범위")
    return ((low, high),)


def _merged(intervals: list[tuple[int, int]]) -> Intervals:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(intervals):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def read_region(value: Value) -> str:
    """A region's bare name, out of a name, an availability zone, an ARN or Azure's display name."""
    text = read_text(value).strip()
    if text.startswith("arn:"):
        parts = text.split(":", 5)
        if len(parts) < 6 or not parts[3]:
            raise Mismatch(Words(f"{text!r} names no region", f"{text!r} 값에 리전이 없음"))
        return parts[3]
    name = re.sub(r"\s+", "", text).lower()
    zone = re.fullmatch(r"([a-z]{2}(?:-[a-z]+)+-\d+)[a-z]", name)
    if not name:
        raise Mismatch(Words("an empty text names no region", "빈 문자열에는 리전이 없음"))
    return zone[1] if zone else name


def read_percent(value: Value) -> int | Decimal:
    """A percentage with or without its sign. Raises Mismatch."""
    raw = value.raw
    return _decimal(raw.strip().removesuffix("%")) if isinstance(raw, str) else read_number(value)


@dataclass(slots=True, frozen=True)
class Image:
    """A container image reference with the parts that are usually left out written in."""

    repository: str
    tag: str
    digest: str


def read_image(value: Value) -> Image:
    """`nginx` is docker.io/library/nginx (distribution/reference, Docker's normalised names)."""
    text = read_text(value).strip()
    name, _, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    name = head + slash + last
    if not name or not re.fullmatch(r"[A-Za-z0-9._\-/:]+", name):
        raise _no_text(text, "image", "이미지")
    first = name.split("/", 1)[0]
    if "/" not in name:
        name = f"docker.io/library/{name}"
    elif "." not in first and ":" not in first and first != "localhost":
        name = f"docker.io/{name}"
    return Image(name.lower(), tag, digest)


def images_equal(actual: Image, expected: Image) -> bool:
    """Where the expected image names no tag or digest any one is right."""
    return (
        actual.repository == expected.repository
        and expected.tag in ("", actual.tag)
        and expected.digest in ("", actual.digest)
    )
