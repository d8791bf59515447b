"""Changes of texts, and the edits that reports carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.fixes.change import Change, applied, edits_between, touched_lines
from scanner.fixes.files import SourceText
from scanner.fixes.obstacle import NoFix
from scanner.model.location import Location

LINES = st.lists(st.sampled_from(["a = 1", "", "  bc = false  # 한글", "}", "x\r", "\ty"]), max_size=8)


def made(source: SourceText, new: str) -> str:
    """What the edits between two texts make of the first, applied from behind as SARIF viewers do."""
    text = source.text
    for edit in reversed(edits_between(source, new)):
        start, end = source.span(edit.location)
        text = text[:start] + edit.replacement + text[end:]
    return text


@given(LINES, LINES, st.booleans(), st.booleans())
def test_the_edits_between_two_texts_make_one_of_the_other(old, new, old_ends, new_ends):
    before = "\n".join(old) + ("\n" if old_ends else "")
    after = "\n".join(new) + ("\n" if new_ends else "")
    assert made(SourceText("a.tf", before.encode()), after) == after


def test_an_edit_replaces_whole_words():
    (edit,) = edits_between(SourceText("a.tf", b"multi_az = false\nb = 1\n"), "multi_az = true\nb = 1\n")
    assert (edit.location, edit.replacement) == (Location("a.tf", 1, 12, 1, 17), "true")


def test_edits_of_several_lines_are_apart():
    edits = edits_between(SourceText("a.tf", b"a = 1\nb = 2\nc = 3\n"), "a = 9\nb = 2\nc = 8\n")
    assert [(edit.location.line, edit.replacement) for edit in edits] == [(1, "9"), (3, "8")]


def test_changes_are_applied_together_whatever_their_order():
    changes = [Change("a", 4, 5, "9"), Change("a", 0, 0, "# top\n", "top"), Change("a", 4, 5, "9")]
    assert applied("a = 1\n", changes) == applied("a = 1\n", reversed(changes)) == "# top\na = 9\n"
    touched = touched_lines("a = 1\n", changes)
    assert (touched.made, touched.grown, touched.cut) == ({0}, {1: 0}, set())


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        (Change("a", 4, 5, "1"), Change("a", 4, 5, "1"), False),
        (Change("a", 4, 5, "1"), Change("a", 4, 5, "2"), True),
        (Change("a", 4, 5, "1"), Change("b", 4, 5, "2"), False),
        (Change("a", 4, 4, "x = 1\n", "x"), Change("a", 4, 4, "x = 2\n", "x"), True),
        (Change("a", 4, 4, "x = 1\n", "x"), Change("a", 4, 4, "y = 2\n", "y"), False),
        (Change("a", 4, 4, "x = 1\n", "x"), Change("a", 2, 9, ""), True),
        (Change("a", 4, 4, "x = 1\n", "x"), Change("a", 4, 9, ""), False),
    ],
)
def test_what_contradicts_what(one, other, contradict):
    assert one.contradicts(other) is other.contradicts(one) is contradict


def test_a_place_that_is_not_there_is_no_place():
    source = SourceText("a.tf", "\ufeffa = 1\n".encode())
    assert source.span(Location("a.tf", 1, 1, 1, 6)) == (0, 5)
    assert source.encoded("b = 1\n") == "\ufeffb = 1\n".encode()
    for place in (Location("a.tf", 9, 1, 9, 2), Location("a.tf", 1, 50, 1, 60)):
        with pytest.raises(NoFix):
            source.span(place)
