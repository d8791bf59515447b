"""One path of one subscription: read, followed up and mapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from scanner.model.inventory import Level, Notification
from scanner.model.resource import Resource
from scanner.sources.azure.arm import Manager
from scanner.sources.azure.failures import UNREGISTERED, Failure
from scanner.sources.azure.maps import Path, Read
from scanner.sources.azure.shape import Item, Undecided, inside, resources_of
from scanner.sources.mapping import Expression, ExpressionError

Found: TypeAlias = Resource | Notification


@dataclass
class Breaker:
    """Remembers that there is no valid token any more, so that nothing further is asked."""

    reason: Failure | None = None


@dataclass
class Unit:
    """A path to be read in a subscription, in one resource group where there is one."""

    read: Read
    subscription: str
    group: str | None
    arm: Manager
    account: Breaker
    ids: set[str] = field(default_factory=set)
    _answers: dict[str, Any] = field(default_factory=dict)
    _failures: dict[tuple[str, str, tuple[str, ...]], tuple[Failure, int]] = field(default_factory=dict)

    def run(self) -> Iterator[Found]:
        """Everything the path leads to, and a notification for each way in which a call failed."""
        base = f"/subscriptions/{self.subscription}"
        ground = {"subscription": self.subscription, "id": base}
        yield from self._read(self.read, ground, self._top(base))
        for (what, _, hides), (failure, times) in self._failures.items():
            yield Notification(Level.ERROR, self._sentence(what, failure, times), None, hides)

    def _top(self, base: str) -> str:
        path = self.read.path
        assert isinstance(path.text, str)
        if path.text.startswith("/"):
            return f"{base}{path.text}"
        within = f"{base}/resourceGroups/{self.group}" if self.group else base
        return f"{within}/providers/{path.provider}/{path.text}"

    def _read(self, read: Read, ground: Mapping[str, Any], at: str) -> Iterator[Found]:
        for data in self._listed(read, at):
            if isinstance(data.get("id"), str):
                self.ids.add(data["id"].lower())
            if not isinstance(data.get("properties"), Mapping):
                self._failed(read.path, Failure("malformed answer (no properties)"), read.types())
                continue
            item = self._with_details(read, inside(data, ground))
            yield from self._resources(read, item)
            for child in read.then:
                if self._says(child, item):
                    yield from self._read(child, item.data, f"{item.data.get('id')}/{child.path.text}")

    def _listed(self, read: Read, at: str) -> Iterator[dict[str, Any]]:
        """The items until a call fails; the failure hides every type that the path leads to."""
        try:
            self._check()
            if read.path.single:
                yield self.arm.get(at, read.path.api, read.path.query)
            else:
                yield from self.arm.items(at, read.path.api, read.path.query)
        except Failure as failure:
            if not _none(read.path, failure):
                self._failed(read.path, failure, read.types())

    def _with_details(self, read: Read, data: dict[str, Any]) -> Item:
        unread: dict[str, str] = {}
        for name, path in read.details.items():
            try:
                self._check()
                if path.only is None or path.only.of(data):
                    data[name] = self._detail(path, data)
            except Failure as failure:
                if not _none(path, failure):
                    unread[name] = self._sentence(path.kind, failure, 1)
                    types = frozenset(made.type for made in read.resources if name in made.mentions())
                    below = [
                        child for child in read.then if child.path.only is not None and name in child.path.only.names
                    ]
                    types = types.union(*(child.types() for child in below))
                    self._failed(path, failure, types or read.types())
            except ExpressionError as error:
                unread[name] = str(error)
                self._failed(path, Failure(f"malformed answer ({error})"), read.types())
        return Item(data, unread)

    def _detail(self, path: Path, data: Mapping[str, Any]) -> Any:
        """What a path below an item, or at an id that it names, says; asked once for each id."""
        at = path.text.of(data) if isinstance(path.text, Expression) else f"{data.get('id')}/{path.text}"
        if not isinstance(at, str):
            return None
        if at not in self._answers:
            one = path.single or isinstance(path.text, Expression)
            self._answers[at] = (
                self.arm.get(at, path.api, path.query) if one else list(self.arm.items(at, path.api, path.query))
            )
        return self._answers[at]

    def _resources(self, read: Read, item: Item) -> Iterator[Resource]:
        for made in read.resources:
            try:
                yield from resources_of(item, made)
            except ExpressionError as error:
                self._failed(read.path, Failure(f"malformed answer ({error})"), {made.type})
            except Undecided:
                continue  # the failed call has its notification, which hides the type

    def _says(self, child: Read, item: Item) -> bool:
        """Whether a path below an item is to be read; where that cannot be told, what it delivers is hidden."""
        only = child.path.only
        if only is None or only.names & item.unread.keys():
            return only is None
        try:
            return bool(only.of(item.data))
        except ExpressionError as error:
            self._failed(child.path, Failure(f"malformed answer ({error})"), child.types())
            return False

    def _check(self) -> None:
        if self.account.reason is not None:
            raise Failure(self.account.reason.reason, self.account.reason.code)

    def _failed(self, path: Path, failure: Failure, types: Iterable[str]) -> None:
        if failure.account:
            self.account.reason = self.account.reason or failure
        key = (path.kind, failure.reason, tuple(sorted(types)))
        first, times = self._failures.get(key, (failure, 0))
        self._failures[key] = (first, times + 1)

    def _sentence(self, what: str, failure: Failure, times: int) -> str:
        said = f"{what} {self.subscription}{'/' + self.group if self.group else ''}: {failure.reason}"
        if failure.denied:
            said += f" (missing permission {what}/read)"
        return said if times == 1 else f"{said} ({times} times)"


def _none(path: Path, failure: Failure) -> bool:
    """Whether a failed call says that there is nothing: the provider is not in use, or the path says so."""
    return failure.code == UNREGISTERED or failure.code in path.absent or str(failure.status) in path.absent
