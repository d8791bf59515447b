"""Rules about what the clouds allow, and about figures of several requirements that must fit together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from ipaddress import ip_network
from math import ceil
from pathlib import Path
from typing import Final, NamedTuple

from scanner.model.rule import Text
from scanner.model.value import Value
from scanner.policy.conditions import ReferencedBy, References
from scanner.policy.lint.constraints import Constraint
from scanner.policy.lint.problem import Problem
from scanner.policy.lint.subject import Subject, parts
from scanner.policy.readers import read_percent, read_quantity
from scanner.policy.structures import Mismatch, literal

_NUMERIC: Final = frozenset({"equals", "in", "gt", "gte", "lt", "lte"})
_GATEWAY: Final = "azurerm_application_gateway"
_WAF_LINKS: Final = {"firewall_policy_id", "waf_configuration"}
_REPLICATION: Final = "aws_s3_bucket_replication_configuration"
_VERSIONING: Final = "aws_s3_bucket_versioning"
_PDB: Final = "policy/v1/PodDisruptionBudget"
_HPA: Final = "autoscaling/v2/HorizontalPodAutoscaler"
_POOL: Final = "azurerm_kubernetes_cluster_node_pool"
_RESERVED_IN_A_SUBNET: Final = 5
"""Addresses that Azure keeps in every subnet (learn.microsoft.com: Virtual Network FAQ)."""


class Limit(NamedTuple):
    """What a service accepts for an attribute: a range, or the only values."""

    low: int
    high: int
    values: tuple[int, ...]
    source: str


@cache
def _limits() -> dict[tuple[str, str], Limit]:
    """The table `limits.tsv`: type, path, bounds, source."""
    found: dict[tuple[str, str], Limit] = {}
    for line in (Path(__file__).parent / "limits.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            type_, path, bounds, source = line.split("\t")
            values = tuple(int(item) for item in bounds.split(",")) if "," in bounds else ()
            low, high = (min(values), max(values)) if values else tuple(int(item) for item in bounds.split(".."))
            found[type_, path] = Limit(low, high, values, source)
    return found


def outside_the_services_bounds(subject: Subject) -> Iterator[Problem]:
    """A figure that the service does not accept at all."""
    for constraint in subject.constraints:
        for type_ in constraint.types:
            limit = _limits().get((type_, constraint.path))
            if limit is not None and not _possible(constraint, limit):
                allowed = ", ".join(map(str, limit.values)) if limit.values else f"{limit.low} to {limit.high}"
                ko = ", ".join(map(str, limit.values)) if limit.values else f"{limit.low}~{limit.high}"
                yield _problem(
                    subject, "outside-service-bounds", (constraint,),
                    Text(f"{constraint.requirement.id} asks for {constraint.said}; {type_} accepts {allowed} "
                         f"({limit.source})",
                         f"{constraint.requirement.id}의 {constraint.said} 조건은 {type_} 허용 범위({ko}) 밖 "
                         f"({limit.source})"),
                )  # fmt: skip


def _possible(constraint: Constraint, limit: Limit) -> bool:
    if constraint.op not in _NUMERIC:
        return True
    candidates = constraint.candidates()
    if candidates is not None:
        return any(_in(limit, value) for value in candidates if constraint.admits(value))
    return any(constraint.admits(Value(number)) for number in (limit.values or (limit.low, limit.high)))


def _in(limit: Limit, value: Value) -> bool:
    try:
        number = Decimal(str(value.raw))
    except ArithmeticError:
        return True
    return number in limit.values if limit.values else limit.low <= number <= limit.high


def waf_on_a_sku_without(subject: Subject) -> Iterator[Problem]:
    """A web application firewall on a gateway whose documented SKU cannot carry one."""
    for sku in subject.on(_GATEWAY, "sku.name", "sku.tier", "sku[0].name", "sku[0].tier"):
        candidates = sku.candidates() or []
        if not candidates or any("WAF" in str(item.raw).upper() for item in candidates):
            continue
        for other in subject.on(_GATEWAY):
            if other.component == sku.component and other.path.split("[")[0] in _WAF_LINKS and other.op == "exists":
                yield _problem(
                    subject, "waf-on-sku-without", (sku, other),
                    Text(f"{sku.requirement.id} asks for {sku.said}, which carries no firewall; "
                         f"{other.requirement.id} asks for one",
                         f"{sku.requirement.id}의 {sku.said} SKU에는 WAF가 없으나 {other.requirement.id}에서 요구"),
                )  # fmt: skip


def replication_without_versioning(subject: Subject) -> Iterator[Problem]:
    """A bucket that is to be replicated while its versioning is to be off, or while nothing asks for it to be on."""
    for requirement in subject.baseline.requirements:
        linked = {type_ for part in parts(requirement.assertion) if isinstance(part, ReferencedBy | References)
                  for type_ in part.pick.types}  # fmt: skip
        for name in requirement.components:
            types = subject.baseline.components[name].types
            if _REPLICATION not in types and not ("aws_s3_bucket" in types and _REPLICATION in linked):
                continue
            if not _versioned(subject, name):
                yield Problem(
                    "replication-without-versioning",
                    Text(f"{requirement.id} asks for replication of {name}; no requirement asks for its versioning",
                         f"{requirement.id} 항목이 {name} 복제를 요구하나 버전 관리를 요구하는 항목이 없음"),
                    (requirement.id,), requirement.location, subject.decided((requirement.id,)),
                )  # fmt: skip


def _versioned(subject: Subject, component: str) -> bool:
    """Whether some requirement on the bucket speaks of versioning."""
    for requirement in subject.baseline.requirements:
        if component not in requirement.components:
            continue
        policy = subject.baseline.library.policy(requirement.policy) if requirement.policy else None
        conditions = [requirement.assertion, *(check.assertion for check in (policy.checks if policy else ()))]
        for condition in conditions:
            for part in parts(condition):
                if isinstance(part, ReferencedBy) and _VERSIONING in part.pick.types:
                    return True
                if getattr(part, "path", "").startswith("versioning"):
                    return True
    return False


def budget_that_blocks_every_eviction(subject: Subject) -> Iterator[Problem]:
    """A disruption budget that keeps as many pods as the workload may have at its smallest."""
    for budget in subject.on(_PDB, "spec.minAvailable"):
        workloads = _refers_to(subject, budget.component)
        for scaler in subject.on(_HPA, "spec.minReplicas"):
            if workloads & _refers_to(subject, scaler.component) and _keeps_all(budget, scaler):
                yield _problem(
                    subject, "budget-blocks-evictions", (budget, scaler),
                    Text(f"{budget.requirement.id} asks for {budget.said} while {scaler.requirement.id} allows as few "
                         f"as {scaler.value} replicas: no pod could ever be moved",
                         f"{budget.requirement.id}의 {budget.said} 조건과 {scaler.requirement.id}의 최소 "
                         f"{scaler.value}개 조건으로는 파드를 옮길 수 없음"),
                )  # fmt: skip


def _refers_to(subject: Subject, component: str) -> set[str]:
    found = {component}
    for alternative in subject.baseline.components[component].alternatives:
        found.update(alternative.refers_to)
    return found - {component} or {component.rsplit("-", 1)[0]}


def _keeps_all(budget: Constraint, scaler: Constraint) -> bool:
    if budget.op not in ("equals", "gte") or scaler.op not in ("equals", "gte"):
        return False
    try:
        replicas = read_quantity(literal(scaler.value))
        text = str(budget.value)
        share = Decimal(read_percent(literal(budget.value)))
        kept = Decimal(ceil(replicas * share / 100)) if text.endswith("%") else share
    except Mismatch:
        return False
    return kept >= replicas


def subnet_too_small(subject: Subject) -> Iterator[Problem]:
    """A subnet without room for the nodes of its pool and, without an overlay network, their pods."""
    for nodes in subject.on(_POOL, "max_count", "auto_scaling_max_count"):
        for pods in subject.on(_POOL, "max_pods"):
            if pods.component != nodes.component:
                continue
            for prefix in _prefixes(subject, nodes.component):
                room = ip_network(str(_single(prefix)), strict=False).num_addresses - _RESERVED_IN_A_SUBNET
                asked = int(str(nodes.value)) * (int(str(pods.value)) + 1)
                if asked > room:
                    yield _problem(
                        subject, "subnet-too-small", (nodes, pods, prefix),
                        Text(f"{nodes.value} nodes with {pods.value} pods need {asked} addresses; "
                             f"{prefix.value} has {room}",
                             f"노드 {nodes.value}개와 노드당 파드 {pods.value}개에 주소 {asked}개가 필요하나 "
                             f"{prefix.value}에는 {room}개"),
                    )  # fmt: skip


def _prefixes(subject: Subject, pool: str) -> Iterator[Constraint]:
    """What is asked of the address range of the subnet that the pool lies in."""
    subnets = _refers_to(subject, pool)
    for constraint in subject.on("azurerm_subnet", "address_prefixes", "address_prefixes[*]", "address_prefixes[0]"):
        if constraint.component in subnets and constraint.candidates():
            yield constraint


def _single(constraint: Constraint) -> object:
    value = constraint.value
    return value[0] if isinstance(value, list) and value else value


def _problem(subject: Subject, rule: str, constraints: tuple[Constraint, ...], message: Text) -> Problem:
    ids = tuple(dict.fromkeys(constraint.requirement.id for constraint in constraints))
    return Problem(rule, message, ids, constraints[-1].requirement.location, subject.decided(ids))
