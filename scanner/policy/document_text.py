"""A design document in Markdown as sections, each with a digest of its own text.

Only headings and digests leave this module: the text of a document is never kept.
"""

from __future__ import annotations

import hashlib
import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DIGEST_LENGTH: Final = 16


@dataclass(slots=True, frozen=True)
class DocumentSection:
    """A heading and what stands below it, up to the next heading of any level.

    heading  its text; where the document has the same heading twice, led by its parent's: `Stage 1 / Database`
    line     1-based; `digest` is of the text without regard to white space; `empty` where there is no text
    """

    heading: str
    line: int
    digest: str
    empty: bool


def sections_of(text: str) -> list[DocumentSection]:
    """The sections of a Markdown document, in order; headings inside code fences are none."""
    lines = text.splitlines()
    headings = _headings(text)
    titles = _unique([title for _, _, title in headings], [level for level, _, _ in headings])
    ends = [line for _, line, _ in headings[1:]] + [len(lines)]
    found = []
    for (_, start, _), title, end in zip(headings, titles, ends, strict=True):
        body = " ".join(" ".join(lines[start + 1 : end]).split())
        found.append(DocumentSection(title, start + 1, digest(body), not body.strip("-—*_ ")))
    return found


def digest(text: str) -> str:
    """The digest of a text, the same however it is wrapped and indented."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:DIGEST_LENGTH]


def _headings(text: str) -> list[tuple[int, int, str]]:
    """Level, 0-based line and text of every heading."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(text)
    found = []
    for token, inline in itertools.pairwise(tokens):
        if token.type == "heading_open" and token.map and token.level == 0:
            title = " ".join(unicodedata.normalize("NFC", inline.content).replace("*", "").split())
            found.append((int(token.tag[1:]), token.map[0], title))
    return found


def _unique(titles: Sequence[str], levels: Sequence[int]) -> list[str]:
    """The titles; those that occur more than once are led by the heading above them."""
    named = []
    for at, title in enumerate(titles):
        if titles.count(title) > 1:
            parent = next((titles[up] for up in range(at - 1, -1, -1) if levels[up] < levels[at]), None)
            named.append(f"{parent} / {title}" if parent else title)
        else:
            named.append(title)
    return named
