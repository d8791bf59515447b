"""The Onno account while it works: images are pushed, targets answer, figures and logs come in, backups are taken."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from tests.live.account import LocalAccount

AUDIO: Final = "onno-audio-files-prod"
VERSIONS: Final = ("v1.4.2", "4f2a9c1e7b3d5f60718293a4b5c6d7e8f9012345")
"""How a release is tagged: with its version, and with the commit that it was built from."""
MANIFEST: Final = "application/vnd.docker.distribution.manifest.v2+json"
MEASURED: Final = (
    ("MeetingDuration", "Seconds", {"UserId": "7", "MeetingType": "interview"}),
    ("STT_Latency", "Milliseconds", {"Region": "ap-northeast-2"}),
    ("Question_Generation_Latency", "Milliseconds", {"MeetingType": "interview", "Priority": "high"}),
    ("API_Error_Rate", "Percent", {"Endpoint": "/meetings", "StatusCode": "500"}),
    ("WebSocket_Connections", "Count", {"Server": "ws-1"}),
)
"""The metrics that the application publishes, with unit and dimensions."""


def work(account: LocalAccount) -> None:
    """Does what the system, its pipeline and its schedules do every day."""
    _release(account)
    _serve(account)
    _measure(account)
    _rotate(account)
    _back_up(account)


def _release(account: LocalAccount) -> None:
    ecr, ecs = account.client("ecr"), account.client("ecs")
    for repository in ("onno-api", "onno-ws"):
        manifest = json.dumps({"schemaVersion": 2, "config": {"digest": f"sha256:{repository}"}, "layers": []})
        for tag in VERSIONS:
            ecr.put_image(
                repositoryName=repository, imageManifest=manifest, imageManifestMediaType=MANIFEST, imageTag=tag
            )
    for family in ("onno-api-task", "onno-ws-task"):  # the release before this one
        known = ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]
        kept = ("family", "networkMode", "cpu", "memory", "requiresCompatibilities", "executionRoleArn", "taskRoleArn")
        given = {name: known[name] for name in (*kept, "containerDefinitions") if name in known}
        ecs.register_task_definition(**given)


def _serve(account: LocalAccount) -> None:
    acm, elb, logs = account.client("acm"), account.client("elbv2"), account.client("logs")
    for certificate in acm.list_certificates()["CertificateSummaryList"]:
        acm.describe_certificate(CertificateArn=certificate["CertificateArn"])  # asked about, it is validated
    for group in elb.describe_target_groups()["TargetGroups"]:
        targets = [{"Id": f"10.0.{10 + at}.20", "Port": group["Port"]} for at in (1, 2)]
        elb.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=targets)
    now = int(time.time() * 1000)
    for group in logs.describe_log_groups()["logGroups"]:
        where = {"logGroupName": group["logGroupName"], "logStreamName": "today"}
        logs.create_log_stream(**where)
        logs.put_log_events(**where, logEvents=[{"timestamp": now, "message": "started"}])


def _measure(account: LocalAccount) -> None:
    cloudwatch = account.client("cloudwatch")
    for name, unit, dimensions in MEASURED:
        _put_figure(cloudwatch, "Onno/Application", {"MetricName": name, "Unit": unit, "Value": 1.0}, dimensions)
    cloudwatch.put_metric_data(Namespace="Onno/Billing", MetricData=[{"MetricName": "DailyCost", "Value": 9.5}])
    (balancer,) = account.client("elbv2").describe_load_balancers(Names=["onno-alb"])["LoadBalancers"]
    entry = {"LoadBalancer": balancer["LoadBalancerArn"].partition("loadbalancer/")[2]}
    service = {"ClusterName": "onno-cluster", "ServiceName": "onno-api-service"}
    database = {"DBInstanceIdentifier": "onno-db-prod"}
    for namespace, name, worn, value in (
        ("AWS/ApplicationELB", "RequestCount", entry, 1000.0),
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", entry, 1.0),
        ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", entry, 0.0),
        ("AWS/RDS", "CPUUtilization", database, 20.0),
        ("AWS/RDS", "DatabaseConnections", database, 12.0),
        ("AWS/ECS", "CPUUtilization", service, 30.0),
    ):
        _put_figure(cloudwatch, namespace, {"MetricName": name, "Value": value}, worn)
    rules = account.client("s3").get_bucket_replication(Bucket=AUDIO)["ReplicationConfiguration"]["Rules"]
    copied = {"SourceBucket": AUDIO, "DestinationBucket": f"{AUDIO}-dr", "RuleId": rules[0]["ID"]}
    for name, value in (("ReplicationLatency", 4.0), ("OperationsFailedReplication", 0.0)):
        _put_figure(cloudwatch, "AWS/S3", {"MetricName": name, "Value": value}, copied)


def _put_figure(cloudwatch: Any, namespace: str, figure: dict[str, Any], dimensions: dict[str, str]) -> None:
    """Publishes a figure as of some minutes ago: what is measured now belongs to no finished period."""
    worn = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    moment = datetime.now(UTC) - timedelta(minutes=12)
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{**figure, "Dimensions": worn, "Timestamp": moment}])


def _rotate(account: LocalAccount) -> None:
    secrets = account.client("secretsmanager")
    for secret in secrets.list_secrets()["SecretList"]:
        secrets.put_secret_value(SecretId=secret["ARN"], SecretString="not a secret")


def _back_up(account: LocalAccount) -> None:
    rds, cache, s3 = account.client("rds"), account.client("elasticache"), account.client("s3")
    for week in range(1, 5):
        name = f"weekly-{week}"
        rds.create_db_snapshot(DBInstanceIdentifier="onno-db-prod", DBSnapshotIdentifier=name)
    for day in range(1, 6):
        cache.create_snapshot(ReplicationGroupId=_redis(cache), SnapshotName=f"daily-{day}")
    today = datetime.now(UTC).date().isoformat()
    for bucket, key in (("backups", f"database/{today}.dump"), ("audio-files-dr", "meeting.webm")):
        for name in (item["Name"] for item in s3.list_buckets()["Buckets"] if bucket in item["Name"]):
            _put(s3, name, key)


def _put(s3: Any, bucket: str, key: str) -> None:
    """Puts an object into a bucket that may take nothing without TLS, which this account does not speak."""
    try:
        policy = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    except ClientError:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
        return
    s3.delete_bucket_policy(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key=key, Body=b"")
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)


def _redis(cache: Any) -> str:
    (group,) = cache.describe_replication_groups()["ReplicationGroups"]
    return str(group["ReplicationGroupId"])
