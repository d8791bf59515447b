"""Root modules and their environments: which belong to which, what keeps them apart and what makes them alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.environment import environment_named
from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.location import Location
from scanner.policy.environments import environment_of_roots, of_environment
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
VPC = 'resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }\n'
SERVICE = 'resource "aws_ecs_service" "api" { name = "api" }\n'


def backend(key: str) -> str:
    return f'terraform {{\n  backend "s3" {{\n    bucket = "state"\n    key    = "{key}"\n  }}\n}}\n'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("production", "production"),
        ("prod-eu", "production"),
        ("STG", "staging"),
        ("dev", "development"),
        ("qa_1", "test"),
        ("product", None),
        ("platform", None),
    ],
)
def test_an_environment_is_named_by_a_whole_word(text: str, name: str | None) -> None:
    assert environment_named(text) == name


def test_the_innermost_directory_tells_the_environment(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"prod/staging/main.tf": VPC, "live/network/main.tf": VPC, "shared/main.tf": VPC})
    assert environment_of_roots(inventory) == {
        "prod/staging": "staging",
        "live/network": "production",
        "shared": None,
    }


def test_default_tags_tell_it_where_the_path_does_not(tmp_path: Path) -> None:
    provider = 'provider "aws" {\n  default_tags {\n    tags = { Environment = "Staging" }\n  }\n}\n'
    assert environment_of_roots(read(tmp_path, {"two/main.tf": provider + VPC})) == {"two": "staging"}


def test_other_environments_are_left_out_with_their_notifications(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"prod/main.tf": VPC, "staging/main.tf": VPC, "shared/main.tf": VPC})
    inventory.notifications = [
        Notification(Level.ERROR, "missing module", Location("staging/main.tf", 1)),
        Notification(Level.ERROR, "missing module", Location("shared/main.tf", 1)),
    ]
    mine = of_environment(inventory, "production")
    assert {resource.root for resource in mine.resources} == {"prod", "shared"}
    assert [item.location for item in mine.notifications] == [Location("shared/main.tf", 1)]


@pytest.mark.parametrize("wanted", [None, "production"])
def test_without_a_root_of_the_environment_everything_counts(tmp_path: Path, wanted: str | None) -> None:
    inventory = read(tmp_path, {"staging/main.tf": VPC})
    assert of_environment(inventory, wanted) is inventory


def apart(inventory: Inventory) -> Verdict:
    return call(inventory, "environments_apart", environment="staging", from_="production").verdict


def test_an_environment_with_a_vpc_of_its_own_is_apart(tmp_path: Path) -> None:
    assert apart(read(tmp_path, {"prod/main.tf": VPC, "staging/main.tf": VPC})) is PASS


def test_an_environment_that_was_not_read_is_unknown(tmp_path: Path) -> None:
    assert apart(read(tmp_path, {"prod/main.tf": VPC})) is UNKNOWN


def test_an_environment_in_a_borrowed_vpc_is_not_apart(tmp_path: Path) -> None:
    borrowed = 'data "aws_vpc" "main" { tags = { Name = "main" } }\n'
    assert apart(read(tmp_path, {"prod/main.tf": VPC, "staging/main.tf": borrowed})) is FAIL


@pytest.mark.parametrize(
    ("peer", "verdict"),
    [
        ('data "aws_vpc" "peer" { tags = { Environment = "prod" } }', FAIL),
        ('data "aws_vpc" "peer" { tags = { Name = "tools" } }', UNKNOWN),
    ],
)
def test_a_peering_joins_what_its_peer_names(tmp_path: Path, peer: str, verdict: Verdict) -> None:
    peering = """
resource "aws_vpc_peering_connection" "x" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = data.aws_vpc.peer.id
}
"""
    assert apart(read(tmp_path, {"prod/main.tf": VPC, "staging/main.tf": VPC + peer + peering})) is verdict


def test_a_transit_gateway_joins_both(tmp_path: Path) -> None:
    attachment = 'resource "aws_ec2_transit_gateway_vpc_attachment" "x" { transit_gateway_id = "tgw-1" }\n'
    files = {"prod/main.tf": VPC + attachment, "staging/main.tf": VPC + attachment}
    assert apart(read(tmp_path, files)) is FAIL
    files["staging/main.tf"] = files["staging/main.tf"].replace("tgw-1", "tgw-2")
    assert apart(read(tmp_path, files)) is PASS


def alike(inventory: Inventory) -> Verdict:
    return call(
        inventory,
        "environments_alike",
        environment="staging",
        model="production",
        types=["aws_vpc", "aws_lb"],
        counted=["aws_ecs_service"],
    ).verdict


def test_environments_are_alike_with_the_same_kinds(tmp_path: Path) -> None:
    files = {"prod/main.tf": VPC + VPC.replace("main", "more") + SERVICE, "staging/main.tf": VPC + SERVICE}
    assert alike(read(tmp_path, files)) is PASS


def test_a_missing_kind_and_a_missing_piece_make_a_difference(tmp_path: Path) -> None:
    more = SERVICE.replace('"api"', '"ws"')
    assert alike(read(tmp_path, {"prod/main.tf": VPC + SERVICE, "staging/main.tf": SERVICE})) is FAIL
    assert alike(read(tmp_path, {"prod/main.tf": SERVICE + more, "staging/main.tf": SERVICE})) is FAIL


def test_a_number_that_is_not_known_leaves_it_open(tmp_path: Path) -> None:
    some = 'variable "n" { type = number }\nresource "aws_ecs_service" "api" {\n  count = var.n\n  name  = "api"\n}\n'
    assert alike(read(tmp_path, {"prod/main.tf": SERVICE, "staging/main.tf": some})) is UNKNOWN


def own_state(inventory: Inventory) -> Verdict:
    return call(inventory, "environment_states", environment="production", pattern="(?i)prod").verdict


@pytest.mark.parametrize(
    ("mine", "theirs", "verdict"),
    [
        (backend("prod/state"), backend("staging/state"), PASS),
        (backend("prod/state"), backend("prod/state"), FAIL),
        (backend("app/state"), backend("staging/state"), FAIL),
        ("", backend("staging/state"), UNKNOWN),
        ('terraform {\n  backend "s3" {}\n}\n', backend("staging/state"), UNKNOWN),
    ],
)
def test_every_environment_keeps_a_state_of_its_own(tmp_path: Path, mine: str, theirs: str, verdict: Verdict) -> None:
    assert own_state(read(tmp_path, {"prod/main.tf": mine + VPC, "staging/main.tf": theirs + VPC})) is verdict
