"""IAM policy documents as statements, and every statement that reaches a role."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from scanner.model.path import decoded, lookup
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value, shape_of
from scanner.model.words import Words
from scanner.policy.functions.linked import Doubt, referred, referring
from scanner.policy.functions.managed_policies import MANAGED
from scanner.policy.links import bare, same_address, type_of
from scanner.policy.world import World

_MANAGED_ARN = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/(?:[\w-]+/)*([\w-]+)$")
_NO_DOCUMENT = Unknown(
    Reason.UNSUPPORTED, Words("it is not a policy document that can be read", "읽을 수 있는 정책 문서가 아님")
)


@dataclass(slots=True)
class Statement:
    """One statement, with single values as lists. `actions`, `resources` are None where the document names none."""

    effect: Value
    actions: list[Value]
    resources: list[Value]
    excluded: list[Value] = field(default_factory=list)
    principals: Value | None = None
    everyone_but: Value | None = None
    whole: Value | None = None

    @property
    def allows(self) -> bool:
        """Whether it allows something; an effect that is not known is taken for one that does."""
        return self.effect.raw != "Deny"


@dataclass(slots=True)
class Statements:
    """Statements, and what could not be read of them."""

    known: list[Statement] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def read(self, document: Value) -> None:
        """Adds the statements of a policy document (a JSON text or its structure)."""
        structure = decoded(document)
        if structure.is_absent:
            return
        if not isinstance(structure.raw, Mapping):
            unknown = structure.raw if isinstance(structure.raw, Unknown) else _NO_DOCUMENT
            self.doubts.append(Doubt(unknown, document))
            return
        for item in _items(structure, structure.raw.get("Statement")):
            if isinstance(item.raw, Mapping):
                self.known.append(_statement(item, item.raw))
            else:
                unknown = item.raw if isinstance(item.raw, Unknown) else _NO_DOCUMENT
                self.doubts.append(Doubt(unknown, item if item.location else document))


def _statement(item: Value, raw: Mapping[str, Value]) -> Statement:
    return Statement(
        raw.get("Effect", Value("Allow")),
        _items(item, raw.get("Action")),
        _items(item, raw.get("Resource")),
        _items(item, raw.get("NotAction")),
        raw.get("Principal"),
        raw.get("NotPrincipal"),
        item,
    )


def _items(parent: Value, value: Value | None) -> list[Value]:
    """The elements of a list, or the one value that stands for a list; placed at least where the parent is."""
    if value is None or value.is_absent:
        return []
    raw = value.raw
    here = value.location or parent.location
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return [item.with_(location=here, hops=value.hops) for item in raw if not item.is_absent]
    return [value.with_(location=here)]


def listed(value: Value) -> list[Value]:
    """A value as a list: its elements, or itself."""
    return _items(value, value)


def statements_of(document: Value) -> Statements:
    """The statements of one document."""
    result = Statements()
    result.read(document)
    return result


def statements_of_role(world: World, role: Resource) -> Statements:
    """Everything that reaches a role: inline policies, attached policies of the code, and those that AWS manages."""
    result = Statements()
    for found in lookup(role.attributes, "inline_policy[*]"):
        result.read(lookup(found.value, "policy")[0].value)
    inline = referring(world, ("aws_iam_role_policy",), "role", role)
    result.doubts += inline.doubts
    for policy, _ in inline.certain:
        result.read(lookup(policy.attributes, "policy")[0].value)
    for source, through in _attachments(world, role, result):
        _read_attached(world, source, through, result)
    return result


def _attachments(world: World, role: Resource, result: Statements) -> Iterator[tuple[Resource, str]]:
    for type_, through in (("aws_iam_role_policy_attachment", "role"), ("aws_iam_policy_attachment", "roles")):
        attached = referring(world, (type_,), through, role)
        result.doubts += attached.doubts
        for source, _ in attached.certain:
            yield source, "policy_arn"
    yield role, "managed_policy_arns"


def _read_attached(world: World, source: Resource, through: str, result: Statements) -> None:
    attached = referred(world, source, through, ("aws_iam_policy",))
    for policy, _ in attached.certain:
        result.read(lookup(policy.attributes, "policy")[0].value)
    result.doubts += attached.doubts
    for mention in attached.outside:
        match = _MANAGED_ARN.match(mention.text or "")
        actions = MANAGED.get(match[1]) if match else None
        if actions is None:
            detail = f"nothing is known of the policy {mention.text}", f"{mention.text} 정책의 내용을 알 수 없음"
            result.doubts.append(Doubt(Unknown(Reason.UNSUPPORTED, Words(*detail)), mention.value))
        else:
            result.known.append(_managed(actions, mention.value))


def _managed(actions: tuple[str, ...], at: Value) -> Statement:
    def placed(text: str) -> Value:
        return Value(text, at.location, at.hops)

    return Statement(placed("Allow"), [placed(action) for action in actions], [placed("*")], whole=at)


@lru_cache(maxsize=4096)
def _pattern(glob: str) -> re.Pattern[str]:
    text = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in glob)
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def covers(glob: str, text: str) -> bool:
    """Whether an IAM pattern (`*` and `?`) covers a text; upper and lower case do not matter."""
    return _pattern(glob).fullmatch(text) is not None


def overlaps(one: str, other: str) -> bool:
    """Whether two ARN patterns have an ARN in common: part by part, as an asterisk is meant to stay within one."""
    if "*" in (one, other):
        return True
    first, second = one.split(":", 5), other.split(":", 5)
    if len(first) != len(second):
        return _overlap(one, other)
    return all(_overlap(left, right) for left, right in zip(first, second, strict=True))


def _overlap(one: str, other: str) -> bool:
    """Whether two patterns have a text in common; upper and lower case do not matter."""
    first, second = one.lower(), other.lower()
    reachable = {(0, 0)}
    waiting = [(0, 0)]
    while waiting:
        left, right = waiting.pop()
        for step in _steps(first, left, second, right):
            if step not in reachable:
                reachable.add(step)
                waiting.append(step)
    return (len(first), len(second)) in reachable


def _steps(first: str, left: int, second: str, right: int) -> Iterator[tuple[int, int]]:
    """How far two patterns can both be read on: an asterisk may end here, or take what the other one reads."""
    here, there = first[left : left + 1], second[right : right + 1]
    if here == "*":
        yield left + 1, right
    if there == "*":
        yield left, right + 1
    if here == "*" and there not in ("", "*"):
        yield left, right + 1
    elif there == "*" and here not in ("", "*"):
        yield left + 1, right
    elif here and there and (here == there or "?" in (here, there)) and "*" not in (here, there):
        yield left + 1, right + 1


def arn_of(world: World, root: str, value: Value) -> str | None:
    """The ARN behind a value: its text, with what references to secrets, buckets, account and region stand for.

    An account that only the provider knows becomes 000000000000. None where the rest is not known either.
    """
    shape = shape_of(value)
    if shape is None:
        return None
    parts = [_told(world, root, name) for name in _REFERENCE.findall(shape)]
    if None in parts:
        return None
    told = iter(parts)
    return _REFERENCE.sub(lambda _: next(told) or "", shape)


def _told(world: World, root: str, name: str) -> str | None:
    """What a reference inside a text stands for (`aws_s3_bucket.audio.arn`)."""
    address, _, attribute = name.rpartition(".")
    if (type_of(address), attribute) in _FIXED:
        return _FIXED[type_of(address), attribute]
    for resource in world.at(root, bare(address)):
        if resource.type == "data.aws_region":
            return _text(resource, "provider.region")
        if attribute in ("arn", "id") and same_address(address, resource.address):
            return _arn(resource)
    return None


def _arn(resource: Resource) -> str | None:
    if resource.type == "aws_s3_bucket":
        name = _text(resource, "bucket")
        return f"arn:aws:s3:::{name}" if name else None
    if resource.type == "aws_secretsmanager_secret":
        name, region = _text(resource, "name"), _text(resource, "provider.region") or ""
        return f"arn:aws:secretsmanager:{region}:{NO_ACCOUNT}:secret:{name}-??????" if name else None
    return None


def _text(resource: Resource, path: str) -> str | None:
    raw = lookup(resource.attributes, path)[0].value.raw
    return raw if isinstance(raw, str) else None


NO_ACCOUNT = "000000000000"
_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_FIXED = {
    ("data.aws_caller_identity", "account_id"): NO_ACCOUNT,
    ("data.aws_partition", "partition"): "aws",
}
