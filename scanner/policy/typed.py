"""How values are compared: the table of `as`.

A value type reads a value into something comparable, or says that it cannot (Mismatch); operators
(scanner.policy.operators) then test it. Comparing may itself be undecidable (Undecided), never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from scanner.model.path import as_text, decoded
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value, from_plain, shape_of
from scanner.policy.korean import with_particle
from scanner.policy.versions import Version, read_version
from scanner.policy.words import Words


class Mismatch(ValueError):
    """A value that cannot be read as the type it is compared as; `words` name both."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


class Undecided(ValueError):
    """A comparison that what is written does not decide; `unknown` says why."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.detail)
        self.unknown = unknown


def _equal(left: Any, right: Any) -> bool:
    return bool(left == right)


def _order(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


@dataclass(slots=True, frozen=True)
class ValueType:
    """One row of the table.

    `read` turns a known value into something comparable (raises Mismatch); `equal` and `order` compare two such things
    (raise Undecided); `whole` marks a type that reads a list as one value instead of element by element.
    """

    name: str
    label: Text
    read: Callable[[Value], Any]
    ordered: bool = False
    whole: bool = False
    equal: Callable[[Any, Any], bool] = _equal
    order: Callable[[Any, Any], int] = _order


def kind_of(value: Value) -> Text:
    """What people call the sort of a value."""
    raw = value.raw
    if isinstance(raw, bool):
        return Text("a boolean", "불리언")
    if isinstance(raw, str):
        return Text("text", "문자열")
    if isinstance(raw, int | Decimal):
        return Text("a number", "숫자")
    if isinstance(raw, Mapping):
        return Text("an object", "객체")
    return Text("a list", "목록")


def _no_value(value: Value, en: str, ko: str) -> Mismatch:
    kind = kind_of(value)
    return Mismatch(Words(f"{kind.en} is no {en}", f"{with_particle(kind.ko, '은')} {with_particle(ko, '이')} 아님"))


def _no_text(text: str, en: str, ko: str) -> Mismatch:
    return Mismatch(Words(f"the text {text!r} is no {en}", f"{text!r} 값은 {with_particle(ko, '이')} 아님"))


def _text(value: Value) -> str:
    text = as_text(value)
    if text is None:
        raise _no_value(value, "text", "문자열")
    return text


def _folded(value: Value) -> str:
    return _text(value).casefold()


def _number(value: Value) -> int | Decimal:
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


def _boolean(value: Value) -> bool:
    raw = value.raw
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "1") and isinstance(raw, str):
        return True
    if raw in ("false", "0") and isinstance(raw, str):
        return False
    raise _no_value(value, "boolean", "불리언")


def _version(value: Value) -> Version:
    version = read_version(_text(value))
    if version is None:
        raise _no_text(_text(value), "version", "버전")
    return version


def _version_order(left: Version, right: Version) -> int:
    order = left.order(right)
    if order is None:
        words = Words(
            f"version {left.text} leaves open what {right.text} asks for",
            f"버전 {left.text}만으로는 {right.text} 기준을 판정할 수 없음",
        )
        raise Undecided(Unknown(Reason.UNSUPPORTED, words))
    return order


def _version_equal(left: Version, right: Version) -> bool:
    return _version_order(left, right) == 0


_QUANTITY = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([-+]?\d+))?\Z")
_SMALL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def _quantity(value: Value) -> Decimal:
    """A Kubernetes resource quantity (kubernetes.io: API conventions, Quantity): 500m, 1Gi, 2, 1e3."""
    text = _text(value).strip()
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
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zµ]+?)s?(?=[\s\d]|\Z)")
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z")


def _duration(value: Value) -> Decimal:
    """Seconds: a number, `30s`, `1h30m`, `5 minutes`, `rate(5 minutes)` or ISO 8601 (`PT1H`)."""
    text = _text(value).strip()
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
        unit = match and (_SECONDS.get(match[2]) or _SECONDS.get(match[2] + "s"))
        if match is None or not unit:
            raise _no_text(text, "duration", "기간")
        total += Decimal(match[1]) * Decimal(unit)
        position = match.end()
    if not rest:
        raise _no_text(text, "duration", "기간")
    return total


def _cidr(value: Value) -> Any:
    from ipaddress import ip_network

    text = _text(value)
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        raise _no_text(text, "address block", "CIDR 블록") from None


Intervals = tuple[tuple[int, int], ...]


def _ports(value: Value) -> Intervals:
    """Ports as disjoint intervals: 443, `8000-8100`, `*`, or a list of those."""
    raw = value.raw
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        for item in raw:
            if isinstance(item.raw, Unknown):
                raise Undecided(item.raw)
        return _merged([interval for item in raw for interval in _ports(item)])
    text = _text(value).strip()
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


def _region(value: Value) -> str:
    """A region's bare name, out of a name, an availability zone, an ARN or Azure's display name."""
    text = _text(value).strip()
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


def _percent(value: Value) -> int | Decimal:
    raw = value.raw
    return _decimal(raw.strip().removesuffix("%")) if isinstance(raw, str) else _number(value)


@dataclass(slots=True, frozen=True)
class Image:
    """A container image reference with the parts that are usually left out written in."""

    repository: str
    tag: str
    digest: str


def _image(value: Value) -> Image:
    """`nginx` is docker.io/library/nginx (distribution/reference, Docker's normalised names)."""
    text = _text(value).strip()
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


def _image_equal(actual: Image, expected: Image) -> bool:
    """Where the expected image names no tag or digest any one is right."""
    return (
        actual.repository == expected.repository
        and expected.tag in ("", actual.tag)
        and expected.digest in ("", actual.digest)
    )


def _structure(value: Value) -> Value:
    return decoded(value)


def deep_equal(left: Value, right: Value) -> bool:
    """Structural equality: order of fields ignored, numbers by value. Raises Undecided where unknown parts decide."""
    result = _deep(decoded(left), decoded(right))
    if isinstance(result, Unknown):
        raise Undecided(result)
    return result


def _deep(left: Value, right: Value) -> bool | Unknown:
    for side in (left, right):
        if isinstance(side.raw, Unknown):
            return side.raw
    first, second = left.raw, right.raw
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        names = {name for name, item in first.items() if not item.is_absent}
        if names != {name for name, item in second.items() if not item.is_absent}:
            return False
        return _all(_deep(decoded(first[name]), decoded(second[name])) for name in names)
    if _is_list(first) and _is_list(second):
        assert isinstance(first, Sequence)
        assert isinstance(second, Sequence)
        if len(first) != len(second):
            return False
        return _all(_deep(decoded(a), decoded(b)) for a, b in zip(first, second, strict=True))  # type: ignore[arg-type]
    if left.is_absent or right.is_absent:
        return left.is_absent and right.is_absent
    if isinstance(first, bool) or isinstance(second, bool):
        return as_text(left) is not None and as_text(left) == as_text(right)
    return first == second or (as_text(left) is not None and as_text(left) == as_text(right))


def _is_list(raw: object) -> bool:
    return isinstance(raw, Sequence) and not isinstance(raw, str)


def _all(results: Any) -> bool | Unknown:
    undecided: Unknown | None = None
    for result in results:
        if isinstance(result, Unknown):
            undecided = result
        elif not result:
            return False
    return undecided or True


TYPES: dict[str, ValueType] = {
    row.name: row
    for row in (
        ValueType("string", Text("text", "문자열"), _text),
        ValueType("number", Text("a number", "숫자"), _number, ordered=True),
        ValueType("boolean", Text("a boolean", "불리언"), _boolean),
        ValueType("version", Text("a version", "버전"), _version, True, False, _version_equal, _version_order),
        ValueType("quantity", Text("a quantity", "수량"), _quantity, ordered=True),
        ValueType("duration", Text("a duration", "기간"), _duration, ordered=True),
        ValueType("cidr", Text("an address block", "CIDR 블록"), _cidr),
        ValueType("ports", Text("a port set", "포트 집합"), _ports, whole=True),
        ValueType("region", Text("a region", "리전"), _region),
        ValueType("case_insensitive", Text("text", "문자열"), _folded),
        ValueType("percent", Text("a percentage", "백분율"), _percent, ordered=True),
        ValueType("image", Text("an image", "이미지"), _image, equal=_image_equal),
        ValueType("json", Text("a structure", "구조"), _structure, whole=True, equal=deep_equal),
        ValueType("template", Text("text", "문자열"), _text),
    )
}


def infer(expected: Value, op: str) -> ValueType:
    """The type that a comparison with `expected` means where none is stated."""
    if op in ("within", "disjoint", "overlaps"):
        return TYPES["cidr"]
    if op == "matches":
        return TYPES["string"]
    raw = expected.raw
    if isinstance(raw, Sequence) and not isinstance(raw, str) and op in ("in", "contains_all", "exactly", "subset"):
        kinds = {infer(item, "equals").name for item in raw if not item.is_unknown}
        return TYPES[kinds.pop()] if len(kinds) == 1 else TYPES["json" if "json" in kinds else "string"]
    if isinstance(raw, bool):
        return TYPES["boolean"]
    if isinstance(raw, int | Decimal):
        return TYPES["number"]
    if isinstance(raw, str):
        return TYPES["number" if op in ("gt", "gte", "lt", "lte") else "string"]
    return TYPES["json"]


def legible(value: Value) -> Value:
    """The value with the references that it consists of written out, for people: `${aws_kms_key.main.arn}`."""
    raw = value.raw
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        items = tuple(legible(item) for item in raw if isinstance(item, Value))
        return Value(items, value.location, sensitive=value.sensitive)
    text = shape_of(value)
    return value if text is None or isinstance(raw, str) else Value(text, value.location, sensitive=value.sensitive)


def literal(data: object) -> Value:
    """A value out of a rule: JSON data in which an Unknown stands for an input that was not given."""
    if isinstance(data, Unknown):
        return Value(data)
    if isinstance(data, list | tuple):
        return Value(tuple(literal(item) for item in data))
    if isinstance(data, Mapping):
        return Value({str(key): literal(item) for key, item in data.items()})
    return from_plain(data)
