"""Which resource of the account is which of the code, and when nobody can tell."""

from __future__ import annotations

from pathlib import Path

from scanner.drift.match import Bound, without_parts
from scanner.model.resource import Origin, Resource
from scanner.model.value import Value
from tests.drift.pairs import code, live, matched

BUCKETS = """
resource "aws_s3_bucket" "logs" { bucket = "logs" }
resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id
  versioning_configuration { status = "Enabled" }
}
"""


def test_by_identity_and_then_through_what_is_paired(tmp_path: Path) -> None:
    found, _ = matched(
        code(tmp_path, BUCKETS),
        [live("aws_s3_bucket", "logs", bucket="logs"), live("aws_s3_bucket_versioning", "logs", bucket="logs")],
    )
    assert [(pair.code.type, pair.matched_by) for pair in found.pairs] == [
        ("aws_s3_bucket", "identity"),
        ("aws_s3_bucket_versioning", "identity"),
    ]
    assert [*found.missing, *found.unmanaged, *found.ambiguous, *found.unsure] == []


def test_parts_of_what_is_missing_are_not_told_again(tmp_path: Path) -> None:
    found, resolver = matched(code(tmp_path, BUCKETS), [live("aws_s3_bucket", "other", bucket="other")])
    assert [item.type for item in without_parts(found.missing, resolver)] == ["aws_s3_bucket"]
    assert [item.address for item in found.unmanaged] == ["aws_s3_bucket/other"]


def test_by_tag_where_there_is_no_name(tmp_path: Path) -> None:
    text = 'resource "aws_eip" "nat" { tags = { Name = "nat" } }'
    found, _ = matched(code(tmp_path, text), [live("aws_eip", "eip-1", tags={"Name": "nat"}), live("aws_eip", "eip-2")])
    assert [(pair.live.address, pair.matched_by) for pair in found.pairs] == [("aws_eip/eip-1", "tag")]
    assert [item.address for item in found.unmanaged] == ["aws_eip/eip-2"]


def test_by_links_where_there_is_neither(tmp_path: Path) -> None:
    text = """
    resource "aws_eip" "nat" {}
    resource "aws_nat_gateway" "a" {
      allocation_id = aws_eip.nat.id
      subnet_id     = "subnet-1"
    }
    """
    theirs = [
        live("aws_nat_gateway", "nat-1", allocation_id="eip-2", subnet_id="subnet-1"),
        live("aws_eip", "eip-1"),
        live("aws_eip", "eip-2"),
    ]
    found, _ = matched(code(tmp_path, text), theirs)
    assert {(pair.live.address, pair.matched_by) for pair in found.pairs} == {
        ("aws_nat_gateway/nat-1", "identity"),
        ("aws_eip/eip-2", "links"),
    }


def test_several_that_fit_are_told_not_guessed(tmp_path: Path) -> None:
    text = 'resource "aws_kms_key" "k" { description = "data" }'
    theirs = [live("aws_kms_key", number, description="data") for number in ("1", "2")]
    found, _ = matched(code(tmp_path, text), theirs)
    ((resource, hits),) = found.ambiguous
    assert resource.address == "aws_kms_key.k"
    assert len(hits) == 2
    assert [*found.pairs, *found.missing, *found.unmanaged] == []


def test_two_of_the_code_cannot_be_one_of_the_account(tmp_path: Path) -> None:
    text = """
    resource "aws_kms_key" "a" { description = "data" }
    resource "aws_kms_key" "b" { description = "data" }
    """
    found, _ = matched(code(tmp_path, text), [live("aws_kms_key", "1", description="data")])
    assert not found.pairs
    assert len(found.ambiguous) == 2


def test_an_unknown_name_is_neither_missing_nor_is_the_other_unmanaged(tmp_path: Path) -> None:
    text = 'variable "name" {}\nresource "aws_sqs_queue" "q" { name = var.name }'
    found, _ = matched(code(tmp_path, text), [live("aws_sqs_queue", "q1", name="jobs")])
    assert [item.address for item in found.unsure] == ["aws_sqs_queue.q"]
    assert [*found.missing, *found.unmanaged] == []


def test_the_same_name_in_another_region_is_another_thing(tmp_path: Path) -> None:
    text = 'provider "aws" { region = "eu-west-1" }\nresource "aws_sqs_queue" "q" { name = "jobs" }'
    found, _ = matched(code(tmp_path, text), [live("aws_sqs_queue", "q1", name="jobs")])
    assert [item.address for item in found.missing] == ["aws_sqs_queue.q"]
    assert [item.address for item in found.unmanaged] == ["aws_sqs_queue/q1"]


def test_the_state_knows_better_than_names(tmp_path: Path) -> None:
    ours = code(tmp_path, 'resource "aws_kms_key" "k" { description = "new text" }')
    theirs = [live("aws_kms_key", number, description="old text") for number in ("1", "2")]
    stored = Resource("aws_kms_key", "aws_kms_key.k", Value({}), None, Origin.STATE, "", None, {"id": "2"})
    found, _ = matched(ours, theirs, stored={"aws_kms_key.k": stored})
    assert [(pair.live.address, pair.matched_by) for pair in found.pairs] == [("aws_kms_key/2", "state")]


def test_the_component_of_the_document_on_both_sides(tmp_path: Path) -> None:
    ours = code(tmp_path, 'resource "aws_db_instance" "db" { identifier = "shop" }')
    theirs = [live("aws_db_instance", "db-1", identifier="shop-restored")]
    found, _ = matched(ours, theirs, bound=[Bound(ours, theirs)])
    assert [pair.matched_by for pair in found.pairs] == ["binding"]


def test_names_of_azure_have_no_case(tmp_path: Path) -> None:
    text = """
    resource "azurerm_redis_cache" "c" {
      name                = "Shop-Cache"
      resource_group_name = "rg-shop"
    }
    """
    theirs = [live("azurerm_redis_cache", "/subscriptions/1/x", name="shop-cache", resource_group_name="RG-SHOP")]
    found, _ = matched(code(tmp_path, text), theirs)
    assert [pair.matched_by for pair in found.pairs] == ["name"]


def test_further_spellings_of_a_type(tmp_path: Path) -> None:
    found, _ = matched(code(tmp_path, 'resource "aws_alb" "a" { name = "front" }'), [live("aws_lb", "x", name="front")])
    assert [pair.live.type for pair in found.pairs] == ["aws_lb"]
