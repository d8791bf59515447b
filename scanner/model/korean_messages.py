"""Korean for finished English messages: errors, hints and notifications, which the code writes in English alone.

A message is recognised by the template that it was made from (the files korean_*.txt), and what was
filled in is put into the Korean template. What no template fits stays as it is: words of other programs, names.
Only loaded where somebody reads Korean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from scanner.model.korean import with_particle

FILES: Final = ("korean_messages.txt", "korean_parts.txt", "korean_click.txt")
UNCHANGED: Final = "="
"""In place of a Korean text: a command, which is the same in every language."""
_HOLE: Final = "{}"
_FILLED: Final = re.compile(r"\{(\d)(?::([가-힣]+))?\}")
_LONGEST: Final = 20_000
_DEPTH: Final = 4
_JOINTS: Final = (": ", "; ", " (")
_MOST_JOINTS: Final = 2


@dataclass(frozen=True, slots=True)
class Template:
    """An English text in the pieces between what is filled in, and the Korean one with `{0}` or `{0:은}`."""

    pieces: tuple[str, ...]
    korean: str

    @property
    def literal(self) -> int:
        """How many characters have to be equal: the more, the surer."""
        return sum(map(len, self.pieces))

    def match(self, text: str) -> list[str] | None:
        """What was filled in, the shortest that fits from the left; None where it is another text. Linear in time."""
        first, last = self.pieces[0], self.pieces[-1]
        if len(self.pieces) == 1:
            return [] if text == first else None
        if len(text) < self.literal or not text.startswith(first) or not text.endswith(last):
            return None
        filled, start, end = [], len(first), len(text) - len(last)
        for piece in self.pieces[1:-1]:
            found = text.find(piece, start, end)
            if found < 0:
                return None
            filled.append(text[start:found])
            start = found + len(piece)
        return [*filled, text[start:end]]


def read_templates(text: str) -> dict[str, str]:
    """The entries of a file: English line, Korean line; `#` begins a comment. Raises ValueError for half an entry."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return {english: english if korean == UNCHANGED else korean for english, korean in pairs}


@cache
def _templates() -> dict[str, list[Template]]:
    """All templates by their first letter, else by `…` and their last, those with the longest literal text first."""
    entries: dict[str, str] = {}
    for name in FILES:
        entries |= read_templates(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    made = [Template(tuple(english.split(_HOLE)), _numbered(korean)) for english, korean in entries.items()]
    found: dict[str, list[Template]] = {}
    for template in sorted(made, key=lambda template: -template.literal):
        found.setdefault(template.pieces[0][:1] or f"…{template.pieces[-1][-1:]}", []).append(template)
    return found


def _numbered(korean: str) -> str:
    """A command has its holes in the order of the English text."""
    numbers = iter(range(korean.count(_HOLE)))
    return re.sub(re.escape(_HOLE), lambda _: f"{{{next(numbers)}}}", korean)


@lru_cache(maxsize=4096)
def korean(message: str) -> str:
    """The message in Korean; as it is where it is not known. Never fails, whatever names the message holds."""
    if len(message) > _LONGEST:
        return message
    return "\n".join(_translated(line, _DEPTH)[1] for line in message.split("\n"))


def _translated(text: str, depth: int) -> tuple[int, str]:
    """How much of a text was recognised, and the text in Korean. What is filled in may be a message itself."""
    if depth <= 0 or not text or text.isspace():
        return 0, text
    best, said = _whole(text, depth)
    for joint, end in _joints(text):
        left, right = _whole(text[:end], depth - 1), _translated(text[end + len(joint) :], depth - 2)
        if left[0] + right[0] > best:
            best, said = left[0] + right[0], f"{left[1]}{joint}{right[1]}"
    return best, said


def _joints(text: str) -> Iterator[tuple[str, int]]:
    """Where sentences may be joined; the first of each kind."""
    for joint in _JOINTS:
        end = text.find(joint)
        for _ in range(_MOST_JOINTS):
            if end >= 0:
                yield joint, end
                end = text.find(joint, end + len(joint))


def _whole(text: str, depth: int) -> tuple[int, str]:
    """As one message."""
    if not text:
        return 0, text
    candidates = (_templates().get(key, []) for key in (text[0], f"…{text[-1]}", "…"))
    matches = [pair for templates in candidates if (pair := _first(templates, text))]
    if not matches:
        return 0, text
    template, filled = max(matches, key=lambda pair: pair[0].literal)
    parts = [_translated(part, depth - 1) if " " in part else (0, part) for part in filled]
    score = template.literal + sum(known for known, _ in parts)
    return score, _put(template, [said for _, said in parts])


def _first(templates: list[Template], text: str) -> tuple[Template, list[str]] | None:
    """The first template that fits, and what is filled in."""
    return next(((item, filled) for item in templates if (filled := item.match(text)) is not None), None)


def _put(template: Template, words: list[str]) -> str:
    """The Korean text with the words and the particles that fit them."""

    def word(match: re.Match[str]) -> str:
        filled = words[int(match[1])]
        return with_particle(filled, match[2]) if match[2] else filled

    return _FILLED.sub(word, template.korean)
