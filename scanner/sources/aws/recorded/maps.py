"""Which of the maps of services/*.yaml reads which resource type of AWS Config. Data in maps.yaml.

    AWS::RDS::DBInstance:               one map, or a list of them
      service: rds                      the service, and the call whose resources are made of it
      call: DescribeDBInstances
      regions: global                   the service map of that place, where there are two
      shape: DBInstance                 botocore's name of the answer's form: it gives every key its spelling
      only: expression                  which items the map is for
      item: expression                  what has that form, where it is not the whole `configuration`
      rename: {Arn: clusterArn}         keys of Config that are spelt otherwise altogether
      texts: {IpRange: CidrIp}          where a text stands in the place of an object of this form: which of its fields
      fill: {ListenerArn: arn}          fields that stand elsewhere
      details: {tags_of: tags, acl: {shape: WebACL, of: expression, rename: …, always: Key}}
                                        what Config has of the further calls; the others are unknown. `always` names the
                                        supplementary configuration without which this one is unknown too
      types: [aws_iam_role]             those of the call's resources that are made; none: all
      when: {aws_ecs_service: …}        which items are a resource, where Config says that otherwise
      borrow: {aws_security_group: {ingress: aws_default_security_group}}     attributes as another type has them
      instead_of: [types]               types that are covered though they are written otherwise

Expressions may use `configuration`, `supplementary`, `tags` (a map), `arn`, `id`, `name`, `region` and `account`.
names.tsv, written by tools/config_names.py, tells which fields Config records: others are unknown where they are
missing, not absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from scanner.sources.aws.expressions import expression
from scanner.sources.aws.maps import Read, ResourceMap, ServiceMap, service_maps, walk
from scanner.sources.mapping import Expression

_GROUND: Final = frozenset({"parent", "region", "account", "over", "value", "null"})
"""Names that an expression may use of every item; `null` is written for what is never there."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that Config has, and the form in which botocore knows it."""

    of: Expression
    shape: str | None = None
    rename: Mapping[str, str] | None = None
    always: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedMap:
    """How items of one type of Config become resources.

    without   the details that Config does not have
    unheld    the names that expressions use and that Config is not known to record
    """

    type: str
    service: ServiceMap
    item: Part
    only: Expression | None
    texts: Mapping[str, str]
    fill: Mapping[str, Expression]
    details: Mapping[str, Part]
    without: frozenset[str]
    resources: tuple[ResourceMap, ...]
    instead_of: frozenset[str]
    unheld: frozenset[str]

    def types(self) -> frozenset[str]:
        """The Terraform types that are known where this one is recorded."""
        return frozenset(made.type for made in self.decided()) | self.instead_of

    def decided(self) -> tuple[ResourceMap, ...]:
        """The resources whose existence does not hang on what Config leaves out."""
        return tuple(made for made in self.resources if not deciding(made) & self.without)


def deciding(made: ResourceMap) -> frozenset[str]:
    """The names on which it hangs whether a resource exists."""
    return frozenset().union(*(part.names for part in (made.when, made.each, made.id) if part is not None))


@cache
def recorded_maps() -> Mapping[str, tuple[RecordedMap, ...]]:
    """All maps by the types of Config."""
    text = (files("scanner.sources.aws.recorded") / "maps.yaml").read_text("utf-8")
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    held = _held()
    return {
        type_: tuple(_map(type_, entry, held.get(type_, frozenset())) for entry in _list(given))
        for type_, given in data.items()
    }


def shown_types() -> frozenset[str]:
    """Every Terraform type that some type of Config tells."""
    return frozenset().union(*(made.types() for maps in recorded_maps().values() for made in maps))


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _held() -> Mapping[str, frozenset[str]]:
    text = (files("scanner.sources.aws.recorded") / "names.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {type_: frozenset(names.split()) for type_, names in rows}


def _map(type_: str, data: Mapping[str, Any], held: frozenset[str]) -> RecordedMap:
    service, read = _read(data)
    details = {name: _part(item) for name, item in data.get("details", {}).items()}
    resources = tuple(_resources(read, data))
    without = frozenset(read.details) - details.keys()
    rename = data.get("rename", {})
    known = {*_GROUND, *details, *without, *(other for key, other in rename.items() if key.lower() in held)}
    used = frozenset().union(*(made.mentions() for made in resources)) - known
    return RecordedMap(
        type_,
        service,
        Part(expression(data.get("item", "configuration")), data["shape"], rename),
        expression(data["only"]) if "only" in data else None,
        data.get("texts", {}),
        {name: expression(item) for name, item in data.get("fill", {}).items()},
        details,
        without,
        resources,
        frozenset(data.get("instead_of", ())),
        frozenset(name for name in used if name.lower() not in held),
    )


def _part(given: Any) -> Part:
    if isinstance(given, str):
        return Part(expression(given))
    return Part(expression(given["of"]), given.get("shape"), given.get("rename"), given.get("always"))


def _read(data: Mapping[str, Any]) -> tuple[ServiceMap, Read]:
    """The listing that an entry names. Raises LookupError where there is none."""
    for service in service_maps():
        if service.service == data["service"] and data.get("regions", "") in ("", _regions(service)):
            for read in walk(service.reads):
                if read.call.operation == data["call"]:
                    return service, read
    raise LookupError(f"{data['service']} {data['call']}")


def _regions(service: ServiceMap) -> str:
    return "all" if service.everywhere else "global"


def _resources(read: Read, data: Mapping[str, Any]) -> Iterator[ResourceMap]:
    by_type = {made.type: made for made in read.resources}
    for type_ in data.get("types", by_type):
        made = by_type[type_]
        if type_ in data.get("when", {}):
            made = replace(made, when=expression(data["when"][type_]))
        lent = data.get("borrow", {}).get(type_, {})
        borrowed = {name: by_type[other].attributes[name] for name, other in lent.items()}
        yield replace(made, attributes={**made.attributes, **borrowed})
