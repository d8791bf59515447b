"""Baselines: one document's obligations for one environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.model.finding import Enforce, Kind
from scanner.model.location import Location
from scanner.model.resource_type import Facts
from scanner.model.rule import Rule, Severity, Text
from scanner.policy.cache import Cache, content_hash, default_directory
from scanner.policy.conditions import Condition
from scanner.policy.data import directory, shown
from scanner.policy.library import Library, decode
from scanner.policy.params import Param
from scanner.policy.wording import nearest


@dataclass(slots=True, frozen=True)
class Document:
    """The design document that a baseline encodes."""

    title: str
    original_title: str
    version: str
    date: str

    def __str__(self) -> str:
        return f"{self.title} {self.version}".strip()


@dataclass(slots=True, frozen=True)
class Alternative:
    """One way to find a component; everything in it must hold.

    patterns     attribute path -> accepted texts (`*` and `?`, or `/regular expression/`)
    attached_to  components that refer to the resource; `refers_to` components that it refers to
    """

    patterns: Mapping[str, tuple[str, ...]]
    attached_to: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    where: Condition | None = None


@dataclass(slots=True, frozen=True)
class Component:
    """A part of the system that the document names, and how to find it in code."""

    name: str
    title: Text
    types: tuple[str, ...]
    many: bool
    where: Condition
    alternatives: tuple[Alternative, ...]
    location: Location


@dataclass(slots=True, frozen=True)
class Selection:
    """`select:` of a requirement: resources by type and condition instead of a component."""

    types: tuple[str, ...]
    where: Condition


@dataclass(slots=True, frozen=True)
class Requirement:
    """One obligation. Exactly one of `policy`, `assertion` is set for kind static and live.

    components  the components it binds; each must hold. Empty with `selection` or for the whole inventory
    arguments   what the policy is given, with `${input}` still in it
    metrics     for kind metric: what is measured and must hold, as data (scanner.policy.measures)
    max_age     for kind attest: the number of days that a sign-off holds at most
    """

    id: str
    section: str
    title: Text
    severity: Severity
    category: str
    kind: Kind
    enforce: Enforce
    basis: str
    stage: str | None
    replaces: tuple[str, ...]
    components: tuple[str, ...]
    selection: Selection | None
    expects_some: bool
    policy: str | None
    arguments: Mapping[str, Any]
    assertion: Condition | None
    why: Text | None
    remediation: Text | None
    location: Location
    metrics: Sequence[Mapping[str, Any]] = ()
    max_age: int | None = None


@dataclass(slots=True, frozen=True)
class Baseline:
    """A checked baseline with the policies that it uses at hand in `library`."""

    id: str
    document: Document
    scope: Mapping[str, Any]
    stage: str | None
    stages: tuple[str, ...]
    inputs: Mapping[str, Param]
    components: Mapping[str, Component]
    requirements: tuple[Requirement, ...]
    file: str
    library: Library = field(repr=False)

    def rules(self) -> Iterator[Rule]:
        """What reports say about each requirement."""
        for requirement in self.requirements:
            yield self.rule(requirement)

    def rule(self, requirement: Requirement) -> Rule:
        """What reports say about one requirement; where it says nothing itself its policy or its assertion speaks."""
        from scanner.policy.instructions import instruction

        policy = self.library.policy(requirement.policy) if requirement.policy else None
        remediation = requirement.remediation or (policy.remediation if policy else None)
        return Rule(
            requirement.id,
            requirement.title,
            requirement.severity,
            requirement.category,
            requirement.why or (policy.description if policy else requirement.title),
            remediation or instruction(requirement.assertion, requirement.title),
            requirement.policy,
            self.id,
            requirement.section,
            str(self.document),
            policy.related if policy else (),
            {"stage": requirement.stage or "", "basis": requirement.basis, "kind": requirement.kind.value},
        )


def load_baseline(name_or_path: str | Path, library: Library, facts: Facts, *, cache: bool = True) -> Baseline:
    """A baseline of this installation by name, or a file by its path.

    Raises UsageError where there is none, DefinitionError with file, line, column and key for what is wrong in it.
    """
    from scanner.policy.stored import stored

    file = _file(name_or_path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    kept = Cache(default_directory() if cache else None, f"baseline-{file.stem}")
    name = shown(file)
    key = f"{file.stem}:{content_hash(data)}"
    known = kept.restored(key, lambda entry: _unchanged(entry, name, library))
    if known is not None:
        return known

    from scanner.policy.read_baseline import read_baseline

    baseline = read_baseline(decode(data, name), name, library, facts)
    used = sorted({requirement.policy for requirement in baseline.requirements if requirement.policy})
    kept.put(
        file.stem,
        key,
        {"baseline": stored(baseline), "policies": _interfaces(library, dict.fromkeys(used))},
    )
    kept.save()
    library.keep()
    return baseline


def _unchanged(entry: Any, name: str, library: Library) -> Baseline | None:
    """The stored baseline, unless a policy that it was checked against has other parameters or types by now."""
    from scanner.policy.stored import load_stored

    if entry["policies"] != _interfaces(library, entry["policies"]):
        return None
    return load_stored(entry["baseline"], name, library)


def _interfaces(library: Library, ids: Mapping[str, Any]) -> dict[str, str]:
    """What the check of a baseline depended on in each policy: if it is unchanged, the check still holds."""
    known = [id_ for id_ in ids if id_ in library.ids()]
    interfaces: dict[str, str] = {}
    for id_ in known:
        policy = library.policy(id_)
        interfaces[id_] = content_hash(repr((sorted(policy.params.items()), policy.types)).encode())
    return interfaces


def _file(name_or_path: str | Path) -> Path:
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith((".yaml", ".yml")) or "/" in text:
        path = Path(text)
        if not path.is_file():
            raise UsageError(f"there is no baseline file {text}")
        return path
    place = directory("baselines")
    path = place / f"{text}.yaml"
    if not path.is_file():
        raise UsageError(f"there is no baseline {text}", hint=nearest(text, baseline_names()))
    return path


def baseline_names() -> list[str]:
    """The baselines of this installation."""
    place = directory("baselines")
    return sorted(file.stem for file in place.glob("*.yaml")) if place.is_dir() else []
