"""What an audit of a running system can decide at all: some things exist in code only, some in another system."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Inventory
from scanner.model.resource import Origin
from scanner.model.rule import Text
from scanner.policy.baseline import Baseline, Component, Requirement
from scanner.policy.conditions import AllOf, AnyOf, Call, Condition, Test, When, children
from scanner.policy.needs import groups_in
from scanner.policy.reporting import Issue

_CLOUDS: Final = {"aws": Origin.AWS, "azure": Origin.AZURE}
_IN_CODE: Final = (
    "provider.", "terraform.", "github_", "dockerfile", "compose_", "env_file", "prometheus_", "grafana_",
    "alertmanager_", "cloudflare_", "helm_", "tls_private_key",
)  # fmt: skip
"""Files, and what Terraform makes at providers whose systems are not audited."""
_OF_CODE: Final = frozenset({"file"})
_CODE_FUNCTIONS: Final = frozenset({"not_written_in_code", "taken_from_variable", "environment_states"})
"""Functions about how something is written, not about what it is."""
_ARGUMENT: Final = re.compile(
    r"(lifecycle(\[\*?\])?\.(ignore_changes|prevent_destroy|create_before_destroy|replace_triggered_by)"
    r"|depends_on|provider(?!\.region\b)|timeouts|apply_immediately|skip_final_snapshot|final_snapshot_identifier"
    r"|force_destroy|force_new_deployment|wait_for_steady_state|recovery_window_in_days|deletion_window_in_days"
    r"|user_data_replace_on_change)\b"
)
"""Attributes that tell Terraform what to do and leave no trace in what runs; a provider's region does leave one."""
_PREFIXES: Final = {
    "aws_": Origin.AWS, "data.aws_": Origin.AWS, "azurerm_": Origin.AZURE, "azuread_": Origin.AZURE,
    "data.azurerm_": Origin.AZURE, "data.azuread_": Origin.AZURE,
}  # fmt: skip
_NAMES: Final = {
    Origin.AWS: Text("the AWS account", "AWS 계정"),
    Origin.AZURE: Text("the Azure subscription", "Azure 구독"),
    Origin.KUBERNETES: Text("the Kubernetes cluster", "쿠버네티스 클러스터"),
}
_ONLY_CODE: Final = Text(
    "only the code shows this, not what runs", "코드에서만 확인되는 항목으로 실행 환경에서는 판정하지 않음"
)


def shown_by(type_: str) -> Origin | None:
    """The running system that has resources of a type (also a pattern); None for types of no known system."""
    for prefix, origin in _PREFIXES.items():
        if type_.startswith(prefix):
            return origin
    return Origin.KUBERNETES if "/" in type_ else None


def only_in_code(type_: str) -> bool:
    """Whether resources of a type exist in files only."""
    return type_.startswith(_IN_CODE) or type_ in _OF_CODE


@dataclass(frozen=True, slots=True)
class Live:
    """An audit of the systems `origins`; `components` are the types of the baseline's components."""

    origins: frozenset[Origin]
    components: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, baseline: Baseline, inventory: Inventory, origins: Collection[Origin] | None) -> Live:
        """The audit of these systems; where they are not named, of the baseline's cloud and of those that were read."""
        components = {name: component.types for name, component in baseline.components.items()}
        if origins is not None:
            return cls(frozenset(origins), components)
        cloud = _CLOUDS.get(str(baseline.scope.get("cloud")))
        read = {resource.origin for resource in inventory.resources}
        return cls(frozenset(read | ({cloud} if cloud else set())), components)

    def undecidable(self, baseline: Baseline, requirement: Requirement) -> Text | None:
        """Why nothing of a requirement can be decided here, None where it can.

        A policy or a selection may speak of several kinds of resources; a condition needs all that it picks from.
        """
        if requirement.selection is not None and (why := self.nowhere(requirement.selection.types)):
            return why
        if requirement.policy and (why := self.nowhere(baseline.library.policy(requirement.policy).types)):
            return why
        grounds, assertions = self._conditions(baseline, requirement)
        whys = (*map(self._out_of_sight, grounds), *map(self._hidden, assertions))
        return next((why for why in whys if why is not None), None)

    def inconclusive(self, baseline: Baseline, requirement: Requirement) -> Text | None:
        """Why nothing of a requirement fails here: an alternative that may hold in what is not seen here."""
        _, assertions = self._conditions(baseline, requirement)
        return next((why for why in map(self._out_of_sight, assertions) if why is not None), None)

    def _conditions(self, baseline: Baseline, requirement: Requirement) -> tuple[list[Condition], list[Condition]]:
        """What selects resources, and what is asserted of them, of a requirement and of its policy."""
        grounds = [requirement.selection.where] if requirement.selection is not None else []
        assertions = [requirement.assertion] if requirement.assertion is not None else []
        for check in baseline.library.policy(requirement.policy).checks if requirement.policy else ():
            if self.nowhere(check.types) is None:
                grounds.append(check.where)
                assertions.append(check.assertion)
        return grounds, assertions

    def _hidden(self, condition: Condition) -> Text | None:
        """Why an assertion cannot be decided here; one alternative that can be seen is enough to decide it."""
        match condition:
            case AnyOf(items) if items:
                whys = [self._hidden(item) for item in items]
                return whys[0] if None not in whys else None
            case AllOf(items):
                return next((why for why in map(self._hidden, items) if why is not None), None)
            case When(when, item):
                return self._types_away(when) or self._hidden(item)
        return self._out_of_sight(condition)

    def _out_of_sight(self, condition: Condition) -> Text | None:
        """Why a condition looks, somewhere in it, at what cannot be seen here."""
        return _ONLY_CODE if any(_about_code(part) for part in _parts(condition)) else self._types_away(condition)

    def _types_away(self, condition: Condition) -> Text | None:
        groups = groups_in(condition, self.components)
        return next((why for types in groups if types and (why := self._partly(types))), None)

    def nowhere(self, types: Iterable[str]) -> Text | None:
        """Why resources of none of these types can be seen here, None where those of one may."""
        away = [self._away(type_) for type_ in types]
        return away[0] if away and None not in away else None

    def missing(self, issue: Issue, component: Component) -> Finding | None:
        """The finding for a component without resources that may lie elsewhere; None where it would be here."""
        why = self._partly(component.types)
        return issue.finding(Verdict.NOT_APPLICABLE, why) if why else None

    def _partly(self, types: Iterable[str]) -> Text | None:
        """Why resources that are picked together cannot all be seen: what is looked up (`data.`) is not missed.

        Patterns stand for the types of a function, which looks only at those that its resource leads it to.
        """
        named = [type_ for type_ in types if not type_.startswith("data.")] or list(types)
        if any("*" in type_ for type_ in named):
            return self.nowhere(named)
        return next((why for type_ in named if (why := self._away(type_)) is not None), None)

    def _away(self, type_: str) -> Text | None:
        if only_in_code(type_):
            return _ONLY_CODE
        origin = shown_by(type_)
        if origin is None or origin in self.origins:
            return None
        name = _NAMES[origin]
        return Text(f"only an audit of {name.en} shows this", f"{name.ko} 감사에서만 확인되는 항목임")


def _parts(condition: Condition) -> Iterator[Condition]:
    """A condition and all inside it, without the grounds of `when`: what is in code only is no ground where it runs."""
    yield condition
    for child in (condition.item,) if isinstance(condition, When) else children(condition):
        yield from _parts(child)


def _about_code(condition: Condition) -> bool:
    if isinstance(condition, Call):
        return condition.function in _CODE_FUNCTIONS
    return isinstance(condition, Test) and _ARGUMENT.match(condition.path) is not None
