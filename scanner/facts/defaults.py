"""Provider defaults: what is in force where code is silent.

The data is a table with tab-separated columns, one default a line, sorted by type and path:

    type    path without indexes    value in JSON    condition    source

The condition is empty where the default always holds. `in block` means that it holds only where the enclosing block
is written; `name=value` that the attribute of that name has this value (an empty value: is not written). The name is
a path from the resource's top; within the block that the default is about, the same block is meant. Several conditions
are joined by `, `; of several lines for one path the first whose conditions hold counts. The source is the page of the
provider's documentation, or the file of its source where the page is silent or out of date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scanner.model.path import as_text, lookup
from scanner.model.resource_type import Default
from scanner.model.value import Value

_INDEX = re.compile(r"\[[^\]]*\]")
IN_BLOCK = "in block"


_OTHER_NAMES: Final = {
    "aws_alb": "aws_lb",
    "aws_alb_listener": "aws_lb_listener",
    "aws_alb_listener_rule": "aws_lb_listener_rule",
    "aws_alb_target_group": "aws_lb_target_group",
}
"""Types that the provider knows by two names, and the one that the table uses."""


@dataclass(slots=True, frozen=True)
class Row:
    """One line of the table."""

    default: Default
    conditions: tuple[str, ...]


class DefaultTable:
    """The defaults of one provider, read when the first one is asked for; none where there is no such file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: dict[tuple[str, str], list[str]] | None = None
        self._rows: dict[tuple[str, str], list[Row]] = {}

    def lines(self) -> dict[tuple[str, str], list[str]]:
        """What is written after type and path, by these two."""
        if self._lines is None:
            self._lines = {}
            text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
            for line in text.splitlines():
                if line and not line.startswith("#"):
                    type_, path, rest = line.split("\t", 2)
                    self._lines.setdefault((type_, path), []).append(rest)
        return self._lines

    def get(self, type_: str, path: str, resource: Value | None) -> Default | None:
        """The default at a path (indexes are ignored) of a resource with these attributes, if one surely holds."""
        key = (_OTHER_NAMES.get(type_, type_), _INDEX.sub("", path))
        if key not in self._rows:
            self._rows[key] = [_row(rest) for rest in self.lines().get(key, ())]
        for row in self._rows[key]:
            holds = _hold(row.conditions, path, resource)
            if holds is None:
                return None
            if holds:
                return row.default
        return None


def _row(text: str) -> Row:
    value, condition, source = text.split("\t")
    return Row(Default(json.loads(value), source), tuple(condition.split(", ")) if condition else ())


def _hold(conditions: Sequence[str], path: str, resource: Value | None) -> bool | None:
    """Whether all conditions hold; None where that cannot be decided."""
    if not conditions:
        return True
    if resource is None:
        return None
    for condition in conditions:
        holds = _block_written(path, resource) if condition == IN_BLOCK else _equals(condition, path, resource)
        if not holds:
            return holds
    return True


def _block_written(path: str, resource: Value) -> bool | None:
    found = [item.value for item in lookup(resource, path.rpartition(".")[0])]
    if any(value.is_unknown for value in found):
        return None
    return bool(found) and not any(value.is_absent for value in found)


def _equals(condition: str, path: str, resource: Value) -> bool | None:
    name, _, wanted = condition.partition("=")
    enclosing = path.rpartition(".")[0]
    plain = _INDEX.sub("", enclosing)
    if plain and name.startswith(plain + "."):
        name = enclosing + name[len(plain) :]
    decided: bool | None = True
    for found in lookup(resource, name):
        if found.value.is_unknown:
            decided = None
        elif (as_text(found.value) or "").lower() != wanted if not found.value.is_absent else wanted:
            return False
    return decided
