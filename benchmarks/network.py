"""Flow comparison and reachability as the number of security groups doubles, 50 rules in each.

    python -m benchmarks.network [--groups N]…

Each N runs in a process of its own: it reads the groups, compares each with a documented set that differs from it in
one flow, works out what the internet reaches, and looks for overlapping and unused rules.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from itertools import pairwise

from benchmarks import tools
from benchmarks.measure import Command, Failed, Result, side_by_side
from benchmarks.report import Table
from scanner.model.inventory import Inventory
from scanner.model.location import Location
from scanner.model.resource import Resource
from scanner.model.value import Plain, Reason, Reference, Unknown, Value, from_plain
from scanner.network.attachments import Attachments
from scanner.network.aws import security_groups
from scanner.network.compare import Expectation, Mode, compare
from scanner.network.documented import Resolved, parse_flows
from scanner.network.overlaps import remarks
from scanner.network.peers import Kind, named
from scanner.network.reachability import INTERNET, Graph
from scanner.network.services import Direction

SIZES = (250, 500, 1_000, 2_000, 4_000)
RULES = 50
_GROUP = "aws_security_group"


def inventory(groups: int) -> Inventory:
    """Groups in a chain of tiers: each admits earlier groups, some networks and itself, and sends to later ones."""
    return Inventory([resource for number in range(groups) for resource in _group(number, groups)])


def _group(number: int, groups: int) -> list[Resource]:
    place = Location(f"group{number}.tf", 1)
    attributes = {"name": from_plain(f"group-{number}"), "ingress": Value(tuple(_blocks(number, groups)), place)}
    attributes["egress"] = Value((_block(0, 65535, Value((from_plain("10.0.0.0/8"),)), "cidr_blocks"),), place)
    return [Resource(_GROUP, _address(number), Value(attributes, place), place)]


def _blocks(number: int, groups: int) -> list[Value]:
    blocks = []
    for at in range(RULES - 1):
        port = 1000 + 10 * at
        if at % 2:
            network = from_plain(f"10.{number % 200}.{at}.0/24" if at > 1 or number % 50 else "0.0.0.0/0")
            blocks.append(_block(port, port + 5, Value((network,)), "cidr_blocks"))
        else:
            peer = (number * 7 + at * 13) % groups
            blocks.append(_block(port, port, Value((_reference(peer),)), "security_groups"))
    return blocks


def _block(first: int, last: int, peers: Value, key: str) -> Value:
    fields = {"protocol": from_plain("tcp"), "from_port": from_plain(first), "to_port": from_plain(last), key: peers}
    return Value(fields, Location("group.tf", 2))


def _reference(number: int) -> Value:
    unknown = Unknown(Reason.COMPUTED, f"{_address(number)}.id is known after apply")
    return Value(unknown, refs=(Reference(_address(number), "id"),))


def _address(number: int) -> str:
    return f"{_GROUP}.group{number}"


def documented(number: int, groups: int) -> list[Plain]:
    """The flows of a group as a document lists them, the last one with another port."""
    flows: list[Plain] = []
    for at in range(RULES - 1):
        port = 1000 + 10 * at + (at == RULES - 2)
        if at % 2:
            peer = f"10.{number % 200}.{at}.0/24" if at > 1 or number % 50 else "0.0.0.0/0"
            flows.append({"port": f"{port}-{port + 5}", "peer": peer})
        else:
            flows.append({"port": port, "peer": _address((number * 7 + at * 13) % groups)})
    return flows


def resolve(text: str) -> Resolved | None:
    """Addresses are the components of this document."""
    peers = named(Kind.GROUP, text)
    return Resolved(peers, peers) if text.startswith(_GROUP) else None


def run(count: int) -> dict[str, float]:
    """Seconds of every step."""
    gc.disable()  # as `asbuilt scan` does for what stays in memory anyway
    read = inventory(count)
    marks = [("", time.process_time())]
    groups = security_groups(read)
    marks.append(("read", time.process_time()))
    differences = 0
    for number, group in enumerate(groups):
        flows = parse_flows(Direction.INGRESS, documented(number, count), resolve)
        differences += len(compare(group, Expectation(Direction.INGRESS, Mode.EXACTLY, flows)))
    marks.append(("compare", time.process_time()))
    graph = Graph(groups)
    reach = graph.reach(list(graph.entries(INTERNET)))
    ways = [reach.paths(graph.node(group), 10) for group in groups]
    marks.append(("reach", time.process_time()))
    overlaps = list(remarks(groups, Attachments(unsure=True)))
    marks.append(("remarks", time.process_time()))
    assert differences == 2 * count, differences
    assert sum(1 for way in ways if way.found) > count / 2
    assert not overlaps
    return {name: at - before for (_, before), (name, at) in pairwise(marks)}


def table(rounds: int) -> Table:
    """The section of the benchmark page."""
    commands = {
        f"{count:,} groups": Command([sys.executable, "-m", "benchmarks.network", "--groups", str(count)], tools.ROOT)
        for count in SIZES
    }
    results = side_by_side(commands, max(1, rounds // 2))
    first, last = (results[f"{count:,} groups"] for count in (SIZES[0], SIZES[-1]))
    if isinstance(first, Failed) or isinstance(last, Failed):
        return Table("Network flows", "Did not run.", results, "", {})
    return Table("Network flows", _note(first, last), results, f"{SIZES[0]:,} groups", {})


def _note(first: Result, last: Result) -> str:
    return (
        f"Security groups with {RULES} rules each: read, compared with a documented set, searched for overlaps, and "
        f"everything that the internet reaches. From {SIZES[0]:,} to {SIZES[-1]:,} groups the time grows "
        f"{last.seconds / first.seconds:.1f} times."
    )


def main() -> None:
    """Prints the seconds of every step, one line a size."""
    parser = argparse.ArgumentParser("python -m benchmarks.network", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--groups", type=int, action="append", metavar="N")
    for count in parser.parse_args().groups or SIZES:
        steps = run(count)
        print(f"{count:>6} groups  " + "  ".join(f"{name} {seconds:6.2f} s" for name, seconds in steps.items()))


if __name__ == "__main__":
    main()
