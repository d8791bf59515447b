"""Whatever is written as YAML or JSON reads back, and the text at every place reads back to the value there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from placed_values import cut, plain

from scanner.documents import scalars
from scanner.documents.document import DocumentError
from scanner.documents.json import read_json
from scanner.documents.yaml import read_yaml_documents
from scanner.model.value import Value

QUICK = settings(deadline=None, derandomize=True, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029")
# PyYAML writes as YAML 1.1: what only 1.2 takes for a number it leaves without quotes.
TEXTS = st.text(st.one_of(CHARACTERS, st.sampled_from("\n :#-'\"{}[]|>&*!?,")), max_size=12).filter(
    lambda text: not text or scalars.core(text) == text
)
KEYS = TEXTS.filter(lambda text: "\n" not in text)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.decimals(-1000, 1000, places=2), TEXTS)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=25,
)


def writable(data: Any) -> Any:
    """With floats in place of decimals, for the writers."""
    if isinstance(data, dict):
        return {key: writable(item) for key, item in data.items()}
    if isinstance(data, list):
        return [writable(item) for item in data]
    return data if data is None or isinstance(data, bool | int | str) else float(data)


class Writer(yaml.SafeDumper):
    """Writes everything out, without anchors."""

    ignore_aliases = staticmethod(lambda _: True)  # type: ignore[assignment]


@given(TREES, st.sampled_from([True, False, None]), st.sampled_from([2, 4]), st.sampled_from([20, 80, 1000]))
@QUICK
def test_yaml(data: Any, flow: bool | None, indent: int, width: int) -> None:
    text = yaml.dump(
        writable(data), Dumper=Writer, default_flow_style=flow, indent=indent, width=width, allow_unicode=True
    )
    (document,) = read_yaml_documents(text, "f.yaml")
    assert plain(document.value) == data
    check_yaml_places(text, document.value)


def check_yaml_places(text: str, value: Value) -> None:
    raw = value.raw
    items = raw.items() if isinstance(raw, Mapping) else enumerate(raw) if isinstance(raw, tuple) else ()
    for key, item in items:
        assert item.location is not None
        piece = cut(text, item.location)
        wanted = {key: plain(item)} if isinstance(raw, Mapping) else plain(item)
        assert wanted in readings(piece, isinstance(raw, Mapping)), piece
        check_yaml_places(text, item)


def readings(piece: str, entry: bool) -> list[object]:
    """What a piece of a document says on its own: as it stands, inside brackets, and as `? key`."""
    found: list[object] = []
    bracketed = f"{{{piece}\n}}" if entry else f"[{piece}\n]"
    margin = len(piece) - len(piece.lstrip(" "))
    explicit = f"{piece[: margin - 2]}? {piece[margin:]}" if margin > 1 else piece
    for text in (piece, bracketed, explicit, f"{{? {piece}\n}}"):
        with suppress(DocumentError):
            for document in read_yaml_documents(text, "piece.yaml"):
                data = plain(document.value)
                found += data if text == bracketed and isinstance(data, list) else [data]
    return found


@given(TREES, st.sampled_from([None, 1, 4]), st.booleans())
@QUICK
def test_json(data: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(writable(data), indent=indent, ensure_ascii=ascii_only)
    document = read_json(text, "f.json")
    assert plain(document.value) == data
    check_json_places(text, document.value)


def check_json_places(text: str, value: Value) -> None:
    raw = value.raw
    items = raw.items() if isinstance(raw, Mapping) else enumerate(raw) if isinstance(raw, tuple) else ()
    for key, item in items:
        assert item.location is not None
        piece = cut(text, item.location).strip()
        again = read_json(f"{{{piece}}}" if isinstance(raw, Mapping) else piece, "piece.json").value
        assert plain(again) == ({key: plain(item)} if isinstance(raw, Mapping) else plain(item))
        check_json_places(text, item)


@given(TREES)
@QUICK
def test_json_is_yaml(data: Any) -> None:
    text = json.dumps(writable(data), indent=2, ensure_ascii=False)
    (document,) = read_yaml_documents(text, "f.yaml")
    assert plain(document.value) == plain(read_json(text, "f.yaml").value)
