"""The recorded provider schemas: found by name, complete, and in line with the differences of other versions."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.facts import ProviderFacts, load_facts
from scanner.facts.lines import SortedLines
from scanner.facts.schema import read_attribute, read_schema, with_changes
from scanner.model.resource_type import Attribute, Block

SCHEMAS = Path(__file__).resolve().parents[2] / "scanner" / "facts" / "schemas"


def recorded(file: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for line in (SCHEMAS / file).read_text(encoding="utf-8").splitlines():
        merged |= json.loads(line)
    return merged


@pytest.mark.parametrize("file", sorted(path.name for path in SCHEMAS.glob("*.jsonl")))
def test_files_are_sorted_with_one_type_a_line(file: str) -> None:
    lines = (SCHEMAS / file).read_bytes().splitlines()
    assert lines == sorted(set(lines))
    assert all(len(json.loads(line)) == 1 for line in lines)


@pytest.mark.parametrize("file", ["aws.jsonl", "azurerm.jsonl", "azuread.jsonl"])
def test_bisection_finds_every_type_and_nothing_else(file: str) -> None:
    data = recorded(file)
    lines = SortedLines(SCHEMAS / file)
    assert all(lines.get(name) == body for name, body in data.items())
    assert lines.names() == list(data)
    for missing in ("", "a", "aws_db", "aws_db_instance_", "aws_zzz", "zzz", "data.aws_", "provider.awt"):
        assert lines.get(missing) is None


@pytest.mark.parametrize("file", ["aws.jsonl", "azurerm.jsonl", "azurerm-3.jsonl", "azuread.jsonl"])
def test_every_type_can_be_read(file: str) -> None:
    facts = load_facts()
    for name in recorded(file):
        block = facts.schema(name)
        assert block is not None
        assert block.attributes or block.blocks


def test_unknown_types_have_no_schema() -> None:
    assert load_facts().schema("aws_no_such_thing") is None
    assert load_facts().schema("google_storage_bucket") is None
    assert load_facts().schema("terraform.cloud") is None
    assert load_facts().schema("azurerm_no_such_thing") is None
    assert load_facts().schema("kubernetes_deployment") is None


def test_only_the_files_of_the_provider_in_question_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    read = Path.read_bytes

    def noted(path: Path) -> bytes:
        opened.append(path.name)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    facts = ProviderFacts()
    facts.schema("google_storage_bucket")
    facts.schema("compose_service")
    assert opened == []
    facts.schema("data.azuread_client_config")
    assert opened == ["azuread.jsonl"]
    facts.schema("azurerm_subnet")
    assert opened == ["azuread.jsonl", "azurerm.jsonl", "azurerm-3.jsonl"]


@pytest.mark.parametrize(
    ("type_", "known"),
    [
        ("aws_db_instanse", "aws_db_instance"),
        ("azurerm_redis_cash", "azurerm_redis_cache"),
        ("azurerm_frontdor", "azurerm_frontdoor"),
        ("data.azuread_groop", "data.azuread_group"),
    ],
)
def test_types_to_choose_from_are_those_of_the_provider(type_: str, known: str) -> None:
    types = load_facts().types(type_)
    assert known in types
    assert types == sorted(set(types))
    assert {name.removeprefix("data.").removeprefix("provider.").split("_")[0] for name in types} == {
        type_.removeprefix("data.").split("_")[0]
    }


@pytest.mark.parametrize("type_", ["google_storage_buket", "compose_service", "terraform_data", "kubernetes_pod"])
def test_nothing_to_choose_from_where_no_types_are_known(type_: str) -> None:
    assert load_facts().types(type_) == []


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
        with_changes(data, {"a": {"w": "o>6 string"}, "removed": ["x", "y"]}, 6)
        assert data == {"a": {"x": "o string"}, "b": {"y": {"a": {"z": "o bool"}}}}


class TestAzure:
    """Figures from the documentation of azurerm 4.80, azurerm 3.117 and azuread 3.9."""

    @pytest.mark.parametrize(
        ("type_", "path", "expected"),
        [
            ("azurerm_redis_cache", "capacity", Attribute("number", required=True)),
            ("azurerm_redis_cache", "primary_access_key", Attribute("string", computed=True, sensitive=True)),
            ("azurerm_redis_cache", "zones", Attribute("set(string)", optional=True)),
            ("azurerm_redis_cache", "patch_schedule[0].day_of_week", Attribute("string", required=True)),
            (
                "azurerm_kubernetes_cluster",
                "default_node_pool.vm_size",
                Attribute("string", optional=True, computed=True),
            ),
            ("azurerm_kubernetes_cluster", "default_node_pool.auto_scaling_enabled", Attribute("bool", optional=True)),
            ("azurerm_kubernetes_cluster", "oidc_issuer_url", Attribute("string", computed=True)),
            ("azurerm_postgresql_flexible_server", "sku_name", Attribute("string", optional=True, computed=True)),
            ("azurerm_private_endpoint", "private_dns_zone_group.name", Attribute("string", required=True)),
            ("azuread_application", "app_role.allowed_member_types", Attribute("set(string)", required=True)),
            ("provider.azurerm", "subscription_id", Attribute("string", optional=True)),
            ("data.azurerm_client_config", "tenant_id", Attribute("string", computed=True)),
        ],
    )
    def test_attributes(self, type_: str, path: str, expected: Attribute) -> None:
        assert load_facts().attribute(type_, path) == expected

    def test_limits_of_blocks(self) -> None:
        block = load_facts().schema("azurerm_kubernetes_cluster")
        assert block is not None
        pool = block.blocks["default_node_pool"]
        assert (pool.min_items, pool.max_items, pool.nesting) == (1, 1, "list")
        assert block.blocks["oms_agent"].min_items == 0

    def test_names_that_only_provider_3_has(self) -> None:
        facts = load_facts()
        port = facts.attribute("azurerm_redis_cache", "enable_non_ssl_port")
        scaling = facts.attribute("azurerm_kubernetes_cluster", "default_node_pool.enable_auto_scaling")
        assert port == Attribute("bool", optional=True, deprecated=True, until=4)
        assert scaling is not None
        assert scaling.until == 4
        assert facts.attribute("azurerm_kubernetes_cluster", "default_node_pool.auto_scaling_enabled").until == 0  # type: ignore[union-attr]
        assert facts.schema("azurerm_mariadb_server").until == 4  # type: ignore[union-attr]
        assert facts.schema("azurerm_linux_web_app").until == 0  # type: ignore[union-attr]

    def test_differences_fit_the_schema(self) -> None:
        base = recorded("azurerm.jsonl")
        for name, changes in recorded("azurerm-3.jsonl").items():
            assert (name in base) != ("until" in changes)
            assert not set(changes.get("a", {})) & set(base.get(name, {}).get("a", {}))
            written = json.dumps(changes)
            assert "<4 " in written or '"until": 4' in written

    def test_a_shared_block_with_a_difference_changes_in_one_place_only(self) -> None:
        data = {"b": {"x": 0, "y": 0}, "s": [{"a": {"z": "o bool"}}]}
        block = read_schema(with_changes(data, {"b": {"x": {"a": {"w": "o<4 bool"}}}}, 4))
        assert sorted(block.blocks["x"].attributes) == ["w", "z"]
        assert sorted(block.blocks["y"].attributes) == ["z"]


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
