"""From a configuration item of AWS Config to resources in Terraform's names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from scanner.model.resource import Resource
from scanner.model.words import Words
from scanner.sources.aws.recorded.maps import Part, RecordedMap
from scanner.sources.aws.recorded.spelling import Speller
from scanner.sources.aws.shape import Item, Place, Undecided, resources_of
from scanner.sources.mapping import ExpressionError

GLOBAL: Final = "global"
_LESS_THAN_ALL: Final = ("supplementary", "tags")
_TIMES: Final = 3
"""So often JSON is packed into a text, and that text into another one."""


class Unusable(ValueError):
    """An item that has not the form of a configuration item."""


@dataclass(frozen=True, slots=True)
class ConfigItem:
    """An item as Config has it; `supplementary` and `tags` are None where the file leaves them out."""

    type: str
    id: str
    name: str | None
    arn: str
    account: str
    region: str
    status: str
    captured: str
    configuration: Mapping[str, Any] | None
    supplementary: Mapping[str, Any] | None
    tags: Mapping[str, str] | None

    @classmethod
    def of(cls, data: Any) -> ConfigItem:
        """The item that JSON data stands for. Raises Unusable."""
        if not isinstance(data, dict):
            raise Unusable("it is no object")
        type_, id_ = data.get("resourceType"), data.get("resourceId")
        account, region = data.get("awsAccountId", data.get("accountId")), data.get("awsRegion")
        if not all(isinstance(text, str) and text for text in (type_, id_, account, region)):
            raise Unusable("resourceType, resourceId, account or awsRegion is missing")
        return cls(
            str(type_),
            str(id_),
            _text(data.get("resourceName")),
            _text(data.get("ARN", data.get("arn"))) or "",
            str(account),
            str(region),
            _text(data.get("configurationItemStatus")) or "",
            _text(data.get("configurationItemCaptureTime")) or "",
            _object(_unpacked(data.get("configuration")), "configuration"),
            _supplementary(data.get("supplementaryConfiguration")),
            _tags(data.get("tags")),
        )

    def ground(self) -> dict[str, Any]:
        """What expressions of the maps may use."""
        return {
            "configuration": self.configuration,
            "supplementary": self.supplementary,
            "tags": self.tags,
            "arn": self.arn,
            "id": self.id,
            "name": self.name,
            "region": self.region,
            "account": self.account,
        }


def resources_in(item: ConfigItem, made: RecordedMap, wanted: frozenset[str]) -> Iterator[Resource | Undecided]:
    """The resources of the wanted types that an item stands for; Undecided (with the type) where that cannot be told.

    Raises Unusable.
    """
    if not any(resource.type in wanted for resource in made.resources):
        return
    ground = item.ground()
    everywhere = made.service.everywhere
    place = (
        Place(item.account, item.region, item.region) if everywhere else Place(item.account, GLOBAL, made.service.home)
    )
    try:
        if made.only is not None and not made.only.of(ground):
            return
        whole = _whole(item, made, ground)
        for resource in made.resources:
            if resource.type in wanted:
                try:
                    yield from resources_of(whole, resource, place)
                except Undecided:
                    yield Undecided(resource.type)
    except ExpressionError as error:
        raise Unusable(str(error)) from error


def _whole(item: ConfigItem, made: RecordedMap, ground: Mapping[str, Any]) -> Item:
    """The item in the form of the service's answer, and the names of what Config does not have of it."""
    speller = _speller(made)
    spelt = _spelt(speller, made.item, ground)
    if not isinstance(spelt, Mapping):
        raise Unusable("its configuration is missing")
    data: dict[str, Any] = {**spelt, "region": item.region, "account": item.account}
    for name in speller.tag_fields(made.item.shape or ""):
        if data.get(name) is None and item.tags is not None:
            data[name] = speller.tags(item.tags, made.item.shape or "", name)
    for name, part in made.fill.items():
        data.setdefault(name, part.of(ground))
    unread = {name: _not_recorded(made.type, name) for name in made.without}
    for name, detail in made.details.items():
        if _is_missing(detail, ground):
            unread[name] = _not_recorded(made.type, name)
        else:
            data[name] = _spelt(speller, detail, ground)
    missing = made.unheld - _names(data)
    return Item(data, unread | {name: _not_recorded(made.type, name) for name in missing})


def _spelt(speller: Speller, part: Part, ground: Mapping[str, Any]) -> Any:
    data = part.of.of(ground)
    return data if part.shape is None or data is None else speller.spelt(data, part.shape, part.rename)


def _is_missing(part: Part, ground: Mapping[str, Any]) -> bool:
    """Whether the file leaves out what a detail is made of, so that no answer means nothing."""
    if any(name in part.of.names and ground[name] is None for name in _LESS_THAN_ALL):
        return True
    return part.always is not None and part.always not in ground["supplementary"]


@cache
def _not_recorded(type_: str, name: str) -> Words:
    return Words(f"AWS Config does not record {name} of {type_}", f"AWS Config는 {type_}의 {name} 값을 기록하지 않음")


def _speller(made: RecordedMap) -> Speller:
    return Speller(made.service.service, made.texts)


def _names(data: Any) -> set[str]:
    """The keys of data at any depth."""
    if isinstance(data, dict):
        return set(data).union(*map(_names, data.values()))
    return set[str]().union(*map(_names, data)) if isinstance(data, list) else set()


def _text(data: Any) -> str | None:
    return data if isinstance(data, str) else None


def _object(data: Any, what: str) -> Mapping[str, Any] | None:
    if data is not None and not isinstance(data, dict):
        raise Unusable(f"{what} is no object")
    return data


def _supplementary(data: Any) -> Mapping[str, Any] | None:
    whole = _object(_unpacked(data), "supplementaryConfiguration")
    return None if whole is None else {name: _unpacked(item) for name, item in whole.items()}


def _tags(data: Any) -> Mapping[str, str] | None:
    """Tags as a map: snapshots have that, queries a list of pairs."""
    if isinstance(data, list):
        if not all(isinstance(item, dict) and isinstance(item.get("key"), str) for item in data):
            raise Unusable("tags are no pairs")
        return {item["key"]: str(item.get("value") or "") for item in data}
    return _object(data, "tags")


def _unpacked(data: Any) -> Any:
    """What JSON text stands for; another text as it is."""
    for _ in range(_TIMES):
        if not isinstance(data, str) or not data.lstrip().startswith(("{", "[", '"', "true", "false")):
            break
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            break
    return data
