"""Reading plans: what is taken for one, how values are shaped, and what happens to damaged ones."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.documents.stream import Damaged, JsonStream
from scanner.errors import SourceError
from scanner.model.inventory import Inventory, Level
from scanner.model.resource import Resource
from scanner.model.value import MASK, Reason, Unknown, plain
from scanner.sources.plan import Document, Kind, kind_of, read_plan
from scanner.sources.planned import read_documents, split
from tests.sources.plan.recorded_plans import text

SMALL = {"format_version": "1.2", "terraform_version": "1.11.4"}


def change(address: str, after: Any, **more: Any) -> dict[str, Any]:
    """A planned resource of the root module."""
    type_, name = address.rpartition("]")[0].split("[")[0].split(".") if "[" in address else address.split(".")
    said = {"actions": ["create"], "before": None, "after": after, "after_unknown": {}, "after_sensitive": {}, **more}
    return {"address": address, "mode": "managed", "type": type_, "name": name, "change": said}


def code(**resources: dict[str, Any]) -> dict[str, Any]:
    """A configuration whose resources have these expressions (`aws_x__name`)."""
    made = [{"address": key.replace("__", "."), "expressions": said} for key, said in resources.items()]
    return {"root_module": {"resources": made}}


def planned(changes: list[Any], configuration: Any = None, **more: Any) -> Inventory:
    said = SMALL | {"planned_values": {}, "resource_changes": changes, "configuration": configuration or {}} | more
    return read_plan(Document.of_bytes(json.dumps(said).encode(), "plan.json")).inventory


def only(inventory: Inventory) -> Resource:
    (resource,) = inventory.resources
    return resource


def attributes(inventory: Inventory) -> dict[str, Any]:
    return {name: plain(value) for name, value in only(inventory).attributes.raw.items() if name != "depends_on"}


def test_nulls_and_blocks_that_are_not_there_are_absent() -> None:
    after = {"a": None, "b": [], "c": "", "d": False, "e": [{"f": None, "g": 1}], "tags": {"x": ""}}
    found = attributes(planned([change("aws_x.y", after)], code(aws_x__y={"tags": {}})))
    assert found == {"d": False, "e": [{"g": 1}], "tags": {"x": ""}}


def test_what_code_writes_is_not_absent_though_it_is_empty() -> None:
    found = planned([change("aws_x.y", {"c": ""})], code(aws_x__y={"c": {"constant_value": ""}}))
    assert attributes(found) == {}  # without a schema it may be a block
    from scanner.facts import load_facts

    said = SMALL | {
        "planned_values": {},
        "resource_changes": [change("aws_s3_bucket.y", {"bucket": ""})],
        "configuration": code(aws_s3_bucket__y={"bucket": {"constant_value": ""}}),
    }
    inventory = read_plan(Document.of_bytes(json.dumps(said).encode(), "plan.json"), load_facts()).inventory
    assert attributes(inventory) == {"bucket": ""}


def test_unknown_values_say_where_they_come_from() -> None:
    configuration = code(aws_x__y={"key": {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]}}, aws_kms_key__k={})
    inventory = planned(
        [
            change("aws_x.y", {}, after_unknown={"key": True}),
            change("aws_kms_key.k", {}, after_unknown={"arn": True}),
        ],
        configuration,
    )
    resource = inventory.at("aws_x.y", "plan.json")
    assert resource is not None
    value = resource.attributes.raw["key"]
    assert isinstance(value.raw, Unknown)
    assert value.raw.reason is Reason.COMPUTED
    assert [(ref.address, ref.attribute, ref.certain) for ref in value.refs] == [("aws_kms_key.k", "arn", True)]


def test_two_candidates_are_not_certain_and_a_local_value_may_hide_more() -> None:
    references = ["aws_kms_key.a.arn", "aws_kms_key.a", "aws_kms_key.b.arn", "aws_kms_key.b"]
    for more, reason in (([], Reason.COMPUTED), (["local.keys"], Reason.UNSUPPORTED)):
        inventory = planned(
            [change("aws_x.y", {}, after_unknown={"key": True})],
            code(aws_x__y={"key": {"references": references + more}}),
        )
        value = only(inventory).attributes.raw["key"]
        assert isinstance(value.raw, Unknown)
        assert value.raw.reason is reason
        assert [ref.certain for ref in value.refs] == [False, False]


def test_a_known_text_refers_to_what_stands_in_it() -> None:
    references = ["aws_ecs_cluster.main.name", "aws_ecs_cluster.main", "aws_ecs_service.all", "each.key"]
    inventory = planned(
        [
            change("aws_x.y", {"resource_id": "service/main/api"}),
            change("aws_ecs_cluster.main", {"name": "main"}),
            change('aws_ecs_service.all["api"]', {"name": "api"}),
            change('aws_ecs_service.all["ws"]', {"name": "ws"}),
        ],
        code(aws_x__y={"resource_id": {"references": references}}),
    )
    resource = inventory.at("aws_x.y", "plan.json")
    assert resource is not None
    assert [(ref.address, ref.certain) for ref in resource.attributes.raw["resource_id"].refs] == [
        ("aws_ecs_cluster.main", True),
        ('aws_ecs_service.all["api"]', True),
    ]


def test_sensitive_values_are_masked() -> None:
    after = {"password": "hunter2", "env": {"A": "hunter2", "B": "b"}, "empty": None}
    marks = {"password": True, "env": {"A": True}, "empty": True}
    inventory = planned([change("aws_x.y", after, after_sensitive=marks)])
    assert attributes(inventory) == {"password": MASK, "env": {"A": MASK, "B": "b"}}
    assert only(inventory).attributes.raw["password"].sensitive


def test_what_is_deleted_is_gone_and_what_is_replaced_is_told() -> None:
    inventory = planned(
        [
            change("aws_x.gone", None, actions=["delete"], before={"a": 1}),
            change("aws_x.new", {"a": 1}, actions=["delete", "create"], before={"a": 2}),
            change("aws_x.left", None, actions=["forget"]),
            change("aws_x.new", None, actions=["delete"]) | {"deposed": "ab12"},
        ]
    )
    assert [resource.address for resource in inventory.resources] == ["aws_x.new"]
    assert [(item.level, item.what) for item in inventory.notifications] == [
        (Level.NOTE, "the plan deletes aws_x.gone"),
        (Level.NOTE, "the plan replaces aws_x.new"),
        (Level.NOTE, "the plan forgets aws_x.left"),
    ]


@pytest.mark.parametrize("more", [{"errored": True}, {"complete": False}])
def test_a_plan_that_is_not_whole_is_said_to_be_so(more: dict[str, Any]) -> None:
    inventory = planned([], None, **more)
    assert [item.level for item in inventory.notifications] == [Level.ERROR]
    assert inventory.may_hide("aws_anything") is not None


def test_what_only_code_shows_is_unknown() -> None:
    inventory = planned([change("aws_x.y", {"a": 1})], code(aws_x__y={}))
    assert only(inventory).lookup("lifecycle.prevent_destroy")[0].value.is_unknown
    assert only(inventory).lookup("depends_on")[0].value.raw == ()


def test_provider_configurations_have_their_constants() -> None:
    said = {
        "aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}},
        "aws.dr": {"name": "aws", "alias": "dr", "expressions": {"region": {"references": ["var.r"]}}},
        "module.m:aws.x": {
            "name": "aws",
            "alias": "x",
            "module_address": "module.m",
            "expressions": {"secret_key": {"constant_value": "hunter2"}, "default_tags": [{"tags": {}}]},
        },
    }
    found = {item.address: plain(item.attributes) for item in planned([], {"provider_config": said}).resources}
    assert found == {
        "provider.aws": {"region": "eu-west-1"},
        "provider.aws.dr": {"region": "(unknown: the plan does not tell what this expression gives)"},
        "module.m.provider.aws.x": {
            "secret_key": MASK,
            "default_tags": [{"tags": "(unknown: the plan does not tell what this expression gives)"}],
        },
    }


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (SMALL | {"planned_values": {}}, Kind.PLAN),
        ({"applyable": True, "configuration": {"a": [1]}, "format_version": "1.2", "planned_values": {}}, Kind.PLAN),
        (SMALL | {"values": {}}, Kind.STATE),
        ({"format_version": "1.0"}, Kind.STATE),
        ({"version": 4, "terraform_version": "1.5.0", "resources": []}, Kind.RAW_STATE),
        ({"lineage": "a", "outputs": {}, "resources": [], "serial": 1, "version": 4}, Kind.RAW_STATE),
        ({"version": "3", "services": {}}, None),
        ({"apiVersion": "v1", "kind": "List"}, None),
        ({"values": [1]}, None),
        ({}, None),
    ],
)
def test_documents_are_told_by_what_stands_in_them(said: dict[str, Any], kind: Kind | None) -> None:
    for data in (json.dumps(said).encode(), json.dumps(said, indent=2).encode("utf-16")):
        assert kind_of(Document.of_bytes(data, "x.json")) is kind


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (SMALL | {"format_version": "2.0", "planned_values": {}}, "format 2 is not known"),
        ({"version": 3, "terraform_version": "0.11.1"}, "version 3 is not known"),
        ({"@level": "info", "@message": "Terraform 1.11.4"}, "is the log of terraform"),
        ({"serial": 1, "lineage": "a", "meta": {}, "encrypted_data": ""}, "is encrypted"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_hint(said: dict[str, Any], message: str) -> None:
    with pytest.raises(SourceError, match=message) as error:
        kind_of(Document.of_bytes(json.dumps(said).encode(), "x.json"))
    assert error.value.hint


def test_a_binary_plan_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    path = tmp_path / "plan.out"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tfplan", b"\x00")
    with pytest.raises(SourceError) as error:
        split([path], tmp_path)
    assert error.value.hint == "terraform show -json plan.out > plan.json"


def test_another_archive_is_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "function.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.py", b"")
    assert split([path], tmp_path) == ([], [path])


def test_lines_are_those_of_the_file() -> None:
    said = SMALL | {"planned_values": {}, "resource_changes": [change("aws_x.a", {}), change("aws_x.b", {})]}
    written = json.dumps(said, indent=2)
    inventory = read_plan(Document.of_bytes(written.encode(), "plan.json")).inventory
    lines = written.splitlines()
    for resource in inventory.resources:
        assert resource.location is not None
        assert f'"{resource.address}"' in lines[resource.location.line]
        assert lines[resource.location.line - 1][resource.location.column - 1] == "{"


def test_values_longer_than_the_window_are_read_whole() -> None:
    large = [change(f"aws_x.r{number}", {"text": "x" * 300_000, "n": number}) for number in range(4)]
    inventory = planned(large, None, planned_values={"root_module": {"resources": large * 2}})
    assert [plain(item.attributes)["n"] for item in inventory.resources] == [0, 1, 2, 3]  # type: ignore[index,call-overload]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_streams_decode_what_json_does(data: Any) -> None:
    text_ = json.dumps({"skipped": data, "read": data})
    stream = JsonStream(io.BytesIO(text_.encode()))
    found = {}
    for key in stream.members():
        if key == "read":
            found[key] = stream.value()
        else:
            stream.skip()
    stream.end()
    assert found == {"read": data}


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "[1,]",
        '{"a" 1}',
        '{"a":1',
        '{"a":NaN}',
        '{"a":1e999}',
        "[" * 500,
        '{"a":' * 200_000,
        '{"a":1} x',
        "{'a':1}",
    ],
)
def test_broken_json_is_told(broken: str) -> None:
    stream = JsonStream(io.BytesIO(broken.encode()))
    with pytest.raises(Damaged):  # noqa: PT012 (whichever step meets it)
        stream.skip()
        stream.end()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_damaged_plan_is_read_as_far_as_it_goes(seed: int) -> None:
    chance = random.Random(seed)
    whole = bytearray(text("ai-model-management-drifted.plan.json"))
    where = chance.randrange(len(whole))
    kind = chance.choice(("cut", "flip", "drop"))
    if kind == "cut":
        del whole[where:]
    elif kind == "flip":
        whole[where] = chance.randrange(256)
    else:
        del whole[where : where + chance.randrange(1, 200)]
    document = Document.of_bytes(bytes(whole), "plan.json")
    try:
        found = kind_of(document)
    except SourceError:
        return
    if found is None:
        return
    inventory = read_documents([(document, found)], None)
    for resource in inventory.resources:
        plain(resource.attributes)
    if kind == "cut" and found is Kind.PLAN:
        assert any(item.level is Level.ERROR for item in inventory.notifications)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["address", "mode", "type", "change", "actions", "after", "after_unknown", "after_sensitive", "resources",
             "root_module", "module_calls", "expressions", "references", "module", "outputs", "child_modules", "values"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=40,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(JUNK, JUNK, JUNK)
def test_no_shape_of_the_parts_makes_it_fall_over(changes: Any, configuration: Any, prior: Any) -> None:
    said = SMALL | {
        "planned_values": 1,
        "resource_changes": changes,
        "configuration": configuration,
        "prior_state": prior,
    }
    inventory = read_plan(Document.of_bytes(json.dumps(said).encode(), "plan.json")).inventory
    for resource in inventory.resources:
        plain(resource.attributes)
    if not isinstance(changes, list) or not isinstance(prior, dict):
        assert any(item.level is Level.ERROR for item in inventory.notifications)
