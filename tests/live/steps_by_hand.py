"""What changes by hand are made of, in the accounts beside Onno's (changes.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.live.account import LocalAccount
from tests.live.changes import Change, Given, Step, anywhere, balancer

GROUPS: Final = ("aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_security_group_rule")
_BLOCK: Final = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)


def instance(name: str, **settings: Any) -> Step:
    """A setting of a database."""
    return Step("rds", "modify_db_instance", {"DBInstanceIdentifier": name, "ApplyImmediately": True, **settings})


def cluster(name: str, **settings: Any) -> Step:
    """A setting of a cluster of databases."""
    return Step("rds", "modify_db_cluster", {"DBClusterIdentifier": name, "ApplyImmediately": True, **settings})


def cache(name: str, **settings: Any) -> Step:
    """A setting of Redis."""
    given = {"ReplicationGroupId": name, "ApplyImmediately": True, **settings}
    return Step("elasticache", "modify_replication_group", given)


def opened(name: str, port: int, found_by: str, *also: str) -> Change:
    """A port of a group for everybody."""
    rule = anywhere(name, port)
    return Change(
        f"port {port} opened",
        found_by,
        GROUPS,
        Step("ec2", "authorize_security_group_ingress", rule),
        Step("ec2", "revoke_security_group_ingress", rule),
        frozenset(also),
    )


def public(bucket: str, found_by: str) -> Change:
    """A bucket that may be public."""
    return Change(
        "bucket may be public",
        found_by,
        ("aws_s3_bucket_public_access_block",),
        Step("s3", "delete_public_access_block", {"Bucket": bucket}),
        Step("s3", "put_public_access_block", {"Bucket": bucket, "PublicAccessBlockConfiguration": _BLOCK}),
    )


def retention(name: str, found_by: str, days: int, then: int) -> Change:
    """Logs that are kept for fewer days."""
    return Change(
        "logs kept for days only",
        found_by,
        ("aws_cloudwatch_log_group",),
        Step("logs", "put_retention_policy", {"logGroupName": name, "retentionInDays": days}),
        Step("logs", "put_retention_policy", {"logGroupName": name, "retentionInDays": then}),
    )


def unguarded(name: str, acl: str, found_by: str) -> Change:
    """A load balancer without its web ACL."""

    def guarded(account: LocalAccount) -> dict[str, Any]:
        acls = account.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]
        arn = next(item["ARN"] for item in acls if item["Name"] == acl)
        return {"WebACLArn": arn, "ResourceArn": balancer(account, name)}

    return Change(
        "web ACL dissociated",
        found_by,
        ("aws_wafv2_web_acl", "aws_wafv2_web_acl_association"),
        Step("wafv2", "disassociate_web_acl", lambda account: {"ResourceArn": balancer(account, name)}),
        Step("wafv2", "associate_web_acl", guarded),
    )


def scaling(cluster_: str, service: str, least: int, most: int) -> Step:
    """Between how many tasks a service scales."""
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{cluster_}/{service}",
        "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": least,
        "MaxCapacity": most,
    }
    return Step("application-autoscaling", "register_scalable_target", target)


def target_group(name: str, **settings: Any) -> Step:
    """A setting of a target group."""

    def found(account: LocalAccount) -> dict[str, Any]:
        (one,) = account.client("elbv2").describe_target_groups(Names=[name])["TargetGroups"]
        return {"TargetGroupArn": one["TargetGroupArn"], **settings}

    return Step("elbv2", "modify_target_group", found)


def listener(name: str, **settings: Any) -> Step:
    """A setting of the HTTPS listener of a load balancer."""

    def found(account: LocalAccount) -> dict[str, Any]:
        listeners = account.client("elbv2").describe_listeners(LoadBalancerArn=balancer(account, name))["Listeners"]
        return {"ListenerArn": next(item["ListenerArn"] for item in listeners if item["Port"] == 443), **settings}

    return Step("elbv2", "modify_listener", found)


def connect(make: Callable[[Any, str], dict[str, Any]]) -> Given:
    """What an operation of Amazon Connect is given, for the one instance."""

    def found(account: LocalAccount) -> dict[str, Any]:
        client = account.client("connect")
        (one,) = client.list_instances()["InstanceSummaryList"]
        return {"InstanceId": one["Id"], **make(client, one["Id"])}

    return found


def recordings(*, encrypted: bool) -> Step:
    """Where calls are recorded to, and whether with a key."""

    def config(client: Any, id_: str) -> dict[str, Any]:
        (held,) = client.list_instance_storage_configs(InstanceId=id_, ResourceType="CALL_RECORDINGS")["StorageConfigs"]
        bucket = {"BucketName": "aicc-prod-call-recordings", "BucketPrefix": "calls"}
        key = {"EncryptionConfig": {"EncryptionType": "KMS", "KeyId": "arn:aws:kms:ap-northeast-2:111122223333:key/x"}}
        stored = {"StorageType": "S3", "S3Config": {**bucket, **(key if encrypted else {})}}
        return {"AssociationId": held["AssociationId"], "ResourceType": "CALL_RECORDINGS", "StorageConfig": stored}

    return Step("connect", "update_instance_storage_config", connect(config))


def served(operation: str, name: str) -> Step:
    """A queue and the profile that serves it."""

    def given(client: Any, id_: str) -> dict[str, Any]:
        queues = client.list_queues(InstanceId=id_)["QueueSummaryList"]
        (profile,) = client.list_routing_profiles(InstanceId=id_)["RoutingProfileSummaryList"]
        reference = {"QueueId": next(item["Id"] for item in queues if item["Name"] == name), "Channel": "VOICE"}
        leaving = operation.startswith("dis")
        queue = {"QueueReferences": [reference]} if leaving else {
            "QueueConfigs": [{"QueueReference": reference, "Priority": 1, "Delay": 0}]
        }  # fmt: skip
        return {"RoutingProfileId": profile["Id"], **queue}

    return Step("connect", operation, connect(given))


def release(*, stops: bool) -> Step:
    """Whether alarms stop a release."""
    alarms = ("aicc-prod-availability", "aicc-prod-response-time", "aicc-prod-error-rate")
    given = {
        "applicationName": "aicc-api",
        "currentDeploymentGroupName": "aicc-api-blue-green",
        "alarmConfiguration": {"enabled": stops, "alarms": [{"name": name} for name in alarms]},
    }
    return Step("codedeploy", "update_deployment_group", given)
