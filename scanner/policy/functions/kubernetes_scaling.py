"""How many pods a workload runs, and how many of them stay while nodes are drained.

Sources: the Kubernetes documentation of HorizontalPodAutoscaler and PodDisruptionBudget (percentages are rounded up),
the KEDA reference of ScaledObject.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.kubernetes import WORKLOADS, field, scalar
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, missing, said, undecided
from scanner.policy.functions.linked import Linked, referred, referring
from scanner.policy.picks import existence
from scanner.policy.world import Subject, World

BUDGET: Final = "policy/v1/PodDisruptionBudget"
_ROLLOUT: Final = "argoproj.io/v1alpha1/Rollout"
_KEDA: Final = "keda.sh/v1alpha1/ScaledObject"
_SCALERS: Final = ("autoscaling/v2/HorizontalPodAutoscaler", "autoscaling/v1/HorizontalPodAutoscaler", _KEDA)
_SCALED: Final = (
    "apps/v1/Deployment",
    "apps/v1/StatefulSet",
    "apps/v1/ReplicaSet",
    _ROLLOUT,
    "v1/ReplicationController",
)
_NOT_COUNTED: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("the number of its pods is not written anywhere", "파드 수가 어디에도 적혀 있지 않음"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of pods, the resource and path where it is written, and the value that says it."""

    number: int
    resource: Resource
    path: str
    at: Value


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most pods that a workload runs; `doubt` says why another scaler may lower or raise them."""

    low: Figure
    high: Figure
    doubt: Unknown | None = None


def replicas(subject: Subject, arguments: Arguments) -> Outcome:
    """Function kubernetes_replicas."""
    unknown = missing(arguments)
    if subject.resource is None or unknown is not None:
        return undecided(subject, unknown or _NOT_COUNTED)
    found = bounds(subject.world, subject.resource)
    if isinstance(found, Unknown):
        return undecided(subject, found)
    exactly = _number(arguments, "exactly")
    low, high = (_number(arguments, name) if exactly is None else exactly for name in ("at_least", "at_most"))
    outcomes = []
    if low is not None and found.low.number < low:
        outcomes.append(_outside(subject, found.low, low, ("at least", "최소", "이상")))
    if found.doubt is not None:
        outcomes.append(undecided(subject, found.doubt))
    elif high is not None and found.high.number > high:
        outcomes.append(_outside(subject, found.high, high, ("at most", "최대", "이하")))
    return all_hold(outcomes) if outcomes else HOLDS


def _outside(subject: Subject, figure: Figure, limit: int, words: tuple[str, str, str]) -> Outcome:
    some, extreme, beyond = words
    text = Text(
        f"it runs {figure.number} pods {some}, expected {some} {limit}",
        f"파드가 {extreme} {figure.number}개 실행됨, {limit}개 {beyond}여야 함",
    )
    outcome = said(
        Verdict.FAIL, subject, text, path=figure.path, at=figure.at, expected=limit, actual=figure.number
    )  # fmt: skip
    return Outcome(outcome.verdict, tuple(replace(found, resource=figure.resource) for found in outcome.evidence))


def _number(arguments: Arguments, name: str) -> int | None:
    return whole(arguments[name]) if name in arguments else None


def whole(value: Value) -> int | None:
    """A known whole number, also written as text."""
    text = scalar(value)
    return int(text) if text is not None and text.lstrip("-").isdigit() else None


def bounds(world: World, workload: Resource) -> Bounds | Unknown:
    """How many pods a workload runs.

    A scaler decides between its bounds. A smaller number in the manifest is the least all the same, since applying the
    manifest sets it. A Rollout that refers to a workload runs the pods in its place.
    """
    if workload.type == "v1/Pod":
        one = Figure(1, workload, "", workload.attributes)
        return Bounds(one, one)
    if workload.type not in _SCALED:
        return _NOT_COUNTED
    doubtful = existence(workload)
    if doubtful is not None:
        return doubtful
    rollouts = referring(world, (_ROLLOUT,), "spec.workloadRef", workload).certain
    if rollouts:
        return bounds(world, rollouts[0][0])
    scalers = referring(world, _SCALERS, "spec.scaleTargetRef", workload)
    doubt = scalers.doubts[0].unknown if scalers.doubts else None
    value = field(workload.attributes, "spec", "replicas")
    written = _figure(workload, "spec.replicas", 1)
    if isinstance(written, Unknown):
        return written
    if not scalers.certain:
        # Without a number in the manifest another scaler decides alone; with one it can only lower the least.
        return doubt if doubt is not None and value.is_absent else Bounds(written, written, doubt)
    figures = [_scaled(scaler) for scaler, _ in scalers.certain]
    unknown = next((found for found in figures if isinstance(found, Unknown)), None)
    if unknown is not None:
        return unknown
    known = [found for found in figures if isinstance(found, Bounds)]
    lows = [found.low for found in known] + ([] if value.is_absent else [written])
    return Bounds(min(lows, key=_by_number), max((found.high for found in known), key=_by_number), doubt)


def _by_number(figure: Figure) -> int:
    return figure.number


def _scaled(scaler: Resource) -> Bounds | Unknown:
    """The bounds that a scaler sets."""
    keda = scaler.type == _KEDA
    names = ("minReplicaCount", "maxReplicaCount") if keda else ("minReplicas", "maxReplicas")
    low = _figure(scaler, f"spec.{names[0]}", 0 if keda else 1)
    high = _figure(scaler, f"spec.{names[1]}", 100 if keda else 1)
    if isinstance(low, Unknown) or isinstance(high, Unknown):
        return low if isinstance(low, Unknown) else high if isinstance(high, Unknown) else _NOT_COUNTED
    idle = field(scaler.attributes, "spec", "idleReplicaCount")
    if keda and not idle.is_absent:
        least = _figure(scaler, "spec.idleReplicaCount", 0)
        if isinstance(least, Unknown):
            return least
        low = min(low, least, key=_by_number)
    return Bounds(low, high)


def _figure(resource: Resource, path: str, default: int) -> Figure | Unknown:
    value = field(resource.attributes, *path.split("."))
    if isinstance(value.raw, Unknown):
        return value.raw
    number = default if value.is_absent else whole(value)
    if number is None:
        return Unknown(Reason.ERROR, Words(f"{path} is no number", f"{path} 값이 숫자가 아님"))
    return Figure(number, resource, path, value)


def disruption_budget(subject: Subject, arguments: Arguments) -> Outcome:
    """Function kubernetes_disruption_budget, on a workload or on a budget."""
    unknown = missing(arguments)
    resource = subject.resource
    if resource is None or unknown is not None:
        return undecided(subject, unknown or _NOT_COUNTED)
    if resource.type == BUDGET:
        linked = referred(subject.world, resource, "spec.selector", tuple(WORKLOADS))
        pairs = [(resource, workload) for workload, _ in linked.certain]
        nothing = Text("it selects no workload of the code", "코드의 어떤 워크로드도 선택하지 않음")
    else:
        linked = referring(subject.world, (BUDGET,), "spec.selector", resource)
        pairs = [(budget, resource) for budget, _ in linked.certain]
        nothing = Text("no PodDisruptionBudget selects its pods", "파드를 선택하는 PodDisruptionBudget이 없음")
    if not pairs:
        return _none(subject, linked, nothing)
    wanted = _number(arguments, "available"), _number(arguments, "evictions")
    if resource.type != BUDGET and len(pairs) > 1 and wanted[1]:
        return said(Verdict.FAIL, subject, Text(
            "several budgets select the same pods, so that none of them can be evicted",
            "여러 예산이 같은 파드를 선택하여 축출할 수 없음",
        ))  # fmt: skip
    outcomes = [_kept(subject, budget, workload, *wanted) for budget, workload in pairs]
    if resource.type != BUDGET and any(outcome.verdict is Verdict.PASS for outcome in outcomes):
        return HOLDS
    return all_hold(outcomes)


def _none(subject: Subject, linked: Linked, nothing: Text) -> Outcome:
    if linked.doubts:
        doubt = linked.doubts[0]
        return undecided(subject, doubt.unknown, doubt.value)
    return said(Verdict.FAIL, subject, nothing, path="spec.selector")


def _kept(
    subject: Subject, budget: Resource, workload: Resource, available: int | None, evictions: int | None
) -> Outcome:
    """Whether a budget keeps enough pods of a workload, and leaves enough that may be evicted."""
    least = field(budget.attributes, "spec", "minAvailable")
    value, path = least, "spec.minAvailable"
    doubtful = existence(budget)
    if doubtful is not None:
        return undecided(subject, doubtful)
    if least.is_absent:
        value, path = field(budget.attributes, "spec", "maxUnavailable"), "spec.maxUnavailable"
    running = bounds(subject.world, workload)
    kept = _available(value, path, running)
    if isinstance(kept, Unknown):
        return undecided(subject, kept, value, path)
    if available is not None and kept < available:
        text = Text(
            f"the budget keeps {kept} pods of {workload.address}, expected at least {available}",
            f"예산이 {workload.address} 파드를 {kept}개만 유지함, {available}개 이상이어야 함",
        )
        return said(Verdict.FAIL, subject, text, path=path, at=value, expected=available, actual=kept)
    if evictions is None:
        return HOLDS
    unclear = running if isinstance(running, Unknown) else running.doubt
    if isinstance(running, Unknown) or unclear is not None:
        return undecided(subject, unclear or _NOT_COUNTED, value, path)
    spare = max(running.low.number - kept, 0)
    if spare >= evictions:
        return HOLDS
    text = Text(
        f"of {running.low.number} pods of {workload.address} only {spare} may be evicted, expected {evictions}",
        f"{workload.address} 파드 {running.low.number}개 중 {spare}개만 축출 가능함, {evictions}개여야 함",
    )
    return said(Verdict.FAIL, subject, text, path=path, at=value, expected=evictions, actual=spare)


def _available(value: Value, path: str, running: Bounds | Unknown) -> int | Unknown:
    """How many pods a budget keeps: all percentages are of the least number of pods, rounded up."""
    if isinstance(value.raw, Unknown):
        return value.raw
    if value.is_absent:
        return 0
    text = scalar(value) or ""
    number = whole(value)
    if number is None and not (text.endswith("%") and text[:-1].isdigit()):
        return Unknown(Reason.ERROR, Words(f"{path} is no number or percentage", f"{path} 값이 수나 백분율이 아님"))
    if path == "spec.minAvailable" and number is not None:
        return number
    if isinstance(running, Unknown) or running.doubt is not None:
        return running if isinstance(running, Unknown) else running.doubt or _NOT_COUNTED
    total = running.low.number
    if number is None:
        number = ceil(total * int(text[:-1]) / 100)
    return number if path == "spec.minAvailable" else max(total - number, 0)
