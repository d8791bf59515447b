"""One listing of one service in one region: read, followed up and mapped."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Final, TypeAlias

from scanner.model.inventory import Level, Notification
from scanner.model.resource import Resource
from scanner.sources.aws.calls import Caller
from scanner.sources.aws.failures import Failure
from scanner.sources.aws.maps import Call, Read, ServiceMap, needs
from scanner.sources.aws.shape import Item, Place, Undecided, resources_of
from scanner.sources.mapping import ExpressionError

Found: TypeAlias = Resource | Notification
_AT_ONCE: Final = 200
"""How many items of a listing are followed up together: this bounds the memory."""


@dataclass
class Breaker:
    """Remembers that an account, or a service in a region, does not answer, so that it is not asked again."""

    reason: Failure | None = None

    def trip(self, failure: Failure) -> None:
        """No more calls."""
        self.reason = self.reason or failure


@dataclass
class Unit:
    """A listing to be read at a place, with what its calls need."""

    service: ServiceMap
    read: Read
    place: Place
    caller: Caller
    details: Executor
    account: Breaker
    here: Breaker
    _seen: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failures: dict[tuple[str, str, tuple[str, ...]], tuple[Failure, int]] = field(default_factory=dict)

    def run(self) -> Iterator[Found]:
        """Everything the listing leads to, and a notification for each way in which a call failed."""
        ground = {"region": self.place.home, "account": self.place.account}
        yield from self._read(self.read, ground)
        for (_, _, hides), (failure, times) in self._failures.items():
            level = Level.WARNING if failure.limited else Level.ERROR
            yield Notification(level, self._sentence(failure, times), None, hides)

    def _read(self, read: Read, ground: Mapping[str, Any]) -> Iterator[Found]:
        """A listing for each value of `over`, in portions."""
        for extra in _each_of(read.over):
            here = {**ground, "over": next(iter(extra.values()), None)}
            items = self._guarded(read, self._listed(read, here, extra))
            while portion := list(islice(items, _AT_ONCE)):
                for item in self.details.map(partial(self._with_details, read, here), portion):
                    yield from self._resources(read, item)
                    for child in read.then:
                        if not needs(child.call) & item.unread.keys() and self._says(
                            child.call, child.types(), item.data
                        ):
                            yield from self._read(child, {**ground, **item.data, "parent": item.data})

    def _listed(self, read: Read, ground: Mapping[str, Any], extra: Mapping[str, Any]) -> Iterator[Any]:
        """The items of a listing, in full where they are described by name."""
        self._check(read.call.operation)
        items = self.caller.items(read.call, ground, extra)
        if read.describe is None:
            yield from items
            return
        while names := list(islice(items, read.describe.batch)):
            yield from self.caller.described(read.describe, names, ground)

    def _guarded(self, read: Read, items: Iterator[Any]) -> Iterator[Any]:
        """The items until a call fails; the failure hides every type that the listing leads to."""
        try:
            yield from items
        except Failure as failure:
            self._failed(failure, read.types())

    def _with_details(self, read: Read, ground: Mapping[str, Any], data: Any) -> Item:
        """An item with the answers of its further calls."""
        whole = {**ground, **(data if isinstance(data, Mapping) else {"value": data})}
        unread: dict[str, str] = {}
        for name, call in read.details.items():
            for other in needs(call) & unread.keys():
                unread[name] = unread[other]
            if name in unread or not self._says(call, read.types(), whole):
                continue
            try:
                self._check(call.operation)
                whole[name] = self.caller.answer(call, whole)
            except Failure as failure:
                types = frozenset(made.type for made in read.resources if name in made.mentions())
                for child in read.then:
                    types |= child.types() if name in needs(child.call) else frozenset()
                self._failed(failure, types or read.types())
                unread[name] = self._sentence(failure, 1)
        return Item(whole, unread)

    def _resources(self, read: Read, item: Item) -> Iterator[Resource]:
        for made in read.resources:
            try:
                for resource in resources_of(item, made, self.place):
                    if resource.address not in self._seen:
                        self._seen.add(resource.address)
                        yield resource
            except ExpressionError as error:
                self._failed(Failure(read.call.operation, f"malformed answer ({error})"), frozenset({made.type}))
            except Undecided:
                continue  # the failed call has its notification, which hides the type

    def _says(self, call: Call, types: frozenset[str], data: Mapping[str, Any]) -> bool:
        """Whether a call is to be made for an item; where that cannot be told, what it delivers is hidden."""
        try:
            return call.only is None or bool(call.only.of(data))
        except ExpressionError as error:
            self._failed(Failure(call.operation, f"malformed answer ({error})"), types)
            return False

    def _check(self, operation: str) -> None:
        reason = self.account.reason or self.here.reason
        if reason is not None:
            raise Failure(operation, reason.reason, reason.code)

    def _failed(self, failure: Failure, types: Iterable[str]) -> None:
        if failure.account:
            self.account.trip(failure)
        if failure.unreachable:
            self.here.trip(failure)
        key = (failure.operation, failure.reason, tuple(sorted(types)))
        with self._lock:
            first, times = self._failures.get(key, (failure, 0))
            self._failures[key] = (first, times + 1)

    def _sentence(self, failure: Failure, times: int) -> str:
        said = f"{self.service.service} {failure.operation} {self.place.root}: {failure.reason}"
        if failure.denied:
            said += f" (missing permission {', '.join(self.service.permissions(failure.operation))})"
        return said if times == 1 else f"{said} ({times} times)"


def _each_of(over: Mapping[str, Iterable[str]]) -> Iterator[dict[str, str]]:
    if not over:
        yield {}
        return
    ((name, values),) = over.items()
    yield from ({name: value} for value in values)
