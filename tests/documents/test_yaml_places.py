"""Every value of a YAML document has the exact place of what wrote it."""

from __future__ import annotations

from placed_values import places, plain, span

from scanner.documents.yaml import read_yaml_documents
from scanner.model.path import lookup
from scanner.model.value import Value


def read(text: str) -> Value:
    (document,) = read_yaml_documents(text, "f.yaml")
    return document.value


def elements(value: Value) -> tuple[Value, ...]:
    assert isinstance(value.raw, tuple)
    return value.raw


def test_an_entry_reaches_from_its_key_to_the_end_of_its_value() -> None:
    text = "# first\na:   1   # why\nbb:\n  c: [x, {d: 'y'}]\n  e:\n\n  # after\nf: \"g\"\n"
    assert places(read(text)) == {
        "": "2:1-8:7",
        "a": "2:1-2:7",
        "bb": "3:1-5:5",
        "bb.c": "4:3-4:19",
        "bb.c[0]": "4:7-4:8",
        "bb.c[1]": "4:10-4:18",
        "bb.c[1].d": "4:11-4:17",
        "bb.e": "5:3-5:5",
        "f": "8:1-8:7",
    }


def test_elements_of_block_lists() -> None:
    text = "- a\n-   b: 1\n    c: 2\n\n-\n  - d\n"
    assert places(read(text)) == {
        "": "1:1-6:6",
        "[0]": "1:3-1:4",
        "[1]": "2:5-3:9",
        "[1].b": "2:5-2:9",
        "[1].c": "3:5-3:9",
        "[2]": "6:3-6:6",
        "[2][0]": "6:5-6:6",
    }


def test_block_scalars_end_with_their_last_line() -> None:
    text = "a: |\n  one\n  two\n\n\nb: >-\n  three\nc: |\nd: 1\n"
    value = read(text)
    assert plain(value) == {"a": "one\ntwo\n", "b": "three", "c": "", "d": 1}
    assert places(value) == {"": "1:1-9:5", "a": "1:1-3:6", "b": "6:1-7:8", "c": "8:1-8:5", "d": "9:1-9:5"}


def test_plain_scalars_of_several_lines() -> None:
    value = read("a: one\n  two\nb: 'x\n  y'\n")
    assert plain(value) == {"a": "one two", "b": "x y"}
    assert places(value) == {"": "1:1-4:5", "a": "1:1-2:6", "b": "3:1-4:5"}


def test_documents_of_a_stream() -> None:
    documents = read_yaml_documents("---\na: 1\n---\n---\n# nothing\n...\n---\n- b\n", "f.yaml")
    assert [plain(document.value) for document in documents] == [{"a": 1}, None, None, ["b"]]
    assert (span(documents[0].location), span(documents[-1].location)) == ("2:1-2:5", "8:1-8:4")


def test_characters_are_counted_not_bytes() -> None:
    assert places(read("가: '나다'\nb: 🙂 # x\n")) == {"": "1:1-2:5", "가": "1:1-1:8", "b": "2:1-2:5"}


def test_byte_order_mark_and_line_ends() -> None:
    expected = {"": "1:1-3:7", "a": "1:1-1:5", "b": "2:1-3:7", "b.c": "3:3-3:7"}
    for text in ("a: 1\nb:\n  c: 2\n", "a: 1\r\nb:\r\n  c: 2\r\n", "a: 1\rb:\r  c: 2\r", "\ufeffa: 1\nb:\n  c: 2"):
        assert places(read(text)) == expected, text


def test_an_alias_keeps_the_place_of_its_anchor_and_names_itself() -> None:
    value = read("base: &b\n  x: 1\nuse: *b\nlist: [*b]\n")
    assert places(value)["use"] == places(value)["base"] == "1:1-2:7"
    assert isinstance(value.raw, dict)
    (hop,) = value.raw["use"].hops
    assert (hop.what, span(hop.location)) == ("*b", "3:1-3:8")
    (element,) = elements(value.raw["list"])
    (hop,) = element.hops
    assert (hop.what, span(hop.location)) == ("*b", "4:8-4:10")
    assert not value.raw["base"].hops


def test_merge_keys_bring_what_is_not_written() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd:\n  <<: {v: 4}\n"
    value = read(text)
    assert plain(value) == {
        "a": {"x": 1, "y": 1},
        "b": {"y": 2, "z": 2},
        "c": {"x": 3, "y": 1, "z": 2},
        "d": {"v": 4},
    }
    found = places(value)
    assert (found["c.x"], found["c.y"], found["c.z"]) == ("5:3-5:7", "1:14-1:18", "2:14-2:18")
    (merged,) = lookup(value, "c.y")
    assert [hop.what for hop in merged.value.hops] == ["*a"]


def test_an_anchor_may_be_given_again() -> None:
    assert plain(read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")) == {"a": 1, "b": 1, "c": 2, "d": 2}
