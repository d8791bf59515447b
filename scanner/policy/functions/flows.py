"""Network flows: what a group allows against what the document lists. The work is done in scanner.policy.flow_checks.

It is imported when it is needed: most runs have no requirement on flows.
"""

from __future__ import annotations

from scanner.policy.evidence import Outcome
from scanner.policy.functions.base import Arguments, Function
from scanner.policy.world import Subject


def _flows(subject: Subject, arguments: Arguments) -> Outcome:
    from scanner.policy.flow_checks import compare_flows

    return compare_flows(subject, arguments)


def _open(subject: Subject, arguments: Arguments) -> Outcome:
    from scanner.policy.flow_checks import open_to_internet

    return open_to_internet(subject, arguments)


def _none(subject: Subject, arguments: Arguments) -> Outcome:
    from scanner.policy.flow_checks import none_of

    return none_of(subject, arguments)


FUNCTIONS = (
    Function(
        "network_flows",
        "the group allows exactly, at most or at least the listed flows; what is tolerated may be there or not",
        ("mode",),
        _flows,
        ("ingress", "egress", "tolerated", "only_groups", "built_in", "severity_unexpected", "severity_missing"),
    ),
    Function("network_no_flows", "the group allows nothing of the listed flows", ("flows", "direction"), _none),
    Function(
        "network_open_flows",
        "the group has nothing open to, or towards, the whole internet but the accepted flows",
        ("direction",),
        _open,
        ("accepted", "only"),
    ),
)
