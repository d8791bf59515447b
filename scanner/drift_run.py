"""The pipeline of `asbuilt drift`: document, code and account side by side. Prints nothing, knows no command line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from scanner.audit import AuditRequest, read_running
from scanner.drift.compare import Difference, Open, compare
from scanner.drift.findings import RULES, findings, undecided, vague
from scanner.drift.identify import read_as
from scanner.drift.ignore import Ignored, apply
from scanner.drift.made import ByItself, LookedUp
from scanner.drift.match import Bound, Matching, Pair, match, without_parts
from scanner.drift.parts import PART_TYPES, Parts, compare_parts
from scanner.drift.resolve import Resolver, region_of
from scanner.drift.table import Compared, Documented, Table, table
from scanner.drift.waived import mark, repeats, waived
from scanner.facts import load_facts
from scanner.model.finding import Finding
from scanner.model.inventory import Inventory, Level, Notification, may_hide
from scanner.model.long_lived import long_lived_objects
from scanner.model.progress import Progress, silent
from scanner.model.report import Report
from scanner.model.resource import Origin, Resource
from scanner.model.resource_type import Facts
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.policy.live import shown_by
from scanner.policy.needs import needed_types
from scanner.policy.stages import current_stage
from scanner.policy.stated import Side, Vague, stated
from scanner.scan import Request, after_waivers, collect, project_base
from scanner.sources.live import Reach

_DECLARED: Final = (Origin.TERRAFORM, Origin.PLAN)
_ALWAYS: Final = {
    Origin.AWS: (
        "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule", "aws_kms_alias",
        "aws_main_route_table_association",
    ),
}  # fmt: skip
"""What is read besides the types in question, because it tells of them."""


@dataclass(frozen=True, slots=True)
class DriftRequest:
    """What to compare.

    code        the code and the baselines, as for a scan
    system      the running system; `snapshots` of it are read in place of the system itself
    state       a state of Terraform, which tells the id of each address
    documented  whether only what the document speaks of is compared
    ignored     the differences that are accepted
    """

    code: Request
    system: Origin
    snapshots: Sequence[Path] = ()
    reach: Reach = field(default_factory=Reach)
    state: Path | None = None
    documented: bool = False
    ignored: Sequence[Ignored] = ()


def drift(request: DriftRequest, progress: Progress = silent) -> Report:
    """Everything that differs between document, code and account; `progress` is told how far it is.

    Raises DefinitionError for baselines, SourceError where there is nothing to compare, UsageError for systems that
    cannot be read.
    """
    started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with long_lived_objects():
        facts = load_facts()
        library = Library.load(None, facts, cache=request.code.cache)
        baselines = [load_baseline(name, library, facts, cache=request.code.cache) for name in request.code.baselines]
        base = project_base(request.code.paths)
        code = collect(request.code, base, facts=facts)
    live, identity = _running(request, code, baselines, progress)
    with long_lived_objects():
        run = _Run(request, facts, code, live)
        for baseline in baselines:
            run.document(baseline)
        made = run.compared(_state(request, base, facts))
    lines, notes = apply(made.lines, request.ignored, date.today())
    if any(repeats(line) for line in lines):
        lines = mark(lines, waived(_judged(request.code, baselines, code, facts, base)))
    named = ", ".join(baseline.id for baseline in baselines) or None
    return Report(
        command="drift",
        started=started,
        inputs=[
            *(path.as_posix() for path in request.code.paths),
            *([str(path) for path in request.snapshots] or [request.system.value]),
        ],
        baselines=[baseline.id for baseline in baselines],
        findings=[*findings(lines, named), *run.undecided(made)],
        rules={rule.id: rule for rule in RULES},
        notifications=[*code.notifications, *live.notifications, *run.notes, *notes],
        base=str(base),
        stage=next((stage for item in baselines if (stage := current_stage(item, request.code.stage))), None),
        system=request.system.value,
        identity=identity,
        drift=lines,
    )


def _judged(
    request: Request, baselines: Sequence[Baseline], code: Inventory, facts: Facts, base: Path
) -> list[Finding]:
    """What a scan says of the code, with its waivers."""
    more = {"stage": request.stage, "inputs": request.inputs, "bindings": request.bindings}
    found = [
        finding
        for baseline in baselines
        for finding in evaluate_baseline(baseline, code, facts, **more)  # type: ignore[arg-type]  # checked there
    ]
    rules = {rule.id: rule for baseline in baselines for rule in baseline.rules()}
    return after_waivers(found, request.waivers, code, rules, base)[0]


def _running(
    request: DriftRequest, code: Inventory, baselines: Sequence[Baseline], progress: Progress
) -> tuple[Inventory, dict[str, str]]:
    """What runs, of the types that the code declares or the document speaks of, and who read it."""
    types = set(code.types()) | {read_as(type_) for type_ in code.types()}
    types -= _unread(types, request.system)
    types |= {type_ for baseline in baselines for type_ in needed_types(baseline)}
    types |= set(_ALWAYS.get(request.system, ()))
    wanted = frozenset(type_ for type_ in types if shown_by(type_) is request.system and not type_.startswith("data."))
    asked = AuditRequest(request.system, request.code.baselines, snapshots=request.snapshots, reach=request.reach)
    live, identity = read_running(asked, wanted, progress)
    live.notifications = [item for item in live.notifications if _concerns(item, wanted)]
    live.notifications += _out_of_reach(code, request.reach.regions or _told(identity), wanted)
    return live, identity


def _told(identity: Mapping[str, str]) -> Sequence[str]:
    """The regions that a snapshot was taken of; none where it was all."""
    told = identity.get("regions", "")
    return told.split(", ") if told else ()


def _out_of_reach(code: Inventory, regions: Collection[str], wanted: frozenset[str]) -> list[Notification]:
    """That the code has resources in regions that were not read: nothing of their types is certainly missing."""
    hidden: dict[str, set[str]] = {}
    for resource in code.resources if regions else ():
        region = region_of(resource)
        if region is not None and region not in regions and read_as(resource.type) in wanted:
            hidden.setdefault(region, set()).add(read_as(resource.type))
    return [
        Notification(Level.WARNING, f"the region {region} of the code was not read", hides=tuple(sorted(types)))
        for region, types in sorted(hidden.items())
    ]


def _concerns(notification: Notification, wanted: Iterable[str]) -> bool:
    """Whether something may be missing because of it of types that are wanted, by name or as patterns."""
    hidden = notification.hides
    return any(may_hide(notification, type_) or any(fnmatchcase(name, type_) for name in hidden) for type_ in wanted)


def _state(request: DriftRequest, base: Path, facts: Facts) -> Mapping[str, Resource]:
    if request.state is None:
        return {}
    from scanner.errors import SourceError
    from scanner.sources.planned import read_documents, split

    documents, rest = split([request.state.resolve()], base)
    if rest or not documents:
        raise SourceError(f"{request.state} is no state of Terraform", hint="terraform show -json > state.json")
    found = read_documents(documents, facts)
    return {resource.address: resource for resource in found.resources if resource.origin is Origin.STATE}


def _unread(types: Iterable[str], system: Origin) -> frozenset[str]:
    """The types that nothing is known of in a system, however it is asked."""
    if system is not Origin.AWS:
        return frozenset()
    from scanner.sources.aws.maps import known_types, spellings

    return frozenset(types) - known_types() - frozenset(spellings())


def _told_otherwise(system: Origin) -> frozenset[str]:
    """The types that a system tells as something else: further spellings of what other types say."""
    if system is not Origin.AWS:
        return frozenset()
    from scanner.sources.aws.maps import spellings

    return frozenset(spellings())


class _Run:
    """One comparison."""

    def __init__(self, request: DriftRequest, facts: Facts, code: Inventory, live: Inventory) -> None:
        self._request = request
        self._facts = facts
        self._code = code
        self._live = live
        self._ours: list[Side] = []
        self._theirs: list[Side] = []
        self._bound: list[Bound] = []
        self._components: dict[int, str] = {}
        self._elsewhere: set[str] = set()
        self._matching = Matching()
        self._compared: list[Compared] = []
        self._otherwise = _told_otherwise(request.system) | _unread(code.types(), request.system)
        self.notes: list[Notification] = []
        self.vague: list[Vague] = []

    def document(self, baseline: Baseline) -> None:
        """What a baseline states of both sides."""
        asked = self._request.code
        more = {"stage": asked.stage, "inputs": asked.inputs, "bindings": asked.bindings}
        ours = stated(baseline, self._code, self._facts, **more)  # type: ignore[arg-type]  # the three are checked there
        theirs = stated(baseline, self._live, self._facts, origins=[self._request.system], **more)  # type: ignore[arg-type]
        self._ours.append(ours)
        self._theirs.append(theirs)
        self._say_vague(ours, "in code")
        self._say_vague(theirs, "in the account")
        for name, members in ours.members.items():
            live = theirs.members.get(name, ())
            self._bound.append(Bound([item for item in members if self._declared(item)], live))
            self._components.update({id(item): name for item in (*members, *live)})
            if members and not live and not any(self._declared(item) for item in members):
                self._elsewhere.add(name)

    def _say_vague(self, side: Side, where: str) -> None:
        for item in side.vague:
            said = replace(item.said, what=f"{where}: {item.said.what}")
            if said not in self.notes:
                self.notes.append(said)
        self.vague += side.vague

    def _declared(self, resource: Resource) -> bool:
        return resource.origin in _DECLARED and shown_by(resource.type) is self._request.system

    def compared(self, stored: Mapping[str, Resource]) -> Table:
        """The table."""
        found = [side.resources for side in self._ours] or [self._code.resources]
        code = list({id(item): item for resources in found for item in resources if self._declared(item)}.values())
        code = [item for item in code if not item.type.startswith("data.")]
        live = self._live.resources
        readable = [item for item in code if self._reads(read_as(item.type))]
        self._unread(code, readable)
        resolver = Resolver(live, stored)
        whole = [item for item in readable if item.type not in PART_TYPES]
        self._matching = match(
            whole, [item for item in live if item.type not in PART_TYPES], resolver, self._bound, stored
        )
        self._compared = self._differences(code, live, resolver)
        missing, unmanaged = self._leftovers(resolver, code)
        made = table(self._compared, missing, unmanaged, self._documented())
        return _of_document(made) if self._request.documented else made

    def _reads(self, type_: str) -> bool:
        """Whether anything is known of a type in the account, under its own name."""
        if type_ in self._otherwise and type_ not in PART_TYPES:
            return False
        return bool(self._live.of_type(type_)) or self._live.may_hide(type_) is None

    def _unread(self, code: Sequence[Resource], readable: Sequence[Resource]) -> None:
        types = sorted({item.type for item in code} - {item.type for item in readable})
        if types:
            self.notes.append(Notification(Level.NOTE, f"not compared, no source reads them: {', '.join(types)}"))

    def _documented(self) -> Documented:
        return Documented(
            [fact for side in self._ours for fact in side.facts],
            [fact for side in self._theirs for fact in side.facts],
            self._components,
            frozenset(self._elsewhere),
        )

    def _differences(self, code: Sequence[Resource], live: Sequence[Resource], resolver: Resolver) -> list[Compared]:
        ours, theirs = Parts(code, resolver, code=True), Parts(live, resolver, code=False)
        return [self._compare(pair, ours, theirs, resolver) for pair in self._matching.pairs]

    def _compare(self, pair: Pair, ours: Parts, theirs: Parts, resolver: Resolver) -> Compared:
        found = [*compare(pair, self._facts, resolver), *compare_parts(pair, ours, theirs, resolver.names)]
        certain = [item for item in found if isinstance(item, Difference)]
        return Compared(pair, certain, [item for item in found if isinstance(item, Open)])

    def _leftovers(self, resolver: Resolver, code: Sequence[Resource]) -> tuple[list[Resource], list[Resource]]:
        """What one side certainly lacks: nothing of types that could not be read in full."""
        live = self._live
        missing = [item for item in self._matching.missing if live.may_hide(read_as(item.type)) is None]
        self._matching.unsure += [item for item in self._matching.missing if item not in missing]
        by_itself = ByItself(live.resources)
        looked_up = LookedUp(self._code.resources, resolver)
        known = {read_as(item.type) for item in code} | {item.type for item in self._named()}
        left = [item for item in self._matching.unmanaged if item.type in known]
        unmanaged = [
            item
            for item in without_parts(left, resolver)
            if item not in by_itself and item not in looked_up and self._code.may_hide(item.type) is None
        ]
        return without_parts(missing, resolver), unmanaged

    def _named(self) -> list[Resource]:
        """The resources of the account that the document's components stand for."""
        return [item for side in self._theirs for members in side.members.values() for item in members]

    def undecided(self, made: Table) -> list[Finding]:
        """The findings about what could not be decided."""
        bound = vague((item.component, item.said.what, item.requirements) for item in self.vague)
        if self._request.documented:
            return [*bound, *undecided((), Matching(), made.undecided)]
        return [*bound, *undecided(self._compared, self._matching, made.undecided)]


def _of_document(made: Table) -> Table:
    """Only what the document speaks of: its facts, and the resources of its components."""
    lines = [line for line in made.lines if line.documented or (line.component is not None and line.path is None)]
    return Table(lines, made.undecided)
