"""What moto 5.2.5 cannot hold of the Onno account, answered in the shape of the API by a small server beside it.

* AWS Chatbot, Savings Plans, the anomaly subscriptions of Cost Explorer, reserved nodes and instances, global
  replication groups, services of Application Signals, public repositories, packages of OpenSearch, quotas and managed
  servers: there are none.
* AWS Support answers as for the Business plan; SES has left its sandbox, and its identities are verified.
* Application Auto Scaling takes the namespace of ElastiCache, in which there is nothing.
* ECS runs what its services should run, in two zones.
* ElastiCache says when a snapshot was taken, Secrets Manager when a secret was rotated.
* RDS names the zone of a standby, and the moment to which a copy of automated backups reaches.

Everything else that is asked of these operations is what moto answers.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import boto3

from tests.http_server import Answer, Asked, serving
from tests.live.account import ACCOUNT, REGIONS

Forward: TypeAlias = Callable[[Asked], Answer]
ORIGINAL: Final = "X-Original-Url"
SERVICES: Final = ("onno-api-service", "onno-ws-service")
ZONES: Final = ("ap-northeast-2a", "ap-northeast-2c")


@contextmanager
def beside() -> Iterator[Callable[[], boto3.Session]]:
    """Makes sessions whose clients ask this server where it knows an answer, and the account itself otherwise."""
    with serving(_answer) as (url, _):

        def session() -> boto3.Session:
            made = boto3.Session("test", "test", region_name=REGIONS[0])
            made.events.register("before-send.s3-control", _without_account)
            for service, operation in OPERATIONS:
                made.events.register(f"before-send.{service}.{operation}", _Leading(f"{url}/{service}/{operation}"))
            return made

        yield session


@dataclass(frozen=True)
class _Leading:
    """Leads a request to another address, which learns where it was meant to go."""

    url: str

    def __call__(self, request: Any, **_: Any) -> None:
        request.headers[ORIGINAL] = request.url
        request.url = self.url


def _without_account(request: Any, **_: Any) -> None:
    """The account in front of the name of the host, which this machine does not have under other names."""
    request.url = request.url.replace(f"//{ACCOUNT}.", "//")


def _answer(asked: Asked) -> Answer:
    _, service, operation = asked.path.split("/")
    return OPERATIONS[service, operation](asked, _forward)


def _forward(asked: Asked) -> Answer:
    """What moto says."""
    original = urlsplit(next(text for name, text in asked.headers.items() if name.lower() == ORIGINAL.lower()))
    connection = http.client.HTTPConnection(original.netloc, timeout=60)
    headers = {name: text for name, text in asked.headers.items() if name.lower() not in ("host", ORIGINAL.lower())}
    path = f"{original.path or '/'}{'?' if original.query else ''}{original.query}"
    connection.request(asked.method, path, asked.body, headers)
    said = connection.getresponse()
    kept = {name: text for name, text in said.getheaders() if name.lower().startswith(("content-type", "x-amzn"))}
    answer = Answer(said.read(), said.status, kept)
    connection.close()
    return answer


def _says(data: Any) -> Callable[[Asked, Forward], Answer]:
    return lambda _asked, _forward: Answer(json.dumps(data).encode(), headers={"Content-Type": "application/json"})


def _none(operation: str, items: str) -> Callable[[Asked, Forward], Answer]:
    """An empty list, in XML."""
    text = f"<{operation}Response><{operation}Result><{items}/></{operation}Result></{operation}Response>"
    return lambda _asked, _forward: Answer(text.encode(), headers={"Content-Type": "text/xml"})


def amended(change: Callable[[str], str]) -> Callable[[Asked, Forward], Answer]:
    """What moto answers, changed."""

    def answer(asked: Asked, forward: Forward) -> Answer:
        said = forward(asked)
        return Answer(change(said.body.decode()).encode(), said.status, said.headers)

    return answer


def standby(text: str) -> str:
    """A database in two zones names the second."""
    zone = f"<SecondaryAvailabilityZone>{ZONES[1]}</SecondaryAvailabilityZone>"
    return text.replace("<MultiAZ>true</MultiAZ>", f"<MultiAZ>true</MultiAZ>{zone}")


def _reaching(text: str) -> str:
    now = datetime.now(UTC)
    times = {"EarliestTime": now - timedelta(days=7), "LatestTime": now - timedelta(minutes=3)}
    window = "".join(f"<{name}>{moment.isoformat()}</{name}>" for name, moment in times.items())
    end = "</DBInstanceAutomatedBackup>"
    return text.replace(end, f"<RestoreWindow>{window}</RestoreWindow>{end}")


def _verified(text: str) -> str:
    return json.dumps(json.loads(text) | {"VerifiedForSendingStatus": True})


def _saved(text: str) -> str:
    """A snapshot was taken of a node an hour ago."""
    moment = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    node = f"<NodeSnapshot><SnapshotCreateTime>{moment}</SnapshotCreateTime></NodeSnapshot>"
    return text.replace("</SnapshotName>", f"</SnapshotName><NodeSnapshots>{node}</NodeSnapshots>")


def _rotated(text: str) -> str:
    """What is rotated was rotated yesterday."""
    data = json.loads(text)
    for secret in data.get("SecretList", ()):
        if secret.get("RotationEnabled"):
            secret["LastRotatedDate"] = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    return json.dumps(data)


def _targets(asked: Asked, forward: Forward) -> Answer:
    if json.loads(asked.body).get("ServiceNamespace") == "elasticache":
        return _says({"ScalableTargets": []})(asked, forward)
    return forward(asked)


def _running(text: str) -> str:
    data = json.loads(text)
    for service in data.get("services", ()):
        service["runningCount"], service["pendingCount"] = service["desiredCount"], 0
    return json.dumps(data)


def _tasks(asked: Asked, forward: Forward) -> Answer:
    """Two tasks of each service."""
    name = json.loads(asked.body).get("serviceName", "")
    wanted = [service for service in SERVICES if re.search(f"(^|/){service}$", name) or not name]
    start = f"arn:aws:ecs:{REGIONS[0]}:{ACCOUNT}:task/onno-cluster"
    arns = [f"{start}/{service}-{at}" for service in wanted for at in range(len(ZONES))]
    here = REGIONS[0] in asked.headers.get("Authorization", "")
    return _says({"taskArns": arns if here else []})(asked, forward)


def _described(asked: Asked, forward: Forward) -> Answer:
    tasks = [
        {
            "taskArn": arn, "group": f"service:{arn.rpartition('/')[2][:-2]}", "lastStatus": "RUNNING",
            "healthStatus": "HEALTHY", "availabilityZone": ZONES[int(arn[-1])],
            "clusterArn": f"arn:aws:ecs:{REGIONS[0]}:{ACCOUNT}:cluster/onno-cluster",
        }
        for arn in json.loads(asked.body)["tasks"]
    ]  # fmt: skip
    return _says({"tasks": tasks, "failures": []})(asked, forward)


OPERATIONS: Final[dict[tuple[str, str], Callable[[Asked, Forward], Answer]]] = {
    ("application-auto-scaling", "DescribeScalableTargets"): _targets,
    ("application-signals", "ListServices"): _says({"ServiceSummaries": []}),
    ("chatbot", "DescribeSlackChannelConfigurations"): _says({"SlackChannelConfigurations": []}),
    ("chatbot", "ListMicrosoftTeamsChannelConfigurations"): _says({"TeamChannelConfigurations": []}),
    ("cost-explorer", "GetAnomalySubscriptions"): _says({"AnomalySubscriptions": []}),
    ("ecr-public", "DescribeRepositories"): _says({"repositories": []}),
    ("ecs", "DescribeServices"): amended(_running),
    ("ecs", "DescribeTasks"): _described,
    ("ecs", "ListTasks"): _tasks,
    ("elasticache", "DescribeGlobalReplicationGroups"): _none(
        "DescribeGlobalReplicationGroups", "GlobalReplicationGroups"
    ),
    ("elasticache", "DescribeReservedCacheNodes"): _none("DescribeReservedCacheNodes", "ReservedCacheNodes"),
    ("elasticache", "DescribeSnapshots"): amended(_saved),
    ("opensearch", "DescribePackages"): _says({"PackageDetailsList": []}),
    ("rds", "DescribeDBInstances"): amended(standby),
    ("rds", "DescribeDBInstanceAutomatedBackups"): amended(_reaching),
    ("rds", "DescribeReservedDBInstances"): _none("DescribeReservedDBInstances", "ReservedDBInstances"),
    ("savingsplans", "DescribeSavingsPlans"): _says({"savingsPlans": []}),
    ("secrets-manager", "ListSecrets"): amended(_rotated),
    ("service-quotas", "ListServiceQuotas"): _says({"Quotas": []}),
    ("sesv2", "GetAccount"): _says({"ProductionAccessEnabled": True, "SendingEnabled": True}),
    ("sesv2", "GetEmailIdentity"): amended(_verified),
    ("ssm", "DescribeInstanceInformation"): _says({"InstanceInformationList": []}),
    ("support", "DescribeSeverityLevels"): _says({"severityLevels": [{"code": "critical", "name": "Critical"}]}),
}
"""What is answered here, by the name of the service in the events of botocore and its operation."""
