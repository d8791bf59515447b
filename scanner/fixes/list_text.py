"""Lists of words in a text (`[a, b]`, or one `- a` a line in YAML), and changes of their elements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scanner.fixes.change import Change
from scanner.fixes.files import SourceText
from scanner.fixes.obstacle import NoFix, Obstacle

_TOKEN: Final = re.compile(
    r'(?P<item>"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'|[^\s,\[\]{}()"\'#]+)|(?P<comma>,)|(?P<gap>\s+)'
    r"|(?P<comment>(?:#|//)[^\n]*)"
)
_DASHED: Final = re.compile(
    r"[ \t]*- +(?P<item>\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^\s#{\[&*!|>-][^\n#]*?)[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)"
)
_COMMA: Final = re.compile(r"\s*,")
_COMMENT: Final = re.compile(r"[ \t]*(?:#|//)[^\r\n]*")
_ALONE: Final = re.compile(r"\s*,?\s*(?:(?:#|//)[^\n]*)?\s*")


@dataclass(slots=True)
class ListText:
    """A list: the span of it, and those of its elements; `dashed` for one element a line, each behind a dash."""

    source: SourceText
    syntax: str
    start: int
    end: int
    items: list[tuple[int, int]]
    dashed: bool = False

    @classmethod
    def at(cls, source: SourceText, syntax: str, start: int, end: int) -> ListText:
        """The list at a span. Raises NoFix for what is no list of words."""
        if syntax == "yaml" and source.text[start : start + 2] == "- ":
            return cls(source, syntax, start, end, _dashed(source.text, start, end), True)
        return cls(source, syntax, start, end, _bracketed(source.text, start, end))

    @property
    def texts(self) -> list[str]:
        """The elements as written."""
        return [self.source.text[start:end] for start, end in self.items]

    @property
    def one_line(self) -> bool:
        """Whether it stands on one line."""
        return not self.dashed and "\n" not in self.source.text[self.start : self.end]

    def changes(self, dropped: Sequence[bool], added: Sequence[str]) -> list[Change]:
        """The changes that take elements away and put others at the end. Raises NoFix."""
        if self.one_line and (any(dropped) or not self.items):
            kept = [text for text, drop in zip(self.texts, dropped, strict=True) if not drop]
            return [Change(self.source.path, self.start, self.end, f"[{', '.join([*kept, *added])}]")]
        if not self.items or (added and dropped[-1]) or (self.syntax == "json" and dropped[-1]):
            raise NoFix(Obstacle.DECISION)
        lines = [self._line(item) for item, drop in zip(self.items, dropped, strict=True) if drop]
        return [*lines, *self._appended(added)]

    def _line(self, item: tuple[int, int]) -> Change:
        """The line of an element that has one to itself, taken out."""
        text = self.source.text
        start, end = self.source.line_start(item[0]), self.source.line_end(item[1])
        before, behind = text[start : item[0]].strip(), text[item[1] : end]
        if before != ("-" if self.dashed else "") or not _ALONE.fullmatch(behind):
            raise NoFix(Obstacle.DECISION)
        return Change(self.source.path, start, end, "")

    def _appended(self, added: Sequence[str]) -> list[Change]:
        """Further elements behind the last one, on lines of their own where that is how the list is written."""
        source, (first, last) = self.source, self.items[-1]
        if self.one_line:
            return [self._piece(last, f", {element}", number) for number, element in enumerate(added)]
        lead = source.newline + source.indent(first)
        if self.dashed:
            behind = len(source.text[: source.line_end(last)].rstrip("\r\n"))
            return [self._piece(behind, f"{lead}- {element}", number) for number, element in enumerate(added)]
        comma = _COMMA.match(source.text, last, self.end)
        comment = _COMMENT.match(source.text, comma.end() if comma else last, self.end)
        at = comment.end() if comment else comma.end() if comma else last
        pieces = [self._piece(at, f"{lead}{element},", number) for number, element in enumerate(added)]
        if comma or not pieces:
            return pieces
        *others, final = pieces
        final = self._piece(at, final.text.removesuffix(","), len(others))
        return [self._piece(last, ",", -1), *others, final]

    def _piece(self, at: int, text: str, number: int) -> Change:
        return Change(self.source.path, at, at, text, f"{number + 1:03}{text}")


def _bracketed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if text[start : start + 1] != "[" or text[end - 1 : end] != "]":
        raise NoFix(Obstacle.EXPRESSION)
    found: list[tuple[int, int]] = []
    at, wanted = start + 1, True
    while at < end - 1:
        match = _TOKEN.match(text, at, end - 1)
        if match is None or (match.lastgroup == "item" and not wanted):
            raise NoFix(Obstacle.EXPRESSION)
        if match.lastgroup == "item":
            found.append(match.span())
        wanted = match.lastgroup == "comma" or (wanted and match.lastgroup != "item")
        at = match.end()
    return found


def _dashed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = text.rfind("\n", 0, start) + 1
    if text[at:start].strip():
        raise NoFix(Obstacle.EXPRESSION)
    while at < end:
        match = _DASHED.match(text, at)
        if match is None:
            raise NoFix(Obstacle.EXPRESSION)
        found.append(match.span("item"))
        at = match.end()
    return found
