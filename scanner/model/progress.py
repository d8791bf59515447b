"""How long work says where it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Protocol, TypeVar

from scanner.model.finding import Finding

_Item = TypeVar("_Item")


class Phase(StrEnum):
    """What is being done."""

    READ = "read"
    CHECK = "check"


class Progress(Protocol):
    """Called as work goes on, often."""

    def __call__(self, phase: Phase, done: int, total: int | None = None) -> None:
        """`done` items of `total`, which is None where nobody knows it."""


def silent(phase: Phase, done: int, total: int | None = None) -> None:
    """Nobody listens."""


def rule_of(finding: Finding) -> str:
    """What several findings of one requirement have in common."""
    return finding.rule


def counted(
    items: Iterable[_Item],
    progress: Progress,
    phase: Phase,
    total: int | None = None,
    key: Callable[[_Item], object] = id,
) -> Iterator[_Item]:
    """The same items; says how many there were, where several with one `key` in a row are one."""
    progress(phase, 0, total)
    done, last = 0, object()
    for item in items:
        if (own := key(item)) != last:
            done, last = done + 1, own
            progress(phase, done, total)
        yield item
