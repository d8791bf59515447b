"""Files that belong together: translations, and whatever else stands beside a file under a name made from its own."""

from __future__ import annotations

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.rule import Text
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
    if any(resource.address == wanted for resource in subject.world.everything.of_type("file")):
        return HOLDS
    words = Text(f"there is no {wanted}", f"{wanted} 파일이 없음")
    return said(Verdict.FAIL, subject, words, path="path", expected=wanted)


FUNCTIONS = (
    Function(
        "file_beside",
        "Whether a file has another beside it, named alike but for the ending",
        ("ending", "other"),
        _beside,
    ),
)
