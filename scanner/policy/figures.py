"""Requirements of kind metric: figures of the running system against what the document asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, Protocol

from scanner.model.finding import Finding, ResourceRef, Verdict
from scanner.model.inventory import Notification
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value, absent, plain
from scanner.model.words import Words, both
from scanner.policy.attestations import Attestations
from scanner.policy.baseline import Requirement
from scanner.policy.measures import RECORD, Metric, Series, metrics_of
from scanner.policy.params import fill
from scanner.policy.reporting import Issue
from scanner.policy.signoffs import OPERATORS, signed_off
from scanner.policy.world import Components


class Figures(Protocol):
    """Answers what a metric of the running system is at present."""

    def figure(self, metric: Metric, resource: Resource | None) -> Value:
        """The figure, absent where the source has no data for it, unknown where it could not be read.

        `resource` is the one that the requirement binds. The dimensions of the metric are texts.
        """


class Readers(Figures, Protocol):
    """Figures that are read from services, and what these did not answer."""

    notifications: list[Notification]


_NO_DATA: Final = Unknown(Reason.UNREADABLE, Words("there are no measurements", "측정값이 없음"))
_NOT_READ: Final = Unknown(Reason.UNREADABLE, Words("measurements were not read", "측정값을 읽지 않음"))


def measured(
    issue: Issue,
    requirement: Requirement,
    scope: Mapping[str, Any],
    components: Components,
    figures: Figures | None,
    attestations: Attestations | None,
) -> Iterator[Finding]:
    """One finding for each resource that the requirement binds, or one where it binds none.

    The first source with data decides; a record of people is looked at where no other has any.
    """
    names: tuple[str | None, ...] = requirement.components or (None,)
    for name in names:
        here = issue if name is None else issue.at(name)
        members = [] if name is None else components.members(name).certain
        bound: list[Resource | None] = [*members] or [None]
        for resource in bound:
            yield _finding(here, requirement, scope, components, figures, attestations, resource)


def _finding(
    issue: Issue,
    requirement: Requirement,
    scope: Mapping[str, Any],
    components: Components,
    figures: Figures | None,
    attestations: Attestations | None,
    resource: Resource | None,
) -> Finding:
    reason = _NO_DATA
    for metric in metrics_of([fill(dict(item), scope) for item in requirement.metrics]):
        if metric.source == RECORD:
            own = [item for item in requirement.metrics if item["source"] == RECORD]
            return signed_off(issue, replace(requirement, metrics=own), attestations, scope)
        value = _figure(metric, components, figures, resource)
        if isinstance(value.raw, Unknown):
            reason = value.raw
        elif not value.is_absent:
            return _compared(issue, metric, value, resource)
    why = both(reason.detail)
    return issue.finding(Verdict.UNKNOWN, why, reason=why, resource=_named(resource))


def _figure(metric: Metric, components: Components, figures: Figures | None, resource: Resource | None) -> Value:
    if figures is None:
        return Value(_NOT_READ)
    if isinstance(metric.value, bool) or not isinstance(metric.value, int | float):
        return Value(Unknown(Reason.UNSET_VARIABLE, Words("its threshold is not given", "기준값이 주어지지 않음")))
    series: dict[str, Series] = {}
    for name, item in metric.series.items():
        dimensions = {key: _dimension(given, components, resource) for key, given in item.dimensions.items()}
        unknown = next((value for value in dimensions.values() if isinstance(value, Unknown)), None)
        if unknown is not None:
            return Value(unknown)
        series[name] = replace(item, dimensions=dimensions)
    value = figures.figure(replace(metric, series=series), resource)
    known = isinstance(value.raw, int | Decimal) and not isinstance(value.raw, bool)
    return value if known or value.is_unknown else absent()


def _dimension(given: Any, components: Components, resource: Resource | None) -> str | Unknown:
    """The text of a dimension: as written, or an attribute of the one resource that a component is bound to.

    A component that runs in several accounts or regions is the one beside the resource that is asked about.
    """
    if not isinstance(given, Mapping):
        return str(given)
    name, path = str(given["component"]), str(given["attribute"])
    found = components.members(name).certain
    members = [item for item in found if resource is not None and item.root == resource.root] or found
    members = [item for item in members if item is resource] or members
    values = [as_text(lookup(resource.attributes, path)[0].value) for resource in members]
    if len(values) == 1 and values[0] is not None:
        return values[0]
    return Unknown(Reason.UNREADABLE, Words(f"{path} of {name} is not known", f"{name}의 {path} 값을 알 수 없음"))


def _compared(issue: Issue, metric: Metric, value: Value, resource: Resource | None) -> Finding:
    raw = value.raw
    assert isinstance(raw, int | Decimal)
    unit = f" {metric.unit}" if metric.unit else ""
    figure = plain(value)
    wanted = f"{OPERATORS[metric.op]} {metric.value}{unit}"
    name = metric.expression or metric.query or " ".join(item.metric for item in metric.series.values())
    return issue.finding(
        Verdict.PASS if metric.keeps(raw) else Verdict.FAIL,
        Text(f"measured {figure}{unit}, required {wanted}", f"측정값 {figure}{unit}, 기준 {wanted}"),
        resource=_named(resource),
        path=name,
        expected=metric.value,
        actual=figure,
    )


def _named(resource: Resource | None) -> ResourceRef | None:
    if resource is None:
        return None
    return ResourceRef(resource.type, resource.address, resource.origin.value, resource.root)
