"""Reading the items of AWS Config one after the other, whatever file they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from scanner.model.inventory import Level, Notification
from scanner.model.resource import Resource
from scanner.sources.aws.recorded.coverage import RECORDER, Coverage
from scanner.sources.aws.recorded.items import ConfigItem, Unusable, resources_in
from scanner.sources.aws.recorded.maps import recorded_maps
from scanner.sources.aws.shape import Undecided

_GONE: Final = frozenset({"ResourceDeleted", "ResourceDeletedNotRecorded", "Deleted"})
_THERE: Final = frozenset({"", "OK", "Ok", "ResourceDiscovered", "Discovered"})
_MOST_SAID: Final = 20


@dataclass
class ConfigReading:
    """Reads items of one or several files; knows afterwards what they have in common.

    wanted     the Terraform types that are read (names, no patterns)
    accounts   those that items come from
    latest     when the last item was captured, ISO 8601
    """

    wanted: frozenset[str]
    coverage: Coverage = field(default_factory=Coverage)
    accounts: set[str] = field(default_factory=set)
    latest: str = ""
    _addresses: set[int] = field(default_factory=set)  # hashes: the texts would weigh more than the resources
    _unmapped: Counter[str] = field(default_factory=Counter)
    _undecided: Counter[str] = field(default_factory=Counter)
    _unusable: int = 0

    def items(self, name: str, found: Iterable[Any]) -> Iterator[Resource | Notification]:
        """The resources of the items of a file, and what could not be used of it."""
        for number, data in enumerate(found, 1):
            try:
                yield from self._item(ConfigItem.of(data))
            except Unusable as error:
                self._unusable += 1
                if self._unusable <= _MOST_SAID:
                    more = " (there may be more)" if self._unusable == _MOST_SAID else ""
                    yield Notification(Level.ERROR, f"item {number} of {name} cannot be used: {error}{more}")

    def _item(self, item: ConfigItem) -> Iterator[Resource | Notification]:
        if item.status in _GONE:
            return
        maps = recorded_maps().get(item.type)
        hides = tuple(sorted({type_ for made in maps or () for type_ in made.types()}))
        self.accounts.add(item.account)
        self.latest = max(self.latest, item.captured)
        if item.status not in _THERE:
            if hides:
                what = f"AWS Config did not record {item.id} ({item.type}): {item.status}"
                yield Notification(Level.ERROR, what, None, hides)
            return
        self.coverage.add(item)
        if maps is None:
            self._unmapped[item.type] += item.type != RECORDER
            return
        for made in maps:
            for found in resources_in(item, made, self.wanted):
                if isinstance(found, Undecided):
                    self._undecided[str(found)] += 1
                else:
                    yield self._once(found)

    def _once(self, resource: Resource) -> Resource | Notification:
        """A resource, unless an earlier file had it: which of two states is the present one is not known."""
        key = hash((resource.root, resource.address))
        if key in self._addresses:
            said = f"{resource.address} of {resource.root} occurs twice: give only the last file of each place"
            return Notification(Level.ERROR, said, None, (resource.type,))
        self._addresses.add(key)
        return resource

    def gaps(self) -> Iterator[Notification]:
        """What may be missing after all files, and what was left out."""
        yield from self.coverage.gaps(sorted(self.wanted))
        for type_, times in sorted(self._undecided.items()):
            what = f"AWS Config does not record whether there are {type_} ({times} items)"
            yield Notification(Level.WARNING, what, None, (type_,))
        for type_, times in sorted(self._unmapped.items()):
            items = "1 item" if times == 1 else f"{times} items"
            if times:
                yield Notification(Level.NOTE, f"{type_} is not read from AWS Config: {items}")
