"""What somebody does to the Onno account by hand, and which lines of the table must tell of it: none where nothing
changes its meaning."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scanner.model.drift import Meaning
from tests.live.account import ACCOUNT, LocalAccount
from tests.live.changes import AUDIO, balancer, group, subnet

Given = Mapping[str, Any] | Callable[[LocalAccount], Mapping[str, Any]]
HAND, PLAIN = Meaning.CHANGED_BY_HAND, Meaning.PLAIN_DRIFT
DATABASE: Final = "onno-db-prod"
TOPIC: Final = f"arn:aws:sns:ap-northeast-2:{ACCOUNT}:onno-warnings"
BACKUPS: Final = "onno-backups-prod"
UPLOADS: Final = "onno-user-uploads-prod"


@dataclass(frozen=True)
class Line:
    """A line that must be in the table: by type, a part of the address in the account or in code, and the path."""

    meaning: Meaning
    type: str
    where: str
    path: str | None = None


@dataclass(frozen=True)
class Hand:
    """One call, and the lines that tell of it."""

    what: str
    service: str
    operation: str
    given: Given
    lines: tuple[Line, ...] = ()

    def make(self, account: LocalAccount) -> None:
        """Does it."""
        given = self.given(account) if callable(self.given) else self.given
        getattr(account.client(self.service), self.operation)(**given)


def database(what: str, path: str, meaning: Meaning = HAND, /, **settings: Any) -> Hand:
    """A setting of the database that is another one then."""
    given = {"DBInstanceIdentifier": DATABASE, "ApplyImmediately": True, **settings}
    return Hand(what, "rds", "modify_db_instance", given, (Line(meaning, "aws_db_instance", "db-", path),))


def service(what: str, path: str | None, meaning: Meaning = HAND, /, **settings: Any) -> Hand:
    """A setting of the API service."""
    lines = (Line(meaning, "aws_ecs_service", "onno-api-service", path),) if path else ()
    given = {"cluster": "onno-cluster", "service": "onno-api-service", **settings}
    return Hand(what, "ecs", "update_service", given, lines)


def permission(name: str, port: int, range_: str) -> Given:
    """A rule of a security group."""
    return lambda account: {
        "GroupId": group(account, name),
        "IpPermissions": [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": range_}]}],
    }


def switch(name: str, key: str, value: str, path: str) -> Hand:
    """An attribute of a load balancer."""
    return Hand(
        f"{name} {key}",
        "elbv2",
        "modify_load_balancer_attributes",
        lambda account: {
            "LoadBalancerArn": balancer(account, name),
            "Attributes": [{"Key": key, "Value": value}],
        },
        (Line(PLAIN, "aws_lb", name, path),),
    )


def policy_of(account: LocalAccount, role: str, name: str) -> dict[str, Any]:
    """An inline policy of a role."""
    found: dict[str, Any] = account.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    return found


def turned(document: dict[str, Any]) -> str:
    """The same policy, written the other way round: keys, statements, actions, lists of one, names of statements."""
    statements = []
    for number, statement in enumerate(reversed(document["Statement"])):
        other = {key: _turned(key, value) for key, value in reversed(statement.items())}
        statements.append({**other, "Sid": f"Renamed{number}"})
    return json.dumps({"Statement": statements, "Version": document["Version"]}, indent=4)


def _turned(key: str, value: Any) -> Any:
    if key not in ("Action", "Resource"):
        return value
    return list(reversed(value)) if isinstance(value, list) else [value]


def wider(document: dict[str, Any]) -> str:
    """The policy with one action more."""
    first, *rest = document["Statement"]
    actions = first["Action"] if isinstance(first["Action"], list) else [first["Action"]]
    return json.dumps({**document, "Statement": [{**first, "Action": [*actions, "logs:*"]}, *rest]})


def role_policy(role: str, name: str, change: Callable[[dict[str, Any]], str]) -> Given:
    """An inline policy written anew."""
    return lambda account: {
        "RoleName": role,
        "PolicyName": name,
        "PolicyDocument": change(policy_of(account, role, name)),
    }


def trust(role: str) -> Given:
    """The trust policy of a role written the other way round."""
    return lambda account: {
        "RoleName": role,
        "PolicyDocument": turned(account.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]),
    }


def alarm(name: str, **other: Any) -> Given:
    """An alarm put again with something else in it."""

    def given(account: LocalAccount) -> Mapping[str, Any]:
        (found,) = account.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
        told = ("AlarmArn", "AlarmConfigurationUpdatedTimestamp", "StateValue", "StateReason", "StateReasonData",
                "StateUpdatedTimestamp", "StateTransitionedTimestamp")  # fmt: skip
        return {**{key: value for key, value in found.items() if key not in told and value not in ("", [])}, **other}

    return given


def bucket_policy(name: str, change: Callable[[dict[str, Any]], str]) -> Given:
    """A bucket policy written anew."""
    return lambda account: {
        "Bucket": name,
        "Policy": change(json.loads(account.client("s3").get_bucket_policy(Bucket=name)["Policy"])),
    }


def lifecycle(name: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Given:
    """The lifecycle rules of a bucket put again."""
    return lambda account: {
        "Bucket": name,
        "LifecycleConfiguration": {
            "Rules": change(account.client("s3").get_bucket_lifecycle_configuration(Bucket=name)["Rules"])
        },
    }


def topic_policy(account: LocalAccount) -> Mapping[str, Any]:
    """The policy of a topic the other way round."""
    found = account.client("sns").get_topic_attributes(TopicArn=TOPIC)["Attributes"]["Policy"]
    return {"TopicArn": TOPIC, "AttributeName": "Policy", "AttributeValue": turned(json.loads(found))}


def vpc(account: LocalAccount) -> str:
    """The id of the network."""
    (found,) = account.client("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/16"]}])["Vpcs"]
    return str(found["VpcId"])


def key(account: LocalAccount, description: str) -> str:
    """The id of a key."""
    kms = account.client("kms")
    for found in kms.list_keys()["Keys"]:
        if kms.describe_key(KeyId=found["KeyId"])["KeyMetadata"]["Description"] == description:
            return str(found["KeyId"])
    raise LookupError(description)


def target_group(account: LocalAccount, name: str) -> str:
    """The ARN of a target group."""
    return str(account.client("elbv2").describe_target_groups(Names=[name])["TargetGroups"][0]["TargetGroupArn"])


def secret(account: LocalAccount, name: str) -> str:
    """The ARN of a secret."""
    return str(account.client("secretsmanager").describe_secret(SecretId=name)["ARN"])


def longer(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules of which the first keeps objects for longer."""
    first, *rest = rules
    transitions = [{**item, "Days": item["Days"] + 30} for item in first["Transitions"]]
    return [{**first, "Transitions": transitions}, *rest]


def tag(kind: str, given: Given, operation: str, type_: str, where: str) -> Hand:
    """A tag that nobody declared."""
    return Hand(f"a tag at {where}", kind, operation, given, (Line(PLAIN, type_, where, 'tags["Temp"]'),))


_TAGS: Final = [{"Key": "Temp", "Value": "yes"}]
_DATABASE_KEY: Final = "PostgreSQL storage, snapshots and backups"

CHANGES: Final = (
    database("Multi-AZ off", "multi_az", MultiAZ=False),
    database("backups for one day", "backup_retention_period", BackupRetentionPeriod=1),
    database("database public", "publicly_accessible", PubliclyAccessible=True),
    database("Performance Insights off", "performance_insights_enabled", EnablePerformanceInsights=False),
    database("unprotected", "deletion_protection", PLAIN, DeletionProtection=False),
    database("a larger database", "instance_class", DBInstanceClass="db.t3.large"),
    database("more storage", "allocated_storage", PLAIN, AllocatedStorage=50),
    database("storage may grow further", "max_allocated_storage", MaxAllocatedStorage=500),
    database("another window", "maintenance_window", PreferredMaintenanceWindow="sun:04:00-sun:05:00"),
    database("backups at another time", "backup_window", PreferredBackupWindow="05:00-06:00"),
    database("snapshots without tags", "copy_tags_to_snapshot", PLAIN, CopyTagsToSnapshot=False),
    service("circuit breaker without rollback", "deployment_circuit_breaker.rollback",
            deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": False},
                                     "maximumPercent": 200, "minimumHealthyPercent": 100}),
    service("more tasks, which autoscaling does too", None, desiredCount=3),
    service("less patience", "health_check_grace_period_seconds", healthCheckGracePeriodSeconds=30),
    Hand("insights off", "ecs", "update_cluster",
         {"cluster": "onno-cluster", "settings": [{"name": "containerInsights", "value": "disabled"}]},
         (Line(HAND, "aws_ecs_cluster", "onno-cluster", "setting.value"),)),
    Hand("logs for a day", "logs", "put_retention_policy", {"logGroupName": "/ecs/onno-ws", "retentionInDays": 1},
         (Line(HAND, "aws_cloudwatch_log_group", "/ecs/onno-ws", "retention_in_days"),)),
    Hand("logs kept for ever", "logs", "delete_retention_policy", {"logGroupName": "/vpc/onno-flow-logs"},
         (Line(PLAIN, "aws_cloudwatch_log_group", "/vpc/onno-flow-logs", "retention_in_days"),)),
    Hand("the same retention again", "logs", "put_retention_policy",
         {"logGroupName": "/ecs/onno-api", "retentionInDays": 30}),
    Hand("a log group deleted", "logs", "delete_log_group", {"logGroupName": "/aws/lambda/onno-cost-report"},
         (Line(Meaning.NOT_DEPLOYED, "aws_cloudwatch_log_group", 'function["cost-report"]'),)),
    Hand("a log group made", "logs", "create_log_group", {"logGroupName": "/ecs/debug"},
         (Line(Meaning.UNMANAGED, "aws_cloudwatch_log_group", "/ecs/debug"),)),
    Hand("versions suspended", "s3", "put_bucket_versioning",
         {"Bucket": UPLOADS, "VersioningConfiguration": {"Status": "Suspended"}},
         (Line(HAND, "aws_s3_bucket_versioning", UPLOADS, "versioning_configuration.status"),)),
    Hand("bucket may be public", "s3", "delete_public_access_block", {"Bucket": UPLOADS},
         tuple(Line(HAND, "aws_s3_bucket_public_access_block", UPLOADS, path)
               for path in ("block_public_acls", "block_public_policy", "ignore_public_acls",
                            "restrict_public_buckets"))),
    Hand("archived later", "s3", "put_bucket_lifecycle_configuration", lifecycle(UPLOADS, longer),
         (Line(HAND, "aws_s3_bucket_lifecycle_configuration", UPLOADS, "rule.transition.days"),)),
    Hand("the same lifecycle again", "s3", "put_bucket_lifecycle_configuration",
         lifecycle(BACKUPS, lambda rules: list(reversed(rules)))),
    Hand("a policy of a bucket the other way round", "s3", "put_bucket_policy", bucket_policy(AUDIO, turned)),
    Hand("a policy of a bucket opened", "s3", "put_bucket_policy", bucket_policy(UPLOADS, wider),
         (Line(PLAIN, "aws_s3_bucket_policy", UPLOADS, "policy"),)),
    Hand("database open to everybody", "ec2", "authorize_security_group_ingress",
         permission("onno-rds", 5432, "0.0.0.0/0"),
         (Line(HAND, "aws_security_group", 'this["rds"]', "ingress[tcp 5432 from 0.0.0.0/0]"),)),
    Hand("SSH from one more office", "ec2", "authorize_security_group_ingress",
         permission("onno-bastion", 22, "192.0.2.0/24"),
         (Line(HAND, "aws_security_group", 'this["bastion"]', "ingress[tcp 22 from 192.0.2.0/24]"),)),
    Hand("HTTP closed", "ec2", "revoke_security_group_ingress", permission("onno-alb", 80, "0.0.0.0/0"),
         (Line(HAND, "aws_security_group", 'this["alb"]', "ingress[tcp 80 from 0.0.0.0/0]"),)),
    Hand("a rule taken away", "ec2", "revoke_security_group_ingress", permission("onno-alb", 443, "0.0.0.0/0")),
    Hand("and made again", "ec2", "authorize_security_group_ingress", permission("onno-alb", 443, "0.0.0.0/0")),
    Hand("a subnet gives public addresses", "ec2", "modify_subnet_attribute",
         lambda account: {"SubnetId": subnet(account, "10.0.11.0/24"), "MapPublicIpOnLaunch": {"Value": True}},
         (Line(HAND, "aws_subnet", 'this["app-a"]', "map_public_ip_on_launch"),)),
    Hand("no names in the network", "ec2", "modify_vpc_attribute",
         lambda account: {"VpcId": vpc(account), "EnableDnsHostnames": {"Value": False}},
         (Line(PLAIN, "aws_vpc", "aws_vpc.this", "enable_dns_hostnames"),)),
    tag("ec2", lambda account: {"Resources": [vpc(account)], "Tags": _TAGS}, "create_tags", "aws_vpc", "vpc-"),
    tag("ec2", lambda account: {"Resources": [group(account, "onno-alb")], "Tags": _TAGS}, "create_tags",
        "aws_security_group", 'this["alb"]'),
    tag("rds", {"ResourceName": f"arn:aws:rds:ap-northeast-2:{ACCOUNT}:db:{DATABASE}", "Tags": _TAGS},
        "add_tags_to_resource", "aws_db_instance", "db-"),
    tag("iam", {"RoleName": "ecsTaskRole", "Tags": _TAGS}, "tag_role", "aws_iam_role", "ecsTaskRole"),
    tag("elbv2", lambda account: {"ResourceArns": [balancer(account, "onno-nlb")], "Tags": _TAGS}, "add_tags",
        "aws_lb", "onno-nlb"),
    Hand("a tag overwritten", "iam", "tag_role",
         {"RoleName": "onno-backup", "Tags": [{"Key": "Environment", "Value": "test"}]},
         (Line(PLAIN, "aws_iam_role", "onno-backup", 'tags["Environment"]'),)),
    Hand("a tag taken away", "iam", "untag_role", {"RoleName": "onno-rds-monitoring", "TagKeys": ["Project"]},
         (Line(PLAIN, "aws_iam_role", "onno-rds-monitoring", 'tags["Project"]'),)),
    Hand("the same tag again", "iam", "tag_role",
         {"RoleName": "onno-vpc-flow-logs", "Tags": [{"Key": "Project", "Value": "onno"}]}),
    Hand("a policy of a role the other way round", "iam", "put_role_policy",
         role_policy("onno-rotate-db-url-role", "task", turned)),
    Hand("a policy of a role widened", "iam", "put_role_policy",
         role_policy("onno-redeploy-services-role", "task", wider),
         (Line(PLAIN, "aws_iam_role_policy", "onno-redeploy-services-role", "policy"),)),
    Hand("a trust policy the other way round", "iam", "update_assume_role_policy", trust("onno-backup")),
    Hand("administrators", "iam", "attach_role_policy",
         {"RoleName": "onno-cost-report-role", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
         (Line(Meaning.UNMANAGED, "aws_iam_role_policy_attachment", "onno-cost-report-role"),)),
    Hand("encrypted with another key", "s3", "put_bucket_encryption",
         {"Bucket": UPLOADS, "ServerSideEncryptionConfiguration": {"Rules": [
             {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": False}]}},
         (Line(PLAIN, "aws_s3_bucket_server_side_encryption_configuration", UPLOADS,
               "rule.apply_server_side_encryption_by_default.sse_algorithm"),)),
    Hand("the same attachment again", "iam", "attach_role_policy",
         {"RoleName": "onno-backup",
          "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"}),
    Hand("a key not rotated", "kms", "disable_key_rotation", lambda account: {"KeyId": key(account, _DATABASE_KEY)},
         (Line(PLAIN, "aws_kms_key", "aws_kms_key.database", "enable_key_rotation"),)),
    switch("onno-alb", "idle_timeout.timeout_seconds", "300", "idle_timeout"),
    switch("onno-alb", "deletion_protection.enabled", "false", "enable_deletion_protection"),
    switch("onno-alb", "routing.http.drop_invalid_header_fields.enabled", "false", "drop_invalid_header_fields"),
    switch("onno-nlb", "access_logs.s3.enabled", "false", "access_logs.enabled"),
    Hand("slower checks", "elbv2", "modify_target_group",
         lambda account: {"TargetGroupArn": target_group(account, "onno-api"), "HealthCheckIntervalSeconds": 120},
         (Line(PLAIN, "aws_lb_target_group", "onno-api", "health_check.interval"),)),
    Hand("function cut short", "lambda", "update_function_configuration",
         {"FunctionName": "onno-post-meeting-processor", "Timeout": 3},
         (Line(HAND, "aws_lambda_function", "onno-post-meeting-processor", "timeout"),)),
    Hand("more memory", "lambda", "update_function_configuration",
         {"FunctionName": "onno-cost-report", "MemorySize": 1024},
         (Line(PLAIN, "aws_lambda_function", "onno-cost-report", "memory_size"),)),
    Hand("the same runtime again", "lambda", "update_function_configuration",
         {"FunctionName": "onno-rotate-jwt-secret", "Runtime": "python3.11"}),
    Hand("topic not encrypted", "sns", "set_topic_attributes",
         {"TopicArn": TOPIC.replace("onno-warnings", "redis-alerts"), "AttributeName": "KmsMasterKeyId",
          "AttributeValue": ""},
         (Line(HAND, "aws_sns_topic", "redis-alerts", "kms_master_key_id"),)),
    Hand("a topic named", "sns", "set_topic_attributes",
         {"TopicArn": TOPIC, "AttributeName": "DisplayName", "AttributeValue": "Warnings"},
         (Line(PLAIN, "aws_sns_topic", "onno-warnings", "display_name"),)),
    Hand("a policy of a topic the other way round", "sns", "set_topic_attributes", topic_policy),
    Hand("somebody else is told", "sns", "subscribe",
         {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "somebody@example.com"},
         (Line(Meaning.UNMANAGED, "aws_sns_topic_subscription", "onno-warnings"),)),
    Hand("alarm later", "cloudwatch", "put_metric_alarm", alarm("Database_CPU_High", Threshold=99.0),
         (Line(HAND, "aws_cloudwatch_metric_alarm", "Database_CPU_High", "threshold"),)),
    Hand("the same alarm again", "cloudwatch", "put_metric_alarm", alarm("API_Log_Errors")),
    Hand("alarm muted", "cloudwatch", "disable_alarm_actions", {"AlarmNames": ["Database_Down"]},
         (Line(HAND, "aws_cloudwatch_metric_alarm", "Database_Down", "actions_enabled"),)),
    Hand("alarm deleted", "cloudwatch", "delete_alarms", {"AlarmNames": ["OpenAI_API_Latency_High"]},
         (Line(Meaning.NOT_DEPLOYED, "aws_cloudwatch_metric_alarm", "aws_cloudwatch_metric_alarm"),)),
    Hand("a secret described otherwise", "secretsmanager", "update_secret",
         lambda account: {"SecretId": secret(account, "onno/openai-api-key"), "Description": "old key"},
         (Line(PLAIN, "aws_secretsmanager_secret", "onno/openai-api-key", "description"),)),
    Hand("scaling down to one", "application-autoscaling", "register_scalable_target",
         {"ServiceNamespace": "ecs", "ResourceId": "service/onno-cluster/onno-api-service",
          "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 1, "MaxCapacity": 10},
         (Line(HAND, "aws_appautoscaling_target", "onno-api-service", "min_capacity"),)),
    Hand("images not scanned", "ecr", "put_image_scanning_configuration",
         {"repositoryName": "onno-ws", "imageScanningConfiguration": {"scanOnPush": False}},
         (Line(PLAIN, "aws_ecr_repository", "onno-ws", "image_scanning_configuration.scan_on_push"),)),
    Hand("tags of images are final", "ecr", "put_image_tag_mutability",
         {"repositoryName": "onno-ws", "imageTagMutability": "IMMUTABLE"},
         (Line(PLAIN, "aws_ecr_repository", "onno-ws", "image_tag_mutability"),)),
    Hand("no daily report", "events", "disable_rule", {"Name": "onno-daily-cost"},
         (Line(HAND, "aws_cloudwatch_event_rule", "onno-daily-cost", "state"),)),
    Hand("less kept of the cache", "elasticache", "modify_replication_group",
         {"ReplicationGroupId": "onno-redis-replication", "SnapshotRetentionLimit": 1, "ApplyImmediately": True},
         (Line(HAND, "aws_elasticache_replication_group", "onno-redis-replication", "snapshot_retention_limit"),)),
)  # fmt: skip
