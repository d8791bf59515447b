"""Every operation of the maps fails in every way: no crash, a notification that names it, no value made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import botocore.session
import pytest
from botocore.retries.adaptive import ClientRateLimiter

from scanner.model.inventory import Inventory, Level
from scanner.model.value import MASK, Plain, Unknown, Value, plain
from scanner.sources.aws import AwsOptions, AwsSource
from scanner.sources.aws.maps import Call, Read, ServiceMap, service_maps, walk
from scanner.sources.aws.source import SessionFactory
from tests.sources.aws.stub import DENIED, FAULTS, READ_TIMEOUT, REGION, SECOND_PAGE, UNREACHABLE, Stub

STUB = Stub()
SESSION = STUB.session()


def factory() -> SessionFactory:
    return lambda _options, _account: SESSION


MAPS = service_maps()


NETWORK = {READ_TIMEOUT: "ReadTimeoutError", UNREACHABLE: "cannot be reached"}


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the pauses that botocore makes after it was throttled."""
    monkeypatch.setattr(ClientRateLimiter, "on_sending_request", lambda *_, **__: None)


@cache
def source(at: int, operation: str) -> AwsSource:
    """A source of what needs an operation; of everything where none is named."""
    reads = [read for read in MAPS[at].reads if not operation or operation in operations_of([read])]
    types = frozenset(type_ for read in reads for type_ in read.types())
    return AwsSource(AwsOptions(types=types, regions=[REGION], attempts=1, workers=2), factory())


def operations_of(reads: Sequence[Read]) -> set[str]:
    found: set[str] = set()
    for read in walk(reads):
        found.add(read.call.operation)
        if read.describe is not None:
            found.add(read.describe.call.operation)
        for call in read.details.values():
            found.add(call.operation)
            if call.each is not None:
                found.add(call.each[1].operation)
    return found


def paginated(service: ServiceMap, operation: str) -> bool:
    marked = {read.call.operation for read in walk(service.reads) if read.call.marker}
    if any(call.operation == operation and call.pages == 1 for call in details(service)):
        return False
    return operation in marked or operation in paginators(service.service)


def details(service: ServiceMap) -> Iterator[Call]:
    for read in walk(service.reads):
        yield from read.details.values()


@cache
def paginators(service: str) -> frozenset[str]:
    try:
        loader = botocore.session.Session().get_component("data_loader")
        return frozenset(loader.load_service_model(service, "paginators-1")["pagination"])
    except botocore.exceptions.UnknownServiceError:
        return frozenset()


@cache
def clean(at: int, operation: str = "") -> Inventory:
    STUB.befall("", "", "")
    return source(at, operation).collect()


def differences(before: Inventory, after: Inventory) -> Iterator[str]:
    """What is known after a fault that was not known before it, or is missing without being hidden."""
    known = {(item.root, item.address): item for item in after.resources}
    for item in before.resources:
        found = known.pop((item.root, item.address), None)
        if found is None:
            if not after.may_hide(item.type):
                yield f"{item.address} is missing and nothing hides {item.type}"
            continue
        assert isinstance(item.attributes.raw, Mapping)
        for name, value in item.attributes.raw.items():
            yield from changed(f"{item.address}.{name}", value, found.attributes.raw.get(name))  # type: ignore[union-attr]
    yield from (f"{address} appears" for _, address in known)


def changed(path: str, before: Value, after: Value | None) -> Iterator[str]:
    if after is None:
        yield f"{path} is gone"
    elif isinstance(after.raw, Unknown):
        return
    elif isinstance(before.raw, Mapping) and isinstance(after.raw, Mapping):
        for name in before.raw:
            yield from changed(f"{path}.{name}", before.raw[name], after.raw.get(name))
    elif isinstance(before.raw, tuple) and isinstance(after.raw, tuple) and len(before.raw) == len(after.raw):
        for at, (one, other) in enumerate(zip(before.raw, after.raw, strict=True)):
            yield from changed(f"{path}[{at}]", one, other)
    elif plain_of(before) != plain_of(after):
        yield f"{path} was {plain_of(before)!r}, is {plain_of(after)!r}"


def plain_of(value: Value) -> Plain:
    return MASK if value.sensitive else plain(value)


OPENS_THE_ACCOUNT = "GetCallerIdentity"
"""What is asked first of all: where it fails, everything is hidden, and no types are named."""
CASES = [(at, operation) for at, service in enumerate(MAPS) for operation in sorted(operations_of(service.reads))]


@pytest.mark.parametrize(("at", "operation"), CASES, ids=[f"{MAPS[at].service}-{name}" for at, name in CASES])
def test_a_failing_operation_hides_what_it_tells(at: int, operation: str) -> None:
    service = MAPS[at]
    before = clean(at, operation)
    assert not [item for item in before.notifications if item.level is Level.ERROR], before.notifications
    for fault in FAULTS:
        if fault == SECOND_PAGE and not paginated(service, operation):
            continue
        STUB.befall(service.service, operation, fault)
        after = source(at, operation).collect()
        said = [item for item in after.notifications if operation in item.what]
        assert said, (fault, after.notifications)
        assert all(item.level is Level.ERROR for item in after.notifications)
        assert all(item.hides for item in said) or operation == OPENS_THE_ACCOUNT, fault
        assert list(differences(before, after)) == [], fault
        if fault in NETWORK:
            assert any(NETWORK[fault] in item.what for item in said), said
        if fault == DENIED:
            assert any(service.permissions(operation)[0] in item.what for item in said)


def test_every_type_is_delivered_by_full_answers() -> None:
    """Else the faults above would strike nothing."""
    for at, service in enumerate(MAPS):
        delivered = {item.type for item in clean(at).resources}
        wanted = {type_ for read in service.reads for type_ in read.types()}
        assert wanted - delivered <= RARE, (service.service, wanted - delivered)


RARE = {
    "aws_default_vpc", "aws_default_subnet", "aws_vpc_ipv4_cidr_block_association", "aws_default_security_group",
    "aws_main_route_table_association", "aws_vpc_security_group_egress_rule", "aws_default_network_acl",
    "aws_docdb_cluster", "aws_docdb_cluster_instance", "aws_docdb_cluster_parameter_group", "aws_db_instance",
    "aws_rds_cluster_instance", "aws_elasticache_cluster",
}  # fmt: skip
"""The other one of two kinds that the same item may be."""
