"""Reading spread over the workers of a Dask cluster. Scheduling, retries and lost workers are Dask's own business.

A task reads a part of a system and answers with a snapshot of it, so that sensitive values are masked before they leave
the worker, and nothing but text travels. No credentials are sent: a worker reads with its own.
"""

from __future__ import annotations

import logging
import queue
import uuid
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from time import monotonic
from typing import Any, Final, TypeVar

from scanner import __version__
from scanner.errors import SourceError, UsageError
from scanner.model.inventory import Level, Notification
from scanner.model.resource import Resource
from scanner.sources.snapshot import Header
from scanner.sources.snapshot.read import Reading
from scanner.sources.snapshot.write import snapshot_lines

_Read = TypeVar("_Read")
_RETRIES: Final = 2
"""How often a task that raised is tried again; of lost workers Dask keeps count itself (allowed-failures)."""
_AHEAD: Final = 2
"""How many tasks are with the cluster for each of its threads: more would only pile up results."""
_FEWEST: Final = 4
_COUNT_EVERY: Final = 1.0
"""Seconds between two looks at how many threads the cluster has."""
_ENVIRONMENT: Final = "scheduler and workers need the same asbuilt[aws,distributed] as this machine"
_LOST: Final = "the connection to the scheduler was lost"
_CONNECT_SECONDS: Final = 10
PATIENCE_SECONDS: Final = 300.0
"""How long a cluster may be without any worker before what is left is given up."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a task has read: a compressed snapshot, and the tasks that it leads to."""

    snapshot: bytes
    then: tuple[Task, ...] = ()

    @classmethod
    def of(cls, source: str, found: Iterable[Resource | Notification], then: Iterable[Task] = ()) -> Part:
        """A part with what a source yields."""
        packer = zlib.compressobj(1)
        packed = [packer.compress(line + b"\n") for line in snapshot_lines(Header("", source), found)]
        return cls(b"".join([*packed, packer.flush()]), tuple(then))

    def lines(self) -> Iterator[bytes]:
        """The lines of the snapshot."""
        yield from zlib.decompress(self.snapshot).splitlines()


@dataclass(frozen=True, slots=True)
class Task:
    """A part to be read.

    name   what it reads, for people: account and region
    read   reads it, on a worker
    hides  the resource types that are not known where it fails; none: any
    """

    name: str
    read: Callable[[], Part]
    hides: tuple[str, ...] = ()

    def lost(self, why: str) -> Notification:
        """What to say where it failed for good."""
        return Notification(Level.ERROR, f"{self.name} was not read: {why}", None, self.hides)


def perform(read: Callable[[], _Read], version: str) -> _Read:
    """Reads; this runs on a worker. Raises OtherVersion where the worker has another asbuilt than the caller."""
    if version != __version__:
        raise OtherVersion(f"the worker has asbuilt {__version__}, the audit runs with {version}")
    return read()


class OtherVersion(Exception):
    """The worker could read something else than the caller means."""


class ClusterGone(Exception):
    """The scheduler does not answer any more."""


def spread(
    cluster: Dask, tasks: Iterable[Task], patience: float = PATIENCE_SECONDS
) -> Iterator[Resource | Notification]:
    """What the tasks read, in the order in which they end, with a bounded number of them under way.

    A task that fails for good is a notification; so is every task that is left when the cluster is gone.
    """
    yield from _Spreading(cluster, tasks, patience).results()


class _Spreading:
    def __init__(self, cluster: Dask, tasks: Iterable[Task], patience: float) -> None:
        self._cluster = cluster
        self._tasks = iter(tasks)
        self._patience = patience
        self._next: deque[Task] = deque()
        self._under_way: dict[int, Task] = {}
        self._reading = Reading("of the workers")

    def results(self) -> Iterator[Resource | Notification]:
        """Everything."""
        try:
            while self._fill():
                ended = self._cluster.ended(self._patience)
                if ended is not None:
                    yield from self._of(*ended)
                elif not self._cluster.room():
                    raise ClusterGone(f"the cluster has had no worker for {self._patience:.0f} s")
        except ClusterGone as error:
            for task in (*self._under_way.values(), *self._next):
                yield task.lost(str(error))
            yield from (task.lost(str(error)) for task in self._tasks)

    def _fill(self) -> bool:
        """Hands over as many tasks as there is room for; whether any is under way."""
        room = max(self._cluster.room(), _FEWEST) - len(self._under_way)
        for _ in range(room):
            self._next.extend(islice(self._tasks, 0 if self._next else 1))
            if not self._next:
                break
            task = self._next.popleft()
            self._under_way[id(task)] = task
            self._cluster.begin(task)
        return bool(self._under_way)

    def _of(self, task: Task, part: Part | str) -> Iterator[Resource | Notification]:
        del self._under_way[id(task)]
        if isinstance(part, str):
            yield task.lost(part)
            return
        self._next.extend(part.then)
        yield from self._reading.items(part.lines())


class Dask:
    """A Dask cluster, through its client (whose methods are annotated in part only, hence `Any`)."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._run = uuid.uuid4().hex[:8]
        self._tasks: dict[Any, Task] = {}
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._threads = 0
        self._counted = -_COUNT_EVERY

    def begin(self, task: Task) -> None:
        """Hands a task over. Raises ClusterGone."""
        self._check()
        key = f"asbuilt {task.name} {self._run}"
        future = self._client.submit(perform, task.read, __version__, key=key, pure=False, retries=_RETRIES)
        self._tasks[future] = task
        future.add_done_callback(self._done.put)

    def room(self) -> int:
        """How many tasks may be with the cluster at a time, 0 while it has no workers. Raises ClusterGone."""
        self._check()
        if monotonic() - self._counted > _COUNT_EVERY:
            try:
                self._threads = sum(self._client.nthreads().values())
            except OSError as error:
                raise ClusterGone(_LOST) from error
            self._counted = monotonic()
        return _AHEAD * self._threads

    def ended(self, seconds: float) -> tuple[Task, Part | str] | None:
        """A task that has ended, with what it read or why it could not; None where none did in time.

        The cluster forgets the result.
        """
        try:
            future = self._done.get(timeout=seconds)
        except queue.Empty:
            return None
        try:
            # Without raising: what a task raised may be of any type. A result lost with its worker is made anew.
            found = self._client.sync(
                partial(self._client.gather, [future], errors="skip", asynchronous=True), callback_timeout=seconds
            )
        except TimeoutError:
            self._done.put(future)
            return None
        except OSError as lost:
            raise ClusterGone(_LOST) from lost
        task = self._tasks.pop(future)
        if found:
            return task, found[0]
        error = future.exception() if future.status == "error" else None
        return task, _LOST if error is None else _reason(error)

    def answer(self, question: Callable[[], dict[str, str]]) -> dict[str, str]:
        """What a worker says to a question. Raises SourceError where no worker can answer it."""
        key = f"asbuilt question {self._run}"
        future = self._client.submit(perform, question, __version__, key=key, pure=False, retries=_RETRIES)
        try:
            error = future.exception(timeout=PATIENCE_SECONDS)
        except TimeoutError as late:
            raise SourceError(f"the cluster answers no question in {PATIENCE_SECONDS:.0f} s: has it workers?") from late
        if error is not None:
            hint = _ENVIRONMENT if isinstance(error, ImportError | OtherVersion) else None
            raise SourceError(f"the workers cannot read: {_reason(error)}", hint=hint)
        found: list[dict[str, str]] = self._client.gather([future], errors="skip")
        if not found:
            raise SourceError(_LOST)
        return found[0]

    def _check(self) -> None:
        if self._client.status != "running":
            raise ClusterGone(_LOST)


def _reason(error: BaseException) -> str:
    """One line, with the type where the text alone may say nothing."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


@contextmanager
def dask(scheduler: str) -> Iterator[Dask]:
    """The cluster of a scheduler (`tcp://host:8786`, `tls://…`).

    Raises UsageError where Dask is not installed, SourceError where nothing answers at the address.
    """
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--scheduler needs the package {error.name}", hint="pip install 'asbuilt[distributed]'"
        ) from error
    for name in ("distributed", "distributed.client"):  # its tracebacks say less than our report
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client: Any = distributed.Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SourceError(f"the scheduler {scheduler} does not answer: {_reason(error)}") from error
    with client:
        yield Dask(client)
