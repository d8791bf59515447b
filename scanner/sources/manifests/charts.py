"""Files that are templates rather than manifests: those of Helm charts, and what looks like them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname
from typing import Final

from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.sources.manifests.files import Files

_BRACES: Final = re.compile(r"\{\{|\{%")
_BARE: Final = re.compile(r"^[ \t]*(?:-[ \t]+)*(?:[\w.\-/]+:[ \t]+)?\{[{%]", re.MULTILINE)
_OWN_BRACES: Final = re.compile(r"\$\{\{")


def is_template(text: str) -> bool:
    """Whether a text has the braces of a template language (`{{ … }}`, `{% … %}`); `${{ … }}` is a workflow's."""
    return _BRACES.search(_OWN_BRACES.sub("", text)) is not None


def is_rendered_first(text: str) -> bool:
    """Whether braces stand where YAML itself would read them: at the start of a line or of a value."""
    return _BARE.search(text) is not None


class Charts:
    """The templates of Helm charts that were found; one notification for each chart speaks of them all."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._charts: dict[str, str | None] = {}
        self._found: dict[str, list[str]] = {}
        self._hides: dict[str, dict[str, None]] = {}

    def contains(self, path: str) -> bool:
        """Whether a file lies below the templates of a chart."""
        return self._chart_of(dirname(path)) is not None

    def add(self, path: str, hides: tuple[str, ...]) -> None:
        """Records a template that was left out, and what it may hold."""
        chart = self._chart_of(dirname(path)) or ""
        self._found.setdefault(chart, []).append(path)
        self._hides.setdefault(chart, {}).update(dict.fromkeys(hides))

    def notifications(self) -> Iterator[Notification]:
        """What was left out, chart by chart."""
        for chart, paths in self._found.items():
            number = f"{len(paths)} templates" if len(paths) > 1 else "a template"
            what = f"the chart has {number}, which must be rendered: helm template {chart or '.'} | asbuilt scan -"
            yield Notification(Level.ERROR, what, Location(paths[0], 1), tuple(self._hides[chart]))

    def _chart_of(self, directory: str) -> str | None:
        """The chart whose templates a directory belongs to."""
        if directory not in self._charts:
            parent, _, name = directory.rpartition("/")
            self._charts[directory] = self._chart_of(parent) if parent else None
            if name == "templates" and (self._files.base / parent / "Chart.yaml").is_file():
                self._charts[directory] = parent
        return self._charts[directory]
