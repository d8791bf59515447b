"""What holds where Compose, Prometheus and Alertmanager files are silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.facts import load_facts
from scanner.facts.provider import provider_of
from scanner.model.value import from_plain

TABLE = Path(__file__).parents[2] / "scanner" / "facts" / "defaults" / "manifests.tsv"
LINES = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(
    ("type_", "path", "expected"),
    [
        ("compose_service", "restart", "no"),
        ("compose_service", "healthcheck.retries", 3),
        ("prometheus_config", "scrape_configs[0].metrics_path", "/metrics"),
        ("prometheus_config", "global.evaluation_interval", "1m"),
        ("alertmanager_config", "route.group_wait", "30s"),
    ],
)
def test_documented_defaults(type_, path, expected):
    resource = from_plain({"healthcheck": {"test": "true"}})
    default = load_facts().default(type_, path, resource)
    assert default.value == expected
    assert default.source.split("/")[0] in ("docs.docker.com", "prometheus.io")


def test_a_service_without_a_health_check_has_no_interval():
    assert load_facts().default("compose_service", "healthcheck.interval", from_plain({"image": "web"})) is None


def test_attributes_of_these_formats_are_not_checked_against_a_schema():
    assert load_facts().schema("compose_service") is None
    assert load_facts().types("compose_service") == []


def test_the_table_is_sorted_and_each_line_is_looked_up():
    assert [line[:2] for line in LINES] == sorted(line[:2] for line in LINES)
    assert {provider_of(line[0]) for line in LINES} == {"manifests"}
    assert all(len(line) == 5 for line in LINES)
