"""Evidence put into words, in English and Korean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.model.finding import Verdict
from scanner.model.korean import particle, with_particle
from scanner.model.rule import Text
from scanner.model.value import MASK, Plain, Unknown, Value, plain
from scanner.model.words import both
from scanner.policy.evidence import Evidence, Outcome
from scanner.policy.structures import legible
from scanner.policy.world import World

_LONGEST = 120
_MOST_PARTS = 3

_WANTED: dict[str, tuple[str, str, str, str]] = {
    # op: English, English negated, Korean, Korean negated; {0} is the expected value, {1} its copula in Korean
    "equals": ("{0}", "anything but {0}", "{0}{1} 함", "{0} 이외의 값이어야 함"),
    "in": ("one of {0}", "none of {0}", "{0} 중 하나여야 함", "{0} 이외의 값이어야 함"),
    "gt": ("more than {0}", "at most {0}", "{0} 초과여야 함", "{0} 이하여야 함"),
    "gte": ("at least {0}", "less than {0}", "{0} 이상이어야 함", "{0} 미만이어야 함"),
    "lt": ("less than {0}", "at least {0}", "{0} 미만이어야 함", "{0} 이상이어야 함"),
    "lte": ("at most {0}", "more than {0}", "{0} 이하여야 함", "{0} 초과여야 함"),
    "matches": ("a match of {0}", "no match of {0}", "패턴 {0}에 맞아야 함", "패턴 {0}에 맞지 않아야 함"),
    "exists": ("a value", "no value", "값이 있어야 함", "값이 없어야 함"),
    "absent": ("no value", "a value", "값이 없어야 함", "값이 있어야 함"),
    "contains": ("it to contain {0}", "it not to contain {0}", "{0} 포함 필요", "{0} 포함 금지"),
    "contains_all": ("it to contain all of {0}", "it not to contain all of {0}", "{0} 모두 포함 필요",
                     "{0} 모두를 포함하면 안 됨"),
    "exactly": ("exactly {0}", "anything but exactly {0}", "정확히 {0}{1} 함", "{0} 이외의 구성이어야 함"),
    "subset": ("nothing outside {0}", "something outside {0}", "{0} 안의 값만 허용", "{0} 밖의 값이 있어야 함"),
    "within": ("a block within {0}", "a block outside {0}", "{0} 범위 안이어야 함", "{0} 범위 밖이어야 함"),
    "disjoint": ("no overlap with {0}", "an overlap with {0}", "{0} 범위와 겹치지 않아야 함", "{0} 범위와 겹쳐야 함"),
    "overlaps": ("an overlap with {0}", "no overlap with {0}", "{0} 범위와 겹쳐야 함", "{0} 범위와 겹치지 않아야 함"),
}  # fmt: skip


def shown(data: Plain) -> str:
    """Data as messages quote it: text in quotes, lists in brackets, long ones cut."""
    text = _shown(data)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _shown(data: Plain) -> str:
    if isinstance(data, bool):
        return "true" if data else "false"
    if data is None:
        return "null"
    if isinstance(data, str):
        return data if data == MASK else f'"{data}"'
    if isinstance(data, list):
        return "[" + ", ".join(_shown(item) for item in data) + "]"
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in data.items()) + "}"
    return str(data)


def wanted(op: str, expected: Plain, *, negated: bool = False, unit: str = "") -> Text:
    """What an operator asks for: "at least 7", "7 이상이어야 함"; `unit` is what Korean counts in."""
    english, english_not, korean, korean_not = _WANTED[op]
    value = shown(expected)
    counted = value + unit
    return Text(
        (english_not if negated else english).format(value),
        (korean_not if negated else korean).format(counted, particle(counted, "이어야")),
    )


def masked(world: World, evidence: Evidence) -> tuple[Plain, Plain]:
    """Expected and actual as report data. Both are masked where the value is sensitive: one would tell the other."""
    value = actual_value(evidence)
    expected = _expected(evidence)
    if value is None or value.is_absent:
        return expected, None
    if value.sensitive or world.sensitive(evidence.resource, evidence.path):
        return (expected if expected is None or evidence.op in ("exists", "absent") else MASK), MASK
    return expected, plain(legible(value))


def _expected(evidence: Evidence) -> Plain:
    if evidence.kind == "test" and evidence.op == "exists":
        return "(any value)"
    if evidence.expected is None:
        return None
    expected = plain(evidence.expected)
    return {"not": expected} if evidence.negated and evidence.op != "absent" else expected


def describe(world: World, evidence: Evidence) -> Text:
    """One piece of evidence in words."""
    if evidence.unknown is not None and evidence.kind not in ("any_of", "flow"):
        return _undecided(evidence)
    return _DESCRIBE[evidence.kind](world, evidence)


def _undecided(evidence: Evidence) -> Text:
    assert evidence.unknown is not None
    why = both(evidence.unknown.detail)
    what = evidence.path or (evidence.parts[0].path if evidence.parts else None)
    if not what:
        return Text(f"cannot be decided: {why.en}", f"판정 불가: {why.ko}")
    return Text(f"{what} cannot be decided: {why.en}", f"{what} 판정 불가: {why.ko}")


def _test(world: World, evidence: Evidence) -> Text:
    _, actual = masked(world, evidence)
    goal = _goal(world, evidence)
    path = evidence.path or "the value"
    if evidence.default is not None:
        value = shown(actual)
        return Text(
            f"{path} is not set and therefore {value} (provider default), expected {goal.en}",
            f"{path} 미지정으로 {value}(프로바이더 기본값)인데 {goal.ko}",
        )
    if evidence.actual is None or evidence.actual.is_absent:
        if evidence.op in ("exists", "absent"):
            return Text(f"{path} is not set", f"{path} 미지정")
        return Text(
            f"{path} is not set, expected {goal.en}", f"{with_particle(path, '이')} 지정되지 않았는데 {goal.ko}"
        )
    value = _actual(evidence, actual)
    return Text(f"{path} is {value}, expected {goal.en}", f"{with_particle(path, '은')} {value}인데 {goal.ko}")


def _goal(world: World, evidence: Evidence) -> Text:
    """What a test asks for."""
    expected, _ = masked(world, evidence)
    if isinstance(expected, dict) and evidence.negated and set(expected) == {"not"}:
        expected = expected["not"]
    return wanted(evidence.op, expected, negated=evidence.negated)


def _actual(evidence: Evidence, actual: Plain) -> str:
    value = evidence.actual
    if value is not None and isinstance(value.raw, Unknown) and value.refs:
        ref = value.refs[0]
        return f"{ref.address}.{ref.attribute}" if ref.attribute else ref.address
    return shown(actual)


def _any_of(world: World, evidence: Evidence) -> Text:
    shown = shown_part(evidence)
    first = describe(world, shown)
    others = [part for part in evidence.parts if part is not shown][:_MOST_PARTS]
    rest = [describe(world, shown_part(part) if part.kind == "any_of" else part) for part in others]
    if evidence.negated or not rest:
        return first
    if all(_same_value(shown, part) for part in others):
        goals = [_goal(world, part) for part in others]
        return Text(
            " or ".join([first.en, *(goal.en for goal in goals)]),
            " 또는 ".join([first.ko, *(goal.ko for goal in goals)]),
        )
    return Text(
        f"{first.en}; nor does an alternative hold: " + "; ".join(part.en for part in rest),
        f"{first.ko}; 다른 조건도 충족하지 않음: " + "; ".join(part.ko for part in rest),
    )


def _same_value(one: Evidence, other: Evidence) -> bool:
    """Whether two tests looked at one and the same value, which is there."""
    both_tests = one.kind == other.kind == "test" and one.unknown is other.unknown is None
    return both_tests and one.path == other.path and one.op in _WANTED and one.actual is other.actual is not None


def shown_part(evidence: Evidence) -> Evidence:
    """Of alternatives that all fail the one that the finding points at."""
    return next((part for part in evidence.parts if part.written), evidence.parts[0])


def _some(world: World, evidence: Evidence) -> Text:
    number = evidence.figures["elements"]
    if not number:
        return Text(f"{evidence.path} has no element", f"{evidence.path} 항목이 없음")
    parts = [describe(world, part) for part in evidence.parts[:_MOST_PARTS]]
    return Text(
        f"none of the {number} elements of {evidence.path} fits: " + "; ".join(part.en for part in parts),
        f"{evidence.path} 항목 {number}개 중 맞는 것이 없음: " + "; ".join(part.ko for part in parts),
    )


def _types(evidence: Evidence) -> str:
    types: Any = evidence.figures["types"]
    return " or ".join(types)


def _of_parts(world: World, evidence: Evidence) -> Text:
    if not evidence.parts:
        return Text("", "")
    say = _found if evidence.figures.get("too_many") else describe
    parts = [(part.resource, say(world, part)) for part in evidence.parts[:_MOST_PARTS]]
    names = [f"{resource.address}: " if resource else "" for resource, _ in parts]
    return Text(
        " (" + "; ".join(name + text.en for name, (_, text) in zip(names, parts, strict=True)) + ")",
        " (" + "; ".join(name + text.ko for name, (_, text) in zip(names, parts, strict=True)) + ")",
    )


def _found(world: World, evidence: Evidence) -> Text:
    """What makes a resource one of those that must not be: the value alone, since the test holds."""
    if evidence.kind != "test" or evidence.unknown is not None or evidence.actual is None:
        return describe(world, evidence)
    value = _actual(evidence, masked(world, evidence)[1])
    return Text(f"{evidence.path} is {value}", f"{evidence.path} 값이 {value}")


def _references(world: World, evidence: Evidence) -> Text:
    types = _types(evidence)
    more = _of_parts(world, evidence)
    through = evidence.path or ""
    if evidence.negated:
        target = evidence.figures.get("linked") or types
        return Text(
            f"{through or 'it'} refers to {target}, which it must not",
            f"{through + ' 값이 ' if through else ''}{with_particle(str(target), '을')} 참조하면 안 됨",
        )
    fitting = " that fits" if evidence.parts else ""
    start = f"{through} refers" if through else "it refers"
    korean = f"{through} 값이 " if through else ""
    return Text(
        f"{start} to no {types}{fitting}{more.en}",
        f"{korean}{'조건에 맞는 ' if evidence.parts else ''}{with_particle(types, '을')} 참조하지 않음{more.ko}",
    )


def _referenced_by(world: World, evidence: Evidence) -> Text:
    types, more = _types(evidence), _of_parts(world, evidence)
    known: Any = evidence.figures["known"]
    goal = _number_wanted(evidence)
    fitting = " that fits" if evidence.parts else ""
    fitting_ko = "조건에 맞는 " if evidence.parts else ""
    if known == 0 and not evidence.negated and evidence.op in ("gte", "gt"):
        return Text(
            f"no {types}{fitting} refers to it{more.en}",
            f"이 리소스를 참조하는 {fitting_ko}{with_particle(types, '이')} 없음{more.ko}",
        )
    return Text(
        f"{known} {types}{fitting} refer to it, expected {goal.en}{more.en}",
        f"이 리소스를 참조하는 {fitting_ko}{with_particle(types, '이')} {known}개인데 {goal.ko}{more.ko}",
    )


def _count(world: World, evidence: Evidence) -> Text:
    types, more = _types(evidence), _of_parts(world, evidence)
    known: Any = evidence.figures["known"]
    goal = _number_wanted(evidence)
    if known == 0:
        return Text(
            f"there is no {types}, expected {goal.en}{more.en}",
            f"{with_particle(types, '이')} 없는데 {goal.ko}{more.ko}",
        )
    return Text(
        f"there are {known} {types}, expected {goal.en}{more.en}",
        f"{with_particle(types, '이')} {known}개인데 {goal.ko}{more.ko}",
    )


def _distinct(world: World, evidence: Evidence) -> Text:  # noqa: ARG001 (one signature for the table)
    known: Any = evidence.figures["known"]
    goal = _number_wanted(evidence)
    of = f" of {_types(evidence)}" if evidence.figures["types"] else ""
    of_ko = f"{_types(evidence)}의 " if evidence.figures["types"] else ""
    return Text(
        f"{evidence.path}{of} has {known} different values, expected {goal.en}",
        f"{of_ko}{evidence.path} 값의 종류가 {known}개인데 {goal.ko}",
    )


def _number_wanted(evidence: Evidence) -> Text:
    expected = None if evidence.expected is None else plain(evidence.expected)
    return wanted(evidence.op, expected, negated=evidence.negated, unit="개")


def _said(world: World, evidence: Evidence) -> Text:  # noqa: ARG001
    said = evidence.figures["said"]
    assert isinstance(said, Text)
    return said


_DESCRIBE: dict[str, Callable[[World, Evidence], Text]] = {
    "test": _test,
    "any_of": _any_of,
    "some": _some,
    "references": _references,
    "referenced_by": _referenced_by,
    "count": _count,
    "distinct": _distinct,
    "call": _said,
    "flow": _said,
}


_AS_REQUIRED = Text("as required", "요건 충족")
_WITHOUT_EVIDENCE = {
    Verdict.FAIL: Text("what is required does not hold", "요건을 충족하지 않음"),
    Verdict.UNKNOWN: Text("cannot be decided", "판정 불가"),
}


def message(world: World, outcome: Outcome) -> Text:
    """An outcome in words: everything that failed, or could not be decided, the first piece first."""
    if outcome.verdict is Verdict.PASS:
        return _AS_REQUIRED
    if not outcome.evidence:
        return _WITHOUT_EVIDENCE[outcome.verdict]
    told = outcome.evidence[:_MOST_PARTS]
    parts = list(dict.fromkeys(describe(world, evidence) for evidence in told))
    left = len(outcome.evidence) - len(told)
    if left:
        parts.append(Text(f"and {left} more", f"외 {left}건"))
    return Text("; ".join(part.en for part in parts), "; ".join(part.ko for part in parts))


def actual_value(evidence: Evidence) -> Value | None:
    """The number that a condition over sets found, or the value that was seen."""
    if evidence.kind in ("count", "referenced_by", "distinct"):
        known: Any = evidence.figures["known"]
        return Value(known)
    return evidence.actual
