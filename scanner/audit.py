"""The pipeline of `asbuilt audit` and `asbuilt collect`: what really runs, against the same baselines as the code.

Prints nothing, knows no command line. What runs is read directly or from snapshots; both give the same verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from scanner.errors import SourceError, UsageError
from scanner.facts import load_facts
from scanner.model.finding import Finding
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.long_lived import long_lived_objects
from scanner.model.progress import Phase, Progress, counted, rule_of, silent
from scanner.model.report import Report
from scanner.model.resource import Origin, Resource
from scanner.model.value import Plain
from scanner.model.waiver import Waiver
from scanner.policy.attestations import Attestations, load_attestations
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.figures import Readers
from scanner.policy.library import Library
from scanner.policy.live import only_in_code, shown_by
from scanner.policy.needs import needed_types
from scanner.policy.signoffs import warnings
from scanner.policy.stages import current_stage
from scanner.policy.waivers import apply_waivers
from scanner.sources.live import Reach, open_live, permissions
from scanner.sources.snapshot import Header, Snapshot, write_snapshot
from scanner.sources.snapshot.exports import exports_among, read_exports
from scanner.sources.snapshot.read import matching, packed

SYSTEMS: Final = {"aws": Origin.AWS, "azure": Origin.AZURE, "kubernetes": Origin.KUBERNETES}


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What to audit and against what.

    system      the running system that is audited
    baselines   names or files
    snapshots   stored snapshots to read instead of the system itself
    printed     what kubectl printed of a cluster, to read instead of it
    reach       how far to read directly, and as whom
    figures     answers for requirements on measurements; without it they are unknown
    stage, inputs, bindings, attestations, waivers, cache   as for a scan
    """

    system: Origin
    baselines: Sequence[str]
    snapshots: Sequence[Path] = ()
    printed: str | None = None
    reach: Reach = field(default_factory=Reach)
    figures: Readers | None = None
    stage: str | None = None
    inputs: Mapping[str, Plain] = field(default_factory=dict)
    bindings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    attestations: Path | None = None
    waivers: Sequence[Waiver] = ()
    cache: bool = True


def audit(request: AuditRequest, progress: Progress = silent) -> Report:
    """Everything that was decided about what runs; `progress` is told how far it is.

    Raises DefinitionError for baselines, SourceError for snapshots that are not there, UsageError for systems that
    cannot be read.
    """
    started = _now()
    with long_lived_objects():
        facts = load_facts()
        baselines = _baselines(request.baselines, cache=request.cache)
    inventory, identity = read_running(request, _types_of(baselines, request.system), progress)
    with long_lived_objects():
        signed = Attestations(date.today(), load_attestations(request.attestations) if request.attestations else ())
        findings: list[Finding] = []
        for baseline in baselines:
            decided = evaluate_baseline(
                baseline,
                inventory,
                facts,
                stage=request.stage,
                inputs=request.inputs,
                bindings=request.bindings,
                attestations=signed,
                live=True,
                figures=request.figures,
                origins=[request.system],
                problems=inventory.notifications,
            )
            findings += counted(decided, progress, Phase.CHECK, len(baseline.requirements), rule_of)
    rules = {rule.id: rule for baseline in baselines for rule in baseline.rules()}
    findings, notes = apply_waivers(findings, request.waivers, rules, date.today())
    return Report(
        command="audit",
        started=started,
        inputs=[*(["-"] if request.printed is not None else []), *map(str, request.snapshots)]
        or [request.system.value],
        baselines=[baseline.id for baseline in baselines],
        findings=findings,
        rules=rules,
        notifications=[
            *inventory.notifications,
            *notes,
            *(request.figures.notifications if request.figures else ()),
            *warnings(baselines, signed),
        ],
        stage=next((stage for baseline in baselines if (stage := current_stage(baseline, request.stage))), None),
        system=request.system.value,
        identity=identity,
    )


def collect(
    system: Origin,
    reach: Reach,
    path: Path,
    baselines: Sequence[str] = (),
    *,
    cache: bool = True,
    progress: Progress = silent,
) -> Stored:
    """Stores what runs as a snapshot: what the baselines need, or everything that can be read.

    Raises SourceError where the file cannot be written, otherwise as `audit` does.
    """
    types = _types_of(_baselines(baselines, cache=cache), system) if baselines else None
    opened = open_live(system, reach, types)
    header = Header(_now(), system.value, _named(opened.source.identity(), reach), reach.regions, opened.types)
    unread: list[Notification] = []
    number = write_snapshot(path, header, _noting(counted(opened.source.stream(), progress, Phase.READ), unread))
    return Stored(number, unread, header.identity)


@dataclass(frozen=True, slots=True)
class Stored:
    """What `collect` stored: the number of resources, what could not be read, and who read."""

    resources: int
    unread: list[Notification]
    identity: Mapping[str, str]


def rights(system: Origin, baselines: Sequence[str], *, cache: bool = True) -> list[str]:
    """The permissions with which everything that the baselines need of a system can be read, and nothing else.

    Raises UsageError for systems without such a list, DefinitionError for baselines.
    """
    loaded = _baselines(baselines, cache=cache)
    sources = {metric["source"] for baseline in loaded for item in baseline.requirements for metric in item.metrics}
    measures = [right for source, right in _MEASURES.get(system, {}).items() if source in sources]
    return sorted({*permissions(system, _types_of(loaded, system)), *measures})


_MEASURES: Final[Mapping[Origin, Mapping[str, str]]] = {
    Origin.AWS: {"cloudwatch": "cloudwatch:GetMetricData"},
    Origin.AZURE: {"azure_monitor": "Microsoft.Insights/metrics/read"},
}


def _noting(found: Iterable[Resource | Notification], unread: list[Notification]) -> Iterator[Resource | Notification]:
    for item in found:
        if isinstance(item, Notification) and item.level is Level.ERROR:
            unread.append(item)
        yield item


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _baselines(names: Sequence[str], *, cache: bool) -> list[Baseline]:
    if not names:
        raise UsageError("there is no baseline to audit against", hint="--baseline NAME, or baseline: in asbuilt.yaml")
    facts = load_facts()
    library = Library.load(None, facts, cache=cache)
    return [load_baseline(name, library, facts, cache=cache) for name in names]


def _types_of(baselines: Sequence[Baseline], system: Origin) -> frozenset[str]:
    """What the baselines need of a system, and what they need of none that is known."""
    types = {type_ for baseline in baselines for type_ in needed_types(baseline)}
    kept = (type_ for type_ in types if not only_in_code(type_) and not type_.startswith("data."))
    return frozenset(type_ for type_ in kept if shown_by(type_) in (system, None))


def read_running(
    request: AuditRequest, types: frozenset[str], progress: Progress = silent
) -> tuple[Inventory, dict[str, str]]:
    """The inventory, in an order that does not depend on how it was read, and who read it."""
    stored = request.snapshots or request.printed is not None
    inventory, identity = _from_snapshots(request, types) if stored else _directly(request, types, progress)
    nobody = [type_ for type_ in types if shown_by(type_) is None]
    # What nobody can read leaves no audit incomplete.
    inventory.notifications += [_unread(type_, f"no source reads {type_}", Level.WARNING) for type_ in sorted(nobody)]
    inventory.sort()
    return inventory, identity


def _directly(request: AuditRequest, types: frozenset[str], progress: Progress) -> tuple[Inventory, dict[str, str]]:
    source, reach = open_live(request.system, request.reach, types).source, request.reach
    found = counted(source.stream(), progress, Phase.READ)
    # Of a single account the values are kept as they are; many would not fit.
    inventory = Inventory.gathered(packed(found) if len(reach.accounts) > 1 or reach.scheduler else found)
    return inventory, _named(source.identity(), reach)


def _from_snapshots(request: AuditRequest, types: frozenset[str]) -> tuple[Inventory, dict[str, str]]:
    inventory = Inventory()
    identities: list[Mapping[str, str]] = []
    exports = exports_among(request.snapshots)
    if exports:
        exported = read_exports(exports, request.system, types)
        inventory.extend(exported.inventory)
        identities.append(exported.identity)
    if request.printed is not None:
        from scanner.sources.kubernetes.live_printed import cluster_of, printed_objects

        inventory.extend(printed_objects(request.printed, types))
        identities.append(cluster_of(request.printed))
    for path in (path for path in request.snapshots if path not in exports):
        with long_lived_objects():
            inventory.extend(_stored(path, request.system, types))
        header = Snapshot(path).header()
        identities.append({**header.identity, "taken": header.taken} if header else {})
    if request.system is Origin.KUBERNETES:
        from scanner.sources.kubernetes.links import link

        link(inventory.resources)
    return inventory, _joined(identities)


def _named(identity: Mapping[str, str], reach: Reach) -> dict[str, str]:
    """Who read, and what they were asked to read: audits of different accounts and regions are not comparable."""
    named = dict(identity)
    if len(reach.accounts) > 1:
        named["account"] = ", ".join(sorted(reach.accounts))
    if len(reach.subscriptions) > 1:
        named["subscription"] = ", ".join(sorted(reach.subscriptions))
    chosen = {"regions": reach.regions, "resource groups": reach.resource_groups, "namespaces": reach.namespaces}
    return named | {name: ", ".join(sorted(values)) for name, values in chosen.items() if values}


def _stored(path: Path, system: Origin, types: frozenset[str]) -> Inventory:
    """What a snapshot has of the types, and what it was never asked for."""
    snapshot = Snapshot(path)
    inventory = snapshot.of_types(types)
    header = snapshot.header()
    if header is None:
        return inventory
    if header.source != system.value:
        raise SourceError(f"{path} is a snapshot of {header.source}, not of {system.value}")
    if header.types is not None:
        collected = matching(header.types)
        missing = [type_ for type_ in types if "*" not in type_ and shown_by(type_) and not collected(type_)]
        for type_ in sorted(missing):
            inventory.notifications.append(_unread(type_, f"the snapshot {path.name} was taken without {type_}"))
    return inventory


def _unread(type_: str, what: str, level: Level = Level.ERROR) -> Notification:
    """Nobody read this type: whether there are any is not known."""
    return Notification(level, what, hides=(type_,))


def _joined(identities: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """One identity made of several, whatever their order: what differs is listed."""
    found: dict[str, set[str]] = {}
    for identity in identities:
        for key, text in identity.items():
            found.setdefault(key, set()).update(text.split(", "))
    return {key: ", ".join(sorted(texts)) for key, texts in found.items()}
