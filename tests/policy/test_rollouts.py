"""When the analysis of a rollout rolls a release back: conditions are read as what they mean."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory
from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Reference, Value, from_plain, unknown
from scanner.policy.conditions import Call
from scanner.policy.evidence import Outcome
from scanner.policy.functions import compile_call
from scanner.policy.world import World

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
TEMPLATE = "argoproj.io/v1alpha1/AnalysisTemplate"
RATIO = 'sum(rate(requests_total{status=~"5.."}[5m])) / sum(rate(requests_total[5m]))'
SUCCESSES = 'sum(rate(requests_total{status!~"5.."}[5m])) / sum(rate(requests_total[5m]))'
QUANTILE = "histogram_quantile(0.95, sum by (le) (rate(http_requests_seconds_bucket[5m])))"


def metric(name: str = "error-rate", query: str = RATIO, **conditions: str) -> dict[str, Any]:
    written = {f"{side}Condition": text for side, text in conditions.items()}
    return {"name": name, "provider": {"prometheus": {"query": query}}, **written}


def decide(*metrics: Any, template: bool = True, analysis: Any = None, spec: Any = None, **arguments: Any) -> Outcome:
    """The function on a rollout whose analysis names a template with these metrics."""
    names = Value(
        (from_plain({"templateName": "guard"}),), refs=(Reference(f"{TEMPLATE}/default/guard", "metadata.name"),)
    )
    written = Value({**from_plain(analysis or {}).raw, "templates": names})  # type: ignore[dict-item]
    rollout = resource("argoproj.io/v1alpha1/Rollout", "web", Value({"spec": Value({"analysis": written})}))
    found = [resource(TEMPLATE, "guard", from_plain({"spec": {"metrics": list(metrics), **(spec or {})}}))]
    return run(rollout, found if template else [], **arguments)


def run(rollout: Resource, others: list[Resource], **arguments: Any) -> Outcome:
    world = World(Inventory([rollout, *others], []), load_facts())
    given = {"through": ["spec.analysis"], **(arguments or {"max_error_percent": 1})}
    return compile_call(Call("rollout_analysis_limits", given))(world.subject(rollout, rollout))


def resource(type_: str, name: str, attributes: Value) -> Resource:
    return Resource(type_, f"{type_}/default/{name}", attributes, Location("x.yaml", 1, 1), Origin.MANIFEST)


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        (metric(failure="result[0] > 0.01"), PASS),
        (metric(failure="result[0] >= 0.005"), PASS),
        (metric(failure="0.01 < result[0]"), PASS),
        (metric(failure="len(result) > 0 && result[0] > 0.01"), PASS),
        (metric(failure="isNaN(result[0]) || (result[0] > 0.01)"), PASS),
        (metric(failure="float(result[0]) > 0.01"), PASS),
        (metric(success="result[0] <= 0.01"), PASS),
        (metric(success="len(result) == 0 || result[0] < 0.01"), PASS),
        (metric("success-rate", SUCCESSES, success="result[0] >= 0.99"), PASS),
        (metric("success-rate", SUCCESSES, failure="result[0] < 0.99"), PASS),
        (metric("success-rate", f"100 * {SUCCESSES}", failure="result[0] < 99"), PASS),
        (metric(query=f"{RATIO} * 100", failure="result[0] > 1"), PASS),
        (metric("error-percent", failure="result[0] > 1"), PASS),
        (metric(failure="result[0] > 0.02"), FAIL),
        (metric(failure="result[0] > 1"), FAIL),
        (metric(query=f"{RATIO} * 100", failure="result[0] > 5"), FAIL),
        (metric("success-rate", SUCCESSES, success="result[0] >= 0.95"), FAIL),
        (metric("latency", QUANTILE, failure="result[0] > 1"), FAIL),
        (metric("readiness", "up", success="result[0] == 1"), FAIL),
        (metric("errors", "errors_now", failure="result > 0.5"), UNKNOWN),
        (metric(failure="result[0] > 0.01 && result[0] < 0.5"), UNKNOWN),
        (metric(failure="any(result, {# > 0.01})"), UNKNOWN),
        (metric(failure="result[0] > {{args.most}}"), UNKNOWN),
        (metric(failure=""), UNKNOWN),
    ],
)
def test_the_share_of_errors(written: Any, verdict: Verdict) -> None:
    assert decide(written).verdict is verdict


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        (metric("latency", QUANTILE, failure="result[0] > 10"), PASS),
        (metric("latency-ms", "latency", failure="result[0] > 10000"), PASS),
        (metric("latency", "avg(latency)", failure="result[0] > 8"), PASS),
        (metric("latency", QUANTILE, failure="result[0] > 11"), FAIL),
        (metric("latency", "avg(latency_milliseconds)", failure="result[0] > 11000"), FAIL),
        (metric("latency", "avg(latency)", failure="result[0] > 20000"), FAIL),
        (metric("latency", QUANTILE, failure="result[0] < 10"), FAIL),
        (metric("latency", "avg(latency)", failure="result[0] > 2000"), UNKNOWN),
    ],
)
def test_the_response_time(written: Any, verdict: Verdict) -> None:
    assert decide(written, max_response_seconds=10).verdict is verdict


def test_each_figure_needs_its_metric() -> None:
    errors, time = metric(failure="result[0] > 0.005"), metric("latency", QUANTILE, failure="result[0] > 10")
    both: dict[str, Any] = {"max_error_percent": 1, "max_response_seconds": 10}
    assert decide(errors, time, **both).verdict is PASS
    assert decide(errors, **both).verdict is FAIL
    assert decide(time, **both).verdict is FAIL


def test_arguments_are_filled_in() -> None:
    written = metric(failure="result[0] > {{ args.most }}")
    assert decide(written, spec={"args": [{"name": "most", "value": "0.01"}]}).verdict is PASS
    given = {"args": [{"name": "most", "value": "0.5"}]}
    assert decide(written, spec={"args": [{"name": "most", "value": "0.01"}]}, analysis=given).verdict is FAIL


def test_a_rehearsed_metric_stops_nothing() -> None:
    written = metric(failure="result[0] > 0.01")
    assert decide(written, spec={"dryRun": [{"metricName": "error.*"}]}).verdict is FAIL
    assert decide(written, analysis={"dryRun": [{"metricName": "error-rate"}]}).verdict is FAIL


def test_a_template_that_is_not_in_the_code_may_say_anything() -> None:
    assert decide(template=False).verdict is UNKNOWN


def test_without_an_analysis_nothing_is_rolled_back() -> None:
    assert run(resource("argoproj.io/v1alpha1/Rollout", "web", from_plain({"spec": {}})), []).verdict is FAIL


def test_what_is_not_known_is_unknown() -> None:
    fields = {**from_plain(metric()).raw, "failureCondition": unknown(Reason.UNSET_VARIABLE, "var.x has no value")}  # type: ignore[dict-item]
    template = resource(TEMPLATE, "guard", Value({"spec": Value({"metrics": Value((Value(fields),))})}))
    names = Value((from_plain({"templateName": "guard"}),), refs=(Reference(template.address, "metadata.name"),))
    rollout = Value({"spec": Value({"analysis": Value({"templates": names})})})
    assert run(resource("argoproj.io/v1alpha1/Rollout", "web", rollout), [template]).verdict is UNKNOWN
