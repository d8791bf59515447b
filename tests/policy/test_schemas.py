"""The JSON Schemas for editors and the loader agree: on every file of the project, and on wrong ones."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
from definition_files import BASELINE, POLICY, Files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from test_files import WRONG_BASELINES, WRONG_POLICIES

from scanner.errors import DefinitionError
from scanner.model.rule import Severity
from scanner.policy.operators import OPERATORS
from scanner.policy.params import TYPES as PARAM_TYPES
from scanner.policy.read_policy import CATEGORIES
from scanner.policy.typed import TYPES
from scanner.policy.yaml_nodes import read_yaml

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = {
    name: json.loads((ROOT / "scanner" / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    for name in ("policy", "baseline")
}
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
POLICY_FILES = sorted((ROOT / "policies").rglob("*.yaml"))
BASELINE_FILES = sorted((ROOT / "baselines").glob("*.yaml"))

# What only the loader can know: names declared elsewhere, provider schemas, values against declarations.
BEYOND_A_SCHEMA = re.compile(
    r"file name|is not declared|there is no|is not used|must be at (least|most)|cannot be compared|regular expression"
    r"|has no order|another example|cannot read|is for lists|has no default|: \w+ has no |declared as|op \w+ compares"
    r"|already the id|found through itself|(default|min_days): must be a whole number|params\.days: unknown key"
    r"|(component|attached_to|stage|replaces|function): '[\w-]+' is not known|with\.\w+: unknown key"
    r"|kind: attest makes|is about|metric\.expression|without component|components can only|needs with"
    r"|test_database has no|distinct\.component"
)


def problems(kind, text):
    return list(VALIDATORS[kind].iter_errors(read_yaml(text, "f.yaml").plain()))


def test_the_schemas_are_schemas():
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", POLICY_FILES, ids=lambda file: file.stem)
def test_every_policy_fits_the_schema(file):
    assert problems("policy", file.read_text("utf-8")) == []


@pytest.mark.parametrize("file", BASELINE_FILES, ids=lambda file: file.stem)
def test_every_baseline_fits_the_schema(file):
    assert problems("baseline", file.read_text("utf-8")) == []


def test_the_files_of_these_tests_fit_the_schemas():
    assert problems("policy", POLICY) == []
    assert problems("baseline", BASELINE) == []


@pytest.mark.parametrize(("text", "message"), WRONG_POLICIES, ids=[case[1] for case in WRONG_POLICIES])
def test_a_wrong_policy_does_not_fit(text, message):
    assert bool(problems("policy", text)) is not bool(BEYOND_A_SCHEMA.search(message))


@pytest.mark.parametrize(("text", "message"), WRONG_BASELINES, ids=[case[1] for case in WRONG_BASELINES])
def test_a_wrong_baseline_does_not_fit(text, message):
    assert bool(problems("baseline", text)) is not bool(BEYOND_A_SCHEMA.search(message))


def test_the_words_of_the_schemas_are_those_of_the_loader():
    for schema in SCHEMAS.values():
        definitions = schema["$defs"]
        ops = [definitions[name]["properties"]["op"]["enum"] for name in ("presence", "comparison")]
        assert sorted(ops[0] + ops[1]) == sorted(OPERATORS)
        assert definitions["as"]["enum"] == list(TYPES)
        assert definitions["category"]["enum"] == list(CATEGORIES)
        assert definitions["param_type"]["enum"] == list(PARAM_TYPES)
        assert set(definitions["severity"]["enum"]) == set(Severity)


EVERYTHING = """
- {path: name, op: equals, value: a, as: string, match: any}
- {path: name, op: in, value: [a, "${days}"]}
- {path: name, op: exists}
- any_of: [{path: name, op: absent}, [{path: name, op: exists}, {path: name, op: exists}]]
  when: {path: name, op: exists}
- {all_of: [{path: name, op: exists}]}
- {not: [{path: name, op: exists}]}
- {some: storage, satisfy: {path: size, op: gte, value: 1}}
- {every: storage, where: {path: kind, op: exists}, satisfy: [{path: size, op: lt, value: 9}]}
- {references: {resource: [test_key], through: kms_key_id, where: {path: rotation, op: equals, value: true}}}
- {referenced_by: {resource: test_backup, through: source_arn}, op: lte, value: 2}
- {referenced_by: {component: db}}
- {count: {component: db}, op: equals, value: "${days}"}
- {count: {resource: test_key}}
- {distinct: {path: zones}, op: gte, value: 2}
- {distinct: {resource: test_database, path: name}, op: gte, value: 2}
- {path: kms_key_id, op: in, value: [{component: db}]}
- {path: name, op: equals, value: {path: engine_version}}
"""


def whole_baseline():
    """The baseline with every shape of condition in it."""
    data = read_yaml(BASELINE, "shop.yaml").plain()
    requirement = {**data["requirements"][0], "id": "SHOP-DB-002", "assert": read_yaml(EVERYTHING, "x").plain()}
    for key in ("policy", "with"):
        del requirement[key]
    data["requirements"].append(requirement)
    return data


def places(data, trail=()):
    """Every place in data."""
    yield trail
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield from places(data[key], (*trail, key))


WHOLE = whole_baseline()
PLACES = [place for place in places(WHOLE) if place]
REPLACEMENTS = st.sampled_from(
    [None, True, 0, 1.5, "", "x", "on", [], ["x"], {}, {"path": "name"}, [{}], [{"path": "name", "op": "exists"}]]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PLACES), st.sampled_from(["drop", "replace", "rename", "add"]), REPLACEMENTS)
def test_what_the_loader_accepts_the_schema_accepts(tmp_path_factory, place, how, replacement):
    data = copy.deepcopy(WHOLE)
    parent = data
    for key in place[:-1]:
        parent = parent[key]
    last = place[-1]
    if how == "drop" or isinstance(parent, list):
        del parent[last]
    elif how == "replace":
        parent[last] = replacement
    elif how == "rename":
        parent[f"{last}s"] = parent.pop(last)
    else:
        parent["when"] = replacement
    files = Files(tmp_path_factory.mktemp("schema"))
    try:
        files.baseline(json.dumps(data, ensure_ascii=False, indent=1))
    except DefinitionError:
        return
    assert list(VALIDATORS["baseline"].iter_errors(data)) == []


def test_the_whole_baseline_is_right(files):
    files.baseline(json.dumps(WHOLE, ensure_ascii=False))
    assert list(VALIDATORS["baseline"].iter_errors(WHOLE)) == []
