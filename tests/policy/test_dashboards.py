"""What dashboards show, the size of services in a region, and NAT gateways of one's own zone, on Terraform text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.model.finding import Verdict
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
CPU = ["AWS/ECS", "CPUUtilization", "ServiceName", "api"]


def board(*widgets: dict[str, Any]) -> str:
    body = json.dumps({"widgets": [{"properties": widget} for widget in widgets]})
    return f'resource "aws_cloudwatch_dashboard" "x" {{\n  dashboard_body = jsonencode({body})\n}}\n'


def shown(directory: Path, text: str, **arguments: Any) -> Verdict:
    inventory = read(directory, {"main.tf": text})
    return call(inventory, "dashboard_shows", "aws_cloudwatch_dashboard.x", **arguments).verdict


@pytest.mark.parametrize(
    ("rows", "arguments", "verdict"),
    [
        ([CPU], {"metrics": ["CPUUtilization"]}, PASS),
        ([CPU], {"metrics": ["CPU"]}, FAIL),
        ([CPU], {"metrics": ["CPU.*", "MemoryUtilization"]}, FAIL),
        (
            [CPU, ["AWS/ECS", "MemoryUtilization", "...", "ws"]],
            {"metrics": ["MemoryUtilization"], "dimension": "ws"},
            PASS,
        ),
        ([CPU, [".", "MemoryUtilization", ".", "."]], {"metrics": ["MemoryUtilization"], "dimension": "api"}, PASS),
        ([CPU, ["..."]], {"metrics": ["CPUUtilization"], "dimension": "^api$"}, PASS),
        ([CPU], {"metrics": ["CPUUtilization"], "dimension": "ServiceName"}, FAIL),
        ([[*CPU, {"stat": "p95"}]], {"metrics": ["CPUUtilization"], "statistic": "p95"}, PASS),
        ([CPU], {"metrics": ["CPUUtilization"], "statistic": "p95"}, FAIL),
        ([[{"expression": "SEARCH('{AWS/ECS} CPUUtilization', 'Average')"}]], {"metrics": ["CPUUtilization"]}, PASS),
        ([["AWS/ECS"], []], {"metrics": ["CPUUtilization"]}, FAIL),
    ],
)
def test_rows_of_metric_widgets(
    tmp_path: Path, rows: list[list[Any]], arguments: dict[str, Any], verdict: Verdict
) -> None:
    assert shown(tmp_path, board({"metrics": rows}), **arguments) is verdict


def test_the_statistic_of_the_widget_holds_for_its_rows(tmp_path: Path) -> None:
    text = board({"stat": "p95", "metrics": [CPU]})
    assert shown(tmp_path, text, metrics=["CPUUtilization"], statistic="p95") is PASS


def test_a_query_is_looked_for_in_log_widgets(tmp_path: Path) -> None:
    text = board({"query": "filter @message like /ERROR/"}, {"metrics": [CPU]})
    assert shown(tmp_path, text, query="ERROR") is PASS
    assert shown(tmp_path, text, query="WARN") is FAIL


def test_a_dimension_that_is_not_known_does_not_hide_the_metric(tmp_path: Path) -> None:
    text = 'variable "name" {}\n' + board({"metrics": [["AWS/ECS", "CPUUtilization", "ServiceName", "${var.name}"]]})
    assert shown(tmp_path, text, metrics=["CPUUtilization"]) is PASS
    assert shown(tmp_path, text, metrics=["CPUUtilization"], dimension="api") is UNKNOWN
    assert shown(tmp_path, text, metrics=["MemoryUtilization"], dimension="api") is FAIL


def test_a_body_that_is_not_known_or_missing(tmp_path: Path) -> None:
    unknown = 'variable "body" {}\nresource "aws_cloudwatch_dashboard" "x" {\n  dashboard_body = var.body\n}\n'
    assert shown(tmp_path, unknown, metrics=["CPUUtilization"]) is UNKNOWN
    assert shown(tmp_path, 'resource "aws_cloudwatch_dashboard" "x" {}\n', metrics=["CPUUtilization"]) is FAIL


SERVICES = """
provider "aws" {
  region = "ap-northeast-2"
}
resource "aws_appautoscaling_target" "api" {
  service_namespace = "ecs"
  max_capacity      = %s
}
resource "aws_appautoscaling_target" "table" {
  service_namespace = "dynamodb"
  max_capacity      = 1000
}
resource "aws_appautoscaling_target" "ws" {
  service_namespace = "ecs"
  max_capacity      = 4
}
"""


@pytest.mark.parametrize(("most", "verdict"), [("28", PASS), ("27", FAIL), ("var.most", UNKNOWN)])
def test_the_services_of_a_region_are_added_up(tmp_path: Path, most: str, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": 'variable "most" {}\n' + SERVICES % most})
    assert call(inventory, "scaling_capacity", regions=["ap-northeast-2"], at_least=32).verdict is verdict


def test_every_region_must_have_the_capacity(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"main.tf": SERVICES % 60})
    outcome = call(inventory, "scaling_capacity", regions=["ap-northeast-2", "ap-northeast-1"], at_least=32)
    assert outcome.verdict is FAIL


NETWORK = """
resource "aws_subnet" "public" {
  availability_zone = %s
}
resource "aws_nat_gateway" "x" {
  subnet_id = aws_subnet.public.id
}
resource "aws_subnet" "app" {
  availability_zone = "ap-northeast-2a"
}
resource "aws_route_table" "app" {}
resource "aws_route" "x" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = %s
}
resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}
variable "zone" {}
"""


@pytest.mark.parametrize(
    ("zone", "gateway", "verdict"),
    [
        ('"ap-northeast-2a"', "aws_nat_gateway.x.id", PASS),
        ('"ap-northeast-2b"', "aws_nat_gateway.x.id", FAIL),
        ("var.zone", "aws_nat_gateway.x.id", UNKNOWN),
        ('"ap-northeast-2a"', '"nat-0123456789abcdef0"', UNKNOWN),
    ],
)
def test_a_nat_gateway_in_the_zone_of_the_subnet(tmp_path: Path, zone: str, gateway: str, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": NETWORK % (zone, gateway)})
    outcome = call(inventory, "subnet_route", "aws_subnet.app", to="nat", destination="0.0.0.0/0", same_zone=True)
    assert outcome.verdict is verdict
