"""Names of things that the code does not describe: what such a name stands for shows only in the account."""

from __future__ import annotations

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown
from scanner.model.words import Words
from scanner.policy.evidence import Outcome
from scanner.policy.functions.base import Arguments, Function, said, text, undecided
from scanner.policy.world import Subject


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    path = text(arguments, "path")
    value = lookup(subject.root, path)[0].value
    if isinstance(value.raw, Unknown) and not value.refs:
        return undecided(subject, value.raw, value, path)
    name = as_text(value)
    if name is None or value.refs or _described(subject, name):
        return said(
            Verdict.FAIL, subject, Text(f"{path} is not as required", f"{path} 값이 요구와 다름"), path=path, at=value
        )
    words = Words(f"the code names {name} without describing it", f"코드에 {name} 이름만 있고 정의가 없음")
    return undecided(subject, Unknown(Reason.UNSUPPORTED, words), value, path)


def _described(subject: Subject, name: str) -> bool:
    world = subject.world
    return any(
        as_text(lookup(resource.attributes, key)[0].value) == name
        for resource in world.inventory.resources
        if resource is not subject.resource
        for key in ("id", "arn", "name")
    )


FUNCTIONS = (
    Function(
        "named_outside",
        "The last of several alternatives: undecided where the attribute at `path` names something that the code does "
        "not describe, such as the id of an image",
        ("path",),
        _decide,
    ),
)
