"""Lays out text for a terminal: wrapping by display width (Korean characters take two cells), indents, colour."""

from __future__ import annotations

from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from scanner.reports.escape import visible
from scanner.reports.excerpt import Excerpt

_ELLIPSIS = "…"
_TAB = "    "


class Canvas:
    """Collects lines; `text()` gives them as one string.

    Everything that is put on it is escaped, so that scanned names cannot control the terminal.
    """

    def __init__(self, width: int, *, color: bool) -> None:
        self.width = max(width, 40)
        self._console = Console(
            file=StringIO(),
            width=self.width,
            color_system="standard" if color else None,
            force_terminal=color,
            no_color=not color,
            highlight=False,
            emoji=False,
            markup=False,
            legacy_windows=False,
            _environ={},
        )
        self._lines: list[Text] = []

    def blank(self) -> None:
        """An empty line, never two in a row."""
        if self._lines and self._lines[-1].plain:
            self._lines.append(Text())

    def line(self, *parts: tuple[str, str], indent: int = 0, wrap: bool = True) -> None:
        """Parts of (text, style) one after the other, wrapped with a hanging `indent`; paths are better not wrapped."""
        text = Text()
        for content, style in parts:
            text.append(visible(content), style)
        margin = " " * indent
        if not wrap or indent + text.cell_len <= self.width:
            self._lines.append(Text(margin).append_text(text))
            return
        for piece in text.wrap(self._console, self.width - indent):
            piece.rstrip()
            self._lines.append(Text(margin).append_text(piece))

    def labelled(
        self,
        label: str,
        content: str,
        *,
        indent: int,
        column: int,
        style: str = "",
        label_style: str = "dim",
        wrap: bool = True,
    ) -> None:
        """A label, and wrapped text that hangs `column` cells to the right of it."""
        start = len(self._lines)
        self.line((content, style), indent=indent + column, wrap=wrap)
        first = self._lines[start]
        head = Text(" " * indent).append(set_cell_size(visible(label), column), label_style)
        self._lines[start] = head.append_text(first[indent + column :])

    def excerpt(self, excerpt: Excerpt, *, indent: int, style: str) -> None:
        """A line of code with its number, and the span underlined; a long line is cut around the span."""
        number = str(excerpt.line)
        room = self.width - indent - len(number) - 5
        before, span, after = _fit(excerpt, room)
        gutter = " " * indent + " " * len(number)
        code = Text(" " * indent).append(f"{number} | ", "dim").append(before).append(span, style).append(after)
        mark = "^" * max(1, cell_len(span))
        self._lines.append(code)
        self._lines.append(Text(f"{gutter} | ", "dim").append(" " * cell_len(before)).append(mark, style))

    def text(self) -> str:
        """Everything, each line without trailing spaces."""
        with self._console.capture() as capture:
            for line in self._lines:
                line.rstrip()
                self._console.print(line, soft_wrap=True)
        return capture.get()


def _fit(excerpt: Excerpt, room: int) -> tuple[str, str, str]:
    """The text before, in and after the span, without common indentation, cut to `room` cells."""
    before, span, after = (
        visible(part.replace("\t", _TAB))
        for part in (
            excerpt.text[: excerpt.start],
            excerpt.text[excerpt.start : excerpt.end],
            excerpt.text[excerpt.end :],
        )
    )
    if cell_len(before) > room // 2:
        keep = before[-(room // 4) :]
        before = _ELLIPSIS + keep
    left = max(4, room - cell_len(before))
    span = _crop(span, left)
    after = _crop(after, left - cell_len(span)) if left > cell_len(span) else ""
    return before, span, after


def _crop(text: str, cells: int) -> str:
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1).rstrip() + _ELLIPSIS
