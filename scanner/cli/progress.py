"""Progress of long work, on standard error of a terminal only, and gone when the work is done."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final

from scanner.model.progress import Phase

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE: Final = 1.0
"""Seconds that people wait without wondering: shorter work says nothing, and pays nothing for it."""
_REFRESH: Final = 0.1


class Shown:
    """A `Progress` for the terminal; a context manager, so that nothing of it is left behind."""

    def __init__(self, language: str, *, wanted: bool = True) -> None:
        self._language = language
        self._wanted = wanted and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._next = time.monotonic() + _PATIENCE
        self._bar: Bar | None = None
        self._tasks: dict[Phase, TaskID] = {}

    def __enter__(self) -> Shown:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, phase: Phase, done: int, total: int | None = None) -> None:
        """Shows where the work is, at most ten times a second."""
        if not self._wanted or (now := time.monotonic()) < self._next:
            return
        self._next = now + _REFRESH
        bar = self._bar = self._bar or _begun()
        if phase not in self._tasks:
            for task in self._tasks.values():
                bar.update(task, visible=False)
            self._tasks[phase] = bar.add_task(self._words(phase), total=total)
        bar.update(self._tasks[phase], completed=done, total=total)
        bar.refresh()

    def _words(self, phase: Phase) -> str:
        from scanner.reports.messages import say

        return say(f"progress.{phase.value}", self._language)


def _begun() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn())
    console = Console(stderr=True, no_color="NO_COLOR" in os.environ)
    bar = Progress(*columns, TimeElapsedColumn(), console=console, transient=True, auto_refresh=False)
    bar.start()
    return bar
