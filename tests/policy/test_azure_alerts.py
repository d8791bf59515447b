"""Alerts of Azure Monitor on Terraform text: every form that they are written in, and what stays open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.model.finding import Verdict
from scanner.policy.evidence import Outcome
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
GROUP = """
variable "key" {
  type      = string
  sensitive = true
}
resource "azurerm_monitor_action_group" "page" {
  name = "page"
  webhook_receiver {
    name        = "pager"
    service_uri = "https://events.pagerduty.com/integration/${var.key}/enqueue"
  }
  webhook_receiver {
    name        = "channel"
    service_uri = "https://example.webhook.office.com/${var.key}"
  }
}
"""
ERRORS: dict[str, Any] = {
    "title": "High Error Rate",
    "name": "errorrate",
    "signal": "failed",
    "threshold": [5],
    "ratio": [0.05],
    "window": "PT5M",
    "receivers": ["pagerduty", "teams"],
}


def query(body: str = "", *, name: str = "High Error Rate", text: str = "requests", threshold: object = 5) -> str:
    return f"""
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "errors" {{
  name                 = "{name}"
  evaluation_frequency = "PT5M"
  window_duration      = "PT5M"
  criteria {{
    query     = "{text}"
    operator  = "GreaterThan"
    threshold = {threshold}
  }}
  action {{
    action_groups = [azurerm_monitor_action_group.page.id]
  }}
  {body}
}}
"""


def decide(directory: Path, text: str, **changed: object) -> Outcome:
    return call(read(directory, {"main.tf": text}), "azure_alert", **(ERRORS | changed))


@pytest.mark.parametrize("name", ["High Error Rate", "alert-high-error-rate-prod", "HighErrorRate", "high_error_rate"])
def test_an_alert_is_found_by_its_name_whatever_separates_the_words(tmp_path, name):
    assert decide(tmp_path, GROUP + query(name=name)).verdict is PASS


def test_an_alert_is_found_by_what_it_watches(tmp_path):
    assert decide(tmp_path, GROUP + query(name="alert-17", text="AppRequests | summarize Failed")).verdict is PASS
    assert decide(tmp_path, GROUP + query(name="alert-17", text="AppRequests | count")).verdict is FAIL


def test_no_alert_at_all_is_a_failure(tmp_path):
    outcome = decide(tmp_path, GROUP)
    assert outcome.verdict is FAIL
    assert "High Error Rate" in outcome.evidence[0].figures["said"].en


@pytest.mark.parametrize(("threshold", "verdict"), [(5, PASS), ('"5"', PASS), (0.05, PASS), (50, FAIL), (1, FAIL)])
def test_the_threshold_is_a_percentage_or_a_share(tmp_path, threshold, verdict):
    assert decide(tmp_path, GROUP + query(threshold=threshold)).verdict is verdict


@pytest.mark.parametrize(("figure", "verdict"), [("5", PASS), ("5.0", PASS), ("0.05", PASS), ("15", FAIL)])
def test_a_query_that_counts_rows_has_the_figure_inside(tmp_path, figure, verdict):
    text = f"AppRequests | summarize Rate = 1 by bin(TimeGenerated, 5m) | where Rate > {figure}"
    assert decide(tmp_path, GROUP + query(text=text, threshold=0)).verdict is verdict


def test_a_smaller_figure_does_not_count_as_exceeded(tmp_path):
    text = query().replace('"GreaterThan"', '"LessThan"')
    assert decide(tmp_path, GROUP + text).verdict is FAIL


@pytest.mark.parametrize(
    ("window", "periods", "verdict"),
    [("PT10M", 1, PASS), ("PT600S", 1, PASS), ("PT5M", 2, PASS), ("PT5M", 1, FAIL), ("PT10M", 3, FAIL)],
)
def test_a_query_is_over_the_figure_for_a_window_or_for_runs_in_a_row(tmp_path, window, periods, verdict):
    failing = f"""failing_periods {{
      minimum_failing_periods_to_trigger_alert = {periods}
      number_of_evaluation_periods             = {periods}
    }}"""
    text = query().replace('window_duration      = "PT5M"', f'window_duration = "{window}"')
    text = text.replace("threshold = 5", "threshold = 5\n" + failing)
    assert decide(tmp_path, GROUP + text, window="PT10M").verdict is verdict


def test_an_alert_that_is_switched_off_fails(tmp_path):
    outcome = decide(tmp_path, GROUP + query("enabled = false"))
    assert outcome.verdict is FAIL
    assert outcome.evidence[0].path == "enabled"


def test_one_good_alert_is_enough(tmp_path):
    warning = query(threshold=2).replace('"errors"', '"warning"')
    assert decide(tmp_path, GROUP + warning + query()).verdict is PASS


def test_the_form_of_version_3_of_the_provider(tmp_path):
    text = """
resource "azurerm_monitor_scheduled_query_rules_alert" "errors" {
  name        = "error rate"
  query       = "requests"
  frequency   = 5
  time_window = 5
  trigger {
    operator  = "GreaterThan"
    threshold = 5
  }
  action {
    action_group = [azurerm_monitor_action_group.page.id]
  }
}
"""
    assert decide(tmp_path, GROUP + text).verdict is PASS
    assert decide(tmp_path, GROUP + text, window="PT10M").verdict is FAIL


def metric(threshold: object, name: str = "requests/duration", window: str = "PT5M") -> str:
    return f"""
resource "azurerm_monitor_metric_alert" "slow" {{
  name        = "slow answers"
  window_size = "{window}"
  criteria {{
    metric_name = "{name}"
    operator    = "GreaterThan"
    threshold   = {threshold}
  }}
  action {{
    action_group_id = azurerm_monitor_action_group.page.id
  }}
}}
"""


@pytest.mark.parametrize(("threshold", "verdict"), [(5000, PASS), (5, FAIL)])
def test_a_metric_in_milliseconds_has_a_thousandfold_threshold(tmp_path, threshold, verdict):
    outcome = decide(tmp_path, GROUP + metric(threshold), signal="duration", milliseconds=["requests/duration"])
    assert outcome.verdict is verdict


def test_a_metric_without_a_known_name_has_no_known_unit(tmp_path):
    text = (
        GROUP + 'variable "metric" { type = string }\n' + metric(5000, "${var.metric}").replace("slow answers", "slow")
    )
    assert decide(tmp_path, text, name="slow", milliseconds=["requests/duration"]).verdict is UNKNOWN
    assert decide(tmp_path, text.replace("5000", "7"), name="slow", milliseconds=["x"]).verdict is FAIL


@pytest.mark.parametrize(("written", "verdict"), [("Average", PASS), ("Maximum", FAIL)])
def test_what_a_metric_alert_makes_of_the_values(tmp_path, written, verdict):
    text = GROUP + metric(5).replace("threshold   =", f'aggregation = "{written}"\n    threshold   =')
    assert decide(tmp_path, text, signal="duration", aggregation=["Average"]).verdict is verdict


@pytest.mark.parametrize(("window", "verdict"), [("PT5M", PASS), ("PT15M", PASS), ("PT1M", FAIL), ("PT30M", FAIL)])
def test_a_metric_alert_takes_the_nearest_window_there_is(tmp_path, window, verdict):
    assert decide(tmp_path, GROUP + metric(5, window=window), signal="duration", window="PT10M").verdict is verdict


def test_only_the_named_forms_count(tmp_path):
    text = GROUP + metric(5, name="FailedRequests")
    assert decide(tmp_path, text).verdict is PASS
    assert decide(tmp_path, text, forms=["query", "prometheus"]).verdict is FAIL


def prometheus(expression: str, after: str) -> str:
    return f"""
resource "azurerm_monitor_alert_prometheus_rule_group" "main" {{
  name = "main"
  rule {{
    alert      = "HighErrorRate"
    expression = "{expression}"
    {after}
    action {{
      action_group_id = azurerm_monitor_action_group.page.id
    }}
  }}
  rule {{
    record     = "requests:rate"
    expression = "sum(rate(requests[1h]))"
  }}
}}
"""


@pytest.mark.parametrize(
    ("expression", "after", "verdict"),
    [
        ("sum(errors) / sum(requests) > 0.05", 'for = "PT5M"', PASS),
        ("100 * errors > 5", 'for = "PT5M"', PASS),
        ("rate(errors[5m]) / rate(requests[5m]) > 0.05", "", PASS),
        ("sum(errors) / sum(requests) > 0.5", 'for = "PT5M"', FAIL),
        ("sum(errors) / sum(requests) > 0.05", 'for = "PT1H"', FAIL),
        ("sum(errors) / sum(requests) > 0.05", 'for = "PT5M"\nenabled = false', FAIL),
    ],
)
def test_a_rule_of_prometheus(tmp_path, expression, after, verdict):
    assert decide(tmp_path, GROUP + prometheus(expression, after)).verdict is verdict


@pytest.mark.parametrize(
    "given",
    [
        'variable "x" { type = number }\n' + query(threshold="var.x"),
        'variable "x" { type = string }\n' + query(name="${var.x}", text="${var.x}"),
        'variable "x" { type = bool }\n' + query("enabled = var.x"),
        'variable "x" { type = bool }\n' + query("count = var.x ? 1 : 0"),
        query().replace("azurerm_monitor_action_group.page.id", '"/subscriptions/x/actionGroups/page"'),
        query().replace("azurerm_monitor_action_group", "data.azurerm_monitor_action_group")
        + 'data "azurerm_monitor_action_group" "page" { name = "page" }',
        'module "alerts" { source = "./missing" }',
    ],
    ids=["threshold", "name and query", "enabled", "count", "foreign group", "data source", "module"],
)
def test_what_comes_from_outside_is_unknown(tmp_path, given):
    assert decide(tmp_path, GROUP + given).verdict is UNKNOWN


def receivers(directory: Path, block: str, *wanted: str) -> Verdict:
    text = f"""
variable "secret" {{
  type      = string
  sensitive = true
}}
resource "azurerm_monitor_action_group" "main" {{
  name = "main"
  {block}
}}
"""
    return call(read(directory, {"main.tf": text}), "azure_action_group_receivers", receivers=list(wanted)).verdict


def hook(address: str) -> str:
    return f'webhook_receiver {{\n name = "hook"\n service_uri = {address}\n}}'


@pytest.mark.parametrize(
    ("address", "wanted", "verdict"),
    [
        ('"https://events.eu.pagerduty.com/integration/${var.secret}/enqueue"', "pagerduty", PASS),
        ('"https://events.pagerduty.com.example.org/${var.secret}"', "pagerduty", FAIL),
        ('"https://example.org/events.pagerduty.com"', "pagerduty", FAIL),
        ('"https://prod-1.koreacentral.logic.azure.com:443/workflows/${var.secret}"', "teams", PASS),
        ('"https://hooks.example.com/${var.secret}"', "any", PASS),
        ('"https://${var.secret}"', "teams", UNKNOWN),
        ("var.secret", "pagerduty", UNKNOWN),
        ("var.secret", "any", PASS),
    ],
)
def test_a_webhook_is_known_by_its_host(tmp_path, address, wanted, verdict):
    assert receivers(tmp_path, hook(address), wanted) is verdict


def test_other_receivers(tmp_path):
    mail = 'email_receiver {\n name = "x"\n email_address = "%s"\n}'
    assert receivers(tmp_path, mail % "operations@example.com", "any") is PASS
    assert receivers(tmp_path, mail % "operations@example.com", "teams") is FAIL
    assert receivers(tmp_path, mail % "channel.tenant@emea.teams.ms", "teams") is PASS
    app = 'logic_app_receiver {\n name = "x"\n resource_id = "y"\n callback_url = var.secret\n}'
    assert receivers(tmp_path, app, "teams") is PASS
    assert receivers(tmp_path, "enabled = false\n" + mail % "a@example.com", "any") is FAIL
    assert receivers(tmp_path, "", "any") is FAIL


def test_no_address_is_shown(tmp_path):
    group = GROUP.replace("example.webhook.office.com", "hidden.example.com")
    outcome = decide(tmp_path, group + query())
    assert outcome.verdict is FAIL
    assert "hidden" not in str(outcome)
