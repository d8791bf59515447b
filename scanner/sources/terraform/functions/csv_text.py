"""CSV as Go reads it (RFC 4180): strict about quotes and about the number of columns."""

from __future__ import annotations

import re

from scanner.model.value import Raw, Value
from scanner.sources.terraform.functions.base import Function, FunctionError, pure, text
from scanner.sources.terraform.kinds import STRING, ListItems

_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=,|\r?\n|\r?$)')
_PLAIN = re.compile(r'[^",\n]*')


def parse_csv(source: str) -> list[list[str]]:
    """The rows, the header first. Raises FunctionError for text that is no CSV, or has rows of unequal length."""
    rows: list[list[str]] = []
    position = 0
    while position < len(source):
        if source.startswith(("\n", "\r\n"), position):  # empty lines are no rows
            position += 1 if source[position] == "\n" else 2
            continue
        row, position = _row(source, position)
        if rows and len(row) != len(rows[0]):
            raise FunctionError(f"a row has {len(row)} columns, the header {len(rows[0])}")
        rows.append(row)
    if not rows:
        raise FunctionError("the header line is missing")
    return rows


def _row(source: str, position: int) -> tuple[list[str], int]:
    row: list[str] = []
    while True:
        quoted = source.startswith('"', position)
        match = (_QUOTED if quoted else _PLAIN).match(source, position)
        if match is None:
            raise FunctionError("a quoted field is not closed")
        position = match.end()
        field = match[1].replace('""', '"').replace("\r\n", "\n") if quoted else match[0]
        if source.startswith("\r\n", position):
            position += 1
        if not quoted and (position == len(source) or source[position] == "\n"):
            field = field.removesuffix("\r")
        row.append(field)
        if position == len(source):
            return row, position
        if source[position] == "\n":
            return row, position + 1
        if source[position] != ",":
            raise FunctionError("a quote stands within a plain field")
        position += 1


def _csvdecode(source: str) -> Raw:
    header, *rows = parse_csv(source)
    if len(set(header)) < len(header):
        raise FunctionError("two columns have the same name")
    names = [text(name) for name in header]
    return ListItems(Value({name: Value(text(cell)) for name, cell in zip(names, row, strict=True)}) for row in rows)


FUNCTIONS = (Function("csvdecode", pure(_csvdecode), (STRING,)),)
