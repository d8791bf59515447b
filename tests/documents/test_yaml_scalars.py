"""What scalars mean, in YAML 1.2 and as Kubernetes reads YAML 1.1."""

from __future__ import annotations

from decimal import Decimal

import pytest
from placed_values import plain

from scanner.documents.yaml import read_yaml_documents

BOTH = [
    ("", None),
    ("~", None),
    ("null", None),
    ("true", True),
    ("False", False),
    ("12", 12),
    ("-3", -3),
    ("+4", 4),
    ("0x1F", 31),
    ("0o17", 15),
    ("1.5", Decimal("1.5")),
    ("1.0", 1),
    (".5", Decimal("0.5")),
    ("1e3", 1000),
    ("-1.5E-2", Decimal("-0.015")),
    ("500m", "500m"),
    ("256Mi", "256Mi"),
    ("25%", "25%"),
    ("1.2.3", "1.2.3"),
    ("2025-01-02", "2025-01-02"),
    ("12:30:45", "12:30:45"),
    (".inf", ".inf"),
    (".nan", ".nan"),
    ("'12'", "12"),
    ('"true"', "true"),
    ("'null'", "null"),
    ("!!str 12", "12"),
    ('!!int "12"', 12),
    ("! 12", "12"),
    ("9" * 2000, "9" * 2000),
    ("1e999999", "1e999999"),
    ("tRue", "tRue"),
    (".", "."),
]
DIFFERENT = [
    ("yes", "yes", True),
    ("On", "On", True),
    ("y", "y", True),
    ("NO", "NO", False),
    ("off", "off", False),
    ("010", 10, 8),
    ("0644", 644, 420),
    ("-010", -10, -8),
    ("089", 89, 89),
    ("0b101", "0b101", 5),
    ("1_000", "1_000", 1000),
]


def value(text: str, *, yaml_11: bool) -> object:
    (document,) = read_yaml_documents(f"a: {text}\n", "f.yaml", yaml_11=yaml_11)
    return plain(document.value)["a"]  # type: ignore[index]


@pytest.mark.parametrize(("text", "expected"), BOTH, ids=[case[0][:12] for case in BOTH])
def test_scalars_on_which_both_agree(text: str, expected: object) -> None:
    for yaml_11 in (False, True):
        found = value(text, yaml_11=yaml_11)
        assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(("text", "new", "old"), DIFFERENT, ids=[case[0] for case in DIFFERENT])
def test_scalars_on_which_they_differ(text: str, new: object, old: object) -> None:
    for yaml_11, expected in ((False, new), (True, old)):
        found = value(text, yaml_11=yaml_11)
        assert (found, type(found)) == (expected, type(expected))


def test_keys_are_text_as_written() -> None:
    (document,) = read_yaml_documents("on: 1\n8080: 2\nnull: 3\n'q': 4\n1.50: 5\n", "f.yaml", yaml_11=True)
    assert plain(document.value) == {"on": 1, "8080": 2, "null": 3, "q": 4, "1.50": 5}


def test_a_tag_of_the_application_is_not_known() -> None:
    (document,) = read_yaml_documents("a: !reset null\nb: !x {c: 1}\nd: 1\n", "f.yaml")
    assert plain(document.value) == {
        "a": ("the tag !reset is not supported",),
        "b": ("the tag !x is not supported",),
        "d": 1,
    }
