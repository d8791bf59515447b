"""What plans and states say of one resource, before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from scanner.sources.plan.addresses import segments, written

_IDENTITY: Final = ("id", "arn", "name")
_NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "aws_cloudfront_distribution": ("domain_name",),
    "aws_db_instance": ("identifier", "address"),
    "aws_ecr_repository": ("repository_url",),
    "aws_eip": ("public_ip",),
    "aws_kms_key": ("key_id",),
    "aws_lb": ("dns_name", "arn_suffix"),
    "aws_lb_target_group": ("arn_suffix",),
    "aws_route53_zone": ("zone_id",),
    "aws_sqs_queue": ("url",),
}
"""By what else a resource is named where others refer to it."""


class Entry(NamedTuple):
    """A resource in a plan or state before it is kept; `unknown` is true, or has the shape of what is unknown."""

    address: str
    type: str
    module: str
    values: Any
    unknown: Any = None
    place: tuple[int, int] = (1, 1)


def identity_of(type_: str, values: Any) -> dict[str, str]:
    """The texts by which other resources name it, as far as they are known."""
    found = {key: mapping(values).get(key) for key in (*_IDENTITY, *_NAMED_BY.get(type_, ()))}
    return {key: text for key, text in found.items() if isinstance(text, str) and text}


def region_of(values: Any) -> str | None:
    """The region that a resource of AWS is in, where its ARN tells."""
    arn = mapping(values).get("arn")
    parts = arn.split(":") if isinstance(arn, str) else []
    if len(parts) > 5 and parts[3]:
        return parts[3]
    region = mapping(values).get("region")
    return region if isinstance(region, str) and parts[2:3] == ["s3"] and region else None


def is_resource(data: Any) -> bool:
    """Whether it names what it is."""
    return isinstance(data, dict) and all(isinstance(data.get(key), str) for key in ("address", "mode", "type"))


def type_of(data: Mapping[str, Any]) -> str:
    """The resource type, with `data.` for a data source."""
    return f"data.{data['type']}" if data["mode"] == "data" else str(data["type"])


def module_of(data: Mapping[str, Any]) -> str:
    """The address of the module of a resource."""
    given = data.get("module_address")
    if isinstance(given, str):
        return given
    parts = segments(data["address"])
    count = 0
    while parts[count : count + 1] == (("module", ""),):
        count += 2
    return written(parts[:count])


def actions_of(change: Mapping[str, Any]) -> tuple[str, ...]:
    """What is done to it, in terraform's words."""
    found = change.get("actions")
    return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()


def mapping(data: Any) -> Mapping[str, Any]:
    """The data where it is an object, else an empty one."""
    return data if isinstance(data, dict) else {}
