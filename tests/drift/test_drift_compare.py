"""What differs between code and account, attribute by attribute, and what only looks as if it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.resource import Resource
from tests.drift.pairs import code, differences, live, undecided

DATABASE = """
resource "aws_db_instance" "db" {
  identifier = "shop"
  %s
}
"""


@pytest.mark.parametrize(
    ("written", "told", "expected"),
    [
        ("multi_az = true", {"multi_az": True}, []),
        ("multi_az = true", {"multi_az": False}, [("multi_az", "true", "false")]),
        ("multi_az = true", {"multi_az": None}, [("multi_az", "true", "false")]),
        ("", {"multi_az": False}, []),
        ("", {"multi_az": True}, [("multi_az", "false", "true")]),
        ("multi_az = false", {}, []),
        ('engine_version = "16"', {"engine_version": "16.4"}, []),
        ('engine_version = "16.1"', {"engine_version": "16.10"}, [("engine_version", "16.1", "16.10")]),
        ('maintenance_window = "Mon:04:00-Mon:05:00"', {"maintenance_window": "mon:04:00-mon:05:00"}, []),
        ("skip_final_snapshot = true", {}, []),
        ('password = "hunter22"', {}, []),
        ("", {"ca_cert_identifier": "rds-ca-rsa2048-g1"}, []),
        ("", {"status": "stopped", "latest_restorable_time": "now"}, []),
        ('enabled_cloudwatch_logs_exports = ["upgrade", "postgresql"]',
         {"enabled_cloudwatch_logs_exports": ["postgresql", "upgrade"]}, []),
        ('lifecycle { ignore_changes = [allocated_storage] }\n allocated_storage = 20', {"allocated_storage": 50}, []),
        ("lifecycle { ignore_changes = all }\n multi_az = true", {"multi_az": False}, []),
        ('tags = { Team = "a" }', {"tags": {"Team": "a", "aws:cloudformation:stack-id": "x"}}, []),
        ('tags = { Team = "a" }', {"tags": {"Team": "b"}}, [('tags["Team"]', "a", "b")]),
        ('tags = { Team = "a" }', {"tags": {}}, [('tags["Team"]', "a", None)]),
        ('lifecycle { ignore_changes = [tags["Team"]] }\n tags = { Team = "a" }', {"tags": {"Team": "b"}}, []),
    ],
)  # fmt: skip
def test_attributes(
    written: str, told: dict[str, object], expected: list[tuple[str, object, object]], tmp_path: Path
) -> None:
    theirs = [live("aws_db_instance", "db-1", identifier="shop", **told)]
    assert differences(code(tmp_path, DATABASE % written), theirs) == expected


def test_default_tags_of_the_provider_count(tmp_path: Path) -> None:
    text = """
    provider "aws" {
      default_tags { tags = { Project = "shop", Team = "all" } }
    }
    resource "aws_sqs_queue" "q" {
      name = "jobs"
      tags = { Team = "a" }
    }
    """
    ours = code(tmp_path, text)
    assert differences(ours, [live("aws_sqs_queue", "q", name="jobs", tags={"Project": "shop", "Team": "a"})]) == []
    assert differences(ours, [live("aws_sqs_queue", "q", name="jobs", tags={"Team": "a"})]) == [
        ('tags["Project"]', "shop", None)
    ]


def test_what_is_not_read_is_undecided_only_where_code_writes_it(tmp_path: Path) -> None:
    theirs = [live("aws_db_instance", "db-1", identifier="shop", unread=["multi_az", "storage_encrypted"])]
    ours = code(tmp_path, DATABASE % "multi_az = true")
    assert differences(ours, theirs) == []
    assert undecided(ours, theirs) == ["multi_az"]


def test_an_unset_variable_is_undecided(tmp_path: Path) -> None:
    ours = code(tmp_path, 'variable "az" {}\n' + DATABASE % "multi_az = var.az")
    theirs = [live("aws_db_instance", "db-1", identifier="shop", multi_az=True)]
    assert differences(ours, theirs) == []
    assert undecided(ours, theirs) == ["multi_az"]


LINKED = """
resource "aws_kms_key" "k" { description = "data" }
resource "aws_sqs_queue" "q" {
  name              = "jobs"
  kms_master_key_id = aws_kms_key.k.arn
}
"""


@pytest.mark.parametrize(("told", "differs"), [("arn:key/1", False), ("1", False), ("arn:key/2", True)])
def test_references_are_followed_through_pairs(told: str, differs: bool, tmp_path: Path) -> None:
    theirs = [
        live("aws_kms_key", "1", description="data", arn="arn:key/1"),
        live("aws_sqs_queue", "q", name="jobs", kms_master_key_id=told),
    ]
    found = differences(code(tmp_path, LINKED), theirs)
    assert found == ([("kms_master_key_id", "arn:key/1", told)] if differs else [])


def test_references_to_what_is_not_there_are_undecided(tmp_path: Path) -> None:
    theirs = [live("aws_sqs_queue", "q", name="jobs", kms_master_key_id="arn:key/1")]
    assert undecided(code(tmp_path, LINKED), theirs) == ["kms_master_key_id"]


POLICY = """
data "aws_caller_identity" "me" {}
resource "aws_s3_bucket" "b" { bucket = "files" }
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["s3:GetObject", "s3:PutObject"]
      Resource  = "${aws_s3_bucket.b.arn}/*"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
    }]
  })
}
"""


@pytest.mark.parametrize(
    ("action", "account", "differs"),
    [
        ('["s3:PutObject", "s3:GetObject"]', "111122223333", False),
        ('"s3:GetObject"', "111122223333", True),
        ('["s3:PutObject", "s3:GetObject"]', "444455556666", True),
    ],
)
def test_policies_with_references(action: str, account: str, differs: bool, tmp_path: Path) -> None:
    document = (
        f'{{"Statement": [{{"Principal": {{"AWS": "{account}"}}, "Resource": ["arn:aws:s3:::files/*"],'
        f' "Action": {action}, "Effect": "Allow", "Sid": "x"}}], "Version": "2012-10-17"}}'
    )
    theirs = [
        live("aws_s3_bucket", "files", bucket="files", arn="arn:aws:s3:::files"),
        live("aws_s3_bucket_policy", "files", bucket="files", policy=document),
    ]
    assert bool(differences(code(tmp_path, POLICY), theirs)) is differs
    assert undecided(code(tmp_path, POLICY), theirs) == []


RULES = """
resource "aws_s3_bucket" "b" { bucket = "files" }
resource "aws_s3_bucket_lifecycle_configuration" "b" {
  bucket = "files"
  rule {
    id     = "one"
    status = "Enabled"
    expiration { days = 30 }
  }
  rule {
    id     = "two"
    status = "Enabled"
    expiration { days = 60 }
  }
}
"""


def rules(*days: tuple[str, int]) -> list[dict[str, object]]:
    return [{"id": name, "status": "Enabled", "expiration": [{"days": number}]} for name, number in days]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (rules(("one", 30), ("two", 60)), []),
        (rules(("two", 60), ("one", 30)), []),
        (rules(("two", 60), ("one", 10)), [("rule[id=one].expiration.days", "30", "10")]),
        (rules(("one", 30)),
         [("rule[id=two]", {"id": "two", "status": "Enabled", "expiration": [{"days": "60"}]}, None)]),
    ],
)  # fmt: skip
def test_blocks_are_found_again(
    told: list[dict[str, object]], expected: list[tuple[str, object, object]], tmp_path: Path
) -> None:
    theirs = [
        live("aws_s3_bucket", "files", bucket="files"),
        live("aws_s3_bucket_lifecycle_configuration", "files", bucket="files", rule=told),
    ]
    assert differences(code(tmp_path, RULES), theirs) == expected


INLINE = """
resource "aws_security_group" "db" {
  name = "db"
  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["10.0.0.0/16", "10.1.0.0/16"]
  }
}
"""
RULE_RESOURCES = """
resource "aws_security_group" "db" { name = "db" }
resource "aws_security_group_rule" "a" {
  security_group_id = aws_security_group.db.id
  type              = "ingress"
  protocol          = "6"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = ["10.0.0.0/16"]
}
resource "aws_vpc_security_group_ingress_rule" "b" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "10.1.0.0/16"
}
"""


def rule(number: int, **values: object) -> Resource:
    told = {"ip_protocol": "tcp", "from_port": 5432, "to_port": 5432, "security_group_id": "sg-1", **values}
    return live("aws_vpc_security_group_ingress_rule", f"sgr-{number}", **told)


@pytest.mark.parametrize("text", [INLINE, RULE_RESOURCES], ids=["inline", "resources"])
def test_rules_are_flows_however_they_are_written(text: str, tmp_path: Path) -> None:
    group = live("aws_security_group", "sg-1", name="db")
    whole = [group, rule(1, cidr_ipv4="10.1.0.0/16"), rule(2, cidr_ipv4="10.0.0.0/16")]
    ours = code(tmp_path, text)
    assert differences(ours, whole) == []
    by_hand = [*whole, rule(3, cidr_ipv4="0.0.0.0/0", from_port=22, to_port=22)]
    assert differences(ours, by_hand) == [("ingress[tcp 22 from 0.0.0.0/0]", None, "tcp 22 from 0.0.0.0/0")]
    assert differences(ours, whole[:2]) == [("ingress[tcp 5432 from 10.0.0.0/16]", "tcp 5432 from 10.0.0.0/16", None)]


def test_routes_are_compared_one_by_one(tmp_path: Path) -> None:
    text = """
    resource "aws_internet_gateway" "i" { tags = { Name = "i" } }
    resource "aws_route_table" "t" { tags = { Name = "public" } }
    resource "aws_route" "r" {
      route_table_id         = aws_route_table.t.id
      destination_cidr_block = "0.0.0.0/0"
      gateway_id             = aws_internet_gateway.i.id
    }
    """
    ours = code(tmp_path, text)
    gateway = live("aws_internet_gateway", "igw-1", tags={"Name": "i"})

    def table(*routes: dict[str, object]) -> Resource:
        return live("aws_route_table", "rtb-1", tags={"Name": "public"}, route=list(routes))

    default = {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}
    endpoint = {"destination_prefix_list_id": "pl-1", "gateway_id": "vpce-1"}
    peering = {"cidr_block": "10.9.0.0/16", "vpc_peering_connection_id": "pcx-1"}
    assert differences(ours, [gateway, table(default, endpoint)]) == []
    found = differences(ours, [gateway, table(default, peering)])
    assert [path for path, _, _ in found] == ["route[10.9.0.0/16 via pcx-1]"]
