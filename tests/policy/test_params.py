"""Parameters and inputs: types, bounds, and filling them in."""

import pytest
from engine import FACTS, FAIL, PASS, UNKNOWN, condition, inventory, resource

from scanner.errors import UsageError
from scanner.model.value import Unknown
from scanner.policy.checks import compile_condition
from scanner.policy.conditions import Test as Assertion
from scanner.policy.conditions import Undecidable, dump, load
from scanner.policy.params import Param, fill, fill_condition, names_in, not_given
from scanner.policy.world import World


@pytest.mark.parametrize(
    ("type_", "value", "problem"),
    [
        ("string", "x", None),
        ("string", 1, "must be text, not a number"),
        ("integer", 7, None),
        ("integer", 7.5, "must be a whole number, not a number"),
        ("integer", True, "must be a whole number, not a boolean"),
        ("integer", "7", "must be a whole number, not text"),
        ("number", 7, None),
        ("number", 0.5, None),
        ("number", False, "must be a number, not a boolean"),
        ("boolean", False, None),
        ("boolean", "false", "must be true or false, not text"),
        ("list", [1], None),
        ("list", "x", "must be a list, not text"),
        ("object", {"a": 1}, None),
        ("object", [], "must be a mapping, not a list"),
        ("string", None, "must be text, not empty"),
    ],
)
def test_types(type_, value, problem):
    assert Param("p", type_, "").problem(value) == problem


@pytest.mark.parametrize(
    ("limits", "value", "problem"),
    [
        ({"minimum": 1}, 1, None),
        ({"minimum": 1}, 0, "must be at least 1"),
        ({"maximum": 35}, 35, None),
        ({"maximum": 35}, 36, "must be at most 35"),
        ({"enum": (1, 5)}, 5, None),
        ({"enum": (1, 5)}, 2, "must be one of 1, 5"),
    ],
)
def test_bounds(limits, value, problem):
    assert Param("p", "integer", "", **limits).problem(value) == problem


def test_items_of_a_list():
    names = Param("p", "list", "", items="string")
    assert names.problem(["a", "b"]) is None
    assert names.problem(["a", 1]) == "its items must each be text, not a number"


def test_an_input_that_is_not_given_fits_any_type():
    assert Param("p", "integer", "").problem(not_given("days")) is None


SCOPE = {"days": 7, "names": ["a", "b"], "on": True, "name": "db", "unset": not_given("unset")}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("${days}", 7),
        ("${names}", ["a", "b"]),
        ("${on}", True),
        ("at least ${days} days", "at least 7 days"),
        ("${name}-${on}", "db-true"),
        ("$${name}", "${name}"),
        ("$${name} ${name}", "${name} db"),
        ("$5 and }{", "$5 and }{"),
        (["${name}", {"a": "${days}"}], ["db", {"a": 7}]),
        (12, 12),
    ],
)
def test_filling_in(data, expected):
    assert fill(data, SCOPE) == expected


@pytest.mark.parametrize("data", ["${unset}", "x-${unset}", "${name}-${unset}"])
def test_what_depends_on_something_not_given_is_unknown(data):
    assert isinstance(fill(data, SCOPE), Unknown)


def test_names_in_data():
    assert names_in({"a": ["${x}", "b ${y-z}"], "${k}": "$${no}"}) == {"x", "y-z", "k"}


PARAMS = [Param(name, "string", "") for name in ("name", "unset")]


def decide(text, scope, **attributes):
    tested = resource("other_thing", "x", attributes)
    filled = fill_condition(condition(text, params=PARAMS), scope)
    return World(inventory(tested), FACTS).decide(compile_condition(filled), tested).verdict


def test_a_parameter_in_a_path():
    text = "{path: 'parameter[name=${name}].value', op: equals, value: '1'}"
    parameters = [{"name": "ssl", "value": "1"}, {"name": "log", "value": "0"}]
    assert decide(text, {"name": "ssl"}, parameter=parameters) is PASS
    assert decide(text, {"name": "log"}, parameter=parameters) is FAIL
    assert decide(text, {"name": not_given("name")}, parameter=parameters) is UNKNOWN


EVERYWHERE = """
- {any_of: [{path: a, op: equals, value: "${name}"}]}
- {all_of: [{path: a, op: equals, value: "${name}"}]}
- {not: {path: a, op: equals, value: "${name}"}}
- {any_of: [{path: a, op: exists}], when: {path: a, op: equals, value: "${name}"}}
- {some: b, satisfy: {path: a, op: equals, value: "${name}"}}
- {every: b, where: {path: a, op: equals, value: "${name}"}, satisfy: {path: a, op: equals, value: "${name}"}}
- {references: {resource: x, through: "tags.${name}", where: {path: a, op: equals, value: "${name}"}}}
- {referenced_by: {resource: x, where: {path: a, op: equals, value: "${name}"}}}
- {count: {resource: x, where: {path: a, op: equals, value: "${name}"}}, op: gte, value: 1}
- {distinct: {resource: x, where: {path: a, op: equals, value: "${name}"}, path: "a.${name}"}, op: gte, value: 1}
- {function: subnet_route, with: {to: "${name}"}}
- {path: a, op: equals, value: {path: b}}
- {path: a, op: in, value: ["${name}", x]}
"""


def test_names_are_filled_in_everywhere():
    whole = condition(EVERYWHERE, params=PARAMS)
    filled = fill_condition(whole, {"name": "db"})
    assert names_in(whole) == {"name"}
    assert names_in(filled) == set()
    assert repr(filled).count("'db'") == 13
    assert len(filled.items) == 13


def test_an_unknown_name_in_a_path_makes_the_condition_undecidable():
    filled = fill_condition(Assertion("a.${name}", "exists"), {"name": not_given("name")})
    assert isinstance(filled, Undecidable)


def test_a_condition_survives_being_stored():
    import json

    whole = condition(EVERYWHERE, params=PARAMS)
    assert load(json.loads(json.dumps(dump(whole)))) == whole


def test_a_pattern_that_becomes_none_with_its_parameters_is_an_error_for_people():
    written = condition("{path: name, op: matches, value: 'x${name}'}", params=[Param("name", "string", "Name")])
    filled = fill_condition(written, {"name": "(?i)a"})
    tested = resource("other_thing", "a", {"name": "x"})
    with pytest.raises(UsageError, match="is no regular expression"):
        World(inventory(tested), FACTS).decide(compile_condition(filled), tested)
