"""Exports of Azure Resource Graph: pages of `az graph query`, lists, rows as JSON lines, and the portal's tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from scanner.model.inventory import Level, Notification
from scanner.model.resource import Resource
from scanner.sources.azure.rows import RowReading
from scanner.sources.snapshot.files import Damaged, lines, unpacked
from scanner.sources.snapshot.forms import Form
from scanner.sources.snapshot.json_stream import MAX_ITEM, heads, items

_TOKENS: Final = ("skip_token", "skipToken", "$skipToken")
_TOTALS: Final = ("total_records", "totalRecords")


def read(path: Path, form: Form, reading: RowReading) -> Iterator[Resource | Notification]:
    """What an export says. It does not say which query it comes from, so that anything may be missing in it."""
    yield Notification(
        Level.WARNING, f"{path.name} is the result of a query: what that left out is not known", None, ("azure*",)
    )
    try:
        counted = _Counted(_rows(path, form))
        yield from reading.rows(path.name, counted)
        if form is Form.GRAPH_PAGES:
            yield from _missing(path, counted.count)
    except Damaged as error:
        yield Notification(Level.ERROR, f"{path.name} could not be read in full: {error}")


def _rows(path: Path, form: Form) -> Iterator[Any]:
    if form is Form.GRAPH_CSV:
        return _table(path)
    return items(path, "data" if form is Form.GRAPH_PAGES else None)


class _Counted:
    """Rows, and how many there were."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self.count += 1
            yield row


def _missing(path: Path, rows: int) -> Iterator[Notification]:
    """Whether pages are missing: the last one speaks of another, or there are fewer rows than it says."""
    further, total = False, 0
    for page in heads(path, (*_TOKENS, *_TOTALS)):
        further = any(page.get(name) for name in _TOKENS)
        total = max([total, *(page[name] for name in _TOTALS if isinstance(page.get(name), int))])
    if further or rows < total:
        of = f" of {total}" if total else ""
        yield Notification(
            Level.ERROR, f"{path.name} has {rows}{of} rows: pages are missing (az graph query --skip-token)"
        )


def _table(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a table, with what stands in them as JSON text. Raises Damaged."""
    csv.field_size_limit(MAX_ITEM)
    with unpacked(path) as file:
        texts = (line.decode("utf-8-sig", "replace") + "\n" for line in lines(file))
        try:
            for row in csv.DictReader(texts, strict=True):
                yield {str(name).strip(): _cell(text) for name, text in row.items() if name is not None}
        except csv.Error as error:
            raise Damaged(f"it is no table, or torn: {error}") from error


def _cell(text: Any) -> Any:
    """What a cell holds: JSON where it is some, nothing where it is empty."""
    if not isinstance(text, str) or not text or text == "null":
        return None
    if text[0] not in "{[":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Damaged("a cell holds malformed JSON") from error
