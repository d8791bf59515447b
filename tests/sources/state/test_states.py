"""States in both forms: nothing is lost, nothing secret is kept, and both say the same."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.inventory import Inventory, Level
from scanner.model.resource import Origin
from scanner.model.value import MASK, plain
from scanner.sources.plan import Document, Kind
from scanner.sources.state import read_state
from tests.sources.plan.recorded_plans import STATES, data, decided, findings, resources, state_of

HEADER = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "a", "outputs": {}}
BOTH = (Kind.STATE, Kind.RAW_STATE)


def stored(*items: dict[str, Any]) -> Inventory:
    said = HEADER | {"resources": list(items)}
    return read_state(Document.of_bytes(json.dumps(said).encode(), "x.tfstate"), Kind.RAW_STATE)


def item(*instances: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A resource of a stored state."""
    return {"mode": "managed", "type": "aws_x", "name": "y", "provider": "p"} | more | {"instances": list(instances)}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("kind", BOTH)
def test_every_instance_of_a_state_is_one_resource(name: str, kind: Kind) -> None:
    found = state_of(name, kind)
    assert found.notifications == []
    shown = [entry["address"] for entry in resources(data(f"{name}.state.json")["values"]["root_module"])]
    assert Counter(resource.address for resource in found.resources) == Counter(shown)
    assert len(found.resources) == sum(len(entry["instances"]) for entry in data(f"{name}.tfstate")["resources"])


@pytest.mark.parametrize("name", STATES)
def test_both_forms_of_a_state_say_the_same(name: str) -> None:
    shown, kept = state_of(name), state_of(name, Kind.RAW_STATE)
    for resource in shown.resources:
        other = kept.at(resource.address, f"{name}.tfstate")
        assert other is not None
        assert plain(other.attributes) == plain(resource.attributes)
        assert other.identity == resource.identity
    verdicts = [decided(findings(name, inventory)) for inventory in (shown, kept)]
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize("name", STATES)
def test_managed_resources_are_identified(name: str) -> None:
    managed = [resource for resource in state_of(name).resources if not resource.type.startswith("data.")]
    assert all(resource.identity.get("id") for resource in managed)
    assert sum("arn" in resource.identity for resource in managed) > len(managed) / 4
    assert {resource.origin for resource in managed} == {Origin.STATE}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("kind", BOTH)
def test_nothing_that_is_sensitive_is_kept(name: str, kind: Kind) -> None:
    secrets = {
        value
        for entry in resources(data(f"{name}.state.json")["values"]["root_module"])
        for key, value in entry["values"].items()
        if entry["sensitive_values"].get(key) is True and isinstance(value, str) and len(value) > 7
    }
    kept = json.dumps([plain(resource.attributes, reveal=True) for resource in state_of(name, kind).resources])
    assert not [secret for secret in secrets if json.dumps(secret)[1:-1] in kept and not secret.startswith("ami-")]


def test_addresses_have_modules_and_keys() -> None:
    found = stored(
        item({"attributes": {}}, {"index_key": 1, "attributes": {}}, {"index_key": 'a"b', "attributes": {}}),
        item({"attributes": {}}, module='module.m["k"]', mode="data", name="z"),
    )
    assert [resource.address for resource in found.resources] == [
        "aws_x.y",
        "aws_x.y[1]",
        'aws_x.y["a\\"b"]',
        'module.m["k"].data.aws_x.z',
    ]


def test_what_is_left_over_is_no_resource() -> None:
    assert stored(item({"attributes": {}, "deposed": "ab12"})).resources == []


def test_keys_may_come_in_any_order() -> None:
    reversed_ = dict(reversed(item({"attributes": {"a": 1}}).items()))
    assert [plain(resource.attributes)["a"] for resource in stored(reversed_).resources] == [1]  # type: ignore[index,call-overload]


def test_sensitive_paths_are_followed() -> None:
    name, index = {"type": "get_attr", "value": "env"}, {"type": "index", "value": {"value": "A", "type": "string"}}
    values = {"env": {"A": "hunter2", "B": "b"}, "list": [{"p": "hunter2"}, {"p": "q"}], "set": ["hunter2"]}
    paths = [
        [name, index],
        [{"type": "get_attr", "value": "list"}, {"type": "index", "value": 0}, {"type": "get_attr", "value": "p"}],
        [{"type": "get_attr", "value": "set"}, {"type": "index", "value": {"value": "hunter2", "type": "string"}}],
    ]
    (resource,) = stored(item({"attributes": values, "sensitive_attributes": paths})).resources
    said = {key: plain(value) for key, value in resource.attributes.raw.items() if key != "provider"}
    assert said == {"env": {"A": MASK, "B": "b"}, "list": [{"p": MASK}, {"p": "q"}], "set": MASK}


def test_attributes_that_the_provider_calls_sensitive_are_masked_in_old_states() -> None:
    from scanner.facts import load_facts

    said = HEADER | {"resources": [item({"attributes": {"password": "hunter2"}}, type="aws_db_instance")]}
    document = Document.of_bytes(json.dumps(said).encode(), "x.tfstate")
    (resource,) = read_state(document, Kind.RAW_STATE, load_facts()).resources
    assert resource.attributes.raw["password"].raw == MASK


def test_a_zero_that_may_stand_for_nothing_is_not_known() -> None:
    from scanner.facts import load_facts

    values = {"period": 0, "evaluation_periods": 2, "alarm_name": "a", "threshold": 5}
    said = HEADER | {"resources": [item({"attributes": values}, type="aws_cloudwatch_metric_alarm")]}
    document = Document.of_bytes(json.dumps(said).encode(), "x.tfstate")
    (resource,) = read_state(document, Kind.RAW_STATE, load_facts()).resources
    assert resource.lookup("period")[0].value.is_unknown
    assert resource.lookup("threshold")[0].value.raw == 5


def test_the_region_of_a_resource_is_that_of_its_arn() -> None:
    (resource,) = stored(item({"attributes": {"arn": "arn:aws:rds:eu-west-1:111122223333:db:a"}})).resources
    assert resource.lookup("provider.region")[0].value.raw == "eu-west-1"
    assert resource.lookup("provider.default_tags")[0].value.is_unknown
    (other,) = stored(item({"attributes": {}})).resources
    assert other.lookup("provider.region")[0].value.is_unknown


@pytest.mark.parametrize("broken", [item({"attributes_flat": {"a": "1"}}), item(None), {"instances": [{}]}, 1])  # type: ignore[arg-type]
def test_what_is_malformed_is_told(broken: Any) -> None:
    found = stored(broken)
    assert [note.level for note in found.notifications] == [Level.ERROR]
    assert found.may_hide("aws_x") is not None


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["mode", "type", "name", "module", "instances", "index_key", "attributes", "sensitive_attributes", "value",
             "root_module", "resources", "child_modules", "address", "values", "sensitive_values", "deposed"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=40,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(JUNK)
def test_no_shape_of_a_state_makes_it_fall_over(junk: Any) -> None:
    for said, kind in ((HEADER | {"resources": junk}, Kind.RAW_STATE), ({"values": junk}, Kind.STATE)):
        found = read_state(Document.of_bytes(json.dumps(said).encode(), "x.json"), kind)
        for resource in found.resources:
            plain(resource.attributes)
