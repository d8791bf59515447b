"""Prometheus, Alertmanager, Grafana and files of environment variables."""

from __future__ import annotations

import json

import pytest

from scanner.documents.yaml import read_yaml_documents
from scanner.model.path import lookup
from scanner.model.value import Unknown, plain
from scanner.sources.env_file import read_env_file
from scanner.sources.grafana import read_grafana
from scanner.sources.prometheus import read_prometheus


def root(text):
    return read_yaml_documents(text, "f.yaml")[0].value


def values(resource, path):
    return [plain(found.value) for found in lookup(resource.attributes, path)]


def test_a_scrape_configuration_inherits_the_global_interval():
    found = read_prometheus(
        root("global: {scrape_interval: 15s}\nscrape_configs:\n- job_name: a\n- {job_name: b, scrape_interval: 30s}\n"),
        "prometheus.yml",
    )
    assert found.type == "prometheus_config"
    assert values(found, "scrape_configs[*].scrape_interval") == ["15s", "30s"]
    (inherited,) = lookup(found.attributes, "scrape_configs[job_name=a].scrape_interval")
    assert inherited.value.location.line == 1
    assert inherited.value.hops[0].what == "global.scrape_interval"


ALERTMANAGER = """
route:
  receiver: mail
  routes:
    - match: {severity: critical}
      receiver: pager
      routes:
        - {matchers: ['team = "data"', 'env!=dev'], receiver: data}
    - {match_re: {severity: "warning|info"}, receiver: chat}
receivers: [{name: mail}, {name: pager}, {name: data}, {name: chat}, {name: nobody}]
"""


@pytest.mark.parametrize(
    ("receiver", "expected"),
    [
        ("mail", [{}]),
        ("pager", [{"severity": "critical"}]),
        ("data", [{"severity": "critical", "team": "data", "env": "!dev"}]),
        ("chat", [{"severity": "~warning|info"}]),
    ],
)
def test_a_receiver_has_the_matchers_of_every_route_that_leads_to_it(receiver, expected):
    found = read_prometheus(root(ALERTMANAGER), "alertmanager.yml")
    assert found.type == "alertmanager_config"
    assert values(found, f"receivers[name={receiver}].routes[*].matchers") == expected


def test_a_route_says_when_it_is_silent_and_its_children_do_not_take_that_over():
    text = ALERTMANAGER.replace(
        "      receiver: pager\n", "      receiver: pager\n      mute_time_intervals: [nights]\n"
    )
    found = read_prometheus(root(text), "alertmanager.yml")
    assert values(found, "receivers[name=pager].routes[0].mute_time_intervals[0]") == ["nights"]
    assert lookup(found.attributes, "receivers[name=data].routes[0].mute_time_intervals")[0].value.is_absent


@pytest.mark.parametrize(
    ("children", "reached"),
    [
        ("[{receiver: chat}, {receiver: pager, matchers: [severity=critical]}]", {"chat"}),
        ("[{receiver: chat, continue: true}, {receiver: pager, matchers: [severity=critical]}]", {"chat", "pager"}),
        ("[{receiver: pager, matchers: [a=b]}, {receiver: chat, matchers: [a=b, c=d]}]", {"mail", "pager"}),
        ("[{receiver: pager, matchers: [a=b, c=d]}, {receiver: chat, matchers: [a=b]}]", {"mail", "pager", "chat"}),
    ],
)
def test_an_alert_that_one_route_takes_does_not_come_to_the_next(children, reached):
    text = (
        f"route: {{receiver: mail, routes: {children}}}\nreceivers: [{{name: mail}}, {{name: pager}}, {{name: chat}}]\n"
    )
    found = read_prometheus(root(text), "alertmanager.yml")
    names = {"mail", "pager", "chat"}
    assert {name for name in names if values(found, f"receivers[name={name}].routes") != [[]]} == reached


def test_a_receiver_that_no_route_names_has_none():
    found = read_prometheus(root(ALERTMANAGER), "alertmanager.yml")
    assert values(found, "receivers[name=nobody].routes") == [[]]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]", "prometheus_rules"),
        ("scrape_configs: []", "prometheus_config"),
        ("apiVersion: v1\nkind: ConfigMap\nscrape_configs: []", None),
        ("groups: [a]", None),
        ("route: {}", None),
    ],
)
def test_files_are_told_by_their_content(text, type_):
    found = read_prometheus(root(text), "f.yml")
    assert (found.type if found else None) == type_


def test_a_dashboard_wrapped_by_the_api_reads_like_a_bare_one_and_rows_are_opened():
    board = {"title": "T", "schemaVersion": 39, "panels": [{"title": "row", "panels": [{"title": "inner"}]}]}
    for data in (board, {"dashboard": board, "folderId": 1}):
        (found,) = read_grafana(root(json.dumps(data)), "d.json")
        assert (found.type, values(found, "title")) == ("grafana_dashboard", ["T"])
        assert values(found, "panels[*].title") == ["row", "inner"]


def test_data_sources_are_resources_of_their_own():
    text = "apiVersion: 1\ndatasources: [{name: main, type: prometheus}, {type: loki}]"
    found = list(read_grafana(root(text), "ds.yml"))
    assert [(item.type, item.address) for item in found] == [
        ("grafana_datasource", "ds.yml#main"),
        ("grafana_datasource", "ds.yml#1"),
    ]


def test_an_env_file_with_its_places():
    text = "# comment\nA=1\n  export B='x y'\n\nURL=redis://:${TOKEN}@h/${A}\nBARE\nDB_PASSWORD=abc\n=wrong\n"
    resource, notes = read_env_file(text, "staging.env")
    (a, b, url, bare, password) = (
        lookup(resource.attributes, f"variables.{name}")[0].value for name in ("A", "B", "URL", "BARE", "DB_PASSWORD")
    )
    assert (a.raw, a.location.line, a.location.column) == ("1", 2, 1)
    assert (b.raw, b.location.line, b.location.column) == ("x y", 3, 3)
    assert isinstance(url.raw, Unknown)
    assert (url.shape, url.sensitive) == ("redis://:${TOKEN}@h/1", False)
    assert isinstance(bare.raw, Unknown)
    assert (password.sensitive, plain(password)) == (True, "(sensitive)")
    assert [(note.location.line, note.hides) for note in notes] == [(8, ())]
