"""Hand-made resources and facts, and conditions written as YAML, for the tests of the policy engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.location import Location
from scanner.model.resource import Resource
from scanner.model.resource_type import Attribute, Block, Default
from scanner.model.value import Reason, Reference, Unknown, Value, from_plain
from scanner.policy.checks import compile_condition
from scanner.policy.conditions import Condition
from scanner.policy.evidence import Outcome
from scanner.policy.params import Param
from scanner.policy.parse import Reader
from scanner.policy.paths import PathChecker
from scanner.policy.world import World
from scanner.policy.yaml_nodes import read_yaml

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
NOT_SET = Unknown(Reason.UNSET_VARIABLE, "var.x has no value")
LINE = Location("main.tf", 3, 3, 3, 20)
HEADER = Location("main.tf", 1, 1, 1, 30)


class FakeFacts:
    """Facts out of dictionaries; `test_...` types are those of a provider that is known."""

    def __init__(
        self,
        schemas: Mapping[str, Block] | None = None,
        defaults: Mapping[tuple[str, str], Any] | None = None,
        secrets: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.schemas = schemas or {}
        self.defaults = defaults or {}
        self.secrets = secrets

    def schema(self, type_: str) -> Block | None:
        return self.schemas.get(type_)

    def default(self, type_: str, path: str, resource: Value | None = None) -> Default | None:  # noqa: ARG002
        known = (type_, path) in self.defaults
        return Default(self.defaults[type_, path], "https://provider.example/docs") if known else None

    def sensitive(self, type_: str, path: str) -> bool:
        return (type_, path) in self.secrets

    def types(self, like: str) -> list[str]:
        return sorted(self.schemas) if like.removeprefix("data.").startswith("test_") else []


STRING, COMPUTED = Attribute("string", optional=True), Attribute("string", computed=True)
DATABASE = Block(
    {
        "name": STRING,
        "arn": COMPUTED,
        "engine_version": STRING,
        "multi_az": Attribute("bool", optional=True),
        "backup_days": Attribute("number", optional=True),
        "tags": Attribute("map(string)", optional=True),
        "policy": STRING,
        "zones": Attribute("list(string)", optional=True),
        "password": Attribute("string", optional=True, sensitive=True),
        "kms_key_id": STRING,
    },
    {
        "storage": Block({"size": Attribute("number"), "kind": STRING}, nesting="list"),
        "parameter": Block({"name": STRING, "value": STRING}, nesting="set"),
    },
)
KEY = Block({"description": STRING, "arn": COMPUTED, "rotation": Attribute("bool", optional=True)})
BACKUP = Block({"source_arn": STRING, "days": Attribute("number", optional=True)})
FACTS = FakeFacts({"test_database": DATABASE, "test_key": KEY, "test_backup": BACKUP})


def value(data: Any, location: Location | None = LINE) -> Value:
    """A Value out of Python data, in which Unknown and Value stand for themselves."""
    if isinstance(data, Value):
        return data
    if isinstance(data, Unknown):
        return Value(data, location)
    if isinstance(data, Mapping):
        return Value({key: value(item, location) for key, item in data.items()}, location)
    if isinstance(data, list | tuple):
        return Value(tuple(value(item, location) for item in data), location)
    return from_plain(data, location)


def refers(address: str, attribute: str = "arn", reason: Reason = Reason.COMPUTED) -> Value:
    """What code has that names another resource's attribute."""
    return Value(Unknown(reason, f"{address}.{attribute} is not known"), LINE, refs=(Reference(address, attribute),))


def resource(
    type_: str, name: str = "this", attributes: Mapping[str, Any] | None = None, *, undecided: bool = False,
    root: str = "", header: Location = HEADER,
) -> Resource:  # fmt: skip
    """A resource of Terraform code."""
    attributes = value(attributes or {}, LINE)
    attributes.location = header
    existence = Value(NOT_SET) if undecided else None
    return Resource(type_, f"{type_}.{name}", attributes, header, root=root, undecided=existence)


def inventory(*resources: Resource, hidden: bool = False) -> Inventory:
    """What was read; `hidden` says that something could not be."""
    notifications = [Notification(Level.ERROR, "module.x is not available", HEADER)] if hidden else []
    return Inventory(list(resources), notifications)


def condition(text: str, types: Sequence[str] = ("other_thing",), params: Sequence[Param] = ()) -> Condition:
    """A condition as policies write it. The types of the tests' own provider are checked, others are not."""
    reader = Reader({param.name: param for param in params}, PathChecker(FACTS))
    return reader.condition(read_yaml(text, "policy.yaml"), tuple(types))


def outcome(
    text: str, attributes: Mapping[str, Any], *others: Resource, facts: FakeFacts = FACTS, hidden: bool = False
) -> Outcome:
    """The outcome of a condition on a resource of type `other_thing` with these attributes."""
    tested = resource("other_thing", "tested", attributes)
    world = World(inventory(tested, *others, hidden=hidden), facts)
    return world.decide(compile_condition(condition(text)), tested)


def verdict(text: str, attributes: Mapping[str, Any], *others: Resource, **options: Any) -> Verdict:
    """The verdict of `outcome`."""
    return outcome(text, attributes, *others, **options).verdict
