"""Whether an input of a baseline was answered in a certain way, for rules that a document leaves to the project."""

from __future__ import annotations

from scanner.model.finding import Verdict
from scanner.model.rule import Text
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.world import Subject


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    given, value = text(arguments, "given"), text(arguments, "value")
    if given == value:
        return HOLDS
    words = Text(f"the project chose {given}, not {value}", f"프로젝트는 {value} 대신 {given} 방식을 선택함")
    return said(Verdict.FAIL, subject, words)


FUNCTIONS = (
    Function(
        "chosen",
        "Whether an input (`given`) has a value; for use in `when`",
        ("given", "value"),
        _decide,
    ),
)
