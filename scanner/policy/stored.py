"""A checked baseline as JSON data, and back."""

from __future__ import annotations

from typing import Any

from scanner.model.finding import Enforce, Kind
from scanner.model.location import Location
from scanner.model.rule import Severity, Text
from scanner.policy.baseline import Alternative, Baseline, Component, Document, Requirement, Selection
from scanner.policy.conditions import dump, load
from scanner.policy.library import Library
from scanner.policy.policy import dump_param, load_param


def stored(baseline: Baseline) -> dict[str, Any]:
    """The baseline as JSON data."""
    document = baseline.document
    return {
        "id": baseline.id,
        "document": [document.title, document.original_title, document.version, document.date],
        "scope": dict(baseline.scope),
        "stage": baseline.stage,
        "stages": list(baseline.stages),
        "inputs": [dump_param(param) for param in baseline.inputs.values()],
        "components": [_component(component) for component in baseline.components.values()],
        "requirements": [_requirement(requirement) for requirement in baseline.requirements],
    }


def load_stored(data: dict[str, Any], file: str, library: Library) -> Baseline:
    """The baseline that `stored` made."""
    inputs = [load_param(item) for item in data["inputs"]]
    components = [_load_component(item, file) for item in data["components"]]
    return Baseline(
        data["id"],
        Document(*data["document"]),
        data["scope"],
        data["stage"],
        tuple(data["stages"]),
        {param.name: param for param in inputs},
        {component.name: component for component in components},
        tuple(_load_requirement(item, file) for item in data["requirements"]),
        file,
        library,
    )


def _component(component: Component) -> list[Any]:
    return [
        component.name,
        _text(component.title),
        list(component.types),
        component.many,
        dump(component.where),
        [
            [
                {path: list(texts) for path, texts in alternative.patterns.items()},
                list(alternative.attached_to),
                list(alternative.refers_to),
                dump(alternative.where),
            ]
            for alternative in component.alternatives
        ],
        _place(component.location),
    ]


def _load_component(data: list[Any], file: str) -> Component:
    name, title, types, many, where, alternatives, place = data
    return Component(
        name,
        Text(*title),
        tuple(types),
        many,
        load(where),
        tuple(
            Alternative(
                {path: tuple(texts) for path, texts in patterns.items()}, tuple(attached), tuple(refers), load(where)
            )
            for patterns, attached, refers, where in alternatives
        ),
        Location(file, *place),
    )


def _requirement(item: Requirement) -> list[Any]:
    return [
        item.id,
        item.section,
        _text(item.title),
        item.severity.value,
        item.category,
        item.kind.value,
        item.enforce.value,
        item.basis,
        item.stage,
        list(item.replaces),
        list(item.components),
        [list(item.selection.types), dump(item.selection.where)] if item.selection else None,
        item.expects_some,
        item.policy,
        dict(item.arguments),
        dump(item.assertion),
        _text(item.why),
        _text(item.remediation),
        _place(item.location),
        [dict(metric) for metric in item.metrics],
        item.max_age,
    ]


def _load_requirement(data: list[Any], file: str) -> Requirement:
    return Requirement(
        data[0],
        data[1],
        Text(*data[2]),
        Severity(data[3]),
        data[4],
        Kind(data[5]),
        Enforce(data[6]),
        data[7],
        data[8],
        tuple(data[9]),
        tuple(data[10]),
        Selection(tuple(data[11][0]), load(data[11][1])) if data[11] else None,
        data[12],
        data[13],
        data[14],
        load(data[15]),
        Text(*data[16]) if data[16] else None,
        Text(*data[17]) if data[17] else None,
        Location(file, *data[18]),
        tuple(data[19]),
        data[20],
    )


def _text(text: Text | None) -> list[str] | None:
    return [text.en, text.ko] if text else None


def _place(location: Location) -> list[int]:
    return [location.line, location.column]
