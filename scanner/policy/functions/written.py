"""Where a value comes from: whether it is written in the code at all, and whether it can be changed from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from scanner.model.finding import Verdict
from scanner.model.path import Found, decoded, lookup
from scanner.model.resource import Origin
from scanner.model.rule import Text
from scanner.model.value import MASK, Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, said, text, undecided
from scanner.policy.world import Subject

_ELSEWHERE = (Reason.COMPUTED, Reason.DATA_SOURCE, Reason.UNSET_VARIABLE)
_SECRET_NAME = re.compile(r"passw|passphrase|pwd|secret|token|credential|key|dsn|url|uri", re.IGNORECASE)
_CREDENTIALS = re.compile(r"://[^/:@\s$]*:[^@\s$]+@")
_WRITTEN = Text("its value is written in the code", "값이 코드에 적혀 있음")
MASKED = Unknown(
    Reason.UNSUPPORTED, Words("only code shows where a masked value comes from", "가려진 값의 출처는 코드에서만 드러남")
)
_UNSEEN = Unknown(
    Reason.UNSUPPORTED,
    Words("only code shows where its value comes from", "값의 출처는 코드에서만 드러남"),
)
_FIXED = Text("it is written as a fixed value, not taken from a variable", "변수가 아닌 고정 값으로 적혀 있음")


def _not_written(subject: Subject, arguments: Arguments) -> Outcome:
    """No part of a secret stands in the code; what a variable, a data source or a resource gives does not."""
    if not _shows_code(subject):
        return all_hold(_unseen(subject, found) for found in lookup(subject.root, text(arguments, "path")))
    return all_hold(_secret(subject, found) for found in lookup(subject.root, text(arguments, "path")))


def _secret(subject: Subject, found: Found) -> Outcome:
    value = found.value
    if value.is_absent or value.raw == "":
        return HOLDS
    if isinstance(value.raw, Unknown) and value.raw.reason not in _ELSEWHERE:
        return undecided(subject, value.raw, value, found.path)
    if value.sensitive and value.raw == MASK:
        return undecided(subject, MASKED, value, found.path)
    structure = decoded(value)
    if isinstance(structure.raw, Mapping | Sequence) and not isinstance(structure.raw, str):
        leaves = list(_leaves(found.path, structure, secret=False))
        partly = any(leaf.is_unknown for _, leaf, _ in leaves)
        written = [item for item in leaves if _known(item[1]) and (item[2] or not partly)]
        if not written:
            return HOLDS
        path, leaf, _ = next((item for item in written if item[2]), written[0])
        return _verdict(subject, path, leaf)
    if _known(value) or (value.shape and _CREDENTIALS.search(value.shape)):
        return _verdict(subject, found.path, value)
    return HOLDS


def _verdict(subject: Subject, path: str, value: Value) -> Outcome:
    return said(Verdict.FAIL, subject, _WRITTEN, path=path, at=value)


def _known(value: Value) -> bool:
    return isinstance(value.raw, str) and value.raw != ""


def _leaves(path: str, value: Value, *, secret: bool) -> Iterator[tuple[str, Value, bool]]:
    """Every leaf with its path, and whether a name on the way announces a secret."""
    raw = value.raw
    if isinstance(raw, Mapping):
        for name, item in raw.items():
            yield from _leaves(f"{path}.{name}", item, secret=secret or bool(_SECRET_NAME.search(name)))
    elif isinstance(raw, Sequence) and not isinstance(raw, str):
        for at, item in enumerate(raw):
            yield from _leaves(f"{path}[{at}]", item, secret=secret)
    else:
        yield path, value, secret


def _from_variable(subject: Subject, arguments: Arguments) -> Outcome:
    """The value is a variable's, so that the same code serves elsewhere; left out, the environment gives it."""
    path = text(arguments, "path")
    if not _shows_code(subject):
        return all_hold(_unseen(subject, found) for found in lookup(subject.root, path))
    return all_hold(_variable(subject, found) for found in lookup(subject.root, path))


def _variable(subject: Subject, found: Found) -> Outcome:
    value = found.value
    if value.is_absent or any(hop.what.startswith("var.") for hop in value.hops):
        return HOLDS
    if isinstance(value.raw, Unknown):
        return HOLDS if value.raw.reason is Reason.UNSET_VARIABLE else undecided(subject, value.raw, value, found.path)
    return said(Verdict.FAIL, subject, _FIXED, path=found.path, at=value)


def _shows_code(subject: Subject) -> bool:
    """Whether the values are read from code: plans and states have only what became of it."""
    return subject.resource is None or subject.resource.origin not in (Origin.PLAN, Origin.STATE)


def _unseen(subject: Subject, found: Found) -> Outcome:
    if found.value.is_absent or found.value.raw == "":
        return HOLDS
    return undecided(subject, _UNSEEN, found.value, found.path)


FUNCTIONS = (
    Function(
        "not_written_in_code",
        "Whether a secret comes from elsewhere: a variable without value, a data source, a generated password",
        ("path",),
        _not_written,
    ),
    Function(
        "taken_from_variable",
        "Whether a value comes from an input variable, or is left to the environment",
        ("path",),
        _from_variable,
    ),
)
