"""ECS task definitions and services as JSON or YAML, in the names that Terraform has for them.

Read is what `aws ecs register-task-definition`, `create-service` and `update-service` take with `--cli-input-json`,
and what `describe-task-definition` and `describe-services` print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Reference, Value, fields_of, items_of, unknown
from scanner.sources.ecs.fields import (
    SERVICE_FIELDS,
    STRATEGY_FIELDS,
    TASK_FIELDS,
    Block,
    Field,
    Inside,
    Pairs,
    Switch,
)

TASK: Final = "aws_ecs_task_definition"
SERVICE: Final = "aws_ecs_service"


def is_ecs(root: Value) -> bool:
    """Whether a document is a task definition or a service, or the output that describes some."""
    return any(True for _ in _objects(root))


def read_ecs(root: Value, path: str) -> list[Resource]:
    """The task definitions and services of a document; none where it is something else.

    Addresses are `aws_ecs_task_definition.<family>` and `aws_ecs_service.<name>`; without a name, that of the file.
    What the input of `update-service` leaves out keeps the value that it has, so it is unknown.
    """
    return [_resource(type_, fields, path) for type_, fields in _objects(root)]


def _objects(root: Value) -> Iterator[tuple[str, Value]]:
    fields = fields_of(root)
    if "containerDefinitions" in fields:
        yield TASK, root
    elif "containerDefinitions" in fields_of(fields.get("taskDefinition")):
        yield TASK, fields["taskDefinition"]
    elif _is_service(root):
        yield SERVICE, root
    elif items_of(fields.get("services")):
        yield from ((SERVICE, item) for item in items_of(fields["services"]) if _is_service(item))
    elif _is_service(fields.get("service")):
        yield SERVICE, fields["service"]


def _is_service(value: Value | None) -> bool:
    """`serviceName` when it is created or described, `service` when it is updated."""
    fields = fields_of(value)
    name = fields.get("serviceName", fields.get("service"))
    others = fields.keys() - {"serviceName", "service", "tags"}
    return name is not None and isinstance(name.raw, str) and bool(others & SERVICE_FIELDS.keys())


def _resource(type_: str, written: Value, path: str) -> Resource:
    fields = dict(_renamed(written, TASK_FIELDS if type_ == TASK else SERVICE_FIELDS))
    if type_ == SERVICE:
        fields.update(_service_only(written, fields))
    name = fields.get("family" if type_ == TASK else "name")
    place = (name.location if name else None) or written.location or Location(path, 1)
    label = name.raw if name is not None and isinstance(name.raw, str) else PurePosixPath(path).stem
    return Resource(type_, f"{type_}.{label}", Value(fields, place, written.hops), place, Origin.MANIFEST)


def _renamed(written: Value, names: Mapping[str, Field]) -> Iterator[tuple[str, Value]]:
    """The fields in Terraform's names and shapes; what has no counterpart (status, dates, events) is left out."""
    for key, value in fields_of(written).items():
        match names.get(key):
            case str(name):
                yield name, value
            case Block(name, fields):
                yield name, _block(value, fields)
            case Inside(fields):
                yield from _renamed(value, fields)
            case Pairs(name):
                yield name, _pairs(value)
            case Switch(name):
                yield name, _switch(value)


def _block(value: Value, fields: Mapping[str, Field]) -> Value:
    if value.is_unknown or value.is_absent:
        return value
    items = items_of(value) if isinstance(value.raw, tuple | list) else (value,)
    made = (Value(dict(_renamed(item, fields)), item.location, item.hops, item.refs) for item in items)
    return Value(tuple(made), value.location, value.hops, value.refs)


def _pairs(value: Value) -> Value:
    if not isinstance(value.raw, tuple | list):
        return value
    pairs: dict[str, Value] = {}
    for item in value.raw:
        fields = fields_of(item)
        name = fields.get("key", fields.get("name"))
        if name is not None and isinstance(name.raw, str):
            pairs[name.raw] = fields.get("value", Value("", item.location))
    return Value(pairs, value.location, value.hops)


def _switch(value: Value) -> Value:
    known = {"ENABLED": True, "DISABLED": False}.get(str(value.raw))
    return value if known is None else Value(known, value.location, value.hops)


def _service_only(written: Value, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The link to the task definition, the deployment strategy, and what an update does not say."""
    found: dict[str, Value] = {}
    task = fields.get("task_definition")
    if task is not None and isinstance(task.raw, str):
        family = task.raw.rpartition("/")[2].partition(":")[0]
        found["task_definition"] = task.with_(refs=(Reference(f"{TASK}.{family}", "arn"),))
    deployment = fields_of(written).get("deploymentConfiguration")
    strategy = dict(_renamed(deployment, STRATEGY_FIELDS)) if deployment is not None else {}
    if strategy and deployment is not None:
        found["deployment_configuration"] = Value((Value(strategy, deployment.location),), deployment.location)
    if isinstance(fields_of(written).get("service", Value(None)).raw, str):
        for name in _targets(SERVICE_FIELDS):
            if name not in fields:
                detail = f"the update leaves {name} as it is"
                found[name] = unknown(Reason.UNSUPPORTED, detail, location=written.location)
    return found


def _targets(names: Mapping[str, Field]) -> Iterator[str]:
    """Terraform's names of all fields."""
    for field in names.values():
        if isinstance(field, Inside):
            yield from _targets(field.fields)
        else:
            yield field if isinstance(field, str) else field.name
