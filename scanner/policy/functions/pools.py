"""Whether all connection pools together fit into what a database grants."""

from __future__ import annotations

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, undecided
from scanner.policy.functions.linked import referred, referring
from scanner.policy.world import Subject

_PROXIES = ("aws_db_proxy_target",)
_GROUPS = ("aws_db_parameter_group", "aws_rds_cluster_parameter_group")
_NO_LIMIT = Unknown(
    Reason.UNSUPPORTED,
    Words("max_connections is not in the code", "max_connections 값이 코드에 없음"),
)


def _fit(subject: Subject, arguments: Arguments) -> Outcome:
    """Largest number of tasks and functions x pool size + reserve <= max_connections, unless a proxy shares them."""
    database = subject.resource
    unknown = missing(arguments)
    if database is None or unknown is not None:
        return undecided(subject, unknown or _NO_LIMIT)
    proxied = [
        *referring(subject.world, _PROXIES, "db_instance_identifier", database).certain,
        *referring(subject.world, _PROXIES, "db_cluster_identifier", database).certain,
    ]
    if proxied:
        return HOLDS
    limit = _limit(subject, database)
    demand = _demand(subject, arguments)
    for value in (limit, demand):
        if isinstance(value, Unknown):
            return undecided(subject, value)
    assert not isinstance(limit, Unknown)
    assert not isinstance(demand, Unknown)
    figure, place = limit
    if demand <= figure:
        return HOLDS
    words = Text(
        f"all pools together may open {demand} connections, the database grants {figure}",
        f"전체 풀이 최대 {demand}개의 연결을 열 수 있으나 데이터베이스 허용은 {figure}개임",
    )
    return said(Verdict.FAIL, subject, words, path="max_connections", at=place, expected=demand, actual=figure)


def _limit(subject: Subject, database: Resource) -> tuple[int, Value] | Unknown:
    """max_connections of the parameter group that the database uses."""
    for through in ("parameter_group_name", "db_cluster_parameter_group_name"):
        for group, _ in referred(subject.world, database, through, _GROUPS).certain:
            value = lookup(group.attributes, "parameter[name=max_connections].value")[0].value
            figure = _whole(value)
            if figure is not None:
                return figure, value
    return _NO_LIMIT


def _demand(subject: Subject, arguments: Arguments) -> int | Unknown:
    """Connections that every service at its largest and every function with reserved concurrency may open."""
    world = subject.world
    most: dict[str, int] = {}
    for target in world.of_types(("aws_appautoscaling_target",)):
        if lookup(target.attributes, "service_namespace")[0].value.raw != "ecs":
            continue
        figure = _whole(lookup(target.attributes, "max_capacity")[0].value)
        if figure is None:
            return _not_known(target, "max_capacity")
        most[target.address] = figure
    per_task = _whole(arguments["pool_size"]) or 0
    reserve = _whole(arguments["reserve"]) or 0
    return sum(most.values()) * per_task + reserve


def _not_known(resource: Resource, path: str) -> Unknown:
    words = Words(f"{path} of {resource.address} is not known", f"{resource.address} 리소스의 {path} 값을 알 수 없음")
    return Unknown(Reason.UNSUPPORTED, words)


def _whole(value: Value) -> int | None:
    if value.is_unknown or value.is_absent:
        return None
    try:
        return int(as_text(value) or "")
    except ValueError:
        return None


FUNCTIONS = (
    Function(
        "database_pools_fit",
        "Whether every task at the largest scale can open its pool within the database's max_connections",
        ("pool_size", "reserve"),
        _fit,
    ),
)
