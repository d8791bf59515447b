"""Runs commands as child processes and measures them: wall-clock time and peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_UNIT = 1024 if sys.platform == "darwin" else 1
"""How many units of ru_maxrss make a KiB: it counts bytes on macOS."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one command."""

    seconds: float
    processor: float
    peak_kib: int
    exit_code: int


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, where, and which exit codes mean that it did its work."""

    arguments: Sequence[str]
    directory: Path
    accepted: frozenset[int] = frozenset({0, 1})
    environment: Mapping[str, str] | None = None
    before: Callable[[], object] | None = None
    """What happens before each run, outside of the measurement."""


@dataclass(frozen=True, slots=True)
class Result:
    """The runs of one command."""

    samples: tuple[Sample, ...]

    @property
    def seconds(self) -> float:
        """The median time."""
        return statistics.median(sample.seconds for sample in self.samples)

    @property
    def processor(self) -> float:
        """The median time of all processors together; it suffers less from what else the machine does."""
        return statistics.median(sample.processor for sample in self.samples)

    @property
    def peak_mib(self) -> float:
        """The median peak memory."""
        return statistics.median(sample.peak_kib for sample in self.samples) / 1024


class Failed(Exception):
    """A command that did not do its work; the message is the last line that it wrote."""


def run(command: Command) -> Sample:
    """Runs a command once. Raises Failed where its exit code is not accepted."""
    environment = {**os.environ, **(command.environment or {})}
    if command.before is not None:
        command.before()
    started = time.perf_counter()
    process = subprocess.Popen(
        command.arguments,
        cwd=command.directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.accepted:
        raise Failed(f"exit code {process.returncode}: {last_line(command)}")
    return Sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // _UNIT, process.returncode)


def last_line(command: Command) -> str:
    """The last line on standard error of another run, to say why a command fails."""
    environment = {**os.environ, **(command.environment or {})}
    done = subprocess.run(
        command.arguments, cwd=command.directory, env=environment, capture_output=True, text=True, check=False
    )
    lines = (done.stderr or done.stdout).strip().splitlines()
    return lines[-1][:200] if lines else "no message"


def side_by_side(commands: Mapping[str, Command], rounds: int) -> dict[str, Result | Failed]:
    """Runs the commands in turn, A B C A B C, after one unmeasured run of each, so that all meet the same machine."""
    samples: dict[str, list[Sample]] = {name: [] for name in commands}
    failed: dict[str, Failed] = {}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            if name in failed:
                continue
            try:
                sample = run(command)
            except (Failed, OSError) as error:
                failed[name] = error if isinstance(error, Failed) else Failed(str(error.strerror))
                continue
            if turn:
                samples[name].append(sample)
    return {name: failed.get(name) or Result(tuple(taken)) for name, taken in samples.items()}
