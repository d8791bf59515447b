"""Prometheus: configuration, rule files and Alertmanager's configuration, with what is inherited written in.

Sources: prometheus.io/docs/prometheus/latest/configuration (configuration, recording_rules, alerting_rules) and
prometheus.io/docs/alerting/latest/configuration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Hop, Value, fields_of, items_of

CONFIG: Final = "prometheus_config"
RULES: Final = "prometheus_rules"
ALERTMANAGER: Final = "alertmanager_config"
_INHERITED: Final = ("scrape_interval", "scrape_timeout", "scrape_protocols")
_MAX_ROUTES: Final = 5_000


def kind_of(root: Value) -> str | None:
    """Which of the three a YAML document is; None for anything else."""
    keys = root.raw.keys() if isinstance(root.raw, Mapping) else frozenset[str]()
    if "apiVersion" in keys:
        return None
    if "scrape_configs" in keys or ("global" in keys and "rule_files" in keys):
        return CONFIG
    if "route" in keys and "receivers" in keys:
        return ALERTMANAGER
    if "groups" in keys and any("rules" in fields_of(group) for group in items_of(fields_of(root).get("groups"))):
        return RULES
    return None


def read_prometheus(root: Value, path: str) -> Resource | None:
    """The document as a resource (address: its path); None where it is none of the three.

    A scrape configuration has the intervals that it inherits from `global`; a receiver of Alertmanager has `routes`:
    matchers and time intervals of every route that leads to it.
    """
    kind = kind_of(root)
    if kind is None:
        return None
    raw = dict(fields_of(root))
    if kind == CONFIG and "scrape_configs" in raw:
        raw["scrape_configs"] = _scrapes(raw["scrape_configs"], raw.get("global"))
    elif kind == ALERTMANAGER:
        raw["receivers"] = _receivers(raw["receivers"], raw["route"])
    here = root.location or Location(path, 1)
    raw["path"] = Value(path, here)
    return Resource(kind, path, Value(raw, root.location, root.hops), here, Origin.MANIFEST)


def _scrapes(listed: Value, defaults: Value | None) -> Value:
    if not isinstance(listed.raw, tuple | list):
        return listed
    return Value(tuple(_scrape(item, defaults) for item in listed.raw), listed.location, listed.hops)


def _scrape(item: Value, defaults: Value | None) -> Value:
    raw = dict(fields_of(item))
    for name in _INHERITED:
        given = fields_of(defaults).get(name)
        if given is not None and (name not in raw or raw[name].is_absent):
            raw[name] = given.with_(hops=(Hop(f"global.{name}", given.location),))
    return Value(raw, item.location, item.hops)


def _receivers(listed: Value, route: Value) -> Value:
    if not isinstance(listed.raw, tuple | list):
        return listed
    leading: dict[str, list[Value]] = {}
    for name, matchers in _routes(route, {}, None, [_MAX_ROUTES]):
        leading.setdefault(name, []).append(matchers)
    return Value(tuple(_receiver(item, leading) for item in listed.raw), listed.location, listed.hops)


def _receiver(item: Value, leading: Mapping[str, list[Value]]) -> Value:
    name = fields_of(item).get("name", Value(None)).raw
    routes = tuple(leading.get(name, ())) if isinstance(name, str) else ()
    return Value({**fields_of(item), "routes": Value(routes, item.location)}, item.location, item.hops)


def _routes(
    route: Value, above: Mapping[str, Value], receiver: str | None, left: list[int]
) -> Iterator[tuple[str, Value]]:
    """Every route of the tree that an alert can take, with its receiver (its parent's where it has none).

    An alert that a child takes goes no further: neither to its parent nor, without `continue`, to the next child.
    """
    left[0] -= 1
    if left[0] < 0:
        return
    own = fields_of(route).get("receiver", Value(None)).raw
    receiver = own if isinstance(own, str) else receiver
    matchers = {**above, **_matchers(route)}
    children = items_of(fields_of(route).get("routes"))
    if receiver is not None and all(_matchers(child) for child in children):
        yield receiver, Value({"matchers": Value(matchers, route.location), **_intervals(route)}, route.location)
    taken: list[set[tuple[str, str]]] = []
    for child in children:
        wanted = {(label, str(value.raw)) for label, value in _matchers(child).items()}
        if any(earlier <= wanted for earlier in taken):
            continue
        if fields_of(child).get("continue", Value(False)).raw is False:
            taken.append(wanted)
        yield from _routes(child, matchers, receiver, left)


def _intervals(route: Value) -> dict[str, Value]:
    """When the route is silent; children do not take this over."""
    return {name: value for name, value in fields_of(route).items() if name.endswith("_time_intervals")}


def _matchers(route: Value) -> dict[str, Value]:
    """`matchers`, and the older `match` and `match_re`, as label -> text (a regular expression begins with `~`)."""
    found = dict(fields_of(fields_of(route).get("match")))
    for label, value in fields_of(fields_of(route).get("match_re")).items():
        found[label] = Value(f"~{value.raw}", value.location)
    for item in items_of(fields_of(route).get("matchers")):
        if isinstance(item.raw, str):
            label, operator, text = _matcher(item.raw)
            found[label] = Value({"=": "", "=~": "~", "!=": "!", "!~": "!~"}[operator] + text, item.location)
    return found


def _matcher(text: str) -> tuple[str, str, str]:
    for operator in ("!~", "=~", "!=", "="):
        label, separator, rest = text.partition(operator)
        if separator:
            return label.strip(), operator, rest.strip().strip("\"'")
    return text.strip(), "=", ""
