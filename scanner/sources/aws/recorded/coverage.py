"""What a file of AWS Config lacks: absence proves something only where Config is known to record the type.

Config records the types that its recorders were told to, region by region. A type is known to be recorded at a place
where an item of it occurs, or where the recorder says so: recorders are items themselves
(`AWS::Config::ConfigurationRecorder`), and `aws configservice describe-configuration-recorders` tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from scanner.model.inventory import Level, Notification
from scanner.sources.aws.maps import MAIN_REGION, spellings
from scanner.sources.aws.recorded.items import GLOBAL, ConfigItem, Unusable
from scanner.sources.aws.recorded.maps import recorded_maps, shown_types

RECORDER: Final = "AWS::Config::ConfigurationRecorder"
Place: TypeAlias = tuple[str, str]
"""Account and region."""

_GLOBAL: Final = ("AWS::IAM::", "AWS::CloudFront::", "AWS::Route53::")
"""Types without a region: those of IAM are recorded where the recorder is told to, the others in one region."""
_WITH_SWITCH: Final = "AWS::IAM::"
_EVERY_RESOURCE: Final = "EXCLUSION_BY_RESOURCE_TYPES"
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Recorder:
    """What a recorder of one region was told to record."""

    region: str
    everything: bool
    with_global: bool
    types: frozenset[str]
    excluded: frozenset[str]

    @classmethod
    def of(cls, region: str, group: Any) -> Recorder:
        """From a recording group, in either spelling. Raises Unusable."""
        data = _lower(group)
        kept, left = data.get("resourcetypes"), _lower(data.get("exclusionbyresourcetypes")).get("resourcetypes")
        strategy = _lower(data.get("recordingstrategy")).get("useonly")
        if not all(items is None or isinstance(items, list) for items in (kept, left)):
            raise Unusable("its recording group is malformed")
        everything = data.get("allsupported") is True or strategy == _EVERY_RESOURCE
        with_global = data.get("includeglobalresourcetypes") is True or strategy == _EVERY_RESOURCE
        return cls(region, everything, with_global, frozenset(map(str, kept or ())), frozenset(map(str, left or ())))

    def records(self, type_: str) -> bool:
        """Whether it records a type of Config that has a map here."""
        if type_ in self.types:
            return True
        if not self.everything or type_ in self.excluded:
            return False
        if type_.startswith(_WITH_SWITCH):
            return self.with_global
        return not type_.startswith(_GLOBAL) or self.region == MAIN_REGION


@dataclass
class Coverage:
    """What the items that were read say of what was recorded."""

    places: set[Place] = field(default_factory=set)
    recorders: dict[Place, Recorder] = field(default_factory=dict)
    seen: dict[str, set[Place]] = field(default_factory=dict)

    def add(self, item: ConfigItem) -> None:
        """Takes note of an item. Raises Unusable for a recorder that is malformed."""
        place = (item.account, item.region)
        if item.region != GLOBAL:
            self.places.add(place)
        self.seen.setdefault(item.type, set()).add(place)
        if item.type == RECORDER:
            told = _lower(item.configuration)
            if told.get("recording") is not False:
                self.recorders[place] = Recorder.of(item.region, told.get("recordinggroup"))

    def add_recorders(self, data: Any) -> None:
        """Takes what `describe-configuration-recorders` answers for one recorder. Raises Unusable."""
        told = _lower(data)
        arn = str(told.get("arn", "")).split(":")
        if len(arn) < 6:
            raise Unusable("the recorder has no ARN: its account and region are not known")
        place = (arn[4], arn[3])
        self.places.add(place)
        self.recorders[place] = Recorder.of(place[1], told.get("recordinggroup"))

    def gaps(self, types: Iterable[str]) -> Iterator[Notification]:
        """What may be missing of the wanted Terraform types (names, no patterns)."""
        wanted = {type_: frozenset(spellings().get(type_, type_).split()) for type_ in types}
        shown = shown_types()
        never = sorted(type_ for type_, told_as in wanted.items() if not told_as <= shown)
        if never:
            yield Notification(Level.WARNING, f"AWS Config does not tell {', '.join(never)}", None, tuple(never))
        for type_ in recorded_maps():
            told = frozenset().union(*(made.types() for made in recorded_maps()[type_]))
            hidden = tuple(sorted(name for name, told_as in wanted.items() if told_as & told))
            places = sorted(place for place in self._askable(type_) if not self._records(type_, place))
            if hidden and (places or not self.places):
                where = f" in {_named(places)}" if places else ""
                yield Notification(Level.WARNING, f"nothing says that AWS Config records {type_}{where}", None, hidden)

    def _askable(self, type_: str) -> set[Place]:
        if type_.startswith(_GLOBAL):
            return {(account, GLOBAL) for account, _ in self.places}
        return self.places

    def _records(self, type_: str, place: Place) -> bool:
        if place in self.seen.get(type_, ()):
            return True
        if place[1] != GLOBAL:
            return place in self.recorders and self.recorders[place].records(type_)
        own = [made for (account, _), made in self.recorders.items() if account == place[0]]
        return any(account == place[0] for account, _ in self.seen.get(type_, ())) or any(
            made.records(type_) for made in own
        )


def _named(places: list[Place]) -> str:
    names = [f"{account}/{region}" for account, region in places[:_MOST_NAMED]]
    more = len(places) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _lower(data: Any) -> Mapping[str, Any]:
    """An object by its keys in lower case: Config and its API spell them differently. Nothing for anything else."""
    return {str(key).lower(): item for key, item in data.items()} if isinstance(data, Mapping) else {}
