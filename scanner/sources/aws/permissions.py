"""The permissions that reading some resource types needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.sources.aws.maps import Read, ServiceMap, known_types, service_maps, spellings, walk

ALWAYS = ("ec2:DescribeRegions", "sts:GetCallerIdentity")


def permissions(types: Iterable[str] | None = None) -> list[str]:
    """The IAM actions, sorted, with which resources of these types (None: of all that are known) can be read."""
    wanted = read_types(types)
    actions = set(ALWAYS)
    for service in service_maps():
        reads = [read for read in (item.wanted(wanted) for item in service.reads) if read is not None]
        actions.update(action for operation in read_operations(reads) for action in service.permissions(operation))
    return sorted(actions)


def read_types(types: Iterable[str] | None) -> frozenset[str]:
    """The types that are read for these: other spellings stand for what they spell."""
    if types is None:
        return known_types()
    given = frozenset(types)
    return given | {read for name, read in _spelled() if name in given}


def unread_types(types: Iterable[str]) -> list[str]:
    """Those types of AWS that no map delivers."""
    known = known_types() | spellings().keys()
    return sorted(name for name in types if name.startswith("aws_") and name not in known)


def operations(service: ServiceMap) -> set[str]:
    """Every operation that a map calls."""
    return set(read_operations(service.reads))


def _spelled() -> Iterator[tuple[str, str]]:
    for name, read in spellings().items():
        yield from ((name, item) for item in read.split())


def read_operations(reads: Iterable[Read]) -> Iterator[str]:
    """Every operation that these listings call."""
    for read in walk(tuple(reads)):
        yield read.call.operation
        if read.describe is not None:
            yield read.describe.call.operation
        for call in read.details.values():
            yield call.operation
            if call.each is not None:
                yield call.each[1].operation
