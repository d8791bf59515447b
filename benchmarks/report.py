"""The benchmark page: what was measured, on what class of machine, with which versions and which command."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.measure import Failed, Result


@dataclass(frozen=True, slots=True)
class Budget:
    """A promise about a section: what was measured, and the figure that it must not exceed or must reach."""

    what: str
    measured: float
    limit: float
    at_least: bool = False

    def __str__(self) -> str:
        met = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        word = "at least" if self.at_least else "at most"
        return f"{'met' if met else '**missed**'}: {self.what}: {self.measured:,.2f}, {word} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Table:
    """A section of the page: side-by-side results, and the command that the others are compared with."""

    title: str
    note: str
    results: Mapping[str, Result | Failed]
    reference: str
    detail: Mapping[str, str]
    budgets: Sequence[Budget] = ()


def ratio(results: Mapping[str, Result | Failed], over: str, under: str) -> float | None:
    """How many times as long one command takes as another, None where one of them did not run."""
    first, second = results.get(over), results.get(under)
    return first.seconds / second.seconds if isinstance(first, Result) and isinstance(second, Result) else None


def page(command: str, versions: Mapping[str, str], tables: Iterable[Table]) -> str:
    """The whole page as Markdown."""
    lines = [
        "# Benchmarks",
        "",
        "Whole processes, run in turn (A B C A B C …) after one unmeasured run of each; medians.",
        "The ratios are the result; the seconds only say what kind of machine it was.",
        "",
        f"Made by `{command}` on {machine()}, with " + ", ".join(f"{k} {v}" for k, v in versions.items()) + ".",
    ]
    for table in tables:
        lines += ["", f"## {table.title}", "", table.note, "", *rows(table)]
        lines += ["", *(f"* Budget {budget}" for budget in table.budgets)] if table.budgets else []
    return "\n".join(lines) + "\n"


def machine() -> str:
    """The class of machine: cores, memory, architecture, system; nothing that identifies it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores} cores, {memory:.0f} GiB of memory, {platform.machine()}, {platform.system()}"


def rows(table: Table) -> list[str]:
    """One line a command, with its ratio to the reference."""
    out = ["| command | time | ratio | processor time | peak memory | |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    reference = table.results.get(table.reference)
    base = reference.seconds if isinstance(reference, Result) else None
    for name, result in table.results.items():
        detail = table.detail.get(name, "")
        if isinstance(result, Failed):
            out.append(f"| {name} | – | – | – | – | did not run: {result} |")
            continue
        times = f"{result.seconds / base:.2f} x" if base else "–"
        cells = [name, seconds(result.seconds), times, seconds(result.processor), f"{result.peak_mib:.0f} MiB", detail]
        out.append(f"| {' | '.join(cells)} |")
    return out


def seconds(value: float) -> str:
    """Milliseconds below one second."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def growth(sizes: Sequence[tuple[int, int, Result]]) -> Table:
    """The section on growth from (resources, bytes of text, result), each size twice the one before."""
    first, last = sizes[0], sizes[-1]
    grown = (last[2].peak_mib - first[2].peak_mib) * 2**20 - (last[1] - first[1])
    each = grown / (last[0] - first[0])
    note = (
        f"Generated root modules with variables, locals and references. From {first[0]:,} to {last[0]:,} resources the "
        f"processor time grows {last[2].processor / first[2].processor:.1f} times."
    )
    results = {f"{count:,} resources": result for count, _, result in sizes}
    detail = {f"{count:,} resources": f"{size / 1e6:.1f} MB of text" for count, size, _ in sizes}
    steps = [after[2].processor / before[2].processor for before, after in pairwise(sizes)]
    budgets = [
        Budget("factor of processor time at the worst doubling", max(steps), 2.0),
        Budget("bytes of memory for each further resource beyond its text", each, 1024),
    ]
    return Table("Growth", note, results, f"{first[0]:,} resources", detail, budgets)
