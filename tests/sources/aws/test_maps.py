"""The maps against what they speak of: the operations and fields of boto3, the attributes of the Terraform provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from scanner.facts import load_facts
from scanner.model.resource_type import Block
from scanner.sources.aws.maps import Call, Read, ServiceMap, known_types, service_maps, walk
from scanner.sources.aws.permissions import permissions, read_types, unread_types
from scanner.sources.mapping import Expression, Field, NestedBlock
from tools import aws_unread

MAPS = {f"{at}-{service.service}": service for at, service in enumerate(service_maps())}
OWN = {"parent", "region", "account", "over", "value", "item", "null"}
MAP_KEYS = {
    "DisplayName", "KmsMasterKeyId", "FifoTopic", "Policy",  # of GetTopicAttributes
    "Environment", "Type",  # of a service of Application Signals
    "Version", "Architecture", "Publisher",  # of an application in the inventory of Systems Manager
}  # fmt: skip
"""Keys of answers that are maps."""
LIVE_TYPES = {
    "aws_lb_target_health", "aws_ecr_image", "aws_ecs_task", "aws_elasticache_snapshot", "aws_rds_reserved_instance",
    "aws_db_instance_automated_backup", "aws_applicationsignals_service", "aws_caller_identity",
    "aws_cloudwatch_metric", "aws_connect_phone_number_contact_flow_association", "aws_ecs_task_definition_revision",
    "aws_savingsplans_savings_plan", "aws_sesv2_account", "aws_ssm_inventory_application",
    "aws_support_severity_level", "aws_xray_service_graph",
}  # fmt: skip
"""What Terraform has no managed resource for, and requirements on the live account ask."""
ONLY_IN_ACCOUNTS = {
    # What Terraform has no attribute for, and requirements on the live account ask.
    "aws_acm_certificate": {"in_use_by", "renewal_eligibility", "issuer"},
    "aws_cloudwatch_log_group": {"last_event_timestamp"},
    "aws_db_instance": {"secondary_availability_zone", "pending_modified_values"},
    "aws_opensearch_domain": {"health"},
    "aws_route53_zone": {"private_zone"},
    "aws_secretsmanager_secret": {
        "last_changed_date",
        "deleted_date",
        "rotation_enabled",
        "last_rotated_date",
        "secret_versions_to_stages",
    },
    "aws_secretsmanager_secret_rotation": {"last_rotated_date"},
    "aws_cloudwatch_metric_alarm": {"state_value", "state_updated_timestamp"},
    "aws_db_cluster_snapshot": {"snapshot_create_time", "encrypted"},
    "aws_db_snapshot": {"snapshot_create_time"},
    "aws_db_instance_automated_backups_replication": {"status"},
    "aws_ecs_service": {"status", "running_count", "pending_count", "tasks"},
    "aws_ecs_task_definition": {"status"},
    "aws_elasticache_replication_group": {"status", "node_groups"},
    "aws_elasticache_reserved_cache_node": {"cache_node_type"},
    "aws_lambda_function": {"state"},
    "aws_lb": {"state"},
    "aws_s3_object": {"last_modified"},
    "aws_rds_cluster": {"status", "latest_restorable_time", "pending_modified_values"},
    "aws_rds_cluster_instance": {"status"},
    "aws_docdb_cluster": {"*"},
    "aws_docdb_cluster_instance": {"*"},
}


@cache
def model(service: str) -> Any:
    return botocore.session.Session().get_service_model(service)


def calls(read: Read) -> Iterator[Call]:
    yield read.call
    if read.describe is not None:
        yield read.describe.call
    for call in read.details.values():
        yield call
        if call.each is not None:
            yield call.each[1]


def members(shape: Shape | None, seen: set[str]) -> Iterator[str]:
    """Every name of a field below a shape; each structure is entered once."""
    if isinstance(shape, StructureShape) and shape.name not in seen:
        seen.add(shape.name)
        for name, member in shape.members.items():
            yield name
            yield from members(member, seen)
    elif isinstance(shape, ListShape):
        yield from members(shape.member, seen)
    elif isinstance(shape, MapShape):
        yield from members(shape.value, seen)


@cache
def fields(service: str, operation: str) -> frozenset[str]:
    return frozenset(members(model(service).operation_model(operation).output_shape, set()))


def expressions(field: Field) -> Iterator[Expression]:
    if isinstance(field, Expression):
        yield field
        return
    yield field.each
    for part in field.fields.values():
        yield from expressions(part)


def own_names(expression: Expression) -> set[str]:
    """Keys that an expression makes itself, which the same attribute may then use."""
    found: set[str] = set()

    def visit(node: Any) -> None:
        if isinstance(node, Mapping):
            if node["type"] == "key_val_pair":
                found.add(node["value"])
            for child in node["children"]:
                visit(child)

    visit(expression.parsed.parsed)
    return found


@pytest.mark.parametrize("service", MAPS.values(), ids=MAPS)
def test_operations_exist_with_these_arguments(service: ServiceMap) -> None:
    known = model(service.service)
    for read in walk(service.reads):
        for call in calls(read):
            shape = known.operation_model(call.operation).input_shape
            inputs = set(shape.members) if shape else set()
            given = set(call.arguments) | {(call.marker or "").partition("=")[0]} - {""}
            if read.describe is not None and call is read.describe.call:
                given.add(read.describe.by)
            if call is read.call:
                given |= set(read.over)
            assert given <= inputs, (call.operation, given - inputs)
            assert not shape or set(shape.required_members) <= given, call.operation


@pytest.mark.parametrize("service", MAPS.values(), ids=MAPS)
def test_what_is_read_cannot_change_anything(service: ServiceMap) -> None:
    for read in walk(service.reads):
        for call in calls(read):
            assert call.operation.startswith(("Describe", "Get", "List")), call.operation


def check_fields(service: str, read: Read, above: frozenset[str]) -> None:
    """That every name in the expressions of a listing is a field of an answer, or one of ours."""
    here = frozenset().union(*(fields(service, call.operation) for call in calls(read)))
    named = above | here | OWN | read.details.keys()
    named |= MAP_KEYS | {call.each[0] for call in read.details.values() if call.each is not None}
    for call in calls(read):
        parts = [
            call.items,
            call.failures,
            call.only,
            *(x for x in call.arguments.values() if isinstance(x, Expression)),
        ]
        for part in parts:
            if part is not None:
                assert part.names <= named | own_names(part), (call.operation, part.text, part.names - named)
                named |= own_names(part)
    for made in read.resources:
        every = [x for x in (made.id, made.arn, made.when, made.each, *made.names) if x is not None]
        every += [x for field in made.attributes.values() for x in expressions(field)]
        own = set().union(*map(own_names, every))
        for part in every:
            assert part.names <= named | own, (made.type, part.text, part.names - named - own)
    for child in read.then:
        check_fields(service, child, frozenset(named))


@pytest.mark.parametrize("service", MAPS.values(), ids=MAPS)
def test_fields_exist(service: ServiceMap) -> None:
    for read in service.reads:
        check_fields(service.service, read, frozenset())


def unknown_attributes(schema: Block, read: Mapping[str, Field], path: str = "") -> Iterator[str]:
    for name, field in read.items():
        if name not in schema.attributes and name not in schema.blocks:
            yield f"{path}{name}"
        elif isinstance(field, NestedBlock) and name in schema.blocks:
            yield from unknown_attributes(schema.blocks[name], field.fields, f"{path}{name}.")


@pytest.mark.parametrize("made", list(aws_unread.every_map()), ids=lambda made: made.type)
def test_attributes_exist_in_terraform(made: Any) -> None:
    schema = load_facts().schema(made.type)
    allowed = ONLY_IN_ACCOUNTS.get(made.type, set())
    if schema is None:
        assert made.type in LIVE_TYPES
        return
    assert made.sensitive <= made.attributes.keys()
    if "*" not in allowed:
        others = set(unknown_attributes(schema, made.attributes)) - allowed - {"provider", "region"}
        assert others == set(), made.type


def test_what_is_not_read_is_listed() -> None:
    assert aws_unread.TARGET.read_text("utf-8") == aws_unread.table()


def test_every_expression_says_what_is_sensitive_in_terraform() -> None:
    for made in aws_unread.every_map():
        schema = load_facts().schema(made.type)
        for name in made.attributes if schema else ():
            attribute = schema.attributes.get(name) if schema else None
            if attribute is not None and attribute.sensitive and name not in made.sensitive:
                assert made.attributes[name].names == {"null"}, (made.type, name)


def test_permissions_are_those_of_the_types_and_only_read() -> None:
    few = permissions({"aws_lb"})
    assert few == [
        "ec2:DescribeRegions",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
        "sts:GetCallerIdentity",
    ]
    assert permissions({"aws_alb"}) == few
    for action in permissions():
        assert action.partition(":")[2].startswith(("Describe", "Get", "List", "View")), action
    assert not {"secretsmanager:GetSecretValue", "s3:GetObject", "lambda:GetFunction"} & set(permissions())


def test_types_of_other_spelling_and_of_no_map() -> None:
    assert "aws_lb" in read_types({"aws_alb"})
    assert unread_types({"aws_lb", "aws_alb", "aws_glue_job", "github_workflow"}) == ["aws_glue_job"]
    assert {"aws_db_instance", "aws_s3_bucket_versioning", "aws_lb_target_health"} <= known_types()


@pytest.mark.parametrize("service", MAPS.values(), ids=MAPS)
def test_every_page_is_read(service: ServiceMap) -> None:
    """An answer that may go on has a paginator in boto3, or its marker in the map."""
    loader = botocore.session.Session().get_component("data_loader")
    try:
        pages = loader.load_service_model(service.service, "paginators-1")["pagination"]
    except botocore.exceptions.UnknownServiceError:
        pages = {}
    for read in walk(service.reads):
        for call in calls(read):
            shape = model(service.service).operation_model(call.operation).output_shape
            tokens = {
                name for name in shape.members if name.lower() in ("nexttoken", "nextmarker", "marker", "nextpagetoken")
            }
            assert not tokens or call.operation in pages or call.marker in tokens, call.operation
