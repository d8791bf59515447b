"""Rights in a cluster: what roles allow, as a set of (API group, resource, verb) that is compared with the listed one.

Source: the Kubernetes documentation of RBAC. Rights only add up; a `*` covers every name, `*/scale` a subresource of
every resource; a rule with resource names covers these objects only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from scanner.model.finding import Verdict
from scanner.model.kubernetes import elements, kind_of, name_of, namespace_of, scalar
from scanner.model.kubernetes import field as field_of
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, missing, said, text, texts, undecided
from scanner.policy.functions.linked import UNSURE, Doubt, Linked, referred, referring
from scanner.policy.picks import existence
from scanner.policy.world import Subject, World

_GROUP: Final = "rbac.authorization.k8s.io/v1"
_ROLES: Final = (f"{_GROUP}/Role", f"{_GROUP}/ClusterRole")
_BINDINGS: Final = (f"{_GROUP}/RoleBinding", f"{_GROUP}/ClusterRoleBinding")
_ACCOUNT: Final = "v1/ServiceAccount"
_ALL: Final = "*"
_NO_RIGHTS: Final = Unknown(
    Reason.UNSUPPORTED, Words("it is neither a role nor a service account", "역할이나 서비스 계정이 아님")
)
_AGGREGATED: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("the cluster puts its rules together from other roles", "클러스터가 다른 역할에서 규칙을 모아 만듦"),
)


class Mode(StrEnum):
    """How two sets are compared."""

    EXACTLY = "exactly"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class Right(NamedTuple):
    """One thing that may be done; a path of the API server has the group `url`."""

    group: str
    resource: str
    verb: str
    name: str = _ALL

    def covers(self, other: Right) -> bool:
        """Whether it includes another one."""
        return (
            _covers(self.group, other.group) and _covers_resource(self.resource, other.resource)
            and _covers(self.verb, other.verb) and _covers(self.name, other.name)
        )  # fmt: skip

    def __str__(self) -> str:
        where = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{self.verb} {where}" + ("" if self.name == _ALL else f"/{self.name}")


def _covers(one: str, other: str) -> bool:
    return one in (_ALL, other)


def _covers_resource(one: str, other: str) -> bool:
    if one in (_ALL, other):
        return True
    if one.startswith("*/"):
        return other.partition("/")[2] == one[2:]
    return one.startswith("/") and one.endswith(_ALL) and other.startswith(one[:-1])


@dataclass(slots=True)
class Granted:
    """Rights with the rule that grants each, and what may grant more."""

    rights: dict[Right, Value] = field(default_factory=dict)
    unknown: Unknown | None = None

    def add(self, rules: Value) -> None:
        """Adds the rules of a role."""
        if isinstance(rules.raw, Unknown):
            self.unknown = self.unknown or rules.raw
        for rule in elements(rules):
            for right in self._rights(rule):
                self.rights.setdefault(right, rule)

    def _rights(self, rule: Value) -> Iterator[Right]:
        groups, resources, verbs, names, urls = (
            self._names(rule, key) for key in ("apiGroups", "resources", "verbs", "resourceNames", "nonResourceURLs")
        )
        yield from (
            Right(group, resource, verb, name)
            for group in groups for resource in resources for verb in verbs for name in names or [_ALL]
        )  # fmt: skip
        yield from (Right("url", url, verb) for url in urls for verb in verbs)

    def _names(self, rule: Value, key: str) -> list[str]:
        found = []
        for value in elements(field_of(rule, key)):
            name = scalar(value)
            if name is None:
                reason = Unknown(Reason.ERROR, Words(f"{key} is no list of names", f"{key} 값이 이름 목록이 아님"))
                self.unknown = self.unknown or (value.raw if isinstance(value.raw, Unknown) else reason)
            else:
                found.append(name)
        return found


def rights(subject: Subject, arguments: Arguments) -> Outcome:
    """Function kubernetes_rights."""
    resource = subject.resource
    unknown = missing(arguments)
    if resource is None or unknown is not None:
        return undecided(subject, unknown or _NO_RIGHTS)
    granted = _granted(subject.world, resource)
    if granted is None:
        return undecided(subject, _NO_RIGHTS)
    wanted = Granted()
    for rule in elements(arguments["rules"]):
        wanted.add(Value((_as_manifest(rule),)))
    if wanted.unknown is not None:
        return undecided(subject, wanted.unknown)
    return _compared(subject, granted, set(wanted.rights), Mode(text(arguments, "mode")))


def _as_manifest(rule: Value) -> Value:
    """A rule of a requirement in the words of manifests."""
    named = {"api_groups": "apiGroups", "resource_names": "resourceNames", "urls": "nonResourceURLs"}
    raw = rule.raw if isinstance(rule.raw, Mapping) else {}
    return Value({named.get(key, key): value for key, value in raw.items()})


def _granted(world: World, resource: Resource) -> Granted | None:
    """What a role allows, or a service account through its bindings."""
    if resource.type == _ACCOUNT:
        granted = Granted()
        linked = bindings(world, resource)
        granted.unknown = linked.doubts[0].unknown if linked.doubts else None
        for binding, _ in linked.certain:
            _add_bound(world, granted, binding)
        return granted
    if resource.type not in _ROLES:
        return None
    granted = Granted()
    _add_role(granted, resource)
    return granted


def _add_role(granted: Granted, role: Resource) -> None:
    granted.add(field_of(role.attributes, "rules"))
    granted.unknown = granted.unknown or existence(role)
    if not field_of(role.attributes, "aggregationRule").is_absent:
        granted.unknown = granted.unknown or _AGGREGATED


def _add_bound(world: World, granted: Granted, binding: Resource) -> None:
    found = referred(world, binding, "roleRef", _ROLES)
    reference = field_of(binding.attributes, "roleRef")
    for role, _ in found.certain:
        _add_role(granted, role)
    if not found.certain and scalar(field_of(reference, "name")) == "cluster-admin":
        granted.rights.setdefault(Right(_ALL, _ALL, _ALL), reference)
    elif not found.certain:
        name = scalar(field_of(reference, "name")) or binding.address
        outside = Words(f"the role {name} is not in the code", f"역할 {name}이(가) 코드에 없음")
        doubt = found.doubts[0].unknown if found.doubts else Unknown(Reason.UNREADABLE, outside)
        granted.unknown = granted.unknown or doubt


def bindings(world: World, account: Resource) -> Linked:
    """The bindings that give a service account its rights: by its name, or by a group that it belongs to."""
    linked = referring(world, _BINDINGS, "subjects", account)
    known = {id(binding) for binding, _ in linked.certain}
    for binding in world.of_types(_BINDINGS):
        if binding.root not in (account.root, "") or id(binding) in known:
            continue
        subject = next((each for each in _subjects(binding) if _is_group_of(each, account)), None)
        if subject is not None and binding.undecided is not None:
            linked.doubts.append(Doubt(UNSURE, binding.undecided))
        elif subject is not None:
            linked.certain.append((binding, subject))
    return linked


def _subjects(binding: Resource) -> Sequence[Value]:
    return elements(field_of(binding.attributes, "subjects"))


def _is_group_of(subject: Value, account: Resource) -> bool:
    own = f"system:serviceaccounts:{namespace_of(account)}"
    groups = ("system:serviceaccounts", own, "system:authenticated")
    if scalar(field_of(subject, "kind")) == "User":
        user = f"system:serviceaccount:{namespace_of(account)}:{name_of(account)}"
        return scalar(field_of(subject, "name")) == user
    return scalar(field_of(subject, "kind")) == "Group" and scalar(field_of(subject, "name")) in groups


def _compared(subject: Subject, granted: Granted, wanted: set[Right], mode: Mode) -> Outcome:
    outcomes: list[Outcome] = []
    more = [right for right in granted.rights if not any(each.covers(right) for each in wanted)]
    lacking = [right for right in wanted if not any(each.covers(right) for each in granted.rights)]
    if more and mode is not Mode.AT_LEAST:
        listed = ", ".join(sorted(map(str, more)))
        words = Text(f"it may do more than documented: {listed}", f"문서보다 많은 권한이 있음: {listed}")
        outcomes.append(said(
            Verdict.FAIL, subject, words, path="rules", at=granted.rights[more[0]], actual=listed,
        ))  # fmt: skip
    if lacking and mode is not Mode.AT_MOST and granted.unknown is None:
        listed = ", ".join(sorted(map(str, lacking)))
        words = Text(f"it may not do what is documented: {listed}", f"문서에 있는 권한이 없음: {listed}")
        outcomes.append(said(Verdict.FAIL, subject, words, path="rules", expected=listed))
    if granted.unknown is not None and (lacking or mode is not Mode.AT_LEAST):
        outcomes.append(undecided(subject, granted.unknown))
    return all_hold(outcomes) if outcomes else HOLDS


def bound_roles(subject: Subject, arguments: Arguments) -> Outcome:
    """Function kubernetes_bound_roles."""
    account = subject.resource
    unknown = missing(arguments)
    if account is None or account.type != _ACCOUNT or unknown is not None:
        return undecided(subject, unknown or _NO_RIGHTS)
    mode = Mode(text(arguments, "mode", Mode.EXACTLY))
    linked = bindings(subject.world, account)
    doubt = linked.doubts[0].unknown if linked.doubts else None
    bound: dict[str, Value] = {}
    for binding, _ in linked.certain:
        reference = field_of(binding.attributes, "roleRef")
        kind, name = scalar(field_of(reference, "kind")), scalar(field_of(reference, "name"))
        if kind is None or name is None:
            doubt = doubt or Unknown(
                Reason.UNSUPPORTED, Words("the bound role is not known", "연결된 역할을 알 수 없음")
            )
        else:
            bound[f"{kind_of(kind)}/{name}"] = reference
    wanted = texts(arguments, "roles")
    more = [role for role in bound if role not in wanted and role.partition("/")[2] not in wanted]
    names = {*bound, *(role.partition("/")[2] for role in bound)}
    lacking = [role for role in wanted if role not in names]
    outcomes: list[Outcome] = []
    if more and mode is not Mode.AT_LEAST:
        listed = ", ".join(sorted(more))
        words = Text(f"it is also bound to {listed}", f"{listed} 역할도 연결되어 있음")
        outcomes.append(said(Verdict.FAIL, subject, words, path="roleRef", at=bound[more[0]], actual=listed))
    if lacking and mode is not Mode.AT_MOST and doubt is None:
        listed = ", ".join(lacking)
        words = Text(f"it is not bound to {listed}", f"{listed} 역할에 연결되지 않음")
        outcomes.append(said(Verdict.FAIL, subject, words, expected=listed))
    if doubt is not None and (lacking or mode is not Mode.AT_LEAST):
        outcomes.append(undecided(subject, doubt))
    return all_hold(outcomes) if outcomes else HOLDS
