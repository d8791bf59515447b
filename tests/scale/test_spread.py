"""Tasks spread over a cluster: how many are under way, what is said of those that fail, and what a cluster is told."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import partial

import pytest

from scanner.errors import SourceError
from scanner.model.inventory import Level, Notification
from scanner.model.resource import Origin, Resource
from scanner.model.value import MASK, Value, from_plain
from scanner.sources.aws import AwsOptions
from scanner.sources.aws.spread import tasks
from scanner.sources.spread import ClusterGone, OtherVersion, Part, Task, dask, perform, spread


def resource(name: str, **attributes: Value) -> Resource:
    given = {"id": from_plain(name), **attributes}
    return Resource("aws_vpc", f"aws_vpc/{name}", Value(given), None, Origin.AWS, "1/eu-west-1", identity={"id": name})


def part(name: str, *then: Task) -> Part:
    return Part.of("aws", [resource(name)], then)


def task(name: str, *then: Task) -> Task:
    return Task(name, partial(part, name, *then), ("aws_vpc",))


class Cluster:
    """Runs tasks one by one, the last first; `broken` ones fail, and it is gone after so many."""

    def __init__(self, room: int = 4, broken: tuple[str, ...] = (), lasts: int = 10**6) -> None:
        self._room, self._broken, self._lasts = room, broken, lasts
        self._waiting: list[Task] = []
        self.most = 0

    def begin(self, task: Task) -> None:
        if not self._lasts:
            raise ClusterGone("the connection was lost")
        self._waiting.append(task)
        self.most = max(self.most, len(self._waiting))

    def room(self) -> int:
        return self._room

    def ended(self, _seconds: float) -> tuple[Task, Part | str] | None:
        if not self._room:
            return None
        if not self._lasts:
            raise ClusterGone("the connection was lost")
        self._lasts -= 1
        ended = self._waiting.pop()
        return ended, "KilledWorker: four times" if ended.name in self._broken else ended.read()


def results(cluster: Cluster, given: Iterator[Task] | list[Task]) -> tuple[set[str], list[Notification]]:
    found = list(spread(cluster, given, patience=0.01))  # type: ignore[arg-type]  # it has what is needed of one
    addresses = [item.address for item in found if isinstance(item, Resource)]
    assert len(set(addresses)) == len(addresses)
    return set(addresses), [item for item in found if isinstance(item, Notification)]


def test_everything_is_read_and_so_is_what_it_leads_to():
    accounts = [task(f"a{number}", task(f"a{number}-x"), task(f"a{number}-y")) for number in range(3)]
    found, said = results(Cluster(), accounts)
    assert found == {f"aws_vpc/a{number}{region}" for number in range(3) for region in ("", "-x", "-y")}
    assert said == []


def test_only_so_many_tasks_are_with_the_cluster_and_no_more_are_made():
    made = 0

    def many() -> Iterator[Task]:
        nonlocal made
        for number in range(100):
            made += 1
            assert made <= len(ended) + 5
            yield task(f"t{number}")

    cluster, ended = Cluster(room=4), []
    for item in spread(cluster, many()):  # type: ignore[arg-type]
        ended.append(item)
    assert len(ended) == 100
    assert cluster.most == 4


def test_a_task_that_fails_for_good_is_an_error_that_hides_its_types():
    found, said = results(Cluster(broken=("account 2 eu-west-1",)), [task("account 1"), task("account 2 eu-west-1")])
    assert found == {"aws_vpc/account 1"}
    what = "account 2 eu-west-1 was not read: KilledWorker: four times"
    assert said == [Notification(Level.ERROR, what, None, ("aws_vpc",))]


def test_a_cluster_that_goes_leaves_what_was_read_and_names_all_that_was_not():
    accounts = [task(f"a{number}", task(f"a{number}-x")) for number in range(9)]
    found, said = results(Cluster(lasts=3), accounts)
    assert len(found) == 3
    assert len({item.what for item in said}) == len(said)
    named = {item.what.split(" was not read: ")[0] for item in said}
    assert {f"a{number}" for number in range(9)} <= named | {address.removeprefix("aws_vpc/") for address in found}
    assert all(item.level is Level.ERROR and item.hides == ("aws_vpc",) for item in said)


def test_a_cluster_without_workers_is_given_up():
    _, (said,) = results(Cluster(room=0), [task("account 1")])
    assert said.what == "account 1 was not read: the cluster has had no worker for 0 s"


def test_sensitive_values_stay_with_the_worker():
    secret = resource("a", password=Value("hunter2", sensitive=True))
    sent = Part.of("aws", [secret])
    assert b"hunter2" not in b"".join(sent.lines())
    (found,) = spread(OnePart(sent), [task("a")])  # type: ignore[arg-type]
    assert isinstance(found, Resource)
    assert found.attributes.raw["password"].raw == MASK
    assert found.attributes.raw["password"].sensitive


class OnePart(Cluster):
    def __init__(self, sent: Part) -> None:
        super().__init__()
        self._sent = sent

    def ended(self, _seconds: float) -> tuple[Task, Part | str] | None:
        return self._waiting.pop(), self._sent


def test_a_worker_with_another_version_does_not_read():
    with pytest.raises(OtherVersion, match=r"the audit runs with 0\.0\.0"):
        perform(partial(part, "a"), "0.0.0")


def test_tasks_carry_no_credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASECRET")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    options = AwsOptions(
        frozenset({"aws_vpc"}), role_arn="arn:aws:iam::{account}:role/a", accounts=("1" * 12, "2" * 12)
    )
    sent = [pickle.dumps(task) for task in tasks(options)]
    assert len(sent) == 2
    assert not [text for text in sent if b"AKIASECRET" in text or b"hunter2" in text]


def test_nothing_at_the_address_is_an_error(monkeypatch):
    monkeypatch.setattr("scanner.sources.spread._CONNECT_SECONDS", 0.2)
    with pytest.raises(SourceError, match=r"the scheduler tcp:.* does not answer"), dask("tcp://127.0.0.1:1"):
        raise AssertionError
