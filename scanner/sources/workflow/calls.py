"""Workflows that call workflows and actions of their own repository: the steps that really run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from scanner.model.value import Hop, Reason, Value, fields_of, items_of, unknown
from scanner.sources.workflow.inherit import merged

_MAX_DEPTH: Final = 10
_MAX_CALLS: Final = 10_000
"""How deeply calls are followed, and how often in one scan. GitHub itself allows ten levels of both kinds."""
_LOCAL: Final = "./"
_ACTION_FILES: Final = ("action.yml", "action.yaml")


class Calls:
    """Looks up what `uses` names among the documents that were read."""

    def __init__(self, documents: Sequence[tuple[str, Value]]) -> None:
        self._documents = dict(documents)
        self._left = _MAX_CALLS

    def written_out(self, jobs: Value, path: str) -> Value:
        """The jobs of the workflow at `path`, with the steps of what they call."""
        made = {name: self._job(job, path, 0) for name, job in fields_of(jobs).items()}
        return Value(made, jobs.location, jobs.hops)

    def _job(self, job: Value, path: str, depth: int) -> Value:
        called = fields_of(job).get("uses")
        if called is not None:
            fields = {**fields_of(job), "steps": self._called(called, path, depth)}
            services = self._services(called, path)
            return Value(fields if services is None else {**fields, "services": services}, job.location, job.hops)
        if "steps" in fields_of(job):
            written = fields_of(job)["steps"]
            inner = tuple(step for item in items_of(written) for step in self._step(item, path, depth))
            steps = Value(inner, written.location, written.hops) if isinstance(written.raw, tuple | list) else written
        else:
            return job
        return Value({**fields_of(job), "steps": steps}, job.location, job.hops)

    def _called(self, called: Value, path: str, depth: int) -> Value:
        """The steps of all jobs of the workflow that a job calls."""
        target = self._local(called, path)
        if target is None or self._too_deep(depth):
            detail = f"the steps of {called.raw} are in another repository or were not read"
            return unknown(Reason.MODULE, detail, location=called.location)
        workflow = fields_of(self._documents[target])
        steps: list[Value] = []
        for job in fields_of(workflow.get("jobs")).values():
            listed = fields_of(self._job(job, target, depth + 1)).get("steps")
            if listed is not None and listed.is_unknown:
                return listed
            steps += (_with_env(step, workflow, fields_of(job)) for step in items_of(listed))
        hop = Hop(f"uses {called.raw}", called.location)
        return Value(tuple(step.with_(hops=(hop,)) for step in steps), called.location)

    def _services(self, called: Value, path: str) -> Value | None:
        """The service containers of all jobs of the workflow that a job calls, None where it has none."""
        target = self._local(called, path)
        if target is None:
            detail = f"the services of {called.raw} are in another repository or were not read"
            return unknown(Reason.MODULE, detail, location=called.location)
        jobs = fields_of(fields_of(self._documents[target]).get("jobs")).values()
        services = {name: item for job in jobs for name, item in fields_of(fields_of(job).get("services")).items()}
        return Value(services, called.location, (Hop(f"uses {called.raw}", called.location),)) if services else None

    def _step(self, step: Value, path: str, depth: int) -> Iterator[Value]:
        """A step and, where it uses an action of this repository, those of the action."""
        yield step
        used = fields_of(step).get("uses")
        target = self._local(used, path) if used is not None else None
        if used is None or target is None:
            return
        if self._too_deep(depth):
            yield unknown(Reason.MODULE, f"{used.raw} calls too much", location=used.location)
            return
        hop = Hop(f"uses {used.raw}", used.location)
        for inner in items_of(fields_of(fields_of(self._documents[target]).get("runs")).get("steps")):
            if isinstance(inner.raw, Mapping):
                for found in self._step(inner, target, depth + 1):
                    yield found.with_(hops=(hop,))

    def _too_deep(self, depth: int) -> bool:
        self._left -= 1
        return depth > _MAX_DEPTH or self._left < 0

    def _local(self, used: Value, path: str) -> str | None:
        """The document that `uses: ./…` names; it starts at the root of the repository."""
        if not isinstance(used.raw, str) or not used.raw.startswith(_LOCAL):
            return None
        repository = path[: path.find(".github/")] if ".github/" in path else ""
        target = posixpath.normpath(posixpath.join(repository, used.raw))
        candidates = (target, *(posixpath.join(target, name) for name in _ACTION_FILES))
        return next((candidate for candidate in candidates if candidate in self._documents), None)


def _with_env(step: Value, *holders: Mapping[str, Value]) -> Value:
    """A step with the variables of its job and its workflow, outermost first."""
    env = fields_of(step).get("env")
    for holder in reversed(holders):
        if "env" in holder:
            env = merged(holder["env"], env)
    return step if env is None else Value({**fields_of(step), "env": env}, step.location, step.hops)
