"""Which form a stored file has, by what is in it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Final

from scanner.model.resource import Origin
from scanner.sources.snapshot.files import Damaged, lines, unpacked
from scanner.sources.snapshot.header import KEY
from scanner.sources.snapshot.json_stream import top_keys


class Form(Enum):
    """The forms of files that can be read as snapshots."""

    OWN = "snapshot"
    CONFIG = "configuration snapshot of AWS Config"
    CONFIG_QUERY = "query result of AWS Config"
    CONFIG_RECORDERS = "list of the recorders of AWS Config"
    GRAPH_PAGES = "query result of Azure Resource Graph"
    GRAPH_LIST = "list of Azure Resource Graph"
    GRAPH_ROWS = "rows of Azure Resource Graph"
    GRAPH_CSV = "table of Azure Resource Graph"

    @property
    def system(self) -> Origin | None:
        """The system that it tells about; a snapshot of our own says that itself."""
        if self is Form.OWN:
            return None
        return Origin.AWS if self.name.startswith("CONFIG") else Origin.AZURE


_KEYS: Final = (
    (Form.CONFIG, {"configurationItems"}),
    (Form.CONFIG_QUERY, {"Results"}),
    (Form.CONFIG_RECORDERS, {"ConfigurationRecorders"}),
    (Form.GRAPH_PAGES, {"data"}),
    (Form.GRAPH_ROWS, {"id", "type"}),
)
_ROW: Final = {"id", "type"}


def form_of(path: Path) -> Form:
    """The form of a file; one that is not recognised is taken for a snapshot, whose reader says what is wrong.

    Raises SourceError where it cannot be opened.
    """
    kind, keys = top_keys(path)
    if kind == "map" and KEY not in keys:
        return next((form for form, own in _KEYS if own <= keys), Form.OWN)
    if kind == "array" and keys >= _ROW:
        return Form.GRAPH_LIST
    return Form.GRAPH_CSV if not kind and _is_table(path) else Form.OWN


def _is_table(path: Path) -> bool:
    with unpacked(path) as file:
        try:
            first = next(lines(file), b"").decode("utf-8-sig", "replace")
        except Damaged:
            return False
    return {name.strip(' "').lower() for name in first.split(",")} >= _ROW
