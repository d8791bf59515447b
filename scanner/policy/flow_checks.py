"""The functions behind requirements on network flows: every difference becomes a finding of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.errors import DefinitionError
from scanner.model.finding import Verdict
from scanner.model.resource import Resource
from scanner.model.rule import Severity
from scanner.model.value import Plain, Reason, Unknown, Value, plain
from scanner.model.words import Words
from scanner.network.compare import Difference, Expectation, Mode, Sort, compare, open_flows, overlapping
from scanner.network.components import peers_of
from scanner.network.documented import NOT_BOUND, Data, Documented, FlowError, Resolved, parse_flows
from scanner.network.flows import union_of
from scanner.network.inventory import EffectiveGroups, Groups
from scanner.network.peers import NOBODY, Kind, Label, Peers, any_of
from scanner.network.rules import Group
from scanner.network.services import ALL_SERVICES, Direction
from scanner.policy.bind import unsure
from scanner.policy.evidence import HOLDS, Evidence, Outcome
from scanner.policy.flow_words import difference_text, flow_text, place_of
from scanner.policy.functions.base import Arguments, undecided
from scanner.policy.links import bare
from scanner.policy.reporting import looked_in
from scanner.policy.world import Members, Subject

_EARLIER = Unknown(
    Reason.UNSUPPORTED,
    Words("it depends on addresses that only the cloud knows", "클라우드만 아는 주소에 따라 달라짐"),
)
_NO_GROUP = Unknown(Reason.UNSUPPORTED, Words("it holds no flows", "트래픽 규칙을 담는 리소스가 아님"))


@dataclass(slots=True, frozen=True)
class Asked:
    """What a requirement with network_flows asks of a group."""

    group: Group
    expectations: tuple[Expectation, ...]

    def differences(self) -> Iterator[tuple[Difference, Expectation]]:
        """Every difference with the expectation that it is one from."""
        for expectation in self.expectations:
            for found in compare(self.group, expectation):
                yield found, expectation


def asked(case: Case, arguments: Arguments) -> Asked | Unknown:
    """The arguments of network_flows as expectations; an Unknown where a whole list is an input that is not given."""
    mode = Mode(str(_data(arguments["mode"])))
    group = only_groups(case.group) if _data(arguments.get("only_groups")) is True else case.group
    expectations: list[Expectation] = []
    for direction in Direction:
        listed = arguments.get(direction.value)
        if listed is None or listed.is_absent:
            continue
        if isinstance(listed.raw, Unknown):
            return listed.raw
        tolerated = case.flows(direction, arguments.get("tolerated"))
        expectations.append(Expectation(direction, mode, case.flows(direction, listed), tolerated))
    return Asked(group, tuple(expectations))


def compare_flows(subject: Subject, arguments: Arguments) -> Outcome:
    """Function network_flows."""
    case = Case.of(subject, EffectiveGroups if _data(arguments.get("built_in")) is True else Groups)
    if case is None:
        return undecided(subject, _NO_GROUP)
    wanted = asked(case, arguments)
    if isinstance(wanted, Unknown):
        return undecided(subject, wanted)
    severities = {sort: _severity(arguments.get(f"severity_{sort.value}")) for sort in Sort}
    return case.outcome([(found, expectation.flows) for found, expectation in wanted.differences()], severities)


def none_of(subject: Subject, arguments: Arguments) -> Outcome:
    """Function network_no_flows."""
    case = Case.of(subject)
    if case is None:
        return undecided(subject, _NO_GROUP)
    direction = Direction(str(_data(arguments["direction"])))
    flows = case.flows(direction, arguments["flows"])
    return case.outcome([(found, ()) for found in overlapping(case.group, flows)], {})


def open_to_internet(subject: Subject, arguments: Arguments) -> Outcome:
    """Function network_open_flows."""
    case = Case.of(subject)
    if case is None:
        return undecided(subject, _NO_GROUP)
    direction = Direction(str(_data(arguments["direction"])))
    accepted = union_of(flow.sure for flow in case.flows(direction, arguments.get("accepted")))
    only = arguments.get("only")
    wanted = ALL_SERVICES if only is None or only.is_absent else _services(case.flows(direction, only))
    found = open_flows(case.group, direction, accepted, wanted)
    return case.outcome([(difference, ()) for difference in found], {})


def _services(flows: Iterable[Documented]) -> tuple[int, ...]:
    return union_of(flow.maybe for flow in flows).services()


def only_groups(group: Group) -> Group:
    """The same group with only those rules that name groups as peers."""
    rules = [
        replace(rule, peers=Peers(names=names, kinds=kinds))
        for rule in group.rules
        for names in [frozenset(name for name in rule.peers.names if name.kind is Kind.GROUP)]
        for kinds in [rule.peers.kinds & {Kind.GROUP}]
        if names or kinds
    ]
    return Group(group.resource, group.name, rules, group.hidden)


@dataclass
class Case:
    """A group under test with what is needed to read documented flows and to say what differs."""

    subject: Subject
    resource: Resource
    group: Group

    @classmethod
    def of(cls, subject: Subject, groups: type[Groups] = Groups) -> Case | None:
        """None for a resource that holds no flows."""
        resource = subject.resource
        group = subject.world.kept(groups).of(resource) if resource else None
        return cls(subject, resource, group) if resource and group else None

    def flows(self, direction: Direction, listed: Value | None) -> list[Documented]:
        """The documented flows of an argument that are about this group. Raises DefinitionError."""
        if listed is None or listed.is_absent:
            return []
        try:
            found = parse_flows(direction, _data(listed), self.resolve)
        except FlowError as error:
            raise DefinitionError(f"flows of {self.resource.address}: {error}") from error
        return [flow for flow in found if not flow.groups or any(map(self.is_member, flow.groups))]

    def is_member(self, component: str) -> bool:
        """Whether the group under test is, or may be, the component."""
        members = self._members(component)
        return members is not None and self.resource in (*members.certain, *members.possible)

    def _members(self, name: str) -> Members | None:
        components = self.subject.world.components
        return components.members(name) if components is not None and components.knows(name) else None

    def resolve(self, text: str) -> Resolved | None:
        """The peers of `self`, of a component, or of a resource by its address."""
        if text == "self":
            own = Peers(names=frozenset([self.group.name]))
            return Resolved(own, own)
        members = self._members(text)
        if members is None:
            resources = self.subject.world.at(self.resource.root, bare(text)) if "." in text else []
            members = Members(resources) if resources else None
        return None if members is None else _resolved(members)

    def labels(self, flows: Sequence[Documented]) -> Label:
        """Names as reports show them: as the document calls them, `self`, else as they are written."""
        known = {name: flow.peer_text for flow in flows for name in flow.peers.maybe.names}
        known.setdefault(self.group.name, "self")
        return lambda name: known.get(name, name.text)

    def outcome(
        self,
        differences: Sequence[tuple[Difference, Sequence[Documented]]],
        severities: Mapping[Sort, Severity | None],
    ) -> Outcome:
        """The outcome that has one piece of evidence for each difference."""
        if not differences:
            return HOLDS
        certain = any(found.certain for found, _ in differences)
        evidence = tuple(
            self._evidence(found, flows, severities.get(found.sort))
            for found, flows in sorted(differences, key=lambda pair: not pair[0].certain)
        )
        return Outcome(Verdict.FAIL if certain else Verdict.UNKNOWN, evidence)

    def _evidence(self, found: Difference, flows: Sequence[Documented], severity: Severity | None) -> Evidence:
        place = place_of(found, flows, self.resource)
        reason = None if found.certain else found.unknown or _EARLIER
        shown = flow_text(found, self.labels(flows))
        return Evidence(
            "flow",
            found.rule.resource if found.rule else self.resource,
            place.path,
            place.location,
            place.hops,
            expected=_listed(flows) if found.sort is Sort.UNEXPECTED else Value(shown.en),
            actual=Value(shown.en) if found.sort is Sort.UNEXPECTED else Value(None),
            unknown=reason,
            figures={"said": difference_text(found, shown, reason, looked_in(self.resource.origin))},
            alone=True,
            severity=Severity(found.severity) if found.severity else severity,
        )


def _listed(flows: Sequence[Documented]) -> Value | None:
    return Value(tuple(Value(flow.text()) for flow in flows)) if flows else None


def _resolved(members: Members) -> Resolved:
    sure = maybe = NOBODY
    unknown = members.hidden if not members.certain else None
    for resource in members.certain:
        peers, reason = peers_of(resource)
        sure |= NOBODY if reason else peers
        maybe |= peers
        unknown = unknown or reason
    for resource in members.possible:
        maybe |= peers_of(resource)[0]
        unknown = unknown or unsure(resource)
    if not members.certain and members.hidden:
        maybe |= any_of(Kind.GROUP)
    return Resolved(sure, maybe, unknown) if maybe else NOT_BOUND


def _severity(value: Value | None) -> Severity | None:
    data = _data(value)
    return Severity(data) if isinstance(data, str) else None


def _data(value: Value | None) -> Data:
    """An argument as data in which unknown parts stay Unknown."""
    if value is None:
        return None
    raw = value.raw
    if isinstance(raw, Unknown):
        return raw
    if isinstance(raw, Mapping):
        return {key: _data(item) for key, item in raw.items()}
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return [part for item in raw for part in _flat(_data(item))]
    found: Plain = plain(value)
    return found


def _flat(data: Data) -> Iterator[Data]:
    """A list inside a list is spread out: an input that is a list may stand beside single peers."""
    if isinstance(data, list):
        yield from data
    else:
        yield data
