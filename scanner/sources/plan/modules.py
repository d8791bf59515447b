"""The module trees of states (`root_module`, `child_modules`), read resource by resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.documents.stream import JsonStream


def module_resources(stream: JsonStream) -> Iterator[tuple[tuple[int, int], Any]]:
    """Every resource of the `values` that come next, with its place. Raises Damaged."""
    for key in stream.members():
        if key == "root_module":
            yield from _module(stream)
        else:
            stream.skip()


def _module(stream: JsonStream) -> Iterator[tuple[tuple[int, int], Any]]:
    for key in stream.members():
        if key == "resources":
            for _ in stream.elements():
                yield stream.place(), stream.value()
        elif key == "child_modules":
            for _ in stream.elements():
                yield from _module(stream)
        else:
            stream.skip()
