"""Sync windows of Argo CD: when they open, on whatever clock and however the schedule is written."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory
from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Value, from_plain, unknown
from scanner.policy.conditions import Call
from scanner.policy.evidence import Outcome
from scanner.policy.functions import compile_call
from scanner.policy.world import World

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
SEOUL = {"application": "shop", "schedule": "0 2 * * 1-5", "duration": "2h", "time_zone": "Asia/Seoul"}
SHOP = {
    "metadata": {"name": "shop"},
    "spec": {"destination": {"server": "https://kubernetes.default.svc", "namespace": "shop-live"}},
}


def window(schedule: str = "0 2 * * 1-5", duration: str = "2h", zone: str | None = "Asia/Seoul", **more: Any) -> Any:
    written = {"kind": "allow", "schedule": schedule, "duration": duration, "applications": ["shop"], **more}
    return written if zone is None else {**written, "timeZone": zone}


def decide(*windows: Any, application: Any = SHOP, **arguments: Any) -> Outcome:
    return decide_on(from_plain({"spec": {"syncWindows": list(windows)}}), application, **arguments)


def decide_on(attributes: Value, application: Any = SHOP, **arguments: Any) -> Outcome:
    project = resource("AppProject", attributes)
    others = [resource("Application", from_plain(application))] if application else []
    world = World(Inventory([project, *others], []), load_facts())
    return compile_call(Call("argocd_sync_times", {**SEOUL, **arguments}))(world.subject(project, project))


def resource(kind: str, attributes: Value) -> Resource:
    type_ = f"argoproj.io/v1alpha1/{kind}"
    return Resource(type_, f"{type_}/argocd/x", attributes, Location("x.yaml", 1, 1), Origin.MANIFEST)


def said(outcome: Outcome) -> str:
    return outcome.evidence[0].figures["said"].en  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    "windows",
    [
        [window()],
        [window("0 2 * * MON-FRI", "120m")],
        [window("0 17 * * 0-4", zone=None)],
        [window("0 17 * * 0-4", zone="UTC")],
        [window("0 2 * * 1-5", zone="Asia/Tokyo")],
        [window("0 2 * * 1-3"), window("0 2 * * 4,5")],
        [window("0 2,3 * * 1-5", "1h")],
        [window("0 2 * * 1-5", "4h"), window("0 4 * * *", "2h", kind="deny")],
        [window("0 2 * * *"), window("0 0 * * 0,6", "24h", kind="deny")],
        [window(applications=["sh*"]), window("0 9 * * *", applications=["blog"])],
        [window(applications=[], namespaces=["*-live"])],
        [window(applications=[], clusters=["https://kubernetes.*"])],
        [window(namespaces=["shop-live"], andOperator=True), window("@hourly", namespaces=["blog"], andOperator=True)],
    ],
)
def test_windows_that_open_exactly_when_they_should(windows: list[Any]) -> None:
    assert decide(*windows).verdict is PASS


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([window("0 2-4 * * 1-5")], "syncs are allowed at Mon 04:00 (Asia/Seoul)"),
        ([window(zone=None)], "syncs are allowed at Mon 11:00 (Asia/Seoul)"),
        ([window(duration="1h")], "syncs are not allowed at Mon 03:00 (Asia/Seoul)"),
        ([window("0 2 * * 1-4")], "syncs are not allowed at Fri 02:00 (Asia/Seoul)"),
        ([window("0 2 * * *")], "syncs are allowed at Sat 02:00 (Asia/Seoul)"),
        ([window(), window("0 2 25 12 *", "1h", kind="deny")], "syncs are not allowed at Mon 02:00 (Asia/Seoul)"),
        ([window("* * * * *")], "syncs are allowed at Sun 09:00 (Asia/Seoul)"),
        ([window(kind="deny")], "syncs are allowed at Sun 09:00 (Asia/Seoul)"),
        ([window("@daily", "24h")], "syncs are allowed at Sun 09:00 (Asia/Seoul)"),
        ([window(applications=["blog"])], "no sync window applies, so syncs run at any time"),
        ([], "no sync window applies, so syncs run at any time"),
    ],
)
def test_windows_that_open_at_other_times(windows: list[Any], words: str) -> None:
    outcome = decide(*windows)
    assert outcome.verdict is FAIL
    assert said(outcome) == words


def test_the_schedule_may_be_read_on_the_clock_of_the_window() -> None:
    assert decide(window(zone=None), own_clock=True).verdict is PASS
    assert decide(window("0 17 * * 0-4", zone=None), own_clock=True).verdict is FAIL


def test_summer_time_moves_a_window_of_another_zone() -> None:
    assert decide(window("0 18 * * 0-4", zone="Europe/London")).verdict is FAIL


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        (window(), PASS),
        (window("0 2-4 * * 1-5"), PASS),
        (window("0 17 * * 0-4", zone=None), PASS),
        (window(duration="3h"), FAIL),
        (window("30 2 * * 1-5"), FAIL),
        (window(kind="deny"), FAIL),
    ],
)
def test_a_window_like_the_wanted_one_opens(written: Any, verdict: Verdict) -> None:
    assert decide(written, mode="opens").verdict is verdict


@pytest.mark.parametrize(
    "written",
    [
        window("whenever"),
        window("0 0 2 * * 1-5"),
        window("0 2 * * 5L"),
        window(duration="some time"),
        window(zone="Asia/Nowhere"),
        window(kind="maybe"),
    ],
)
def test_a_window_that_cannot_be_read_is_unknown(written: Any) -> None:
    assert decide(written).verdict is UNKNOWN


def test_a_value_that_is_not_known_is_unknown() -> None:
    for path in ("schedule", "applications"):
        fields = {**from_plain(window()).raw, path: unknown(Reason.UNSET_VARIABLE, "var.x has no value")}  # type: ignore[dict-item]
        windows = Value({"spec": Value({"syncWindows": Value((Value(fields),))})})
        assert decide_on(windows).verdict is UNKNOWN
    listed = Value({"spec": Value({"syncWindows": unknown(Reason.UNSET_VARIABLE, "var.x has no value")})})
    assert decide_on(listed).verdict is UNKNOWN


def test_namespaces_are_those_of_the_application_which_must_be_known() -> None:
    assert decide(window(applications=[], namespaces=["shop-live"]), application=None).verdict is UNKNOWN


def test_no_argument_may_be_left_open() -> None:
    assert decide(window(), time_zone=unknown(Reason.UNSET_VARIABLE, "no value").raw).verdict is UNKNOWN
