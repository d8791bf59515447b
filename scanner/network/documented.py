"""The flows that a document lists, read from a baseline.

A flow is a mapping: `{port: 443, peer: sg-alb}`. `port` is a number, a range "8000-8100", a list of those or `all`;
`protocol` is tcp unless said otherwise, `icmp` takes `icmp_type` and `icmp_code`; `peer` is any, self, a network, a
component, a service tag, a prefix list or id, a mapping that names its kind, or a list of those. `severity` replaces
the one that a difference at this flow has otherwise; flows of one `choice` can stand in for each other, so that its
severity only holds while another of them is allowed; `group` names the components that the flow is about, where the
same list serves several, and `direction` one of the two, where the list serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from scanner.model.kubernetes import Requirement, Selector
from scanner.model.value import Plain, Unknown
from scanner.network.coverage import TAG_TEXT
from scanner.network.flows import FlowSet, product
from scanner.network.intervals import Intervals
from scanner.network.peers import ANY, NOBODY, Kind, Peers, cidr, named
from scanner.network.pods import selector_text
from scanner.network.services import (
    ANY_PROTOCOL,
    LAST_PORT,
    Direction,
    all_services,
    describe,
    has_ports,
    icmp,
    is_icmp,
    ports,
    protocol_number,
)

KEYS: Final = ("peer", "port", "protocol", "icmp_type", "icmp_code", "severity", "choice", "group", "direction")
SEVERITIES: Final = ("critical", "high", "medium", "low")


class FlowError(ValueError):
    """A documented flow that makes no sense; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The peers that a text stands for: `sure` certainly, `maybe` at most; `unknown` says why they differ."""

    sure: Peers
    maybe: Peers
    unknown: Unknown | None = None


Resolve = Callable[[str], "Resolved | None"]
"""What a component's name stands for; None for what is no component."""
Data: TypeAlias = "Plain | Unknown | list[Data] | dict[str, Data]"
"""JSON data in which an Unknown stands for an input that was not given."""


@dataclass(frozen=True, slots=True)
class Documented:
    """One flow of a document: one range of ports with one peer."""

    direction: Direction
    services: Intervals
    peers: Resolved
    peer_text: str
    severity: str | None = None
    groups: tuple[str, ...] = ()
    choice: str | None = None

    @property
    def sure(self) -> FlowSet:
        """The flow with the peers that it certainly means."""
        return product(self.services, self.peers.sure)

    @property
    def maybe(self) -> FlowSet:
        """The flow with every peer that it may mean."""
        return product(self.services, self.peers.maybe)

    def text(self) -> str:
        """For people: `tcp 443 from sg-alb`."""
        way = "from" if self.direction is Direction.INGRESS else "to"
        return f"{describe(self.services)} {way} {self.peer_text}"


def problem(data: object) -> str | None:
    """What is wrong with a list of flows, as far as that can be told without knowing the components."""
    somebody = Resolved(ANY, ANY)
    try:
        for direction in Direction:
            parse_flows(direction, data, lambda _: somebody)
    except FlowError as error:
        return f"must be a list of flows: {error}"
    return None


def parse_flows(direction: Direction, data: object, resolve: Resolve) -> list[Documented]:
    """The flows of a list in a baseline that are about a direction. Raises FlowError."""
    if not isinstance(data, list):
        raise FlowError("flows are a list of mappings")
    return [flow for entry in data for flow in _flows(direction, _checked(entry), resolve)]


def _checked(entry: object) -> dict[str, Data]:
    if not isinstance(entry, dict):
        raise FlowError(f"a flow is a mapping like {{port: 443, peer: any}}, not {entry!r}")
    wrong = [key for key in entry if key not in KEYS]
    if wrong:
        raise FlowError(f"a flow has no {wrong[0]!r}; known are {', '.join(KEYS)}")
    if "peer" not in entry:
        raise FlowError("a flow needs a peer")
    for key, known in (("severity", SEVERITIES), ("direction", tuple(Direction))):
        if key in entry and entry[key] not in known:
            raise FlowError(f"{entry[key]!r} is no {key}")
    return entry


def _flows(direction: Direction, entry: dict[str, Data], resolve: Resolve) -> Iterator[Documented]:
    if entry.get("direction", direction) != direction:
        return
    severity = entry.get("severity")
    choice = entry.get("choice")
    groups = tuple(str(name) for name in _each(entry.get("group", [])))
    not_given = next((port for port in _each(entry.get("port", [])) if isinstance(port, Unknown)), None)
    for services in parse_services(direction, entry):
        for peer in _each(entry["peer"]):
            resolved = parse_peer(peer, resolve)
            if not_given is not None:
                resolved = Resolved(NOBODY, resolved.maybe, not_given)
            yield Documented(
                direction, services, resolved, _written(peer), str(severity) if severity else None, groups,
                str(choice) if choice else None,
            )  # fmt: skip


def _each(data: Data) -> Sequence[Data]:
    return data if isinstance(data, list) else [data]


def parse_services(direction: Direction, entry: Mapping[str, Data]) -> Iterator[Intervals]:
    """The services of a documented flow, one set for each entry of `port`. Raises FlowError."""
    protocol = protocol_number(str(entry.get("protocol", "tcp")))
    if protocol is None:
        raise FlowError(f"{entry.get('protocol')!r} is no protocol")
    if is_icmp(protocol):
        yield icmp(direction, protocol, _int(entry.get("icmp_type", -1)), _int(entry.get("icmp_code", -1)))
        return
    if "port" not in entry or not has_ports(protocol):
        if "port" in entry and entry["port"] != "all":
            raise FlowError("a flow of every protocol has no port" if protocol == ANY_PROTOCOL else "this has no ports")
        yield all_services(direction, protocol)
        return
    for port in _each(entry["port"]):
        first, last = port_range(port)
        yield ports(direction, protocol, first, last)


def port_range(port: Data) -> tuple[int, int]:
    """First and last port of a number, a range in text, or `all`. Raises FlowError.

    An input whose value is filled in later, or never was given, may be any port.
    """
    if isinstance(port, Unknown) or port in ("all", "*") or "${" in str(port):
        return 0, LAST_PORT
    first, dash, last = str(port).partition("-")
    low = _int(first.strip())
    high = _int(last.strip()) if dash else low
    if not 0 <= low <= high <= LAST_PORT:
        raise FlowError(f"{port!r} is no port or range of ports")
    return low, high


def _int(value: Data) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise FlowError(f"{value!r} is no number") from error


def parse_peer(peer: Data, resolve: Resolve) -> Resolved:
    """The peers that a baseline means by a text or mapping. Raises FlowError for what it cannot mean."""
    if isinstance(peer, Unknown):
        return Resolved(NOBODY, ANY, peer)
    if isinstance(peer, dict):
        found = _of_kind(peer)
        return Resolved(found, found)
    if not isinstance(peer, str):
        raise FlowError(f"{peer!r} is no peer")
    bound = resolve(peer)
    if bound is not None:
        return bound
    found = _by_text(peer)
    return Resolved(found, found)


def stands_alone(peer: str) -> bool:
    """Whether a text is a peer without being the name of a component; what looks like one may still be one."""
    return peer == "self" or (_written_peer(peer) is not None and not peer.startswith("sg-"))


def _by_text(peer: str) -> Peers:
    found = _written_peer(peer)
    if found is None:
        raise FlowError(f"{peer!r} is no component, network, service tag, prefix list or group id")
    return found


def _written_peer(peer: str) -> Peers | None:
    if peer == "any":
        return ANY
    networks = cidr(peer)
    if networks is not None:
        return networks
    if peer.startswith("pl-") or peer.startswith("com.amazonaws."):
        return named(Kind.PREFIX_LIST, peer)
    if peer.startswith("sg-"):
        return named(Kind.GROUP, peer)
    return named(Kind.TAG, peer) if TAG_TEXT.fullmatch(peer) else None


def _of_kind(peer: Mapping[str, Data]) -> Peers:
    """`{pods: {app: web}, namespaces: {team: a}}`, `{tag: Internet}`, `{group: sg-1}`, `{prefix_list: pl-1}`."""
    keys = set(peer)
    if keys and keys <= {"pods", "namespaces"}:
        return named(Kind.PODS, selector_text(_labels(peer.get("pods")), _labels(peer.get("namespaces"))))
    for key, kind in (("tag", Kind.TAG), ("group", Kind.GROUP), ("prefix_list", Kind.PREFIX_LIST)):
        if keys == {key} and isinstance(peer[key], str):
            return named(kind, str(peer[key]))
    raise FlowError(f"{dict(peer)!r} is no peer")


def _labels(data: Data) -> Selector:
    if data is None or data == "any":
        return ()
    if not isinstance(data, dict):
        raise FlowError("labels are a mapping")
    return tuple(sorted((Requirement(key, "In", (str(value),)) for key, value in data.items()), key=str))


def _written(peer: Data) -> str:
    if isinstance(peer, Unknown):
        return "?"
    if not isinstance(peer, dict):
        return str(peer)
    parts = [f"{key} {_written(value)}" if isinstance(value, dict) else f"{key}={value}" for key, value in peer.items()]
    return ", ".join(parts)


NOT_BOUND: Final = Resolved(NOBODY, NOBODY)
"""What a component stands for that the code does not have."""
