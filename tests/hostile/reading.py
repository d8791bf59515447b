"""Reads a directory as the scanner does, down to the last value."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scanner.model.inventory import Inventory, Level
from scanner.model.value import Unknown, Value
from scanner.sources.terraform import TerraformOptions, TerraformSource

PROCESSOR_SECONDS = 30
"""After which reading counts as hanging; far above what any case needs."""


class Hangs(BaseException):
    """Reading takes too long. No Exception, so that nothing on the way takes it for one of its own."""


@dataclass
class Reading:
    """What was read: the inventory, and every unknown value's detail by resource and attribute."""

    inventory: Inventory
    unknown: dict[str, str] = field(default_factory=dict)
    values: int = 0

    @property
    def errors(self) -> list[str]:
        """The notifications about what was lost, with their places."""
        return [f"{n.location}: {n.what}" for n in self.inventory.notifications if n.level is Level.ERROR]

    @property
    def addresses(self) -> list[str]:
        return [resource.address for resource in self.inventory.resources]

    def value(self, address: str, path: str) -> Value:
        resource = next(resource for resource in self.inventory.resources if resource.address == address)
        return resource.lookup(path)[0].value


def read(directory: Path, **options: object) -> Reading:
    """Collects the resources under a directory and evaluates all their attributes."""
    with hang_guard():
        source = TerraformSource([directory], TerraformOptions(**options), directory)  # type: ignore[arg-type]
        reading = Reading(source.collect())
        for resource in reading.inventory.resources:
            for path, value in parts(resource.attributes, resource.address):
                reading.values += 1
                if isinstance(value.raw, Unknown):
                    reading.unknown[path] = value.raw.detail
    return reading


def parts(value: Value, path: str) -> Iterator[tuple[str, Value]]:
    """A value and everything inside it, without recursion."""
    waiting = [(path, value)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        raw = value.raw
        if isinstance(raw, Mapping):
            waiting.extend((f"{path}.{key}", item) for key, item in raw.items())
        elif isinstance(raw, Sequence) and not isinstance(raw, str):
            waiting.extend((f"{path}[{number}]", item) for number, item in enumerate(raw))
        if value.decoded is not None:
            waiting.append((f"{path}~", value.decoded))


@contextmanager
def hang_guard() -> Iterator[None]:
    """Stops what needs too much of the processor, and what waits for something that never comes."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Hangs("still reading")

    before = {number: signal.signal(number, stop) for number in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, PROCESSOR_SECONDS)
    signal.alarm(PROCESSOR_SECONDS * 20)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def write(directory: Path, **files: str | bytes) -> Path:
    """Files by name (`main` for main.tf, `a__b` for a/b.tf) in a directory."""
    for name, content in files.items():
        path = directory / (name.replace("__", "/") + ".tf")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return directory
