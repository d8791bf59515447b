"""The recorded provider schemas: found by name, complete, and in line with the differences of provider 6."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.facts import load_facts
from scanner.facts.lines import SortedLines
from scanner.facts.schema import read_attribute, read_schema, with_changes
from scanner.model.resource_type import Attribute, Block

SCHEMAS = Path(__file__).resolve().parents[2] / "scanner" / "facts" / "schemas"


def recorded(file: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for line in (SCHEMAS / file).read_text(encoding="utf-8").splitlines():
        merged |= json.loads(line)
    return merged


@pytest.mark.parametrize("file", ["aws.jsonl", "aws-6.jsonl", "terraform.jsonl"])
def test_files_are_sorted_with_one_type_a_line(file: str) -> None:
    lines = (SCHEMAS / file).read_bytes().splitlines()
    assert lines == sorted(set(lines))
    assert all(len(json.loads(line)) == 1 for line in lines)


def test_bisection_finds_every_type_and_nothing_else() -> None:
    data = recorded("aws.jsonl")
    lines = SortedLines(SCHEMAS / "aws.jsonl")
    assert all(lines.get(name) == body for name, body in data.items())
    assert lines.names() == list(data)
    for missing in ("", "a", "aws_db", "aws_db_instance_", "aws_zzz", "zzz", "data.aws_", "provider.awt"):
        assert lines.get(missing) is None


def test_every_type_can_be_read() -> None:
    facts = load_facts()
    for name in recorded("aws.jsonl"):
        block = facts.schema(name)
        assert block is not None
        assert block.attributes or block.blocks


def test_unknown_types_have_no_schema() -> None:
    assert load_facts().schema("aws_no_such_thing") is None
    assert load_facts().schema("google_storage_bucket") is None
    assert load_facts().schema("terraform.cloud") is None


def test_flags_and_types() -> None:
    block = load_facts().schema("aws_db_instance")
    assert block is not None
    assert block.attributes["instance_class"] == Attribute("string", required=True)
    assert block.attributes["multi_az"] == Attribute("bool", optional=True, computed=True)
    assert block.attributes["password"] == Attribute("string", optional=True, sensitive=True)
    assert block.attributes["vpc_security_group_ids"].type == "set(string)"
    assert block.attributes["arn"] == Attribute("string", computed=True)


def test_nested_blocks_keep_nesting_and_limits() -> None:
    block = load_facts().schema("aws_ecs_service")
    assert block is not None
    breaker = block.blocks["deployment_circuit_breaker"]
    assert (breaker.nesting, breaker.min_items, breaker.max_items) == ("list", 0, 1)
    assert block.blocks["load_balancer"].nesting == "set"
    assert block.blocks["timeouts"].nesting == "single"


def test_blocks_that_occur_several_times_are_the_same_everywhere() -> None:
    facts = load_facts()
    for statement in ("or_statement", "and_statement", "not_statement"):
        attribute = facts.attribute(
            "aws_wafv2_web_acl", f"rule.statement.{statement}.statement.byte_match_statement.search_string"
        )
        assert attribute == Attribute("string", required=True)


def test_deprecated_attributes_are_marked() -> None:
    block = load_facts().schema("aws_eip")
    assert block is not None
    assert block.attributes["vpc"].deprecated


def test_managed_resources_have_terraforms_own_names() -> None:
    facts = load_facts()
    assert facts.attribute("aws_ecs_service", "lifecycle.ignore_changes") == Attribute("list(string)", optional=True)
    assert facts.attribute("aws_ecs_service", "depends_on") is not None
    assert facts.attribute("aws_ecs_service", "provider.region") == facts.attribute("provider.aws", "region")
    assert facts.attribute("data.aws_iam_policy_document", "lifecycle") is None


def test_backend() -> None:
    facts = load_facts()
    assert facts.attribute("terraform.backend", "type") == Attribute("string", required=True)
    assert facts.attribute("terraform.backend", "use_lockfile") == Attribute("bool", optional=True)
    assert facts.sensitive("terraform.backend", "secret_key")


@pytest.mark.parametrize(
    ("path", "sensitive"),
    [("password", True), ("username", False), ("no_such_attribute", False), ("timeouts.create", False)],
)
def test_sensitive(path: str, sensitive: bool) -> None:
    assert load_facts().sensitive("aws_db_instance", path) is sensitive


def test_indexes_and_selectors_in_a_path_do_not_matter() -> None:
    facts = load_facts()
    expected = Attribute("string", required=True)
    assert facts.attribute("aws_ecs_cluster", "setting[name=containerInsights].value") == expected
    assert facts.attribute("aws_ecs_cluster", "setting[0].value") == expected
    inside = facts.attribute("aws_ecs_task_definition", "container_definitions[name=api].image")
    assert inside == facts.attribute("aws_ecs_task_definition", "container_definitions")


class TestProvider6:
    def test_every_resource_takes_a_region(self) -> None:
        region = Attribute("string", optional=True, computed=True, since=6)
        assert load_facts().attribute("aws_ecs_service", "region") == region
        assert load_facts().attribute("aws_s3_bucket", "region") == region
        assert load_facts().attribute("provider.aws", "region") == Attribute("string", optional=True)

    def test_new_blocks_inside_existing_ones(self) -> None:
        facts = load_facts()
        path = "load_balancer.advanced_configuration.alternate_target_group_arn"
        assert facts.attribute("aws_ecs_service", path) == Attribute("string", required=True, since=6)
        assert facts.attribute("aws_ecs_service", "load_balancer.container_name") == Attribute("string", required=True)

    def test_removed_names_stay_readable(self) -> None:
        facts = load_facts()
        assert facts.schema("aws_eip").attributes["vpc"].until == 6  # type: ignore[union-attr]
        assert facts.schema("aws_redshift_cluster").blocks["logging"].until == 6  # type: ignore[union-attr]

    def test_differences_fit_the_schema(self) -> None:
        base = recorded("aws.jsonl")
        for name, changes in recorded("aws-6.jsonl").items():
            assert changes["source"].startswith("docs/")
            known = base.get(name, {})
            for removed in changes.get("removed", ()):
                assert removed in known.get("a", {}) or removed in known.get("b", {}), f"{name}.{removed}"
            for changed in set(changes.get("b", {})) & set(known.get("b", {})):
                assert isinstance(known["b"][changed], dict), f"{name}.{changed} is a shared block"

    def test_the_recorded_data_is_not_modified(self) -> None:
        data = {"a": {"x": "o string"}, "b": {"y": {"a": {"z": "o bool"}}}}
        with_changes(data, {"a": {"w": "o>6 string"}, "removed": ["x", "y"]})
        assert data == {"a": {"x": "o string"}, "b": {"y": {"a": {"z": "o bool"}}}}


def blocks(block: Block) -> Iterator[Block]:
    yield block
    for inner in block.blocks.values():
        yield from blocks(inner)


def test_short_form() -> None:
    block = read_schema(
        {"a": {"x": "rs string"}, "b": {"one": 0, "two": 0}, "s": [{"a": {"y": "oc number"}, "max": 1}]}
    )
    assert block.attributes == {"x": Attribute("string", required=True, sensitive=True)}
    assert block.blocks["one"] is block.blocks["two"]
    assert [item.max_items for item in blocks(block)] == [0, 1, 1]
    assert read_attribute("od<6 set(string)") == Attribute("set(string)", optional=True, deprecated=True, until=6)
