"""Plans that terraform made of the examples: nothing is lost, no secret is kept, the verdicts are those of code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory, Level
from scanner.model.resource import Origin
from scanner.model.value import MASK, Unknown, Value, plain
from scanner.sources.plan import read_drift, read_plan
from tests.scanning import planted
from tests.sources.plan.recorded_plans import (
    PLANS,
    code_verdicts,
    data,
    document,
    plan_of,
    plan_verdicts,
    resources,
)

DRIFTED = [name for name in PLANS if "-drifted" in name]
CODE_ONLY = (".tf", ".tfvars", ".tftpl")


@pytest.mark.parametrize("name", PLANS)
def test_every_resource_of_a_plan_is_one_resource(name: str) -> None:
    said = data(f"{name}.plan.json")
    planned = [item["address"] for item in resources(said["planned_values"]["root_module"])]
    prior = resources(said.get("prior_state", {}).get("values", {}).get("root_module", {}))
    looked_up = [item["address"] for item in prior if item["mode"] == "data"]
    found = plan_of(name)
    assert [item for item in found.notifications if item.level is Level.ERROR] == []
    made = Counter(item.address for item in found.resources if not item.type.startswith("provider."))
    assert made == Counter({*planned, *looked_up})


@pytest.mark.parametrize("name", PLANS)
def test_every_value_is_known_unknown_or_left_out_for_a_reason(name: str) -> None:
    inventory = plan_of(name)
    for change in data(f"{name}.plan.json")["resource_changes"]:
        resource = inventory.at(change["address"], f"{name}.plan.json")
        if resource is None:
            assert change["change"]["actions"] in (["delete"], ["forget"])
            continue
        attributes = resource.attributes.raw
        sensitive = change["change"]["after_sensitive"]
        for key, value in change["change"]["after"].items():
            if value in (None, "", [], {}, 0) or change["change"]["after_unknown"].get(key):
                continue
            shown = plain(attributes[key], reveal=True)
            assert not sensitive.get(key) or shown == MASK or MASK not in str(sensitive[key]), key
            if isinstance(value, str | bool | int) and sensitive.get(key) is not True:
                assert shown == value, (change["address"], key)


@pytest.mark.parametrize("name", PLANS)
def test_nothing_that_is_sensitive_is_kept(name: str) -> None:
    secrets = {
        text
        for change in data(f"{name}.plan.json")["resource_changes"]
        for side in ("before", "after")
        for text in hidden(change["change"][side], change["change"][f"{side}_sensitive"])
        if not text.startswith("ami-")  # the data source that it is read with shows it in the open
    }
    inventory = plan_of(name)
    texts = {text for resource in inventory.resources for text in all_texts(resource.attributes)}
    assert not secrets & texts
    assert not any(secret in text for secret in secrets if len(secret) > 7 for text in texts)


def hidden(values: object, sensitive: object) -> set[str]:
    """Every text that is marked as sensitive, and not written elsewhere in the open."""
    if sensitive is True:
        return {values} if isinstance(values, str) and values else set()
    if isinstance(values, dict) and isinstance(sensitive, dict):
        return {text for key, item in values.items() for text in hidden(item, sensitive.get(key))}
    if isinstance(values, list) and isinstance(sensitive, list):
        return {text for item, mark in zip(values, sensitive, strict=False) for text in hidden(item, mark)}
    return set()


def all_texts(value: Value) -> set[str]:
    raw = value.raw
    if isinstance(raw, str):
        return {raw}
    if isinstance(raw, Unknown) or not hasattr(raw, "__iter__"):
        return set()
    items = raw.values() if hasattr(raw, "values") else raw
    return {text for item in items for text in all_texts(item)}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_and_its_code_have_the_same_verdicts_where_both_know(name: str) -> None:
    example = name.removesuffix(".again")
    code, plan = code_verdicts(example), plan_verdicts(name)
    both = {key for key in code.keys() & plan.keys() if Verdict.UNKNOWN not in code[key] | plan[key]}
    assert {key: (code[key], plan[key]) for key in both if code[key] != plan[key]} == {}
    assert len(both) > len(code) / 3
    only = {requirement for requirement, _ in code.keys() ^ plan.keys()}
    undecided = {requirement for (requirement, _), found in plan.items() if Verdict.UNKNOWN in found}
    # Of what is there already a plan knows more than code: roles, for instance, with policies that others attached.
    assert only <= undecided or name.endswith(".again")


@pytest.mark.parametrize("name", DRIFTED)
def test_the_mistakes_in_terraform_are_found_in_the_plan(name: str) -> None:
    example = name.removesuffix(".again")
    plan, code = plan_verdicts(name), code_verdicts(example)
    in_code = {requirement for (requirement, _), found in code.items() if Verdict.FAIL in found}
    wanted = {
        requirement
        for mistake in planted(example)
        if mistake["file"].endswith(CODE_ONLY)
        for requirement in mistake["requirements"]
    } & in_code
    said: dict[str, set[Verdict]] = {}
    for (requirement, _), found in plan.items():
        said.setdefault(requirement, set()).update(found)
    found = {requirement for requirement in wanted if Verdict.FAIL in said[requirement]}
    assert all(Verdict.UNKNOWN in said[requirement] for requirement in wanted - found)
    assert len(found) >= 0.75 * len(wanted)


def test_resources_stand_where_the_plan_has_them() -> None:
    inventory = plan_of("onno")
    text = document("onno.plan.json").open().read().decode()
    resource = inventory.at("module.platform.module.data.aws_db_instance.this", "onno.plan.json")
    assert resource is not None
    assert resource.origin is Origin.PLAN
    assert resource.location is not None
    assert text[resource.location.column - 1 :].startswith('{"address":"module.platform.module.data.aws_db_instance')


def test_links_lead_through_modules_variables_and_outputs() -> None:
    inventory = plan_of("onno")
    cluster = leaf_refs(inventory, 'module.platform.module.service["api"].aws_ecs_service.this', "cluster")
    assert [tuple(item[:3]) for item in cluster] == [
        ("module.platform.module.compute.aws_ecs_cluster.this", "arn", True)
    ]
    key = leaf_refs(inventory, 'module.platform.module.storage.aws_s3_bucket_versioning.this["audio"]', "bucket")
    assert [(item.address, item.certain) for item in key] == [
        ('module.platform.module.storage.aws_s3_bucket.this["audio"]', True)
    ]


def test_what_an_expression_chooses_from_is_not_certain() -> None:
    inventory = plan_of("onno")
    subnets = leaf_refs(inventory, "module.platform.module.edge.aws_lb.api", "subnets")
    assert len(subnets) > 1
    assert not any(item.certain for item in subnets)


def leaf_refs(inventory: Inventory, address: str, name: str) -> list:
    resource = inventory.at(address, "onno.plan.json")
    assert resource is not None
    waiting, found = [resource.attributes.raw[name]], []
    while waiting:
        value = waiting.pop()
        found += value.refs
        raw = value.raw
        if isinstance(raw, dict):
            waiting += raw.values()
        elif isinstance(raw, tuple):
            waiting += raw
    return found


@pytest.mark.parametrize("name", [name for name in PLANS if name.endswith(".again")])
def test_what_changed_outside_is_told(name: str) -> None:
    said = data(f"{name}.plan.json").get("resource_drift", [])
    changes = list(read_drift(document(f"{name}.plan.json")))
    assert [(item.address, list(item.actions)) for item in changes] == [
        (item["address"], item["change"]["actions"]) for item in said
    ]
    plan = read_plan(document(f"{name}.plan.json"))
    assert all(plan.actions[item["address"]] == tuple(item["change"]["actions"]) for item in data_changes(name))


def data_changes(name: str) -> list:
    return [item for item in data(f"{name}.plan.json")["resource_changes"] if "deposed" not in item]


def test_recordings_are_small() -> None:
    for path in Path(__file__).parents[2].joinpath("recorded", "plans").iterdir():
        assert path.stat().st_size < 300_000, path.name
