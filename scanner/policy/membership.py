"""Values that must be resources of a component: `{path: security_groups, op: exactly, value: {component: sg-api}}`.

An element of the value counts by the resource that it refers to, not by its text, which is rarely known before apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scanner.model.finding import Verdict
from scanner.model.path import Found, joined, lookup
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.conditions import NOTHING, OfComponent, Pick, Test
from scanner.policy.evidence import HOLDS, Evidence, Outcome
from scanner.policy.links import Mention, identities, mentions
from scanner.policy.picks import Picker
from scanner.policy.relations import targets_of
from scanner.policy.structures import legible, literal
from scanner.policy.world import Check, Members, Subject

MEMBERSHIP_OPS = ("equals", "in", "contains", "contains_all", "exactly", "subset")
_ID = re.compile(r"[a-z]+-[0-9a-f]{8,17}\Z")
_ELSEWHERE = Unknown(
    Reason.UNSUPPORTED,
    Words("it is an id that this code does not explain", "이 코드만으로는 어떤 리소스의 ID인지 알 수 없음"),
)


@dataclass(slots=True)
class _Element:
    """One element: the members that it certainly names, and why it may name further ones."""

    mention: Mention
    members: list[Resource]
    doubt: Unknown | None


def compile_membership(test: Test) -> Check:
    """The assertion as a function of a subject."""
    assert isinstance(test.value, OfComponent)
    names = test.value.names
    pickers = [Picker(Pick((), NOTHING, name), lambda _: HOLDS) for name in names]
    decide = _DECIDE[test.op]

    def run(subject: Subject) -> Outcome:
        found = lookup(subject.root, test.path)
        members = _members(subject, names)
        elements = [_element(subject, pickers, members, mention) for mention in mentions(found)]
        answer, at = decide(elements, members) if elements else (False, None)
        if test.op == "equals" and test.match == "any":
            answer, at = _some(elements)
        return _outcome(subject, test, found, answer, at)

    return run


def _members(subject: Subject, names: Sequence[str]) -> Members:
    assert subject.world.components is not None
    result = Members([])
    for name in names:
        members = subject.world.components.members(name)
        result.certain += members.certain
        result.possible += members.possible
        result.hidden = result.hidden or members.hidden
    return result


def _element(subject: Subject, pickers: Sequence[Picker], members: Members, mention: Mention) -> _Element:
    hits = [target for picker in pickers for target in targets_of(subject, picker, mention)]
    certain = [resource for resource, sure in hits if sure]
    doubt = mention.opaque
    name = None if hits else _last_name(mention)
    if name is not None:
        certain = [resource for resource in members.certain if name in identities(resource)]
        doubt = _ELSEWHERE if not certain and not mention.refs and _ID.match(name) else None
    if len(hits) > len(certain) and doubt is None:
        doubt = _UNSURE
    if doubt is None and not certain and not mention.refs:
        doubt = members.hidden
    return _Element(mention, certain, doubt)


def _last_name(mention: Mention) -> str | None:
    """What a text or an ARN ends with, wherever the account and region of the ARN come from; None where unknown."""
    shape = mention.value.shape or ""
    text = mention.text or (shape if shape.startswith("arn:") else None)
    name = re.split(r"[:/]", text)[-1] if text else None
    return None if name is None or "$" in name else name


_UNSURE = Unknown(Reason.UNSUPPORTED, Words("it may refer to a different resource", "다른 리소스를 참조할 수 있음"))
_Answer = tuple["bool | Unknown", "_Element | None"]


def _all(elements: Sequence[_Element], members: Members | None = None) -> _Answer:  # noqa: ARG001
    """Whether every element is a member; otherwise the first that is none, or may be none."""
    doubtful: _Element | None = None
    for element in elements:
        if not element.members:
            if element.doubt is None:
                return False, element
            doubtful = doubtful or element
    if doubtful is not None and doubtful.doubt is not None:
        return doubtful.doubt, doubtful
    return True, None


def _some(elements: Sequence[_Element], members: Members | None = None) -> _Answer:  # noqa: ARG001
    """Whether at least one element is a member."""
    if any(element.members for element in elements):
        return True, None
    doubtful = next((element for element in elements if element.doubt is not None), None)
    if doubtful is not None and doubtful.doubt is not None:
        return doubtful.doubt, doubtful
    return False, elements[0] if len(elements) == 1 else None


def _covered(elements: Sequence[_Element], members: Members) -> _Answer:
    """Whether every member is named by an element."""
    named = {id(resource) for element in elements for resource in element.members}
    missing = [resource for resource in members.certain if id(resource) not in named]
    doubtful = next((element for element in elements if element.doubt is not None), None)
    if missing or not members.certain:
        if doubtful is not None and doubtful.doubt is not None:
            return doubtful.doubt, doubtful
        return members.hidden or False, None
    if members.possible:
        return _UNSURE, None
    return members.hidden or True, None


def _exactly(elements: Sequence[_Element], members: Members) -> _Answer:
    """Whether the elements are the members; an unexplained id beside all of them is one too many."""
    stranger = next((element for element in elements if element.doubt is _ELSEWHERE), None)
    if stranger is not None and _covered([item for item in elements if item is not stranger], members)[0] is True:
        return False, stranger
    answers = [_all(elements), _covered(elements, members)]
    for wanted in (False, None):
        for answer, at in answers:
            if answer is wanted or (wanted is None and isinstance(answer, Unknown)):
                return answer, at
    return True, None


_DECIDE: dict[str, Callable[[Sequence[_Element], Members], _Answer]] = {
    "equals": _all,
    "in": _all,
    "subset": _all,
    "contains": _some,
    "contains_all": _covered,
    "exactly": _exactly,
}


def _outcome(
    subject: Subject, test: Test, found: Sequence[Found], answer: bool | Unknown, at: _Element | None
) -> Outcome:
    """The outcome, shown at the element that decided it or at the attribute as a whole."""
    assert isinstance(test.value, OfComponent)
    resource = subject.resource
    item = found[0] if found else Found(test.path, Value(None))
    shown = at.mention.value if at else item.value
    header = subject.root.location or (resource.location if resource else None)
    evidence = Evidence(
        "test",
        resource,
        joined(subject.prefix, item.path),
        shown.location or item.value.location or header,
        shown.hops or item.value.hops,
        test.op,
        literal(test.value.data),
        legible(shown),
        written=not item.value.is_absent,
        unknown=answer if isinstance(answer, Unknown) else None,
    )
    if isinstance(answer, Unknown):
        return Outcome(Verdict.UNKNOWN, (evidence,))
    return Outcome(Verdict.PASS if answer else Verdict.FAIL, (evidence,))
