"""Small resources that a policy knows how to add beside the one that it judges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from scanner.fixes.change import Change
from scanner.fixes.files import Files
from scanner.fixes.hcl_tree import parsed
from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.model.rule import Text
from scanner.policy.evidence import Evidence

_HEADER: Final = re.compile(r'^resource\s+"([\w-]+)"\s+"([\w-]+)"\s*\{', re.MULTILINE)
_COUNT: Final = re.compile(rb"^\s*count\s*=", re.MULTILINE)
_FOR_EACH: Final = re.compile(rb"^\s*for_each\s*=", re.MULTILINE)


def companions(evidence: Sequence[Evidence], files: Files) -> tuple[Text, tuple[Change, ...]] | None:
    """The resource that a policy would add, where none of its kind refers to the one under test. Raises NoFix."""
    item = next((item for item in evidence if item.companion is not None), None)
    if item is None or len(evidence) > 1 or not _none_refers(item):
        return None
    resource = item.resource
    if resource is None or resource.location is None or item.companion is None:
        raise NoFix(Obstacle.PLACE)
    source = files.text(resource.location.path)
    if not source.path.endswith((".tf", ".tofu")):
        raise NoFix(Obstacle.DECISION)
    tree = parsed(source.text)
    start, _ = source.span(resource.location)
    block = tree.node_at(tree.byte(source.text, start), ("block",))
    header = _HEADER.match(source.text, start)
    if block is None or header is None or _COUNT.search(block.text or b""):
        raise NoFix(Obstacle.DECISION)
    text = _text(item.companion, f"{header[1]}.{header[2]}", header[2], each=bool(_FOR_EACH.search(block.text or b"")))
    made = _HEADER.match(text)
    if made is None or _is_taken(files, source.path, made):
        raise NoFix(Obstacle.DECISION)
    at = source.line_end(tree.char(block.end_byte) - 1)
    newline = source.newline
    lead = "" if source.text[at - 1 : at] == "\n" else newline
    piece = lead + newline + text.replace("\n", newline) + newline
    words = f"{made[1]}.{made[2]}"
    return Text(f"add {words}", f"{words} 추가"), (Change(source.path, at, at, piece, words),)


def _text(companion: str, address: str, label: str, *, each: bool) -> str:
    """The template filled in, one for each instance where there are several."""
    text = companion.strip().replace("${self}", "each.value" if each else address).replace("${label}", label)
    return text.replace("{\n", f"{{\n  for_each = {address}\n\n", 1) if each else text


def _none_refers(evidence: Evidence) -> bool:
    """Whether all that is wrong is that nothing refers to it: nothing is written that could be changed."""
    every = list(_all(evidence))
    links = [item for item in every if item.kind == "referenced_by"]
    unlinked = all(not item.parts and not item.figures.get("known") for item in links)
    return bool(links) and unlinked and not any(item.written for item in every)


def _all(evidence: Evidence) -> Iterator[Evidence]:
    yield evidence
    if evidence.kind == "any_of":
        for part in evidence.parts:
            yield from _all(part)


def _is_taken(files: Files, path: str, made: re.Match[str]) -> bool:
    """Whether the module has a resource of that name."""
    directory = (files.base / path).parent
    return (made[1], made[2]) in files.kept(directory, _names)


def _names(directory: Path) -> frozenset[tuple[str, str]]:
    return frozenset(
        (found[1], found[2])
        for file in directory.glob("*.t*f*")
        if file.name.endswith((".tf", ".tofu"))
        for found in _HEADER.finditer(file.read_text("utf-8", errors="replace"))
    )
