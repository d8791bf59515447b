"""Two spellings of one value are the same, two values are not, and what is not known is neither."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.drift.equal import Equality
from scanner.drift.normal import ACCOUNT, normal
from scanner.drift.resolve import Names
from scanner.model.resource import Origin, Resource
from scanner.model.value import ABSENT, MASK, Reason, Value, from_plain, unknown

POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*", "Principal": {"AWS": "111122223333"}, "Resource": ["a", "b"]},
    ],
}
_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def same(code: Any, live: Any, how: frozenset[str] = frozenset(), *, unordered: bool = False) -> bool | None:
    one, other = (value if isinstance(value, Value) else from_plain(value) for value in (code, live))
    left, right = (normal(value, ACCOUNT, how, unordered=unordered) for value in (one, other))
    return Equality(Names([]), how).same(left, right)


def policy(document: dict[str, Any]) -> str:
    return json.dumps(document)


@given(_PLAIN)
def test_a_value_is_the_same_as_itself(data: Any) -> None:
    assert same(data, data) is True


@given(_PLAIN, _PLAIN)
def test_sameness_has_no_direction(one: Any, other: Any) -> None:
    assert same(one, other) == same(other, one)


@given(
    st.lists(st.text(min_size=1), unique=True).flatmap(lambda items: st.tuples(st.just(items), st.permutations(items)))
)
def test_sets_have_no_order(lists: tuple[list[str], list[str]]) -> None:
    assert same(*lists, unordered=True) is True


@pytest.mark.parametrize(
    ("code", "live"),
    [
        (True, "true"),
        (512, "512"),
        (1.50, "1.5"),
        ("", None),
        (None, []),
        (False, None),
        ([{"a": 1}, {"b": 2}], [{"b": 2}, {"a": 1}]),
        ("one", ["one"]),
        ("onno-api", "arn:aws:ecs:ap-northeast-2:111122223333:service/cluster/onno-api"),
        ("10.0.0.0/16", "10.0.0.0/16"),
        ("2001:DB8::/32", "2001:db8::/32"),
    ],
)
def test_spellings_of_one_value(code: Any, live: Any) -> None:
    assert same(code, live) is True


@pytest.mark.parametrize(
    ("code", "live"),
    [
        (True, False),
        (1, 2),
        ("a", "b"),
        (["a", "b"], ["b", "a"]),
        (["a"], ["a", "a"]),
        ({"a": 1}, {"a": 2}),
        ("api", "arn:aws:ecs:ap-northeast-2:111122223333:service/cluster/onno-api"),
        ("10.0.0.0/16", "10.0.0.0/8"),
    ],
)
def test_different_values(code: Any, live: Any) -> None:
    assert same(code, live) is False


@pytest.mark.parametrize(
    ("how", "code", "live", "expected"),
    [
        ("case", "Mon:04:00", "mon:04:00", True),
        ("case", "mon", "tue", False),
        ("prefix", "16", "16.4", True),
        ("prefix", "16.1", "16.10", False),
        ("prefix", "16.4", "16", False),
        ("domain", "Onno.app", "onno.app.", True),
        ("stars", "arn:aws:logs:r:1:log-group:a", "arn:aws:logs:r:1:log-group:a:*", True),
        ("spaces", "Korea Central", "koreacentral", True),
        ("bag", ["a", "b"], ["b", "a"], True),
        ("containers", '[{"name": "a"}]', '[{"name": "a", "cpu": 0, "essential": true, "mountPoints": []}]', True),
        ("containers", '[{"name": "a"}]', '[{"name": "a", "cpu": 256}]', False),
    ],
)
def test_treatments(how: str, code: Any, live: Any, expected: bool) -> None:
    assert same(code, live, frozenset([how])) is expected


@pytest.mark.parametrize(
    "other",
    [
        {**POLICY, "Statement": list(reversed(POLICY["Statement"]))},
        {**POLICY, "Id": "named"},
        {
            "Statement": [
                {"Effect": "Deny", "Action": ["S3:*"], "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                 "Resource": ["b", "a"]},
                {"Action": ["s3:PutObject", "s3:getobject"], "Effect": "Allow", "Resource": ["*"], "Sid": "B"},
            ],
            "Version": "2012-10-17",
        },
    ],
)  # fmt: skip
def test_policies_of_the_same_meaning(other: dict[str, Any]) -> None:
    assert same(policy(POLICY), policy(other)) is True


@pytest.mark.parametrize(
    "other",
    [
        {**POLICY, "Version": "2008-10-17"},
        {**POLICY, "Statement": POLICY["Statement"][:1]},
        {**POLICY, "Statement": [{**POLICY["Statement"][0], "Resource": "a"}, POLICY["Statement"][1]]},
    ],
)
def test_policies_of_another_meaning(other: dict[str, Any]) -> None:
    assert same(policy(POLICY), policy(other)) is False


def test_everybody_is_written_in_two_ways() -> None:
    first = {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"}]}
    second = {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": {"AWS": ["*"]}}}
    assert same(policy(first), policy(second)) is True


def test_what_is_not_known_is_neither_same_nor_different() -> None:
    vague = unknown(Reason.COMPUTED, "later")
    assert same(vague, "a") is None
    assert same(Value({"a": vague, "b": Value(1)}), {"a": "x", "b": 1}) is None
    assert same(Value({"a": vague, "b": Value(1)}), {"a": "x", "b": 2}) is False
    assert same(MASK, "secret") is None
    assert same(Value([vague]), ["a", "b"], unordered=True) is None
    assert same(Value(ABSENT), "") is True


def test_texts_that_name_one_resource_are_the_same() -> None:
    key = Resource(
        "aws_kms_key", "aws_kms_key/1", Value({}), None, Origin.AWS, "1/r", None, {"id": "1234", "arn": "arn:key/1234"}
    )
    alias = Resource(
        "aws_kms_alias",
        "aws_kms_alias/a",
        from_plain({"name": "alias/a", "target_key_arn": "arn:key/1234", "target_key_id": "1234"}),
        None,
        Origin.AWS,
        "1/r",
    )
    equality = Equality(Names([key, alias]))
    assert equality.same("alias/a", "arn:key/1234") is True
    assert equality.same("1234", "arn:key/1234") is True
    assert equality.same("alias/b", "arn:key/1234") is False
