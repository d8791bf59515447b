"""Threads that read piece after piece, with bounds on what is begun and on what waits for the consumer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeAlias

from scanner.sources.aws.unit import Found

Work: TypeAlias = Callable[[], Iterator[Found]]
"""A piece of reading; nothing is called, and nothing opened, before it is iterated."""

_MOST_WAITING: Final = 1000
"""How many results wait for the consumer at most: this bounds the memory."""
_PATIENCE: Final = 0.1
"""How often, in seconds, a waiting thread looks whether anybody still wants its results."""


def run(works: Iterator[Work], workers: int) -> Iterator[Found]:
    """What the pieces find, as it comes; so many of them at a time, begun in their order.

    The pieces are asked for while earlier ones are read, never many ahead. A consumer that stops early stops the
    threads too. Raises what a piece raised: an error of the program, or a configuration that makes no sense.
    """
    belt = _Belt(workers)
    with ThreadPoolExecutor(workers + 1, "aws") as threads:
        futures = [threads.submit(belt.feed, works), *(threads.submit(belt.read) for _ in range(workers))]
        for future in futures:
            future.add_done_callback(belt.ended)
        try:
            yield from belt.results(len(futures))
        finally:
            belt.stopped.set()


@dataclass(frozen=True, slots=True)
class _End:
    """A thread has ended, by an error or with its work."""

    error: BaseException | None


class _Belt:
    """Pieces on their way to the threads, and results on their way to the consumer."""

    def __init__(self, workers: int) -> None:
        self.stopped = threading.Event()
        self._workers = workers
        self._works: queue.Queue[Work | None] = queue.Queue(workers)
        self._found: queue.SimpleQueue[Found | _End] = queue.SimpleQueue()
        self._room = threading.Semaphore(_MOST_WAITING)

    def feed(self, works: Iterator[Work]) -> None:
        """Hands out the pieces, and says to each thread when there are no more."""
        for work in works:
            if not self._hand_out(work):
                return
        for _ in range(self._workers):
            self._hand_out(None)

    def _hand_out(self, work: Work | None) -> bool:
        while not self.stopped.is_set():
            try:
                self._works.put(work, timeout=_PATIENCE)
            except queue.Full:
                continue
            return True
        return False

    def read(self) -> None:
        """Reads pieces until there are no more, or nobody wants their results any more."""
        while not self.stopped.is_set():
            try:
                work = self._works.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            if work is None:
                return
            for found in work():
                if not self._deliver(found):
                    return

    def _deliver(self, found: Found) -> bool:
        while not self.stopped.is_set():
            if self._room.acquire(timeout=_PATIENCE):
                self._found.put(found)
                return True
        return False

    def ended(self, future: Future[None]) -> None:
        """Takes note of the end of a thread's work."""
        self._found.put(_End(None if future.cancelled() else future.exception()))

    def results(self, threads: int) -> Iterator[Found]:
        """Everything until so many threads have ended. Raises what ended one, if that was an error."""
        while threads:
            found = self._found.get()
            if not isinstance(found, _End):
                self._room.release()
                yield found
                continue
            threads -= 1
            if found.error is not None:
                raise found.error
