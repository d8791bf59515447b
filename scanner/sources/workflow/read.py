"""GitHub Actions: workflows and composite actions, with the short forms written out.

Source: docs.github.com, "Workflow syntax for GitHub Actions" and "Metadata syntax for GitHub Actions".
An expression (`${{ … }}`) is never evaluated: it stays the text that it is, and rules compare it as text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.secrets import announces_secret, has_credentials
from scanner.model.value import Reason, Value, fields_of, items_of, unknown
from scanner.sources.workflow.calls import Calls
from scanner.sources.workflow.inherit import inherited, merged, script

WORKFLOW: Final = "github_workflow"
ACTION: Final = "github_action"
_FILTERS: Final = frozenset(
    {"branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore", "types", "workflows"}
)
_EXPRESSION: Final = "${{"
_MAX_JOBS: Final = 1_000
_MAX_STEPS: Final = 1_000
"""Beyond this, what comes before a job or a step is not written out: that grows with the square."""

Jobs = Mapping[str, Value]


def kind_of(root: Value) -> str | None:
    """Whether a YAML document is a workflow or an action; None for anything else."""
    fields = fields_of(root)
    if "on" in fields and "jobs" in fields:
        return WORKFLOW
    if "using" in fields_of(fields.get("runs")):
        return ACTION
    return None


def read_github(documents: Sequence[tuple[str, Value]]) -> list[Resource]:
    """The workflows and actions among documents (path and value), each as a resource with its path as address.

    Written out are: `on` as a mapping of events, their filters as lists; and in every job `needs` as a list,
    `permissions` with what the workflow gives to all jobs, `environment` and `concurrency` as mappings,
    `permissions: write-all` as {all: write}. `env` of a job has the variables of the workflow, `env` of a step both.
    Added are in a job `all_needs` (names) and `waits_for` (the jobs themselves): what must succeed before it, also by
    way of other jobs; in a step `earlier`: the steps of its job before it, and `script`: its commands with written
    variables filled in. A job that calls a workflow of the same repository has its steps and services, a step that uses
    an action of it is followed by the action's; those of a workflow elsewhere are unknown. `values` lists what the file
    gives to `env`, `with` and `secrets` anywhere, as {name, value} by its place.
    Values that look like credentials are sensitive.
    """
    calls = Calls(documents)
    found = (_resource(root, path, calls) for path, root in documents)
    return [resource for resource in found if resource is not None]


def _resource(root: Value, path: str, calls: Calls) -> Resource | None:
    kind = kind_of(root)
    if kind is None:
        return None
    fields = dict(fields_of(root))
    values = Value(dict(_given(root)), root.location)
    if kind == WORKFLOW:
        fields["on"] = _events(fields["on"])
        fields.update(_masked(fields))
        if "permissions" in fields:
            fields["permissions"] = _permissions(fields["permissions"])
        fields["jobs"] = _jobs(calls.written_out(fields["jobs"], path), fields)
        if "concurrency" in fields:
            fields["concurrency"] = _named(fields["concurrency"], "group")
    else:
        fields["runs"] = _with_steps(fields["runs"])
    here = root.location or Location(path, 1)
    fields["path"] = Value(path, here)
    fields["values"] = values
    return Resource(kind, path, Value(fields, here, root.hops), here, Origin.MANIFEST)


def _events(written: Value) -> Value:
    """`on: push`, `on: [push]` and `on: {push: …}` as a mapping; an event without filters is {unfiltered: true}."""
    raw = written.raw
    if isinstance(raw, str):
        return _same(written, {raw: _unfiltered(written)})
    if isinstance(raw, tuple | list):
        return _same(written, {str(item.raw): _unfiltered(item) for item in raw})
    return _same(written, {name: _filters(event) for name, event in fields_of(written).items()})


def _filters(event: Value) -> Value:
    if event.raw is None or event.raw == {}:
        return _unfiltered(event)
    if not isinstance(event.raw, Mapping):
        return event
    return _same(event, {name: _list(item) if name in _FILTERS else item for name, item in event.raw.items()})


def _unfiltered(event: Value) -> Value:
    """An event that starts the workflow whatever it is about; nothing would count as absent."""
    return _same(event, {"unfiltered": Value(True, event.location)})


def _list(written: Value) -> Value:
    """One text as a list of it."""
    return _same(written, (written,)) if isinstance(written.raw, str) else written


def _named(written: Value, name: str) -> Value:
    """One text as the mapping that it is short for."""
    return _same(written, {name: written}) if isinstance(written.raw, str) else written


def _permissions(written: Value) -> Value:
    """`read-all` and `write-all` as {all: read} and {all: write}."""
    raw = written.raw
    if not isinstance(raw, str) or not raw.endswith("-all"):
        return written
    return _same(written, {"all": Value(raw.removesuffix("-all"), written.location)})


def _jobs(written: Value, workflow: Jobs) -> Value:
    jobs = {name: _job(job, workflow) for name, job in fields_of(written).items()}
    return _same(written, {name: _with_needed(name, job, jobs) for name, job in jobs.items()})


def _job(job: Value, workflow: Jobs) -> Value:
    if not isinstance(job.raw, Mapping):
        return job
    fields = {**job.raw, **_masked(job.raw)}
    fields["needs"] = _list(fields["needs"]) if "needs" in fields else Value((), job.location)
    for name, short_for in (("environment", "name"), ("concurrency", "group")):
        if name in fields:
            fields[name] = _named(fields[name], short_for)
    if "permissions" in fields:
        fields["permissions"] = _permissions(fields["permissions"])
    elif "permissions" in workflow:
        fields["permissions"] = inherited(workflow["permissions"], "permissions")
    if "env" in workflow:
        fields["env"] = merged(workflow["env"], fields.get("env"))
    return _with_steps(_same(job, fields))


def _with_needed(name: str, job: Value, jobs: Jobs) -> Value:
    """The job with every job that must succeed before it."""
    if not isinstance(job.raw, Mapping):
        return job
    place = job.raw["needs"].location
    found: dict[str, Value] = {}
    open_ = deque(items_of(job.raw.get("needs")))
    while open_ and len(found) <= _MAX_JOBS:
        needed = open_.popleft()
        if isinstance(needed.raw, str) and needed.raw not in found and needed.raw != name:
            found[needed.raw] = needed
            open_ += items_of(fields_of(jobs.get(needed.raw)).get("needs"))
    if open_:
        many = unknown(Reason.UNSUPPORTED, "the job needs too many others", location=place)
        return _same(job, {**job.raw, "all_needs": many, "waits_for": many})
    waits_for = Value(tuple(jobs[needed] for needed in found if needed in jobs), place)
    return _same(job, {**job.raw, "all_needs": Value(tuple(found.values()), place), "waits_for": waits_for})


def _with_steps(holder: Value) -> Value:
    """A job, or the `runs` of an action: every step with its credentials masked and the steps before it."""
    steps = fields_of(holder).get("steps")
    if steps is None or not isinstance(steps.raw, tuple | list):
        return holder
    given = None if "uses" in fields_of(holder) else fields_of(holder).get("env")
    made: list[Value] = []
    before: list[Value] = []  # without what is before them in turn: that would double with every step
    for step in steps.raw:
        fields = {**fields_of(step), **_masked(fields_of(step))}
        if given is not None:
            fields["env"] = merged(given, fields.get("env"))
        if "run" in fields:
            fields["script"] = script(fields["run"], fields.get("env"))
        whole = isinstance(step.raw, Mapping)
        made.append(_same(step, {**fields, "earlier": _earlier(before, step)}) if whole else step)
        before.append(_same(step, fields) if whole else step)
    return _same(holder, {**fields_of(holder), "steps": _same(steps, tuple(made))})


def _earlier(before: list[Value], step: Value) -> Value:
    if len(before) > _MAX_STEPS:
        return unknown(Reason.UNSUPPORTED, "the job has too many steps", location=step.location)
    return Value(tuple(before), step.location)


def _given(root: Value) -> Iterator[tuple[str, Value]]:
    """Every variable, input and handed-on secret that the file itself writes, as {name, value}, by where it is."""
    for where, holder in _holders(root):
        for key in ("env", "with", "secrets"):
            for name, value in fields_of(fields_of(holder).get(key)).items():
                item = {"name": Value(name, value.location), "value": _hidden(name, value)}
                yield f"{where}{key}.{name}", Value(item, value.location, value.hops)


def _holders(root: Value) -> Iterator[tuple[str, Value | None]]:
    """The workflow, its jobs and their steps, or the steps of an action."""
    yield "", root
    jobs = fields_of(fields_of(root).get("jobs"))
    parts = [(f"jobs.{name}.", job) for name, job in jobs.items()]
    yield from parts
    for where, part in [("runs.", fields_of(root).get("runs")), *parts]:
        for index, step in enumerate(items_of(fields_of(part).get("steps"))):
            yield f"{where}steps[{index}].", step


def _masked(holder: Jobs) -> dict[str, Value]:
    """The variables and inputs of a workflow, job or step, with literal credentials marked as sensitive."""
    found: dict[str, Value] = {}
    for key in ("env", "with"):
        given = holder.get(key)
        if given is not None and isinstance(given.raw, Mapping):
            found[key] = _same(given, {name: _hidden(name, value) for name, value in given.raw.items()})
    return found


def _hidden(name: str, value: Value) -> Value:
    text = value.raw
    if not isinstance(text, str) or _EXPRESSION in text:
        return value
    return value.with_(sensitive=announces_secret(name) or has_credentials(text))


def _same(value: Value, raw: tuple[Value, ...] | dict[str, Value]) -> Value:
    """Other data at the same place."""
    return Value(raw, value.location, value.hops, value.refs, value.sensitive)
