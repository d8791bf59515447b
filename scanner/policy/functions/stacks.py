"""Environments as stacks: which root modules belong to which, and what keeps them apart or alike.

Resources of different root modules never refer to each other, so everything here compares what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scanner.model.environment import environment_named
from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value, plain
from scanner.model.words import Words
from scanner.policy.environments import environment_of_roots
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, text, texts, undecided
from scanner.policy.links import same_address
from scanner.policy.world import Subject

_STATE = ("type", "bucket", "storage_account_name", "container_name", "key", "prefix", "path", "organization")
_NAMES = (*_STATE, "workspaces.name", "workspaces.prefix", "workspace_key_prefix")


def _roots(subject: Subject, environment: str) -> set[str]:
    found = environment_of_roots(subject.world.everything)
    return {root for root, name in found.items() if name == environment}


def _of_type(subject: Subject, roots: set[str], *types: str) -> list[Resource]:
    return [item for type_ in types for item in subject.world.everything.of_type(type_) if item.root in roots]


def _not_read(subject: Subject, environment: str) -> Outcome:
    words = Words(f"no stack of the environment {environment} was read", f"{environment} 환경의 스택을 읽지 않음")
    return undecided(subject, Unknown(Reason.UNREADABLE, words))


def _apart(subject: Subject, arguments: Arguments) -> Outcome:
    """The environment has a VPC of its own, and nothing joins it to that of the other one."""
    environment, other = text(arguments, "environment"), text(arguments, "from")
    roots = _roots(subject, environment)
    if not roots:
        return _not_read(subject, environment)
    if not _of_type(subject, roots, "aws_vpc"):
        borrowed = _of_type(subject, roots, "data.aws_vpc")
        if not borrowed and not _of_type(subject, roots, "aws_subnet"):
            detail = Words(f"{environment} has no network in this code", f"이 코드에 {environment} 네트워크가 없음")
            return undecided(subject, Unknown(Reason.UNSUPPORTED, detail))
        place = borrowed[0] if borrowed else _of_type(subject, roots, "aws_subnet")[0]
        words = Text(f"{environment} has no VPC of its own", f"{environment} 환경에 별도의 VPC가 없음")
        return said(Verdict.FAIL, subject, words, at=Value("", place.location))
    return all_hold(_joints(subject, roots, _roots(subject, other), other))


def _joints(subject: Subject, roots: set[str], others: set[str], other: str) -> Iterator[Outcome]:
    """Peerings of the environment with a VPC that is not its own, and transit gateways that both are attached to."""
    for peering in _of_type(subject, roots, "aws_vpc_peering_connection"):
        peer = lookup(peering.attributes, "peer_vpc_id")[0].value.with_(location=peering.location)
        foreign = [item for item in _of_type(subject, roots, "data.aws_vpc") if _names(peer, item)]
        if any(environment_named(_written(item)) == other for item in foreign):
            words = Text(f"a peering joins it to {other}", f"피어링으로 {other} 환경과 연결됨")
            yield said(Verdict.FAIL, subject, words, path="peer_vpc_id", at=peer)
        elif foreign or not peer.refs:
            detail = Words(f"a peering may join it to {other}", f"피어링으로 {other} 환경과 연결될 수 있음")
            yield undecided(subject, Unknown(Reason.UNSUPPORTED, detail), peer, "peer_vpc_id")
    hubs = {_hub(item) for item in _of_type(subject, others, "aws_ec2_transit_gateway_vpc_attachment")}
    for attachment in _of_type(subject, roots, "aws_ec2_transit_gateway_vpc_attachment"):
        place = Value("", attachment.location)
        if _hub(attachment) is None or None in hubs:
            detail = Words(
                f"a transit gateway may join it to {other}", f"트랜짓 게이트웨이로 {other} 환경과 연결될 수 있음"
            )
            yield undecided(subject, Unknown(Reason.UNSUPPORTED, detail), place)
        elif _hub(attachment) in hubs:
            words = Text(f"a transit gateway joins it to {other}", f"트랜짓 게이트웨이로 {other} 환경과 연결됨")
            yield said(Verdict.FAIL, subject, words, at=place)


def _names(value: Value, resource: Resource) -> bool:
    return any(same_address(ref.address, resource.address) for ref in value.refs)


def _written(resource: Resource) -> str:
    """Everything that is written in a data source, for the environment that it names."""
    raw = resource.attributes.raw
    assert isinstance(raw, Mapping)
    return " ".join(str(plain(value)) for name, value in raw.items() if name in ("tags", "filter"))


def _hub(attachment: Resource) -> str | None:
    return as_text(lookup(attachment.attributes, "transit_gateway_id")[0].value)


def _alike(subject: Subject, arguments: Arguments) -> Outcome:
    """Every kind of component of the model exists in the environment; of `counted` types as many as there."""
    environment, model = text(arguments, "environment"), text(arguments, "model")
    roots, models = _roots(subject, environment), _roots(subject, model)
    for name, found in ((environment, roots), (model, models)):
        if not found:
            return _not_read(subject, name)
    counted = texts(arguments, "counted")
    return all_hold(
        _kind(subject, type_, (roots, models), environment, exact=type_ in counted)
        for type_ in [*texts(arguments, "types"), *counted]
    )


def _kind(subject: Subject, type_: str, roots: tuple[set[str], set[str]], environment: str, *, exact: bool) -> Outcome:
    here, there = (_of_type(subject, found, type_) for found in roots)
    wanted = len(there) if exact else min(len(there), 1)
    for resource in (*here, *there):
        if resource.undecided is not None and isinstance(resource.undecided.raw, Unknown):
            return undecided(subject, resource.undecided.raw, resource.undecided)
    if len(here) >= wanted:
        return HOLDS
    words = Text(
        f"{environment} has {len(here)} {type_}, expected at least {wanted}",
        f"{environment} 환경의 {type_} 개수가 {len(here)}개인데 {wanted}개 이상이어야 함",
    )
    place = Value("", there[-1].location)
    return said(Verdict.FAIL, subject, words, at=place, expected=wanted, actual=len(here))


def _own_state(subject: Subject, arguments: Arguments) -> Outcome:
    """Each stack of the environment names it in its backend, and no other environment uses the same state."""
    unknown = missing(arguments)
    environment = text(arguments, "environment")
    roots = _roots(subject, environment)
    if unknown is not None or not roots:
        return undecided(subject, unknown) if unknown else _not_read(subject, environment)
    backends = _of_type(subject, roots, "terraform.backend")
    if not backends:
        words = Words("where the state lies is not in the code", "상태 저장 위치가 코드에 없음")
        return undecided(subject, Unknown(Reason.UNSUPPORTED, words))
    every = environment_of_roots(subject.world.everything)
    others = [
        item for item in subject.world.everything.of_type("terraform.backend") if every.get(item.root) != environment
    ]
    return all_hold(_state(subject, item, others, text(arguments, "pattern")) for item in backends)


def _state(subject: Subject, backend: Resource, others: list[Resource], pattern: str) -> Outcome:
    values = [lookup(backend.attributes, name)[0].value for name in _NAMES]
    for value in values:
        if isinstance(value.raw, Unknown):
            return undecided(subject, value.raw, value)
    place = Value("", backend.location)
    mine = _identity(backend)
    if len([part for part in mine if part]) < 2:
        detail = Words("the backend is configured outside of the code", "백엔드 설정이 코드 밖에 있음")
        return undecided(subject, Unknown(Reason.UNSUPPORTED, detail), place)
    if any(_identity(other) == mine for other in others):
        words = Text("another environment uses the same state", "다른 환경과 같은 상태 파일을 사용함")
        return said(Verdict.FAIL, subject, words, path="key", at=_place(backend, place))
    if any(re.search(pattern, str(value.raw)) for value in values[1:] if not value.is_absent):
        return HOLDS
    words = Text(f"nothing in the backend matches {pattern}", f"백엔드에 {pattern} 이름이 없음")
    return said(Verdict.FAIL, subject, words, path="key", at=_place(backend, place), expected=pattern)


def _identity(backend: Resource) -> tuple[str | None, ...]:
    return tuple(as_text(lookup(backend.attributes, name)[0].value) for name in _NAMES)


def _place(backend: Resource, header: Value) -> Value:
    key = lookup(backend.attributes, "key|prefix|path")[0].value
    return header if key.is_absent else key


FUNCTIONS = (
    Function(
        "environments_apart",
        "Whether an environment has a VPC of its own that nothing joins to another one",
        ("environment", "from"),
        _apart,
        set_level=True,
    ),
    Function(
        "environments_alike",
        "Whether an environment has every kind of component of another one",
        ("environment", "model", "types"),
        _alike,
        ("counted",),
        set_level=True,
    ),
    Function(
        "environment_states",
        "Whether the stacks of an environment keep a state of their own that names it",
        ("environment", "pattern"),
        _own_state,
        set_level=True,
    ),
)
