"""What a baseline states of code, or of an account, fact by fact: requirements taken apart into their assertions.

A requirement is about several facts where its condition is a list of assertions. Apart from those, its verdict is that
of `scanner.policy.evaluate`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scanner.errors import BindingError
from scanner.model.finding import Enforce, Kind, Verdict
from scanner.model.inventory import Inventory, Notification
from scanner.model.path import lookup
from scanner.model.resource import Origin, Resource
from scanner.model.resource_type import Facts
from scanner.model.stated import Stated
from scanner.model.value import MASK, Plain, absent, plain
from scanner.policy.baseline import Baseline, Requirement
from scanner.policy.bind import Binder, bindings_for
from scanner.policy.checks import compile_condition
from scanner.policy.conditions import AllOf, Condition, Not, OfComponent, OfResource, Test, When
from scanner.policy.evaluate import bound
from scanner.policy.evidence import Evidence, Outcome
from scanner.policy.functions import set_level
from scanner.policy.live import Live
from scanner.policy.needs import types_in
from scanner.policy.params import fill, fill_condition
from scanner.policy.picks import existence
from scanner.policy.reporting import problem
from scanner.policy.signoffs import from_records_only
from scanner.policy.stages import binding
from scanner.policy.world import Members, Subject, World


@dataclass(frozen=True, slots=True)
class Side:
    """Code or account as a baseline sees it.

    facts, resources   what it states, and the resources of its environment
    members            the resources of each component; none of one that fits several without being many
    vague              the components that could not be bound to their resources, and what depends on them
    """

    facts: list[Stated]
    resources: list[Resource]
    members: Mapping[str, Sequence[Resource]]
    vague: Sequence[Vague] = ()


@dataclass(frozen=True, slots=True)
class Vague:
    """A component that fits several resources, or whose binding fits none: what is said, and what depends on it."""

    said: Notification
    component: str | None
    requirements: tuple[str, ...]


def stated(
    baseline: Baseline,
    inventory: Inventory,
    facts: Facts,
    *,
    stage: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    bindings: Mapping[str, Sequence[str] | str] | None = None,
    origins: Collection[Origin] | None = None,
) -> Side:
    """Every fact that the requirements on code state of an inventory.

    `origins` says that the inventory is what runs in these systems. What cannot be seen there is left out.
    Whatever depends on a component that fits several resources is unknown.
    Raises UsageError and BindingError as `evaluate_baseline` does.
    """
    live = Live.of(baseline, inventory, origins) if origins is not None else None
    here = bindings_for(baseline, bindings, live=live is not None)
    world, binder, scope = bound(baseline, inventory, facts, inputs=inputs, bindings=here)
    reading = _Reading(baseline, world, binder, scope, inputs or {}, live)
    found = [fact for requirement in binding(baseline, stage) for fact in reading.by_component(requirement)]
    members = {name: _certain(binder, name) for name in baseline.components}
    return Side(found, world.inventory.resources, members, reading.vague())


def _certain(binder: Binder, name: str) -> Sequence[Resource]:
    try:
        return binder.members(name).certain
    except BindingError:
        return ()


class _Reading:
    def __init__(
        self,
        baseline: Baseline,
        world: World,
        binder: Binder,
        scope: Mapping[str, Any],
        inputs: Mapping[str, Any],
        live: Live | None,
    ) -> None:
        self._baseline = baseline
        self._world = world
        self._binder = binder
        self._scope = scope
        self._inputs = inputs
        self._live = live
        self._vague: dict[tuple[Notification, str | None], list[str]] = {}

    def vague(self) -> list[Vague]:
        """What could not be bound so far."""
        return [Vague(said, name, tuple(ids)) for (said, name), ids in self._vague.items()]

    def by_component(self, requirement: Requirement) -> Iterator[Stated]:
        """The facts at each component; one that is unknown for one that is, or leads to, several resources.

        That an account does not show something is no fact where another system may well have it.
        """
        doubt = self._live.inconclusive(self._baseline, requirement) if self._live is not None else None
        for fact in self._anywhere(requirement):
            if doubt is None or fact.verdict is not Verdict.FAIL:
                yield fact

    def _anywhere(self, requirement: Requirement) -> Iterator[Stated]:
        for part in [replace(requirement, components=(name,)) for name in requirement.components] or [requirement]:
            try:
                yield from list(self.facts(part))
            except BindingError as error:
                name = part.components[0] if part.components else None
                self._vague.setdefault((problem(error), name), []).append(requirement.id)
                yield self._fact(requirement, Verdict.UNKNOWN, component=name)

    def facts(self, requirement: Requirement) -> Iterator[Stated]:
        """The facts of one requirement; none of those on figures, records and what only runs."""
        if requirement.kind is not Kind.STATIC or from_records_only(requirement):
            return
        if self._live is not None and self._live.undecidable(self._baseline, requirement) is not None:
            return
        scope = self._own_scope(requirement)
        if requirement.selection is not None:
            where = compile_condition(fill_condition(requirement.selection.where, scope))
            for resource in self._world.of_types(requirement.selection.types):
                if self._world.decide(where, resource).verdict is not Verdict.FAIL:
                    yield from self._at(requirement, scope, resource, None)
            return
        for name in requirement.components:
            members = self._binder.members(name)
            if not members.certain:
                yield from self._missing(requirement, name, members)
            for resource in members.certain:
                yield from self._at(requirement, scope, resource, name)
        if not requirement.components:
            yield from self._of_sets(requirement, scope)

    def _own_scope(self, requirement: Requirement) -> Mapping[str, Any]:
        prefix = f"{requirement.id}."
        own = {name.removeprefix(prefix): value for name, value in self._inputs.items() if name.startswith(prefix)}
        return {**self._scope, **own}

    def _missing(self, requirement: Requirement, name: str, members: Members) -> Iterator[Stated]:
        """The component that is not there, or perhaps not; none where it may lie in another system."""
        types = self._baseline.components[name].types
        if self._live is not None and self._live.nowhere(types) is not None:
            return
        sure = not members.possible and members.hidden is None
        yield self._fact(requirement, Verdict.FAIL if sure else Verdict.UNKNOWN, component=name, types=frozenset(types))

    def _of_sets(self, requirement: Requirement, scope: Mapping[str, Any]) -> Iterator[Stated]:
        if requirement.assertion is None:
            for type_ in self._baseline.library.policy(requirement.policy or "").types:
                for resource in self._world.inventory.of_type(type_):
                    yield from self._at(requirement, scope, resource, None)
            return
        condition = fill_condition(requirement.assertion, scope)
        yield self._set_fact(requirement, condition, None, None)

    def _set_fact(
        self, requirement: Requirement, condition: Condition, resource: Resource | None, component: str | None
    ) -> Stated:
        outcome = compile_condition(condition)(Subject(self._world, None, absent(), "", None))
        return self._rest(requirement, [condition], outcome, resource, component)

    def _at(
        self, requirement: Requirement, scope: Mapping[str, Any], resource: Resource, component: str | None
    ) -> Iterator[Stated]:
        """The facts at one resource."""
        if existence(resource) is not None:
            yield self._fact(requirement, Verdict.UNKNOWN, component=component, resource=resource)
            return
        conditions = list(self._conditions(requirement, scope, resource))
        if component is not None and len(conditions) == 1 and set_level(conditions[0]):
            yield self._set_fact(requirement, conditions[0], resource, component)
            return
        rest: list[Condition] = []
        for condition in conditions:
            for part in self._apart(condition, resource):
                test = _tested(part)
                if test is None:
                    rest.append(part)
                else:
                    yield self._single(requirement, part, test, resource, component)
        if rest:
            outcome = compile_condition(AllOf(tuple(rest)))(self._world.subject(resource, resource))
            yield self._rest(requirement, rest, outcome, resource, component)

    def _conditions(
        self, requirement: Requirement, scope: Mapping[str, Any], resource: Resource
    ) -> Iterator[Condition]:
        """What must hold at a resource: the assertion, or that of every check of the policy that is about it."""
        if requirement.assertion is not None:
            yield fill_condition(requirement.assertion, scope)
            return
        policy = self._baseline.library.policy(requirement.policy or "")
        arguments = {**policy.defaults(), **fill(dict(requirement.arguments), scope)}
        for check in policy.checks:
            if resource.type in check.types:
                where = compile_condition(fill_condition(check.where, arguments))
                if self._world.decide(where, resource).verdict is not Verdict.FAIL:
                    yield fill_condition(check.assertion, arguments)

    def _apart(self, condition: Condition, resource: Resource) -> Iterator[Condition]:
        if isinstance(condition, AllOf):
            for item in condition.items:
                yield from self._apart(item, resource)
        elif isinstance(condition, When):
            applies = compile_condition(condition.when)(self._world.subject(resource, resource))
            if applies.verdict is Verdict.PASS:
                yield from self._apart(condition.item, resource)
            elif applies.verdict is Verdict.UNKNOWN:
                yield condition
        else:
            yield condition

    def _single(
        self, requirement: Requirement, condition: Condition, test: Test, resource: Resource, component: str | None
    ) -> Stated:
        outcome = compile_condition(condition)(self._world.subject(resource, resource))
        place = outcome.evidence[0].location if outcome.evidence else None
        values = [found.value.location for found in lookup(resource.attributes, test.path)]
        return self._fact(
            requirement,
            outcome.verdict,
            component=component,
            resource=resource,
            path=test.path,
            expected=_expected(test, negated=isinstance(condition, Not)),
            actual=self._actual(resource, test.path),
            location=place or next(filter(None, values), resource.location),
        )

    def _actual(self, resource: Resource, path: str) -> Plain:
        found = lookup(resource.attributes, path)
        values = [item.value for item in found]
        if any(value.sensitive for value in values) or self._world.sensitive(resource, path):
            return MASK
        if len(values) == 1 and values[0].is_absent:
            default = self._world.default(resource, found[0].path)
            return plain(default[0]) if default else None
        shown = [plain(value) for value in values]
        return shown[0] if len(shown) == 1 else shown

    def _rest(
        self,
        requirement: Requirement,
        conditions: Sequence[Condition],
        outcome: Outcome,
        resource: Resource | None,
        component: str | None,
    ) -> Stated:
        seen = tuple(dict.fromkeys(_seen(outcome.evidence))) if outcome.verdict is Verdict.FAIL else ()
        place = outcome.evidence[0].location if outcome.evidence else None
        types = frozenset(type_ for condition in conditions for type_ in types_in(condition))
        return self._fact(
            requirement,
            outcome.verdict,
            component=component,
            resource=resource,
            location=place or (resource.location if resource else None),
            seen=seen,
            types=types,
        )

    @staticmethod
    def _fact(requirement: Requirement, verdict: Verdict, **details: Any) -> Stated:
        required = requirement.enforce is Enforce.REQUIRED
        return Stated(requirement.id, requirement.severity, required, verdict, **details)


def _tested(condition: Condition) -> Test | None:
    """The test of one attribute that a condition is, directly or denied."""
    if isinstance(condition, Not):
        condition = condition.item
    return condition if isinstance(condition, Test) else None


def _expected(test: Test, *, negated: bool) -> Plain:
    value: Plain
    if isinstance(test.value, OfComponent):
        value = test.value.data
    elif isinstance(test.value, OfResource):
        value = {"path": test.value.path}
    else:
        value = test.value
    shown: Plain = value if test.op == "equals" else {test.op: value}
    return {"not": shown} if negated else shown


def _seen(evidence: Sequence[Evidence]) -> Iterator[tuple[Resource, str | None]]:
    for item in evidence:
        if item.resource is not None:
            yield item.resource, item.path
        yield from _seen(item.parts)
