"""How many tasks the services of a region may run together at their largest."""

from __future__ import annotations

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Unknown, Value
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, texts, undecided
from scanner.policy.world import Subject, hidden_by

_TARGETS = ("aws_appautoscaling_target",)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    """Function scaling_capacity: the sum of the largest sizes of all ECS services, in every one of the regions."""
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    wanted = int(as_text(arguments["at_least"]) or "0")
    doubts: list[Value] = []
    sums = dict.fromkeys(texts(arguments, "regions"), 0)
    for target in subject.world.of_types(_TARGETS):
        region, most = _value(target, "provider.region"), _value(target, "max_capacity")
        if _value(target, "service_namespace").raw != "ecs" or (region.raw not in sums and not region.is_unknown):
            continue
        if isinstance(most.raw, int) and isinstance(region.raw, str):
            sums[region.raw] += most.raw
        else:
            doubts.append(region if region.is_unknown else most)
    lacking = next((region for region, sum_ in sums.items() if sum_ < wanted), None)
    if lacking is None:
        return HOLDS
    notification = subject.world.hidden(_TARGETS)
    for doubt in [*(item.raw for item in doubts), *([hidden_by(notification)] if notification else [])]:
        if isinstance(doubt, Unknown):
            return undecided(subject, doubt)
    words = Text(
        f"the services in {lacking} scale to {sums[lacking]} tasks together, expected {wanted}",
        f"{lacking} 리전의 서비스가 합계 {sums[lacking]}개까지 확장되는데 {wanted}개여야 함",
    )
    return said(Verdict.FAIL, subject, words, expected=wanted, actual=sums[lacking])


def _value(resource: Resource, path: str) -> Value:
    return lookup(resource.attributes, path)[0].value


FUNCTIONS = (
    Function(
        "scaling_capacity",
        "Whether the ECS services of every region may together scale to a number of tasks",
        ("regions", "at_least"),
        _decide,
        set_level=True,
    ),
)
