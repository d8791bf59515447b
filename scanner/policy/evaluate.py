"""Verdicts: policies on every resource that they select, and baselines on the resources that they bind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from scanner.errors import BindingError, UsageError
from scanner.model.finding import Finding, Kind, Verdict
from scanner.model.inventory import Inventory, Notification
from scanner.model.resource import Origin, Resource
from scanner.model.resource_type import Facts
from scanner.model.rule import Text
from scanner.policy.attestations import Attestations
from scanner.policy.baseline import Baseline, Requirement
from scanner.policy.bind import Binder, bindings_for, unsure
from scanner.policy.checks import compile_condition
from scanner.policy.environments import of_environment
from scanner.policy.evidence import Outcome, all_hold, mendable, undecided
from scanner.policy.figures import Figures, measured
from scanner.policy.functions import set_level
from scanner.policy.live import Live
from scanner.policy.params import fill, fill_condition, fill_named, not_given
from scanner.policy.picks import existence
from scanner.policy.policy import Policy
from scanner.policy.reporting import (
    ACCOUNT,
    CODE,
    Issue,
    ambiguous,
    decided,
    findings_of,
    in_set,
    not_bound,
    nothing_selected,
    of_requirement,
    outside,
    problem,
)
from scanner.policy.signoffs import from_records_only, signed_off
from scanner.policy.stages import binding
from scanner.policy.wording import nearest
from scanner.policy.world import Check, Members, World, hidden_by

_Decide: TypeAlias = Callable[[Resource], Outcome | None]
"""The outcome for a resource; None where the rule is not about it."""


def evaluate_policies(
    policies: Iterable[Policy], inventory: Inventory, facts: Facts, *, params: Mapping[str, Any] | None = None
) -> Iterator[Finding]:
    """One finding for each policy and resource that it selects, outside any baseline.

    `params` are arguments for the policies, in place of their defaults.
    """
    world = World(inventory, facts)
    for policy in policies:
        issue = Issue.of_policy(policy)
        rule = PolicyRule(policy, {**policy.defaults(), **(params or {})})
        for resource, outcome in rule.selected(world):
            yield from findings_of(world, issue, resource, outcome)
        world.forget()


def evaluate_baseline(
    baseline: Baseline,
    inventory: Inventory,
    facts: Facts,
    *,
    stage: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    bindings: Mapping[str, Sequence[str] | str] | None = None,
    attestations: Attestations | None = None,
    live: bool = False,
    figures: Figures | None = None,
    origins: Collection[Origin] | None = None,
    problems: list[Notification] | None = None,
) -> Iterator[Finding]:
    """The findings of every requirement that binds at the stage, for the environment that the baseline is about.

    What people have to confirm is judged by `attestations`; without them it is for review. `live` says that the
    inventory is what runs in the systems `origins` (default: those it shows): requirements on what runs are decided
    too, those on measurements by `figures`, and what only code or another system shows is not applicable.
    Whatever depends on a component that fits several resources is unknown; `problems` take up how to tell them apart.
    Raises UsageError for inputs or a stage that the baseline does not have, BindingError for a binding that names no
    component of it.
    """
    shown = Live.of(baseline, inventory, origins) if live else None
    world, binder, scope = bound(
        baseline, inventory, facts, inputs=inputs, bindings=bindings_for(baseline, bindings, live=live), live=live
    )
    evaluation = _Evaluation(baseline, world, binder, scope, inputs or {}, attestations, shown, figures)
    for requirement in binding(baseline, stage):
        yield from evaluation.requirement(requirement)
    if problems is not None:
        problems += evaluation.problems


def bound(
    baseline: Baseline,
    inventory: Inventory,
    facts: Facts,
    *,
    inputs: Mapping[str, Any] | None = None,
    bindings: Mapping[str, Sequence[str] | str] | None = None,
    live: bool = False,
) -> tuple[World, Binder, dict[str, Any]]:
    """The world that a baseline is decided in, what binds its components, and the values of its inputs."""
    world = World(of_environment(inventory, baseline.scope.get("environment")), facts, everything=inventory)
    scope = _input_values(baseline, inputs or {})
    binder = Binder(baseline, world, bindings or {}, scope, live=live)
    world.components = binder
    return world, binder, scope


class PolicyRule:
    """A policy with its arguments, compiled."""

    def __init__(self, policy: Policy, arguments: Mapping[str, Any]) -> None:
        self.policy = policy
        self._checks = [
            (
                check.types,
                compile_condition(fill_condition(check.where, arguments)),
                compile_condition(fill_condition(check.assertion, arguments)),
                fill_named(check.companion, arguments) if check.companion else None,
            )
            for check in policy.checks
        ]

    def selected(self, world: World) -> Iterator[tuple[Resource, Outcome]]:
        """Every resource that the policy selects, with the outcome."""
        for type_ in self.policy.types:
            for resource in world.inventory.of_type(type_):
                outcome = self.decide(world, resource)
                if outcome is not None:
                    yield resource, outcome

    def decide(self, world: World, resource: Resource) -> Outcome | None:
        """The outcome for a resource; None where no check selects it."""
        outcomes: list[Outcome] = []
        for types, where, check, companion in self._checks:
            if resource.type in types:
                outcome = _chosen(world, where, check, resource)
                if outcome is not None:
                    outcomes.append(mendable(outcome, companion) if companion else outcome)
        return all_hold(outcomes) if outcomes else None


def _chosen(world: World, where: Check, check: Check, resource: Resource) -> Outcome | None:
    """The outcome of a check on a resource that `where` chooses; None where it does not."""
    chosen = world.decide(where, resource)
    if chosen.verdict is Verdict.FAIL:
        return None
    unknown = existence(resource)
    if unknown is not None:
        return undecided("resource", unknown, resource)
    if chosen.verdict is Verdict.UNKNOWN:
        return chosen
    return world.decide(check, resource)


class _Evaluation:
    """One run of a baseline: what its requirements have in common is worked out once."""

    def __init__(
        self,
        baseline: Baseline,
        world: World,
        binder: Binder,
        scope: Mapping[str, Any],
        inputs: Mapping[str, Any],
        attestations: Attestations | None,
        live: Live | None,
        figures: Figures | None,
    ) -> None:
        self.baseline = baseline
        self.live = live
        self.figures = figures
        self.attestations = attestations
        self.world = world
        self.binder = binder
        self.scope = scope
        self.inputs = inputs
        self.problems: list[Notification] = []
        self._rules: dict[tuple[str, str], PolicyRule] = {}

    def requirement(self, requirement: Requirement) -> Iterator[Finding]:
        """Its findings; none for what only a running system shows, where none is audited."""
        issue = of_requirement(self.baseline, requirement)
        scope = self._own_scope(requirement)
        if requirement.kind is Kind.ATTEST or from_records_only(requirement):
            yield signed_off(issue, requirement, self.attestations, scope)
            return
        if self.live is None and requirement.kind in (Kind.LIVE, Kind.METRIC):
            return
        if requirement.kind is Kind.METRIC:
            yield from self._by_component(
                requirement,
                issue,
                lambda part: measured(issue, part, scope, self.binder, self.figures, self.attestations),
            )
            return
        why = self.live.undecidable(self.baseline, requirement) if self.live else None
        if why is not None:
            yield issue.finding(Verdict.NOT_APPLICABLE, why)
            return
        decided = self._by_component(requirement, issue, lambda part: self._decided(part, issue, scope))
        doubt = self.live.inconclusive(self.baseline, requirement) if self.live else None
        for finding in decided:
            inconclusive = doubt if finding.verdict is Verdict.FAIL else None
            yield finding if inconclusive is None else issue.finding(Verdict.NOT_APPLICABLE, inconclusive)

    def _by_component(
        self, requirement: Requirement, issue: Issue, decide: Callable[[Requirement], Iterable[Finding]]
    ) -> Iterator[Finding]:
        """What is decided about each component; nothing about one that is, or leads to, several resources."""
        for part in [replace(requirement, components=(name,)) for name in requirement.components] or [requirement]:
            try:
                yield from list(decide(part))
            except BindingError as error:
                said = problem(error)
                if said not in self.problems:
                    self.problems.append(said)
                yield ambiguous(issue.at(part.components[0]) if part.components else issue, error.message)

    def _decided(self, requirement: Requirement, issue: Issue, scope: Mapping[str, Any]) -> Iterator[Finding]:
        if requirement.assertion is not None:
            condition = fill_condition(requirement.assertion, scope)
            check = compile_condition(condition)
            if set_level(condition):
                yield from self._of_set(requirement, issue, check)
            else:
                yield from self._each(requirement, issue, lambda resource: self.world.decide(check, resource))
            return
        rule = self._rule(requirement, scope)
        if requirement.components or requirement.selection is not None:
            yield from self._each(requirement, issue, lambda resource: rule.decide(self.world, resource))
        else:
            yield from self._policy_alone(issue, rule)

    def _own_scope(self, requirement: Requirement) -> Mapping[str, Any]:
        """The inputs, with those that were given for this requirement alone."""
        prefix = f"{requirement.id}."
        own = {name.removeprefix(prefix): value for name, value in self.inputs.items() if name.startswith(prefix)}
        return {**self.scope, **own} if own else self.scope

    def _rule(self, requirement: Requirement, scope: Mapping[str, Any]) -> PolicyRule:
        policy = self.baseline.library.policy(requirement.policy or "")
        arguments = {**policy.defaults(), **fill(dict(requirement.arguments), scope)}
        for name, value in arguments.items():
            problem = policy.params[name].problem(value)
            if problem:
                raise UsageError(f"{requirement.id}: {name} {problem}", hint="an input has a value that does not fit")
        key = (policy.id, repr(sorted(arguments.items())))
        if key not in self._rules:
            self._rules[key] = PolicyRule(policy, arguments)
        return self._rules[key]

    def _of_set(self, requirement: Requirement, issue: Issue, check: Check) -> Iterator[Finding]:
        """One verdict for a condition over sets, at each component that it is bound to."""
        if not requirement.components:
            yield in_set(self.world, issue, check)
            return
        for name in requirement.components:
            members = self.binder.members(name)
            here = issue.at(name)
            if members.certain:
                yield in_set(self.world, here, check)
            else:
                yield self._missing(here, name, members)

    def _each(self, requirement: Requirement, issue: Issue, decide: _Decide) -> Iterator[Finding]:
        """One finding for each bound or selected resource."""
        if requirement.selection is not None:
            yield from self._selected(requirement, issue, decide)
            return
        for name in requirement.components:
            members = self.binder.members(name)
            here = issue.at(name)
            if not members.certain:
                yield self._missing(here, name, members)
            for resource in members.certain:
                yield from self._findings(here, resource, decide)
            for resource in members.possible if members.certain else ():
                outcome = decide(resource)
                if outcome is not None and outcome.verdict is not Verdict.PASS:
                    yield decided(self.world, here, resource, undecided("resource", unsure(resource), resource))

    def _findings(self, issue: Issue, resource: Resource, decide: _Decide) -> Iterator[Finding]:
        outcome = decide(resource)
        if outcome is None:
            yield outside(issue, resource)
            return
        unknown = existence(resource)
        if unknown is not None:
            outcome = undecided("resource", unknown, resource)
        yield from findings_of(self.world, issue, resource, outcome)

    def _selected(self, requirement: Requirement, issue: Issue, decide: _Decide) -> Iterator[Finding]:
        selection = requirement.selection
        assert selection is not None
        where = compile_condition(fill_condition(selection.where, self._own_scope(requirement)))
        found = False
        for resource in self.world.of_types(selection.types):
            chosen = self.world.decide(where, resource)
            if chosen.verdict is Verdict.FAIL:
                continue
            found = True
            if chosen.verdict is Verdict.UNKNOWN:
                yield decided(self.world, issue, resource, chosen)
            else:
                yield from self._findings(issue, resource, decide)
        if not found:
            yield self._nothing(issue, selection.types, expected=requirement.expects_some)

    def _policy_alone(self, issue: Issue, rule: PolicyRule) -> Iterator[Finding]:
        found = False
        for resource, outcome in rule.selected(self.world):
            found = True
            yield from findings_of(self.world, issue, resource, outcome)
        if not found:
            yield self._nothing(issue, rule.policy.types, expected=False)

    def _nothing(self, issue: Issue, types: tuple[str, ...], *, expected: bool) -> Finding:
        notification = self.world.hidden(types)
        reason = hidden_by(notification) if notification else None
        return nothing_selected(issue, types, reason, expected=expected, where=self._where)

    def _missing(self, issue: Issue, name: str, members: Members) -> Finding:
        component = self.baseline.components[name]
        elsewhere = self.live.missing(issue, component) if self.live and not members.possible else None
        if elsewhere is not None:
            return elsewhere
        reason = members.hidden
        if members.possible:
            reason = unsure(members.possible[0])
        return not_bound(issue, component, members.possible, reason, self._where)

    @property
    def _where(self) -> Text:
        return ACCOUNT if self.live else CODE


def _input_values(baseline: Baseline, given: Mapping[str, Any]) -> dict[str, Any]:
    """A value for every input: given, default, or what stands for none. Raises UsageError for names or types."""
    ids = {requirement.id for requirement in baseline.requirements}
    for name, value in given.items():
        owner, _, short = name.rpartition(".")
        if short not in baseline.inputs or (owner and owner not in ids):
            known = [*baseline.inputs, *([f"{owner}.{key}" for key in baseline.inputs] if owner in ids else [])]
            raise UsageError(f"{baseline.id} has no input {name}", hint=nearest(name, known))
        problem = baseline.inputs[short].problem(value)
        if problem:
            raise UsageError(f"the input {name} {problem}")
    return {
        name: given.get(name, param.default if param.has_default else not_given(name))
        for name, param in baseline.inputs.items()
    }
