"""Functions about routes and IAM rights, on Terraform text: what they follow and what they leave open."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from scanner.policy.functions.statements import covers, overlaps
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
NETWORK = """
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "app" { vpc_id = aws_vpc.main.id }
"""
JOINED = """
resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}
"""


def route(target: str, destination: str = "0.0.0.0/0") -> str:
    return f"""
resource "aws_route" "x" {{
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "{destination}"
  {target}
}}
"""


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        ("gateway_id = aws_internet_gateway.main.id", PASS),
        ('gateway_id = "igw-0123456789abcdef0"', PASS),
        ('gateway_id = "vgw-0123456789abcdef0"', FAIL),
        ('nat_gateway_id = "nat-0123456789abcdef0"', FAIL),
        ("gateway_id = var.gateway", UNKNOWN),
    ],
)
def test_what_a_route_leads_to(tmp_path: Path, target: str, verdict: Verdict) -> None:
    files = {"main.tf": NETWORK + JOINED + route(target) + 'variable "gateway" {}\n'}
    assert call(read(tmp_path, files), "subnet_route", "aws_subnet.app", to="internet_gateway").verdict is verdict


def test_a_destination_narrows_the_question(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"main.tf": NETWORK + JOINED + route('nat_gateway_id = "nat-1"', "192.0.2.0/24")})
    assert call(inventory, "subnet_route", "aws_subnet.app", to="nat").verdict is PASS
    assert call(inventory, "subnet_route", "aws_subnet.app", to="nat", destination="0.0.0.0/0").verdict is FAIL


def test_a_table_that_was_chosen_as_the_main_one_serves_the_rest(tmp_path: Path) -> None:
    main = """
resource "aws_main_route_table_association" "x" {
  vpc_id         = aws_vpc.main.id
  route_table_id = aws_route_table.app.id
}
"""
    text = NETWORK + route("gateway_id = aws_internet_gateway.main.id")
    assert (
        call(
            read(tmp_path / "a", {"main.tf": text + main}), "subnet_route", "aws_subnet.app", to="internet_gateway"
        ).verdict
        is PASS
    )
    assert (
        call(read(tmp_path / "b", {"main.tf": text}), "subnet_route", "aws_subnet.app", to="internet_gateway").verdict
        is FAIL
    )


def test_a_network_outside_of_the_code_leaves_it_open(tmp_path: Path) -> None:
    text = 'resource "aws_subnet" "app" {\n  vpc_id     = "vpc-1"\n  cidr_block = "10.0.1.0/24"\n}\n'
    inventory = read(tmp_path, {"main.tf": text})
    assert call(inventory, "subnet_route", "aws_subnet.app", to="internet_gateway").verdict is UNKNOWN


def test_routes_that_depend_on_an_unset_variable_leave_it_open(tmp_path: Path) -> None:
    table = """
variable "routes" { type = list(string) }
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  dynamic "route" {
    for_each = var.routes
    content {
      cidr_block = route.value
      gateway_id = aws_internet_gateway.main.id
    }
  }
}
"""
    inventory = read(tmp_path, {"main.tf": NETWORK + table})
    assert call(inventory, "subnet_route", "aws_subnet.app", to="internet_gateway").verdict is UNKNOWN


@pytest.mark.parametrize(
    ("glob", "text", "answer"),
    [("s3:Get*", "s3:GetObject", True), ("S3:getobject", "s3:GetObject", True), ("s3:Get?", "s3:GetObject", False)],
)
def test_iam_patterns_cover_texts(glob: str, text: str, answer: bool) -> None:
    assert covers(glob, text) is answer


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("*", "arn:aws:s3:::a", True),
        ("arn:aws:s3:::a*", "arn:aws:s3:::*b", True),
        ("arn:aws:s3:::a?", "arn:aws:s3:::ab", True),
        ("arn:aws:s3:::a", "arn:aws:s3:::b", False),
        ("arn:aws:x:r:1:secret:a/*", "arn:aws:x:*:*:secret:b/*", False),
        ("arn:aws:x:*", "arn:aws:x:r:1:secret:b", True),
    ],
)
def test_iam_patterns_overlap(one: str, other: str, answer: bool) -> None:
    assert overlaps(one, other) is answer
    assert overlaps(other, one) is answer


ROLE = 'resource "aws_iam_role" "x" {\n  name               = "x"\n  assume_role_policy = "{}"\n}\n'


def statement(body: str) -> str:
    return f"""
resource "aws_iam_role_policy" "x" {{
  role   = aws_iam_role.x.id
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", {body} }}] }})
}}
"""


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ('Action = "s3:GetObject", Resource = "arn:aws:s3:::a/*"', PASS),
        ('Action = "s3:GetObject", Resource = "*"', FAIL),
        ('Action = "s*:GetObject", Resource = "arn:aws:s3:::a/*"', FAIL),
        ('NotAction = "iam:*", Resource = "arn:aws:s3:::a/*"', FAIL),
        ('NotAction = "s3:*", Resource = "*"', PASS),
        ('Action = "sns:Publish", Resource = "*"', PASS),
        ('Action = var.actions, Resource = "*"', UNKNOWN),
    ],
)
def test_limits_of_a_service(tmp_path: Path, body: str, verdict: Verdict) -> None:
    text = ROLE + statement(body) + 'variable "actions" {}\n'
    outcome = call(
        read(tmp_path, {"main.tf": text}),
        "iam_limited_to",
        "aws_iam_role.x",
        service="s3",
        actions=["s3:GetObject"],
        resources="^arn:aws:s3:::a/",
    )
    assert outcome.verdict is verdict


def test_a_managed_policy_that_nobody_knows_leaves_it_open(tmp_path: Path) -> None:
    attachment = """
resource "aws_iam_role_policy_attachment" "x" {
  role       = aws_iam_role.x.name
  policy_arn = "arn:aws:iam::aws:policy/SomethingNew"
}
"""
    inventory = read(tmp_path, {"main.tf": ROLE + attachment})
    assert call(inventory, "iam_allows", "aws_iam_role.x", actions=["s3:GetObject"]).verdict is UNKNOWN


@pytest.mark.parametrize(
    ("principal", "alone", "verdict"),
    [
        ('Principal = { Service = "lambda.amazonaws.com" }', True, PASS),
        ('Principal = { Service = ["lambda.amazonaws.com", "ec2.amazonaws.com"] }', False, FAIL),
        ('Principal = { AWS = "arn:aws:iam::111122223333:root" }', False, PASS),
        ('Principal = { AWS = "arn:aws:iam::111122223333:root" }', True, FAIL),
        ('Principal = "*"', False, FAIL),
        ('NotPrincipal = { AWS = "arn:aws:iam::111122223333:root" }', False, FAIL),
        ("Principal = { Service = var.service }", False, UNKNOWN),
    ],
)
def test_who_may_take_a_role(tmp_path: Path, principal: str, alone: bool, verdict: Verdict) -> None:
    text = f"""
variable "service" {{}}
resource "aws_iam_role" "x" {{
  name               = "x"
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", {principal} }}] }})
}}
"""
    inventory = read(tmp_path, {"main.tf": text})
    outcome = call(inventory, "iam_trusts_only", "aws_iam_role.x", services=["lambda.amazonaws.com"], alone=alone)
    assert outcome.verdict is verdict
