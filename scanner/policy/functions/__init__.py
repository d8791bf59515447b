"""Python functions that policies may name where a condition cannot say it: sums and products over several resources.

A function gets the subject (the resource under test and the world around it) and its arguments, and returns an Outcome
with evidence (`said` makes both). Each module lists its own in FUNCTIONS; the families are listed
below by hand, nothing registers itself.
"""

from __future__ import annotations

from scanner.policy.conditions import AllOf, AnyOf, Call, Condition, Count, Distinct, Not, When, uses_outer
from scanner.policy.functions import (
    aks_capacity,
    aks_versions,
    alerts,
    azure_alerts,
    azure_receivers,
    azure_regions,
    azure_sizes,
    capacity,
    choices,
    dashboards,
    flows,
    gateways,
    iam,
    iam_data,
    images,
    kubernetes,
    lifetimes,
    moments,
    outside,
    pools,
    regions,
    rollouts,
    routes,
    schedules,
    secrets,
    siblings,
    stacks,
    subnets,
    weekly_windows,
    written,
)
from scanner.policy.functions.base import Arguments, Function, said
from scanner.policy.structures import literal
from scanner.policy.world import Check

__all__ = ["FUNCTIONS", "Arguments", "Function", "compile_call", "said", "set_level"]

_FAMILIES = (
    aks_capacity,
    aks_versions,
    alerts,
    azure_alerts,
    azure_receivers,
    azure_regions,
    azure_sizes,
    capacity,
    choices,
    dashboards,
    flows,
    gateways,
    iam,
    iam_data,
    images,
    kubernetes,
    lifetimes,
    moments,
    outside,
    pools,
    regions,
    rollouts,
    routes,
    schedules,
    secrets,
    siblings,
    stacks,
    subnets,
    weekly_windows,
    written,
)

FUNCTIONS: dict[str, Function] = {function.name: function for family in _FAMILIES for function in family.FUNCTIONS}
"""Every function by name."""


def compile_call(condition: Call) -> Check:
    """The call of a registered function with its arguments filled in."""
    function = FUNCTIONS[condition.function]
    given = condition.arguments if isinstance(condition.arguments, dict) else {}
    arguments = {name: literal(value) for name, value in given.items()}
    return lambda subject: function.decide(subject, arguments)


def set_level(condition: Condition) -> bool:
    """Whether a condition speaks of sets of resources only, so that one verdict serves them all."""
    match condition:
        case AllOf(items) | AnyOf(items):
            return bool(items) and all(set_level(item) for item in items)
        case Not(item):
            return set_level(item)
        case When(when, item):
            return set_level(when) and set_level(item)
        case Count(pick):
            return not uses_outer(pick.where)
        case Distinct(pick):
            return pick is not None and not uses_outer(pick.where)
        case Call(name):
            return FUNCTIONS[name].set_level
    return False
