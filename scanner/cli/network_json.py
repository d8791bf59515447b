"""The network as JSON: the same facts as the text, for other programs."""

from __future__ import annotations

import json
from typing import Any

from scanner.cli.network_view import Seen, shown_groups
from scanner.model.location import Location
from scanner.network.overlaps import Remark
from scanner.network.reachability import Step
from scanner.network.rules import Rule
from scanner.network.services import describe
from scanner.policy.flow_view import GroupFlows, Row
from scanner.reports.escape import visible_json


def render(seen: Seen) -> str:
    """The document; names in it are stable."""
    data = {
        "schema_version": "1",
        "baseline": seen.baseline,
        "groups": [_group(shown) for shown in shown_groups(seen)],
        "absent_components": seen.view.absent,
        "reachability": {
            "from": seen.source,
            "to": [
                {
                    "group": label,
                    "paths": [[_step(step) for step in path] for path in ways.found],
                    "complete": ways.complete,
                }
                for label, ways in seen.ways.items()
            ],
        },
        "rules": [_remark(remark, seen) for remark in seen.remarks],
        "notifications": [
            {"level": note.level.value, "what": note.what, "location": _place(note.location)}
            for note in seen.notifications
        ],
    }
    return visible_json(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def _group(shown: GroupFlows) -> dict[str, Any]:
    return {
        "component": shown.component,
        "address": shown.group.resource.address,
        "location": _place(shown.group.resource.location),
        "flows": [_row(row) for row in shown.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "direction": row.direction.value,
        "documented": row.documented,
        "actual": row.actual,
        "state": row.state.value,
        "requirement": row.requirement,
        "location": _place(row.location),
        "reason": row.reason.as_dict() if row.reason else None,
    }


def _step(step: Step) -> dict[str, str]:
    return {"from": step.source.label, "to": step.target.label, "services": describe(step.services)}


def _remark(remark: Remark, seen: Seen) -> dict[str, Any]:
    return {
        "sort": remark.sort.value,
        "why": remark.why.name.lower(),
        "group": seen.view.label(remark.group.name),
        "rule": _rule(remark.rule),
        "others": [_rule(rule) for rule in remark.others],
        "flows": remark.rule.text(seen.view.label, remark.part),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {"address": rule.resource.address, "path": rule.place, "location": _place(rule.location)}


def _place(location: Location | None) -> dict[str, Any] | None:
    if location is None:
        return None
    return {"path": location.path, "line": location.line, "column": location.column}
