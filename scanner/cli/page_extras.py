"""What the HTML report shows besides the report itself: the network, the matrix, the trend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.errors import BindingError

if TYPE_CHECKING:
    from scanner.audit import AuditRequest
    from scanner.model.finding import Finding
    from scanner.model.inventory import Inventory
    from scanner.model.report import Report
    from scanner.model.resource_type import Facts
    from scanner.model.trace import Trace
    from scanner.network.compare import Difference
    from scanner.network.rules import Group
    from scanner.policy.baseline import Baseline
    from scanner.policy.flow_view import FlowView
    from scanner.reports.html.extras import Extras, Network, Trend
    from scanner.scan import Request


def of_scan(request: Request, inventory: Inventory, findings: Sequence[Finding]) -> Extras:
    """The network and the matrix of code that was read; `findings` are all of it, also where a report has fewer."""
    from scanner.facts import load_facts
    from scanner.reports.html.extras import Extras

    facts = load_facts()
    baselines = _baselines(request.baselines, facts, cache=request.cache)
    return Extras(list(_networks(baselines, inventory, facts, request, findings)), _traces(baselines, findings))


def of_audit(request: AuditRequest, report: Report, findings: Sequence[Finding], history: Path | None) -> Extras:
    """The matrix of what runs, and the trend of a history in which the report is the last."""
    from scanner.facts import load_facts
    from scanner.reports.html.extras import Extras

    baselines = _baselines(request.baselines, load_facts(), cache=request.cache)
    return Extras((), _traces(baselines, findings), [_trend(report, history)] if history is not None else [])


def _baselines(names: Sequence[str], facts: Facts, *, cache: bool) -> list[Baseline]:
    from scanner.policy.baseline import load_baseline
    from scanner.policy.library import Library

    library = Library.load(None, facts, cache=cache)
    return [load_baseline(name, library, facts, cache=cache) for name in names]


def _traces(baselines: Sequence[Baseline], findings: Sequence[Finding]) -> list[Trace]:
    from scanner.policy.document import load_record
    from scanner.policy.tracing import trace

    by_baseline = {item.id: [finding for finding in findings if finding.baseline == item.id] for item in baselines}
    return [trace(item, load_record(item), None, by_baseline[item.id]) for item in baselines]


def _networks(
    baselines: Sequence[Baseline], inventory: Inventory, facts: Facts, request: Request, findings: Sequence[Finding]
) -> Iterator[Network]:
    from scanner.cli.network_view import documented_view, drawn_groups, picture_of
    from scanner.network.draw import plain_svg
    from scanner.reports.html.extras import Flow, Network

    for baseline in baselines:
        try:
            world, view = documented_view(baseline, inventory, facts, request)
        except BindingError:  # the report says so already
            continue
        drawn = picture_of(view, drawn_groups(world, view), list(_blamed(view, findings)))
        flows = [Flow(item.source.label, item.target.label, item.services, item.state.value) for item in drawn.arrows]
        if flows:
            yield Network(baseline.id, plain_svg(drawn), flows)


def _blamed(view: FlowView, findings: Sequence[Finding]) -> Iterator[tuple[Group, Difference]]:
    """The rules of groups that violations point at, where the view itself does not compare them with the document."""
    from scanner.network.compare import Difference, Sort

    places: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for finding in findings:
        if finding.violates and finding.resource is not None:
            found = [finding.location, *(hop.location for hop in finding.provenance)]
            key = (finding.resource.root, finding.resource.address)
            places.setdefault(key, set()).update((place.path, place.line) for place in found if place is not None)
    for item in view.groups:
        resource, told = item.group.resource, {id(found.rule) for found in item.differences}
        blamed = places.get((resource.root, resource.address), set())
        for grant in item.group.grants:
            place = grant.rule.location
            if place is not None and (place.path, place.line) in blamed and id(grant.rule) not in told:
                yield item.group, Difference(Sort.UNEXPECTED, grant.rule.direction, True, grant.maybe, grant.rule)


def _trend(report: Report, file: Path) -> Trend:
    from scanner.history import History, scope_of
    from scanner.reports.html.extras import Audit, Trend

    history = History(file)
    runs = history.runs(scope_of(report))
    who = ", ".join(f"{name} {value}" for name, value in report.identity.items() if name not in ("arn", "taken"))
    name = ", ".join(report.baselines) + (f" ({who})" if who else "")
    audits = [Audit(run.started, run.complete, run.summary) for run in runs]
    return Trend(name, audits, history.changes(runs[-1]))
