"""JSON: places, bounds, errors."""

from __future__ import annotations

from decimal import Decimal

import pytest
from placed_values import places, plain

from scanner.documents.document import DocumentError, Limits
from scanner.documents.json import read_json


def test_places_and_values() -> None:
    text = '\ufeff{\n  "a": [1, 2.50, true],\r\n  "b": {"c": null, "d": "가\\n"}\n}\n'
    document = read_json(text, "f.json")
    assert plain(document.value) == {"a": [1, Decimal("2.5"), True], "b": {"c": None, "d": "가\n"}}
    assert places(document.value) == {
        "": "1:1-4:2",
        "a": "2:3-2:23",
        "a[0]": "2:9-2:10",
        "a[1]": "2:12-2:16",
        "a[2]": "2:18-2:22",
        "b": "3:3-3:31",
        "b.c": "3:9-3:18",
        "b.d": "3:20-3:30",
    }
    assert str(document.location) == "f.json:2:3"


WRONG = [
    ("", "f.json:1:1: not valid JSON: a value is missing"),
    ('{"a": 1,}', "f.json:1:8: not valid JSON: a comma before }"),
    ('{"a": 1 "b": 2}', "f.json:1:9: not valid JSON: a comma or } is missing"),
    ('{"a": 1, "a": 2}', "f.json:1:10: not valid JSON: the key 'a' is given twice"),
    ("{a: 1}", "f.json:1:2: not valid JSON: a string is missing or not closed"),
    ('{"a": 01}', "f.json:1:8: not valid JSON: a comma or } is missing"),
    ('{"a": NaN}', "f.json:1:7: not valid JSON: a value is missing"),
    ('{"a": 1e99999}', "f.json:1:7: not valid JSON: the number is too large"),
    ("1\n2", "f.json:2:1: not valid JSON: unexpected text after the end"),
    ('"\\u12"', "f.json:1:1: not valid JSON: an escape sequence is wrong"),
    ("[" * 200, "f.json:1:102: not valid JSON: nested too deeply"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[case[1][8:] for case in WRONG])
def test_broken_json(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_json(text, "f.json")
    assert str(caught.value) == message


def test_limits() -> None:
    with pytest.raises(DocumentError, match="larger than 10 characters"):
        read_json("[1, 2, 3, 4]", "f.json", limits=Limits(size=10))
    with pytest.raises(DocumentError, match=r"f\.json:1:11: not valid JSON: there are too many values"):
        read_json("[1, 2, 3, 4]", "f.json", limits=Limits(nodes=4))
