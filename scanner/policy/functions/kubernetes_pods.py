"""Where pods run, which of their ports a Service leads to, and whether NetworkPolicies isolate them.

Sources: the Kubernetes documentation of topology spread constraints, pod anti-affinity, Services and NetworkPolicies.
A selector that is not written selects no pods there, an empty one selects all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.kubernetes import (
    NAMESPACE_LABEL,
    WORKLOADS,
    elements,
    field,
    label_selector,
    namespace_of,
    pod_labels,
    pod_template,
    scalar,
    selects,
)
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, missing, said, texts, undecided
from scanner.policy.functions.kubernetes_scaling import whole
from scanner.policy.functions.linked import referred
from scanner.policy.picks import existence
from scanner.policy.world import Subject

_NO_PODS: Final = Unknown(Reason.UNSUPPORTED, Words("it makes no pods", "파드를 만드는 리소스가 아님"))
_UNCLEAR: Final = Unknown(
    Reason.UNSUPPORTED, Words("what keeps its pods apart is not known", "파드를 분산하는 설정을 알 수 없음")
)
_REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED: Final = "preferredDuringSchedulingIgnoredDuringExecution"


@dataclass(frozen=True, slots=True)
class _Asked:
    keys: frozenset[str]
    skew: int | None
    hard: bool
    means: frozenset[str]


def pods_apart(subject: Subject, arguments: Arguments) -> Outcome:
    """Function kubernetes_pods_apart."""
    workload = subject.resource
    unknown = missing(arguments)
    if workload is None or workload.type not in WORKLOADS or unknown is not None:
        return undecided(subject, unknown or _NO_PODS)
    asked = _Asked(
        frozenset(texts(arguments, "topology_key")),
        whole(arguments["max_skew"]) if "max_skew" in arguments else None,
        "hard" in arguments and arguments["hard"].raw is True,
        frozenset(texts(arguments, "means")) or frozenset({"spread", "anti_affinity"}),
    )
    answers = list(_answers(workload, asked))
    if any(answer is True for answer, _ in answers):
        return HOLDS
    open_ = next((value for answer, value in answers if answer is None), None)
    if open_ is not None:
        return undecided(subject, open_.raw if isinstance(open_.raw, Unknown) else _UNCLEAR, open_)
    path = ".".join((*WORKLOADS[workload.type], "spec"))
    keys = ", ".join(sorted(asked.keys))
    text = Text(f"nothing keeps its own pods apart over {keys}", f"{keys} 기준으로 자신의 파드를 분산하는 설정이 없음")
    at = answers[0][1] if answers else field(pod_template(workload), "spec")
    return said(Verdict.FAIL, subject, text, path=path, at=at, expected=keys)


def _answers(workload: Resource, asked: _Asked) -> Iterator[tuple[bool | None, Value]]:
    """For everything that may keep pods apart: whether it does as asked, and where it is written."""
    spec = field(pod_template(workload), "spec")
    if "spread" in asked.means:
        for constraint in elements(field(spec, "topologySpreadConstraints")):
            yield _spreads(workload, constraint, asked), constraint
    if "anti_affinity" in asked.means:
        affinity = field(spec, "affinity", "podAntiAffinity")
        for term in elements(field(affinity, _REQUIRED)):
            yield _repels(workload, term, asked), term
        for preferred in () if asked.hard else elements(field(affinity, _PREFERRED)):
            yield _repels(workload, field(preferred, "podAffinityTerm"), asked), preferred


def _spreads(workload: Resource, constraint: Value, asked: _Asked) -> bool | None:
    skew, action = field(constraint, "maxSkew"), field(constraint, "whenUnsatisfiable")
    parts = [_over(constraint, asked), _own(workload, constraint)]
    if asked.skew is not None:
        number = whole(skew)
        parts.append(None if skew.is_unknown else number is not None and number <= asked.skew)
    if asked.hard:
        parts.append(None if action.is_unknown else scalar(action) in (None, "DoNotSchedule"))
    return _every(parts)


def _repels(workload: Resource, term: Value, asked: _Asked) -> bool | None:
    return _every([_over(term, asked), _own(workload, term), _looks_at_home(workload, term)])


def _over(value: Value, asked: _Asked) -> bool | None:
    key = field(value, "topologyKey")
    return None if key.is_unknown else scalar(key) in asked.keys


def _own(workload: Resource, value: Value) -> bool | None:
    """Whether the selector beside it chooses the workload's own pods."""
    selector = field(value, "labelSelector")
    return False if selector.is_absent else selects(label_selector(selector), pod_labels(workload))


def _looks_at_home(workload: Resource, term: Value) -> bool | None:
    """Whether a term of affinity looks into the namespace of its own pods."""
    names, selector = field(term, "namespaces"), field(term, "namespaceSelector")
    if names.is_unknown or selector.is_unknown:
        return None
    listed = [scalar(name) for name in elements(names)]
    if not listed and selector.is_absent:
        return True
    home = namespace_of(workload)
    if home in listed:
        return True
    if not selector.is_absent:
        wanted = label_selector(selector)
        if wanted is not None and all(item.label == NAMESPACE_LABEL for item in wanted):
            return selects(wanted, {NAMESPACE_LABEL: home})
        return None
    return None if None in listed else False


def _every(parts: list[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def ports(subject: Subject, arguments: Arguments) -> Outcome:
    """Function kubernetes_ports."""
    service = subject.resource
    unknown = missing(arguments)
    target = whole(arguments["target"])
    if service is None or service.type != "v1/Service" or unknown is not None or target is None:
        return undecided(subject, unknown or _NO_PODS)
    only = whole(arguments["port"]) if "port" in arguments else None
    listed = field(service.attributes, "spec", "ports")
    if isinstance(listed.raw, Unknown):
        return undecided(subject, listed.raw, listed, "spec.ports")
    outcomes = [
        _leads(subject, service, f"spec.ports[{at}]", port, target)
        for at, port in enumerate(elements(listed))
        if only is None or whole(field(port, "port")) in (only, None)
    ]
    if not outcomes:
        text = Text("it has no such port", "해당 포트가 없음")
        return said(Verdict.FAIL, subject, text, path="spec.ports", at=listed, expected=only)
    return all_hold(outcomes)


def _leads(subject: Subject, service: Resource, path: str, port: Value, target: int) -> Outcome:
    value = field(port, "targetPort")
    value = field(port, "port") if value.is_absent else value
    if isinstance(value.raw, Unknown):
        return undecided(subject, value.raw, value, path)
    number = whole(value)
    found = {number} if number is not None else set(_named(subject, service, scalar(value) or ""))
    if not found or None in found:
        words = Words("the pods behind it, and so its named port, are not known", "대상 파드의 포트 이름을 알 수 없음")
        return undecided(subject, Unknown(Reason.UNSUPPORTED, words), value, path)
    if found == {target}:
        return HOLDS
    shown = ", ".join(str(each) for each in sorted(each for each in found if each is not None))
    text = Text(f"it leads to port {shown}, expected {target}", f"{shown} 포트로 연결됨, {target}이어야 함")
    return said(Verdict.FAIL, subject, text, path=f"{path}.targetPort", at=value, expected=target, actual=shown)


def _named(subject: Subject, service: Resource, name: str) -> Iterator[int | None]:
    """The numbers that the selected pods give to a named port; None where that is not known."""
    linked = referred(subject.world, service, "spec.selector", tuple(WORKLOADS))
    if linked.doubts or any(existence(workload) for workload, _ in linked.certain):
        yield None
    for workload, _ in linked.certain:
        for container in elements(field(pod_template(workload), "spec", "containers")):
            for port in elements(field(container, "ports")):
                if scalar(field(port, "name")) == name:
                    yield whole(field(port, "containerPort"))


def isolated(subject: Subject, arguments: Arguments) -> Outcome:
    """Function kubernetes_isolated."""
    from scanner.network.inventory import Groups
    from scanner.network.kubernetes import ISOLATED_TYPES
    from scanner.network.services import Direction

    resource = subject.resource
    unknown = missing(arguments)
    group = subject.world.kept(Groups).of(resource) if resource and resource.type in ISOLATED_TYPES else None
    if group is None or unknown is not None:
        return undecided(subject, unknown or _NO_PODS)
    outcomes = []
    for direction in map(Direction, texts(arguments, "directions")):
        free = [rule for rule in group.rules if rule.built_in and rule.direction is direction]
        reason = group.hidden or next((rule.unknown for rule in free if rule.unknown), None)
        if free and reason is not None:
            outcomes.append(undecided(subject, reason))
        elif free:
            text = Text(
                f"no NetworkPolicy isolates these pods ({direction.value})",
                f"이 파드를 격리하는 NetworkPolicy가 없음 ({direction.value})",
            )
            outcomes.append(said(Verdict.FAIL, subject, text, expected=direction.value))
    return all_hold(outcomes) if outcomes else HOLDS
