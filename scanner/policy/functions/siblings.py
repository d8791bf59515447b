"""Files that belong together: translations, and whatever else stands beside a file under a name made from its own."""

from __future__ import annotations

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.rule import Text
from scanner.model.value import Unknown, Value
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.world import Subject


def _beside(subject: Subject, arguments: Arguments) -> Outcome:
    """A file whose name ends in one way has another beside it whose name ends in the other way."""
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    path = as_text(lookup(subject.root, "path")[0].value) or ""
    ending = text(arguments, "ending")
    if not path.endswith(ending):
        return HOLDS
    wanted = path.removesuffix(ending) + text(arguments, "other")
    for resource in subject.world.everything.of_type("file"):
        if resource.address == wanted:
            return _with_text(subject, lookup(resource.attributes, "content")[0].value, wanted)
    words = Text(f"there is no {wanted}", f"{wanted} 파일이 없음")
    return said(Verdict.FAIL, subject, words, path="path", expected=wanted)


def _with_text(subject: Subject, content: Value, wanted: str) -> Outcome:
    """A file without any text stands for nothing."""
    if isinstance(content.raw, Unknown):
        return undecided(subject, content.raw, content)
    if str(content.raw).strip():
        return HOLDS
    words = Text(f"{wanted} is empty", f"{wanted} 파일이 비어 있음")
    return said(Verdict.FAIL, subject, words, path="path", expected=wanted)


FUNCTIONS = (
    Function(
        "file_beside",
        "Whether a file has another beside it, named alike but for the ending",
        ("ending", "other"),
        _beside,
    ),
)
