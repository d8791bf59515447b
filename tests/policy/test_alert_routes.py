"""Alerts of Prometheus on their way through Alertmanager."""

from __future__ import annotations

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.model.value import from_plain
from scanner.policy.functions.alerts import FUNCTIONS
from scanner.policy.structures import literal
from scanner.policy.world import Subject, World
from scanner.sources.collect import collect_code

(REACH,) = FUNCTIONS
NOTHING = from_plain({})
RULES = """
groups:
  - name: a
    rules:
      - {record: ratio, expr: sum(errors)}
      - {alert: Errors, expr: ratio > 0.05, labels: {severity: critical}}
      - {alert: Down, expr: up == 0, labels: {severity: "{{ $labels.weight }}"}}
"""
RECEIVERS = """
receivers:
  - name: pager
    pagerduty_configs: [{routing_key_file: /run/key}]
  - name: rollback
    webhook_configs: [{url: "http://deployer/rollback"}]
"""
STATIC = "scrape_configs: [{job_name: web, static_configs: [{targets: [web:80], labels: {tier: front}}]}]\n"
FOUND = "scrape_configs: [{job_name: web, ec2_sd_configs: [{region: ap-northeast-2}]}]\n"


def decide(tmp_path, route, scraped=STATIC, rules=RULES, **arguments):
    files = {"rules.yml": rules, "alertmanager.yml": f"route: {route}\n{RECEIVERS}", "prometheus.yml": scraped}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    world = World(collect_code([tmp_path], tmp_path), load_facts())
    given = {"receiver": "pagerduty_configs"} | arguments
    return REACH.decide(
        Subject(world, None, NOTHING, "", None), {name: literal(value) for name, value in given.items()}
    )


@pytest.mark.parametrize(
    ("matchers", "alerts", "verdict"),
    [
        ("[]", None, Verdict.PASS),
        ("[severity=critical]", None, Verdict.PASS),
        ("['severity =~ \"critical|warning\"']", ["ratio"], Verdict.PASS),
        ("[severity!=critical]", ["ratio"], Verdict.FAIL),
        ("['severity!~crit.*']", ["ratio"], Verdict.FAIL),
        ("[alertname=Errors]", ["ratio"], Verdict.PASS),
        ("['alertname=~\"Err.*|(\"']", ["ratio"], Verdict.UNKNOWN),
        ("['alertname=~\"(r+)+x\"']", ["ratio"], Verdict.UNKNOWN),
        ("['alertname=~\"(Errors\"']", ["ratio"], Verdict.UNKNOWN),
        ("['alertname=~\"(Errors|Down)\"']", ["ratio"], Verdict.PASS),
        ("['alertname=~\".*.*.*.*.*x\"']", ["ratio"], Verdict.UNKNOWN),
        ("[severity=page]", ["ratio"], Verdict.FAIL),
        ("[severity=page]", ["up"], Verdict.UNKNOWN),
        ("[severity=page]", ["no such rule"], Verdict.PASS),
        ("[job=web]", ["up"], Verdict.UNKNOWN),
        ("[tier=front]", ["up"], Verdict.UNKNOWN),
        ("[team=data]", ["up"], Verdict.FAIL),
        ("[team=data]", ["ratio", "up"], Verdict.FAIL),
    ],
)
def test_matchers(tmp_path, matchers, alerts, verdict):
    route = f"{{receiver: rollback, routes: [{{receiver: pager, matchers: {matchers}}}]}}"
    given = {"alerts": alerts} if alerts else {}
    assert decide(tmp_path, route, **given).verdict is verdict


def test_discovered_targets_may_have_any_label(tmp_path):
    route = "{receiver: rollback, routes: [{receiver: pager, matchers: [team=data]}]}"
    assert decide(tmp_path, route, FOUND, alerts=["up"]).verdict is Verdict.UNKNOWN


def test_the_alert_that_is_lost_is_shown(tmp_path):
    route = "{receiver: rollback, routes: [{receiver: pager, matchers: [severity=page]}]}"
    (evidence,) = decide(tmp_path, route, alerts=["ratio"]).evidence
    assert (evidence.location.path, evidence.location.line) == ("rules.yml", 6)


def test_a_receiver_is_found_by_its_kind_and_by_name_or_address(tmp_path):
    assert decide(tmp_path, "{receiver: rollback}").verdict is Verdict.FAIL
    assert decide(tmp_path, "{receiver: rollback}", receiver="webhook_configs", name="deployer").verdict is Verdict.PASS
    assert decide(tmp_path, "{receiver: rollback}", receiver="webhook_configs", name="sms").verdict is Verdict.FAIL


def test_at_any_hour(tmp_path):
    route = "{receiver: rollback, routes: [{receiver: pager, active_time_intervals: [office]}]}"
    assert decide(tmp_path, route).verdict is Verdict.PASS
    assert decide(tmp_path, route, at_any_hour=True).verdict is Verdict.FAIL


def test_rules_that_cannot_be_read_leave_it_open(tmp_path):
    assert decide(tmp_path, "{receiver: rollback}", rules="groups: [{rules: [}").verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "route",
    ["{}", "null", "[1]", "{receiver: pager, routes: 3}", "{receiver: [x], routes: [null, {matchers: 7}, {match: x}]}"],
)
def test_what_makes_no_sense_is_survived(tmp_path, route):
    assert decide(tmp_path, route).verdict in (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN)
