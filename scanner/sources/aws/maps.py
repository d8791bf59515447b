"""The maps: which calls deliver which Terraform types, and which field is which attribute. Data in services/*.yaml.

    service: rds                        the client's name in boto3
    iam: rds                            the prefix of its permissions, where it is another one
    regions: all                        or: global (answers only in the partition's main region), or one by its name
    actions: {ListBuckets: [s3:ListAllMyBuckets]}    permissions that are not named like the operation
    reads:
      - call: DescribeDBInstances       the operation; every page of it is read
        with: {Scope: REGIONAL, LoadBalancerArn: =LoadBalancerArn}    `=` begins an expression over the parent's item
        over: {ServiceNamespace: [ecs, rds]}         one listing for each value
        only: expression                whether the call is made for the item at all
        items: DBInstances              expression over an answer: the list of items
        absent: [NoSuchBucketPolicy]    error codes that say "there is none"
        failures: failures[].reason     expression over an answer: what it says it could not tell
        optional: true                  the answer may leave the list out when it is empty
        marker: NextMarker              the field, and argument, for the next page where boto3 has no paginator;
                                        `Argument=Field` where they are not the same
        pages: 5                        so many pages are read, and the rest is said to be unread; in a detail, no
                                        more are needed
        describe: {call: …, by: names, batch: 100, items: …, with: …, failures: …}   the items in full, by name
        details: {tags: {call: ListTagsForResource, with: {ResourceArn: =Arn}, items: Tags, absent: […]}}
                                        one further call per item, under a name that expressions may use; its own
                                        `each: {name: …, call: …}` is a call for every element that it lists
        resources:
          - type: aws_db_instance
            when: expression            which items are such a resource
            each: expression            a list inside the item: one resource for each element (`parent`: the item)
            id: expression              also `arn`; both become attributes too
            names: [expression]         further texts by which other resources name it
            attributes:
              multi_az: MultiAZ         expression; null is absent
              vpc_config: {each: VpcConfig, fields: {subnet_ids: SubnetIds}}        a nested block
            sensitive: [auth_token]     never leaves the source
            unread: [dashboard]         further names that a requirement may ask for, and that are not read
        then: [reads]                   listings for each item
    spellings: {aws_alb: aws_lb}        types that are other names, or other ways to write, what is read

Expressions are JMESPath with the functions of expressions.py. They may use `parent`, `region`, `account` and `over`,
the value of `over` that a listing was made for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from scanner.sources.aws.expressions import expression
from scanner.sources.mapping import Expression, Field, NestedBlock

MAIN_REGION: Final = "us-east-1"
"""Where services without regions answer, in the partition of the commercial regions."""


@dataclass(frozen=True, slots=True)
class ResourceMap:
    """How an item becomes a resource."""

    type: str
    id: Expression
    arn: Expression | None
    when: Expression | None
    each: Expression | None
    names: tuple[Expression, ...]
    attributes: Mapping[str, Field]
    sensitive: frozenset[str]
    unread: frozenset[str]

    def mentions(self) -> frozenset[str]:
        """Every name that its expressions mention."""
        outer = [item for item in (self.id, self.arn, self.when, self.each, *self.names) if item is not None]
        return frozenset().union(*(item.names for item in outer), *map(names_in, self.attributes.values()))


@dataclass(frozen=True, slots=True)
class Call:
    """One operation with its arguments, and where its answer is."""

    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    items: Expression | None = None
    absent: frozenset[str] = frozenset()
    failures: Expression | None = None
    optional: bool = False
    marker: str | None = None
    pages: int | None = None
    only: Expression | None = None
    each: tuple[str, Call] | None = None


@dataclass(frozen=True, slots=True)
class Describe:
    """Asks for items by name, some at a time."""

    call: Call
    by: str
    batch: int


@dataclass(frozen=True, slots=True)
class Read:
    """A listing, what is asked about each item, and the resources that are made of it."""

    call: Call
    over: Mapping[str, Sequence[str]]
    describe: Describe | None
    details: Mapping[str, Call]
    resources: tuple[ResourceMap, ...]
    then: tuple[Read, ...]

    def types(self) -> frozenset[str]:
        """Every type that this listing leads to."""
        return frozenset(item.type for item in self.resources).union(*(child.types() for child in self.then))

    def wanted(self, types: frozenset[str]) -> Read | None:
        """This listing cut down to some types and to the details that they need; None where it delivers none."""
        resources = tuple(item for item in self.resources if item.type in types)
        then = tuple(child for child in (item.wanted(types) for item in self.then) if child is not None)
        if not resources and not then:
            return None
        mentioned = frozenset[str]().union(*(item.mentions() for item in resources), *map(_given, then))
        details = {name: call for name, call in self.details.items() if name in self._needed(mentioned)}
        return Read(self.call, self.over, self.describe, details, resources, then)

    def _needed(self, mentioned: frozenset[str]) -> set[str]:
        """The details that are mentioned, and those that their arguments mention."""
        needed = {name for name in self.details if name in mentioned}
        for name in tuple(needed):
            needed |= self.details.keys() & needs(self.details[name])
        return needed


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """What is read of one service: in every region (`everywhere`), or in the only one that answers (`home`)."""

    service: str
    iam: str
    everywhere: bool
    home: str
    actions: Mapping[str, Sequence[str]]
    reads: tuple[Read, ...]
    spellings: Mapping[str, str]

    def permissions(self, operation: str) -> Sequence[str]:
        """The permissions that an operation needs."""
        return self.actions.get(operation) or (f"{self.iam}:{operation}",)


def names_in(item: Field) -> frozenset[str]:
    """The names that an attribute's expressions mention."""
    if isinstance(item, Expression):
        return item.names
    return item.each.names.union(*map(names_in, item.fields.values()))


def needs(call: Call) -> frozenset[str]:
    """The names that a call takes from the item that it is made for."""
    given = [*call.arguments.values(), call.only]
    return frozenset().union(*(item.names for item in given if isinstance(item, Expression)))


def _given(read: Read) -> frozenset[str]:
    """What a listing takes from the item of the listing above it."""
    names = needs(read.call)
    below = frozenset[str]().union(*(item.mentions() for item in read.resources), *map(_given, read.then))
    return names | (below if "parent" in below else frozenset())


@cache
def service_maps() -> tuple[ServiceMap, ...]:
    """All maps, sorted by service."""
    folder = files("scanner.sources.aws") / "services"
    texts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")}
    return tuple(_service(yaml.load(texts[name], Loader=yaml.CSafeLoader)) for name in sorted(texts))


def known_types() -> frozenset[str]:
    """Every resource type that is read."""
    return frozenset().union(*(read.types() for item in service_maps() for read in item.reads))


def spellings() -> Mapping[str, str]:
    """Types that Terraform has beside those that are read, for the same things."""
    return {name: read for item in service_maps() for name, read in item.spellings.items()}


def _service(data: Mapping[str, Any]) -> ServiceMap:
    regions = data.get("regions", "all")
    return ServiceMap(
        data["service"],
        data.get("iam", data["service"]),
        regions == "all",
        MAIN_REGION if regions == "global" else regions,
        data.get("actions", {}),
        tuple(map(_read, data.get("reads", ()))),
        data.get("spellings", {}),
    )


def _read(data: Mapping[str, Any]) -> Read:
    describe = data.get("describe")
    return Read(
        _call(data),
        data.get("over", {}),
        Describe(_call(describe), describe["by"], describe.get("batch", 1)) if describe else None,
        {name: _call(item) for name, item in data.get("details", {}).items()},
        tuple(map(_resource, data.get("resources", ()))),
        tuple(map(_read, data.get("then", ()))),
    )


def _call(data: Mapping[str, Any]) -> Call:
    return Call(
        data["call"],
        {name: _argument(item) for name, item in data.get("with", {}).items()},
        _optional(data.get("items")),
        frozenset(data.get("absent", ())),
        _optional(data.get("failures")),
        data.get("optional", False),
        data.get("marker"),
        data.get("pages"),
        _optional(data.get("only")),
        (data["each"]["name"], _call(data["each"])) if "each" in data else None,
    )


def _argument(given: Any) -> Any:
    return expression(given[1:]) if isinstance(given, str) and given.startswith("=") else given


def _resource(data: Mapping[str, Any]) -> ResourceMap:
    return ResourceMap(
        data["type"],
        expression(data["id"]),
        _optional(data.get("arn")),
        _optional(data.get("when")),
        _optional(data.get("each")),
        tuple(map(expression, data.get("names", ()))),
        {name: _field(item) for name, item in data.get("attributes", {}).items()},
        frozenset(data.get("sensitive", ())),
        frozenset(data.get("unread", ())),
    )


def _field(data: Any) -> Field:
    if isinstance(data, Mapping):
        return NestedBlock(expression(data["each"]), {name: _field(item) for name, item in data["fields"].items()})
    return expression(str(data))


def _optional(text: str | None) -> Expression | None:
    return None if text is None else expression(text)


def walk(reads: Sequence[Read]) -> Iterator[Read]:
    """Listings and the listings below them."""
    for read in reads:
        yield read
        yield from walk(read.then)
