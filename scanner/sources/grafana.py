"""Grafana: dashboards as JSON, and data sources as provisioning files.

Sources: grafana.com/docs/grafana/latest: "Dashboard JSON model", "Provision Grafana".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Value, fields_of, items_of

DASHBOARD: Final = "grafana_dashboard"
DATASOURCE: Final = "grafana_datasource"


def kind_of(root: Value) -> str | None:
    """Whether a document is a dashboard or a list of data sources; None for anything else."""
    keys = fields_of(root).keys()
    if "kind" in keys:
        return None
    if "datasources" in keys and "apiVersion" in keys:
        return DATASOURCE
    inner = fields_of(_dashboard(root)).keys()
    if {"title", "panels"} <= inner and ("schemaVersion" in inner or "dashboard" in keys):
        return DASHBOARD
    return None


def read_grafana(root: Value, path: str) -> Iterator[Resource]:
    """One dashboard (address: the file's path; panels inside rows are listed with the others), or every data source."""
    kind = kind_of(root)
    here = root.location or Location(path, 1)
    if kind == DASHBOARD:
        board = _dashboard(root)
        raw = dict(fields_of(board))
        raw["panels"] = Value(tuple(_panels(raw["panels"])), raw["panels"].location)
        raw["path"] = Value(path, here)
        yield Resource(DASHBOARD, path, Value(raw, board.location, board.hops), here, Origin.MANIFEST)
    elif kind == DATASOURCE:
        for number, item in enumerate(items_of(fields_of(root)["datasources"])):
            name = fields_of(item).get("name", Value(None)).raw
            address = f"{path}#{name if isinstance(name, str) else number}"
            yield Resource(DATASOURCE, address, item, item.location or here, Origin.MANIFEST)


def _dashboard(root: Value) -> Value:
    """The dashboard itself: exports of the HTTP API wrap it."""
    return fields_of(root).get("dashboard", root)


def _panels(listed: Value) -> Iterator[Value]:
    for panel in items_of(listed):
        yield panel
        inner = fields_of(panel).get("panels")
        if inner is not None:
            yield from _panels(inner)
