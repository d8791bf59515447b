"""One assertion, `{path, op, value, as, match}`, as a function of a subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from scanner.model.finding import Verdict
from scanner.model.path import Found, Name, joined, lookup, parse_path
from scanner.model.resource_type import Default
from scanner.model.value import GAP, MASK, Reason, Unknown, Value, absent
from scanner.model.words import Words
from scanner.policy.conditions import OfComponent, OfResource, Test
from scanner.policy.evidence import Evidence, Outcome, all_hold, any_holds
from scanner.policy.links import type_of
from scanner.policy.membership import compile_membership
from scanner.policy.operators import OPERATORS, Operator, guarded, is_empty
from scanner.policy.structures import literal
from scanner.policy.typed import TYPES, ValueType, infer
from scanner.policy.world import Check, Subject

_PRESENCE = ("exists", "absent")
_MASKED = Unknown(
    Reason.UNSUPPORTED, Words("it is sensitive and was masked when it was read", "민감한 값으로, 읽을 때 가려졌음")
)
_UNRELIABLE = ("data.terraform_remote_state", "data.external", "data.http")


def compile_test(test: Test) -> Check:
    """The assertion as a function."""
    if isinstance(test.value, OfComponent):
        return compile_membership(test)
    operator = OPERATORS[test.op]
    stated = TYPES[test.as_] if test.as_ else None
    find = _finder(test.path)
    if isinstance(test.value, OfResource):
        other = test.value.path

        def related(subject: Subject) -> Outcome:
            expected = _other_value(subject, other, operator)
            run = _Run(test, operator, stated or infer(expected, test.op), expected)
            return run.combined(subject, find(subject.root))

        return related
    expected = literal(test.value)
    run = _Run(test, operator, stated or infer(expected, test.op), expected)
    return lambda subject: run.combined(subject, find(subject.root))


def _finder(path: str) -> Callable[[Value], list[Found]]:
    """Looks a path up; a plain name, which most paths are, without the general machinery."""
    alternatives = parse_path(path)
    if len(alternatives) == 1 and len(alternatives[0]) == 1 and isinstance(alternatives[0][0], Name):
        key = alternatives[0][0].key

        def direct(root: Value) -> list[Found]:
            raw = root.raw
            if isinstance(raw, Mapping) and not root.hops and not root.sensitive:
                child = raw.get(key)
                if child is None:
                    return [Found(key, absent(root.location))]
                if child.location is not None:
                    return [Found(key, child)]
            return lookup(root, path)

        return direct
    return lambda root: lookup(root, path)


def _other_value(subject: Subject, path: str, operator: Operator) -> Value:
    """The value of another attribute of the resource under test; several values are one list."""
    if subject.tested is None:
        return Value(Unknown(Reason.ERROR, f"there is no resource under test that {path} could belong to"))
    values: list[Value] = []
    for found in subject.tested.lookup(path):
        default = subject.world.default(subject.tested, found.path) if found.value.is_absent else None
        computed = subject.world.computed(subject.tested, found.path) if found.value.is_absent else None
        values.append(default[0] if default else Value(computed) if computed else found.value)
    if operator.needs == "list":
        flat = [item for value in values for item in _items(value)]
        return Value(tuple(flat))
    if len(values) == 1:
        return values[0]
    return Value(tuple(values)) if values else absent()


def _items(value: Value) -> Sequence[Value]:
    if value.is_absent:
        return ()
    raw = value.raw
    return raw if isinstance(raw, Sequence) and not isinstance(raw, str) else (value,)


class _Run:
    """An assertion whose expected value is at hand."""

    __slots__ = ("expected", "kind", "match", "operator", "test")

    def __init__(self, test: Test, operator: Operator, kind: ValueType, expected: Value) -> None:
        self.test = test
        self.operator = operator
        self.kind = kind
        self.expected = expected
        self.match = all_hold if test.match == "all" else _any_value

    def combined(self, subject: Subject, found: list[Found]) -> Outcome:
        """The outcome over everything that the path reaches; over no element at all it holds (`all`) or not (`any`)."""
        if len(found) == 1:
            return self.outcome(subject, found[0])
        if not found and self.test.match == "any":
            item = Found(self.test.path, absent(subject.root.location))
            return Outcome(Verdict.FAIL, (self._evidence(subject, item, item.value, None, None),))
        return self.match([self.outcome(subject, item) for item in found])

    def outcome(self, subject: Subject, found: Found) -> Outcome:
        """The outcome for one value."""
        value, default = found.value, None
        if value.is_absent:
            value, default = self._fallback(subject, found)
        if value.raw.__class__ is Unknown and not (self.kind.name == "json" and value.decoded is not None):
            if self.kind.name == "template" and value.shape is not None and found.whole:
                return self._shape(subject, found, value, value.shape)
            return self._unknown_value(subject, found, value)
        if value.sensitive and value.raw == MASK and self.test.op not in _PRESENCE:
            return Outcome(Verdict.UNKNOWN, (self._evidence(subject, found, value, default, _MASKED),))
        if self.operator.elements and not self.kind.whole and _is_list(value):
            return self._elements(subject, found, value, default)
        return self._decided(subject, found, value, default)

    def _fallback(self, subject: Subject, found: Found) -> tuple[Value, Default | None]:
        """What holds for an absent value: the provider's default, what it computes, or nothing."""
        prefix = subject.prefix
        for path in self.test.path.split("|") if "|" in self.test.path else (found.path,):
            full = joined(prefix, path.strip())
            default = subject.world.default(subject.resource, full)
            if default is not None and not is_empty(default[0]):
                return default
            computed = subject.world.computed(subject.resource, full)
            if computed is not None:
                return Value(computed, found.value.location), None
        return found.value, None

    def _shape(self, subject: Subject, found: Found, value: Value, shape: str) -> Outcome:
        """The outcome for what is known of a text; where it has a gap, only what matches is certain."""
        text = Value(shape, value.location, value.hops, value.refs, value.sensitive)
        if GAP not in shape or guarded(lambda item: self.operator.decide(item, self.expected, self.kind), text) is True:
            return self._decided(subject, found, text, None)
        return self._unknown_value(subject, found, value)

    def _unknown_value(self, subject: Subject, found: Found, value: Value) -> Outcome:
        unknown = value.raw
        assert isinstance(unknown, Unknown)
        if self.test.op in _PRESENCE and found.whole and certainly_present(value):
            verdict = Verdict.PASS if self.test.op == "exists" else Verdict.FAIL
            return Outcome(verdict, (self._evidence(subject, found, value, None, None),))
        return Outcome(Verdict.UNKNOWN, (self._evidence(subject, found, value, None, unknown),))

    def _elements(self, subject: Subject, found: Found, value: Value, default: Default | None) -> Outcome:
        raw = value.raw
        assert isinstance(raw, Sequence)
        if not raw:
            return self._decided(subject, found, absent(value.location), default)
        outcomes = [
            self.outcome(subject, Found(f"{found.path}[{at}]", item.with_(location=value.location, hops=value.hops)))
            for at, item in enumerate(raw)
            if isinstance(item, Value)
        ]
        return self.match(outcomes)

    def _decided(self, subject: Subject, found: Found, value: Value, default: Default | None) -> Outcome:
        if self.operator.needs == "none":
            answer = self.operator.decide(value, self.expected, self.kind)
        elif isinstance(self.expected.raw, Unknown):
            answer = self.expected.raw
        elif value.is_absent:
            answer = self.test.op == "equals" and self.expected.is_absent
        elif self.expected.is_absent:
            answer = False if self.test.op == "equals" else _nothing_to_compare(self.test)
        else:
            answer = guarded(lambda item: self.operator.decide(item, self.expected, self.kind), value)
        if isinstance(answer, Unknown):
            return Outcome(Verdict.UNKNOWN, (self._evidence(subject, found, value, default, answer),))
        verdict = Verdict.PASS if answer else Verdict.FAIL
        return Outcome(verdict, (self._evidence(subject, found, value, default, None),))

    def _evidence(
        self, subject: Subject, found: Found, value: Value, default: Default | None, unknown: Unknown | None
    ) -> Evidence:
        resource = subject.resource
        origin = found.value
        path = joined(subject.prefix, found.path)
        return Evidence(
            "test",
            resource,
            path,
            origin.location or subject.root.location or (resource.location if resource else None),
            origin.hops,
            self.test.op,
            self.expected,
            value,
            default,
            unknown,
            False,
            not origin.is_absent,
        )


def _any_value(outcomes: list[Outcome]) -> Outcome:
    """Of several values one must do; where none does, the first is shown."""
    outcome = any_holds(outcomes)
    if outcome.verdict is not Verdict.FAIL:
        return outcome
    shown = next((item for item in outcomes if item.evidence), outcome)
    figures = {"values": len(outcomes)}
    return Outcome(shown.verdict, tuple(replace(item, figures=figures) for item in shown.evidence))


def _is_list(value: Value) -> bool:
    return isinstance(value.raw, Sequence) and not isinstance(value.raw, str)


def _nothing_to_compare(test: Test) -> Unknown:
    path = test.value.path if isinstance(test.value, OfResource) else test.path
    words = Words(f"{path} is not set, so there is nothing to compare with", f"비교 대상 {path} 미지정")
    return Unknown(Reason.ERROR, words)


def certainly_present(value: Value) -> bool:
    """Whether an unknown value is certainly set: what a resource or data source answers is neither null nor empty."""
    unknown = value.raw
    if not isinstance(unknown, Unknown) or not value.refs:
        return False
    if unknown.reason is Reason.COMPUTED:
        return True
    return unknown.reason is Reason.DATA_SOURCE and not any(type_of(ref.address) in _UNRELIABLE for ref in value.refs)
