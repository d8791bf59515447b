"""Waivers in comments of scanned files: `# asbuilt:waive ID reason="…" until=2026-12-31`, and Checkov's own.

In Terraform a comment speaks of the top-level block (or attribute of a variable file) that it stands in, directly
above or at the end of; in YAML of its document; elsewhere of its file. JSON has no comments.
Checkov's form is `checkov:skip=ID:reason`, inside a block ("Suppressing and skipping policies" in its documentation).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from scanner.documents.edited import read_bytes
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.model.waiver import Waiver, WaiverKind

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_BYTES: Final = 20_000_000
_MARKS: Final = (b"asbuilt:waive", b"checkov:skip=")
_OURS: Final = re.compile(r"asbuilt:waive\b[ \t]*(?P<rest>.*)")
_THEIRS: Final = re.compile(r"checkov:skip=(?P<id>[\w.-]+)(?::(?P<reason>.*))?")
_WORD: Final = re.compile(r'\s*(?:(?P<key>[a-z]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>\S*))|(?P<id>[\w.-]+))')
_KEYS: Final = frozenset({"reason", "until", "owner", "resource"})
_LINES: Final = re.compile(r"#[^\n]*|//[^\n]*")
_DOCUMENT: Final = re.compile(r"^---(?:\s|$)")
_HCL: Final = (".tf", ".tofu", ".tfvars")
_YAML: Final = (".yaml", ".yml")
_HELP: Final = 'write it as: # asbuilt:waive ID reason="why" until=YYYY-MM-DD'


class _Comment(NamedTuple):
    """A comment, the line that it stands on, and the first and last line of what it speaks of."""

    text: str
    line: int
    column: int
    lines: tuple[int, int]


def written_waivers(base: Path, files: Iterable[str]) -> tuple[list[Waiver], list[Notification]]:
    """The waivers in files (paths as locations name them), and what is no waiver though it looks like one."""
    waivers: list[Waiver] = []
    notes: list[Notification] = []
    for path in files:
        for comment in _comments(base / path, path):
            _read(comment, path, waivers, notes)
    return waivers, notes


def _comments(file: Path, path: str) -> Iterator[_Comment]:
    try:
        if file.stat().st_size > _MAX_BYTES:
            return
        data = read_bytes(file)
    except OSError:
        return  # that it cannot be read is for the source to say
    if not any(mark in data for mark in _MARKS):
        return
    if path.endswith(_HCL):
        yield from _in_terraform(data)
    else:
        yield from _in_text(data.decode("utf-8", "replace"), documents=path.endswith(_YAML))


def _in_terraform(data: bytes) -> Iterator[_Comment]:
    from scanner.sources.terraform.text import parse_tree

    root = parse_tree(data)
    parts = _parts(root)
    for node in _found(root, "comment"):
        text = (node.text or b"").decode("utf-8", "replace")
        line = node.start_point.row + 1
        for number, one in enumerate(text.split("\n")):
            if "asbuilt:waive" in one or "checkov:skip=" in one:
                yield _Comment(one, line + number, node.start_point.column + 1, _part_of(node, parts))


def _parts(root: Node) -> list[tuple[int, int]]:
    """First and last line of every block and attribute on the top level."""
    bodies = [child for child in root.children if child.type == "body"]
    return [
        (part.start_point.row + 1, part.end_point.row + 1)
        for body in bodies
        for part in body.children
        if part.type in ("block", "attribute")
    ]


def _found(node: Node, kind: str) -> Iterator[Node]:
    if node.type == kind:
        yield node
    for child in node.children:
        yield from _found(child, kind)


def _part_of(comment: Node, parts: list[tuple[int, int]]) -> tuple[int, int]:
    """What a comment stands in or at the end of, else what begins below it; at least its own line."""
    first, last = comment.start_point.row + 1, comment.end_point.row + 1
    for start, end in parts:
        if start <= first <= end:
            return start, end
    below = [part for part in parts if part[0] > last]
    return (first, below[0][1]) if below else (first, last)


def _in_text(text: str, *, documents: bool) -> Iterator[_Comment]:
    lines = text.split("\n")
    cuts = [number for number, line in enumerate(lines, 1) if documents and _DOCUMENT.match(line)]
    for number, line in enumerate(lines, 1):
        match = _LINES.search(line)
        if match and any(mark.decode() in match[0] for mark in _MARKS):
            first = max((cut for cut in cuts if cut <= number), default=1)
            last = min((cut - 1 for cut in cuts if cut > number), default=len(lines))
            yield _Comment(match[0], number, match.start() + 1, (first, last))


def _read(comment: _Comment, path: str, waivers: list[Waiver], notes: list[Notification]) -> None:
    place = Location(path, comment.line, comment.column)
    if theirs := _THEIRS.search(comment.text):
        reason = (theirs["reason"] or "").strip() or "no reason given"
        waivers.append(Waiver(theirs["id"], reason, WaiverKind.CHECKOV, place, lines=comment.lines))
    if ours := _OURS.search(comment.text):
        made = _waiver(ours["rest"].removesuffix("*/"), place, comment.lines)
        if isinstance(made, Waiver):
            waivers.append(made)
        else:
            notes.append(Notification(Level.WARNING, f"this waiver does not count: {made}; {_HELP}", place))


def _waiver(text: str, place: Location, lines: tuple[int, int]) -> Waiver | str:
    """The waiver, or what is wrong with it."""
    ids, given, at = [], {}, 0
    text = text.rstrip()
    while at < len(text):
        word = _WORD.match(text, at)
        if word is None:
            return f"{text[at:].strip()!r} makes no sense"
        at = word.end()
        if word["id"]:
            ids.append(word["id"])
        elif word["key"] not in _KEYS:
            return f"there is no {word['key']}"
        else:
            given[word["key"]] = word["quoted"] if word["quoted"] is not None else word["bare"]
    if len(ids) != 1:
        return "it needs the id of one requirement or policy"
    return _made(ids[0], given, place, lines)


def _made(id_: str, given: dict[str, str], place: Location, lines: tuple[int, int]) -> Waiver | str:
    if not given.get("reason", "").strip():
        return "the reason is missing"
    try:
        until = date.fromisoformat(given.get("until", ""))
    except ValueError:
        return "until must be a day"
    return Waiver(
        id_, given["reason"], WaiverKind.INLINE, place, given.get("owner", ""), until, given.get("resource", ""),
        lines=lines,
    )  # fmt: skip
