"""Which image a server starts from, as far as code tells: the lookup behind the id, never the id itself.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/finding-an-ami.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, text, texts, undecided
from scanner.policy.links import bare, same_address
from scanner.policy.world import Subject

_IMAGE: Final = "data.aws_ami"
_PARAMETER: Final = "data.aws_ssm_parameter"
_RESOLVED: Final = "resolve:ssm:"
_ONLY_AN_ID: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("what this image is shows only in the account", "이미지의 내용은 실제 계정에서만 확인 가능"),
)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    path = text(arguments, "path")
    value = lookup(subject.root, path)[0].value
    if value.is_absent:
        return said(Verdict.FAIL, subject, Text("no image is named", "이미지가 지정되지 않음"), path=path)
    lookups = list(_lookups(subject, value))
    if lookups:
        return all_hold(_found(subject, source, arguments) for source in lookups)
    name = as_text(value)
    if name is not None and name.startswith(_RESOLVED):
        return _matches(subject, value, name.removeprefix(_RESOLVED), text(arguments, "parameter"))
    return undecided(subject, value.raw if isinstance(value.raw, Unknown) else _ONLY_AN_ID, value, path)


def _lookups(subject: Subject, value: Value) -> Iterator[Resource]:
    """The data sources that give the id."""
    assert subject.resource is not None
    for ref in value.refs:
        for source in subject.world.at(subject.resource.root, bare(ref.address)):
            if source.type in (_IMAGE, _PARAMETER) and same_address(ref.address, source.address):
                yield source


def _found(subject: Subject, source: Resource, arguments: Arguments) -> Outcome:
    if source.type == _PARAMETER:
        return _any(subject, source, "name", text(arguments, "parameter"))
    pattern = text(arguments, "name")
    by_filter = _any(subject, source, "filter[name=name].values[*]", pattern)
    named = by_filter if by_filter.verdict is Verdict.PASS else _any(subject, source, "name_regex", pattern)
    outcome = named if named.verdict is not Verdict.FAIL else by_filter
    return all_hold([outcome, _owners(subject, source, texts(arguments, "owners"))])


def _any(subject: Subject, source: Resource, path: str, pattern: str) -> Outcome:
    """Whether one of the values at a path of the lookup matches; the first that does not is shown."""
    outcomes = []
    for found in lookup(source.attributes, path):
        if isinstance(found.value.raw, Unknown):
            outcomes.append(undecided(subject, found.value.raw, found.value))
        else:
            outcomes.append(_matches(subject, found.value, as_text(found.value) or "", pattern))
    for wanted in (Verdict.PASS, Verdict.UNKNOWN):
        for outcome in outcomes:
            if outcome.verdict is wanted:
                return outcome
    return outcomes[0] if outcomes else _matches(subject, source.attributes, "", pattern)


def _matches(subject: Subject, at: Value, name: str, pattern: str) -> Outcome:
    if name and re.search(pattern, name):
        return HOLDS
    words = Text(f"the image is looked up as {name or 'nothing'}", f"조회하는 이미지 이름: {name or '없음'}")
    return said(Verdict.FAIL, subject, words, at=at)


def _owners(subject: Subject, source: Resource, accepted: list[str]) -> Outcome:
    owners = lookup(source.attributes, "owners[*]")
    for found in owners:
        if isinstance(found.value.raw, Unknown):
            return undecided(subject, found.value.raw, found.value)
        if as_text(found.value) not in accepted:
            words = Text("the image may belong to another account", "다른 계정의 이미지일 수 있음")
            return said(Verdict.FAIL, subject, words, at=found.value)
    if owners:
        return HOLDS
    words = Text("anybody's image may have this name", "같은 이름의 타인 이미지가 선택될 수 있음")
    return said(Verdict.FAIL, subject, words, at=source.attributes)


FUNCTIONS = (
    Function(
        "image_source",
        "Whether the image id at `path` is looked up by a `name` (a regular expression) among the images of "
        "the `owners`, or read from a public `parameter`",
        ("path", "name", "owners", "parameter"),
        _decide,
    ),
)
