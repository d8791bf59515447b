"""Files of AWS Config: configuration snapshots, results of advanced queries, lists of recorders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from scanner.model.inventory import Level, Notification
from scanner.model.resource import Resource
from scanner.sources.aws.recorded.items import Unusable
from scanner.sources.aws.recorded.reading import ConfigReading
from scanner.sources.snapshot.files import Damaged
from scanner.sources.snapshot.forms import Form
from scanner.sources.snapshot.json_stream import heads, items

NEEDED: Final = ("accountId", "awsRegion", "resourceType", "resourceId", "arn", "configuration")
ALSO: Final = ("configurationItemCaptureTime", "configurationItemStatus", "tags", "supplementaryConfiguration")
_KEY: Final = {Form.CONFIG: "configurationItems", Form.CONFIG_QUERY: "Results"}


def read(path: Path, form: Form, reading: ConfigReading) -> Iterator[Resource | Notification]:
    """What a file says; what it does not say is said by `reading.gaps` after the last one."""
    try:
        if form is Form.CONFIG_RECORDERS:
            yield from _recorders(path, reading)
        elif form is Form.CONFIG:
            yield from reading.items(path.name, items(path, _KEY[form]))
        else:
            yield from _query(path, reading)
    except Damaged as error:
        yield Notification(Level.ERROR, f"{path.name} could not be read in full: {error}")


def _recorders(path: Path, reading: ConfigReading) -> Iterator[Notification]:
    for data in items(path, "ConfigurationRecorders"):
        try:
            reading.coverage.add_recorders(data)
        except Unusable as error:
            yield Notification(Level.WARNING, f"{path.name}: {error}")


def _query(path: Path, reading: ConfigReading) -> Iterator[Resource | Notification]:
    """The rows of a result, where the query asked for whole configurations; one that chose some fields hides others."""
    fields, torn = _pages(path)
    lacking = [name for name in NEEDED if name not in fields]
    if lacking:
        what = f"the query of {path.name} left {', '.join(lacking)} out"
        yield Notification(Level.ERROR, f"{what}; SELECT {', '.join((*NEEDED, *ALSO))}")
        return
    if torn:
        yield Notification(Level.ERROR, f"the last page of {path.name} speaks of a further one: it is incomplete")
    yield Notification(
        Level.WARNING, f"{path.name} is the result of a query: what that left out is not known", None, ("aws_*",)
    )
    yield from reading.items(path.name, map(_row, items(path, _KEY[Form.CONFIG_QUERY])))


def _row(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None


def _pages(path: Path) -> tuple[frozenset[str], bool]:
    """The fields that every page was asked for, and whether a page is missing after the last one."""
    pages = list(heads(path, ("QueryInfo", "NextToken")))
    asked = [frozenset(_fields(page.get("QueryInfo"))) for page in pages]
    further = bool(pages) and bool(pages[-1].get("NextToken"))
    return frozenset.intersection(*asked) if asked else frozenset(), further


def _fields(info: Any) -> Iterator[str]:
    fields = info.get("SelectFields") if isinstance(info, dict) else None
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, dict) and isinstance(field.get("Name"), str):
            yield field["Name"]
