"""The table of provider defaults: it fits the schema and agrees with what a plan of the real provider shows."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scanner.facts import load_facts
from scanner.facts.defaults import IN_BLOCK, DefaultTable
from scanner.model.resource_type import Attribute
from scanner.model.value import Reason, Value, from_plain, unknown

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "scanner" / "facts" / "defaults"
RECORDED = ROOT / "tests" / "facts" / "recorded_defaults.json"
PYTHON_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "bool": (bool,), "number": (int, float)}


def rows(provider: str) -> list[list[str]]:
    lines = (TABLES / f"{provider}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


ROWS = rows("aws")
INSIDE = Attribute("part of a structured attribute")


def default(type_: str, path: str, resource: dict[str, Any] | None = None) -> Any:
    found = load_facts().default(type_, path, None if resource is None else from_plain(resource))
    return found.value if found else "none"


def resolve(type_: str, path: str) -> tuple[Attribute, bool]:
    """The attribute at a path, and whether it or an enclosing block may be left out.

    INSIDE stands for what lies in a JSON text or an object.
    """
    block = load_facts().schema(type_)
    optional = False
    names = path.split(".")
    for position, name in enumerate(names):
        assert block is not None, f"no schema of {type_}"
        if name in block.attributes and position < len(names) - 1:
            return INSIDE, True
        if name in block.attributes:
            return block.attributes[name], optional or not block.attributes[name].required
        block = block.blocks[name]
        optional = optional or block.min_items == 0
    raise AssertionError(f"{type_}.{path} is a block")


@pytest.mark.parametrize("provider", ["aws", "azurerm"])
def test_rows_are_sorted_and_unique(provider: str) -> None:
    keys = [(type_, path, not condition) for type_, path, _, condition, _ in rows(provider)]
    assert keys == sorted(keys)
    assert len({(row[0], row[1], row[3]) for row in rows(provider)}) == len(keys)


@pytest.mark.parametrize(("type_", "path", "text", "condition", "source"), ROWS, ids=lambda text: str(text))
def test_row_fits_the_schema(type_: str, path: str, text: str, condition: str, source: str) -> None:
    check_row(type_, path, text, condition, source)


def test_azure_rows_fit_the_schema() -> None:
    for row in rows("azurerm"):
        try:
            check_row(*row)
        except AssertionError as error:
            raise AssertionError(row) from error


def check_row(type_: str, path: str, text: str, condition: str, source: str) -> None:
    value = json.loads(text)
    attribute, may_be_absent = resolve(type_, path)
    assert may_be_absent, "a required attribute has no default"
    assert source.startswith(("docs/r/", "docs/d/")) or source.count("/") >= 3
    if attribute is INSIDE:
        assert isinstance(value, (bool, int, str, list))
    elif attribute.type.startswith(("list(", "set(")):
        assert isinstance(value, list)
    else:
        assert isinstance(value, PYTHON_TYPES[attribute.type])
    for part in condition.split(", ") if condition else ():
        if part == IN_BLOCK:
            assert "." in path
        else:
            resolve_name(type_, part.partition("=")[0])


def resolve_name(type_: str, name: str) -> None:
    block = load_facts().schema(type_)
    *enclosing, last = name.split(".")
    for step in enclosing:
        assert block is not None
        block = block.blocks[step]
    assert block is not None
    assert last in block.attributes or last in block.blocks, f"{type_} has no {name}"


def test_the_plan_contradicts_no_row() -> None:
    shown = json.loads(RECORDED.read_text(encoding="utf-8"))["defaults"]
    confirmed = 0
    for type_, path, *_ in ROWS:
        planned = shown.get(f"{type_}.{path}")
        if planned is None:
            continue
        values = [json.loads(row[2]) for row in ROWS if row[:2] == [type_, path]]
        assert planned in values, f"{type_}.{path}: the provider plans {planned!r}"
        confirmed += 1
    assert confirmed > 200


@pytest.mark.skipif(
    not (os.environ.get("ASBUILT_TF_MIRROR") and shutil.which("terraform")), reason="needs terraform and a mirror"
)
def test_the_record_is_what_the_provider_plans(tmp_path: Path) -> None:
    config = tmp_path / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{os.environ["ASBUILT_TF_MIRROR"]}"\n  }}\n}}\n'
    )
    before = RECORDED.read_text(encoding="utf-8")
    environment = os.environ | {"TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1"}
    try:
        subprocess.run([sys.executable, ROOT / "tools" / "record_defaults.py"], check=True, env=environment)
        assert RECORDED.read_text(encoding="utf-8") == before
    finally:
        RECORDED.write_text(before, encoding="utf-8")


class TestConditions:
    def test_always(self) -> None:
        assert default("aws_db_instance", "multi_az") is False
        assert default("aws_db_instance", "no_such_attribute") == "none"
        assert default("aws_no_such_type", "multi_az") == "none"

    def test_indexes_do_not_matter(self) -> None:
        assert default("aws_lb", "access_logs[0].enabled") is False

    @pytest.mark.parametrize(
        ("resource", "expected"),
        [
            ({}, "false"),
            ({"engine": "redis"}, "false"),
            ({"engine": "valkey"}, "true"),
            ({"engine": "Valkey"}, "true"),
            ({"engine": "other"}, "none"),
            (None, "none"),
        ],
    )
    def test_other_attribute(self, resource: dict[str, Any] | None, expected: object) -> None:
        assert default("aws_elasticache_replication_group", "at_rest_encryption_enabled", resource) == expected

    def test_several_conditions_must_all_hold(self) -> None:
        assert default("aws_db_instance", "storage_encrypted", {}) is False
        assert default("aws_db_instance", "storage_encrypted", {"replicate_source_db": "x"}) == "none"
        assert default("aws_db_instance", "storage_encrypted", {"snapshot_identifier": "x"}) == "none"

    def test_only_in_a_written_block(self) -> None:
        path = "domain_endpoint_options.enforce_https"
        assert default("aws_opensearch_domain", path, {"domain_endpoint_options": [{}]}) is True
        assert default("aws_opensearch_domain", path, {}) == "none"
        assert default("aws_opensearch_domain", path) == "none"

    def test_first_row_that_holds(self) -> None:
        assert default("aws_lb_target_group", "stickiness.enabled", {"stickiness": [{"type": "lb_cookie"}]}) is True
        assert default("aws_lb_target_group", "stickiness.enabled", {}) is False

    def test_inside_json_text(self) -> None:
        resource = {"container_definitions": json.dumps([{"healthCheck": {"command": ["x"]}}, {"name": "b"}])}
        interval = "container_definitions[{}].healthCheck.interval"
        assert default("aws_ecs_task_definition", interval.format(0), resource) == 30
        assert default("aws_ecs_task_definition", interval.format(1), resource) == "none"

    def test_an_unknown_condition_decides_nothing(self) -> None:
        resource = Value({"engine": unknown(Reason.UNSET_VARIABLE, "var.engine")})
        path = "at_rest_encryption_enabled"
        assert load_facts().default("aws_elasticache_replication_group", path, resource) is None
        block = Value({"domain_endpoint_options": unknown(Reason.UNSET_VARIABLE, "var.options")})
        assert load_facts().default("aws_opensearch_domain", "domain_endpoint_options.enforce_https", block) is None

    def test_another_spelling_that_is_written(self) -> None:
        assert default("azurerm_redis_cache", "non_ssl_port_enabled", {}) is False
        assert default("azurerm_redis_cache", "non_ssl_port_enabled", {"enable_non_ssl_port": True}) == "none"
        pool = "default_node_pool[0].auto_scaling_enabled"
        assert default("azurerm_kubernetes_cluster", pool, {"default_node_pool": [{}]}) is False
        written = {"default_node_pool": [{"enable_auto_scaling": True}]}
        assert default("azurerm_kubernetes_cluster", pool, written) == "none"

    def test_a_condition_inside_a_block_is_about_the_same_block(self) -> None:
        table = "azurerm_x\tbox.a\ttrue\tin block, box.b=\tdocs/r/x\nazurerm_x\tbox.a\t1\tbox.b=y\tdocs/r/x\n"
        resource = from_plain({"box": [{"b": "y"}, {}, {"b": "z"}]})

        def found(path: str) -> object:
            known = self.table(table).get("azurerm_x", path, resource)
            return known.value if known else None

        assert [found(f"box[{number}].a") for number in range(3)] == [1, True, None]
        assert found("box.a") is None

    @pytest.fixture(autouse=True)
    def _directory(self, tmp_path: Path) -> None:
        self.directory = tmp_path

    def table(self, text: str) -> DefaultTable:
        file = self.directory / "x.tsv"
        file.write_text(text, encoding="utf-8")
        return DefaultTable(file)

    def test_source_is_named(self) -> None:
        found = load_facts().default("aws_db_instance", "multi_az")
        assert found is not None
        assert found.source == "docs/r/db_instance"


@pytest.mark.parametrize(
    ("type_", "path", "expected"),
    [
        ("azurerm_redis_cache", "minimum_tls_version", "1.2"),
        ("azurerm_redis_cache", "public_network_access_enabled", True),
        ("azurerm_redis_cache", "redis_configuration.rdb_backup_enabled", False),
        ("azurerm_kubernetes_cluster", "sku_tier", "Free"),
        ("azurerm_kubernetes_cluster", "private_cluster_enabled", False),
        ("azurerm_kubernetes_cluster", "role_based_access_control_enabled", True),
        ("azurerm_kubernetes_cluster_node_pool", "priority", "Regular"),
        ("azurerm_kubernetes_cluster_node_pool", "mode", "User"),
        ("azurerm_postgresql_flexible_server", "public_network_access_enabled", True),
        ("azurerm_postgresql_flexible_server", "geo_redundant_backup_enabled", False),
        ("azurerm_servicebus_namespace", "minimum_tls_version", "1.2"),
        ("azurerm_servicebus_queue", "requires_session", False),
        ("azurerm_key_vault", "public_network_access_enabled", True),
        ("azurerm_key_vault", "soft_delete_retention_days", 90),
        ("azurerm_log_analytics_workspace", "retention_in_days", 30),
        ("azurerm_application_insights", "sampling_percentage", 100),
        ("azurerm_cdn_frontdoor_route", "https_redirect_enabled", True),
        ("azurerm_monitor_metric_alert", "window_size", "PT5M"),
        ("azurerm_storage_account", "https_traffic_only_enabled", True),
        ("azurerm_subnet", "private_endpoint_network_policies", "Disabled"),
    ],
)
def test_azure_defaults_read_in_the_documentation(type_: str, path: str, expected: object) -> None:
    assert default(type_, path, {}) == expected


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("azurerm_public_ip", "sku"),
        ("azurerm_storage_account", "cross_tenant_replication_enabled"),
        ("azurerm_kubernetes_cluster", "oidc_issuer_enabled"),
        ("azurerm_log_analytics_workspace", "daily_quota_gb"),
    ],
)
def test_azure_defaults_that_differ_or_mean_no_limit_are_left_out(type_: str, path: str) -> None:
    assert default(type_, path, {}) == "none"


def test_no_default_stands_for_no_limit() -> None:
    assert not [row for row in rows("azurerm") if row[2] == "-1"]


def test_comments_and_empty_lines_are_skipped(tmp_path: Path) -> None:
    file = tmp_path / "x.tsv"
    file.write_text('# comment\n\naws_x\ta.b\t["y"]\t\tdocs/r/x\n', encoding="utf-8")
    assert list(DefaultTable(file).lines()) == [("aws_x", "a.b")]
    assert list(DefaultTable(tmp_path / "no-such-file.tsv").lines()) == []


@pytest.mark.parametrize(
    ("type_", "path", "value"),
    [
        ("aws_alb", "load_balancer_type", "application"),
        ("aws_alb_target_group", "health_check.port", "traffic-port"),
        ("aws_alb_listener", "protocol", "HTTP"),
    ],
)
def test_a_type_with_two_names_has_the_same_defaults_under_both(type_: str, path: str, value: str) -> None:
    assert default(type_, path) == default(type_.replace("aws_alb", "aws_lb"), path) == value
