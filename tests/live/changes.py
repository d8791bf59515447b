"""Changes of the Onno account by hand, each with what undoes it, and the requirement that must find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.live.account import LocalAccount

AUDIO: Final = "onno-audio-files-prod"
Arguments = Mapping[str, Any]
Given = Arguments | Callable[[LocalAccount], Arguments]


@dataclass(frozen=True)
class Step:
    """A call of an operation; its arguments may have to be looked up in the account."""

    service: str
    operation: str
    arguments: Given = field(default_factory=dict)

    def make(self, account: LocalAccount) -> None:
        """Calls the operation."""
        given = self.arguments(account) if callable(self.arguments) else self.arguments
        getattr(account.client(self.service), self.operation)(**given)


@dataclass(frozen=True)
class Change:
    """What somebody did by hand: `found_by` is the requirement that says so, `also` others that are broken too."""

    what: str
    found_by: str
    types: tuple[str, ...]
    done: Step
    undone: Step
    also: frozenset[str] = frozenset()


def group(account: LocalAccount, name: str) -> str:
    """The id of a security group."""
    found = account.client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])
    return str(found["SecurityGroups"][0]["GroupId"])


def subnet(account: LocalAccount, name: str) -> str:
    """The id of a subnet."""
    found = account.client("ec2").describe_subnets(Filters=[{"Name": "cidr-block", "Values": [name]}])
    return str(found["Subnets"][0]["SubnetId"])


def balancer(account: LocalAccount, name: str) -> str:
    """The ARN of a load balancer."""
    return str(account.client("elbv2").describe_load_balancers(Names=[name])["LoadBalancers"][0]["LoadBalancerArn"])


def anywhere(name: str, port: int) -> Given:
    """A rule that lets everybody in."""
    return lambda account: {
        "GroupId": group(account, name),
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ],
    }


def switch(name: str, key: str, value: str) -> Given:
    """An attribute of a load balancer."""
    return lambda account: {
        "LoadBalancerArn": balancer(account, name),
        "Attributes": [{"Key": key, "Value": value}],
    }


def database(**settings: Any) -> Step:
    """A setting of the database."""
    return Step(
        "rds", "modify_db_instance", {"DBInstanceIdentifier": "onno-db-prod", "ApplyImmediately": True, **settings}
    )


def service(**settings: Any) -> Step:
    """A setting of the API service."""
    return Step("ecs", "update_service", {"cluster": "onno-cluster", "service": "onno-api-service", **settings})


def scaling(least: int) -> Step:
    """How few tasks autoscaling leaves."""
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/onno-cluster/onno-api-service",
        "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": least,
        "MaxCapacity": 10,
    }
    return Step("application-autoscaling", "register_scalable_target", target)


_BLOCK: Final = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
_TOPIC: Final = {
    "TopicArn": "arn:aws:sns:ap-northeast-2:111122223333:onno-critical-alerts", "AttributeName": "KmsMasterKeyId",
}  # fmt: skip
_ANYTHING: Final = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
_BREAKER: Final = {"enable": True, "rollback": True}

CHANGES: Final = (
    Change("Multi-AZ off", "ONNO-RDS-006", ("aws_db_instance",), database(MultiAZ=False), database(MultiAZ=True)),
    Change(
        "backups for one day",
        "ONNO-RDS-008",
        ("aws_db_instance",),
        database(BackupRetentionPeriod=1),
        database(BackupRetentionPeriod=7),
    ),
    Change(
        "database public",
        "ONNO-RDS-013",
        ("aws_db_instance",),
        database(PubliclyAccessible=True),
        database(PubliclyAccessible=False),
    ),
    Change(
        "Performance Insights off",
        "ONNO-RDS-016",
        ("aws_db_instance",),
        database(EnablePerformanceInsights=False),
        database(EnablePerformanceInsights=True),
    ),
    Change(
        "database open to everybody",
        "ONNO-SG-009",
        ("aws_vpc_security_group_ingress_rule",),
        Step("ec2", "authorize_security_group_ingress", anywhere("onno-rds", 5432)),
        Step("ec2", "revoke_security_group_ingress", anywhere("onno-rds", 5432)),
        frozenset({"ONNO-RDS-027", "ONNO-SG-017", "ONNO-SG-019"}),
    ),
    Change(
        "SSH from everywhere",
        "ONNO-SG-013",
        ("aws_vpc_security_group_ingress_rule",),
        Step("ec2", "authorize_security_group_ingress", anywhere("onno-bastion", 22)),
        Step("ec2", "revoke_security_group_ingress", anywhere("onno-bastion", 22)),
        frozenset({"ONNO-SG-017", "ONNO-SG-020"}),
    ),
    Change(
        "a subnet gives public addresses",
        "ONNO-NET-018",
        ("aws_subnet",),
        Step(
            "ec2",
            "modify_subnet_attribute",
            lambda account: {"SubnetId": subnet(account, "10.0.11.0/24"), "MapPublicIpOnLaunch": {"Value": True}},
        ),
        Step(
            "ec2",
            "modify_subnet_attribute",
            lambda account: {"SubnetId": subnet(account, "10.0.11.0/24"), "MapPublicIpOnLaunch": {"Value": False}},
        ),
    ),
    Change(
        "bucket may be public",
        "ONNO-S3-003",
        ("aws_s3_bucket_public_access_block",),
        Step("s3", "delete_public_access_block", {"Bucket": AUDIO}),
        Step("s3", "put_public_access_block", {"Bucket": AUDIO, "PublicAccessBlockConfiguration": _BLOCK}),
    ),
    Change(
        "bucket without versions",
        "ONNO-S3-004",
        ("aws_s3_bucket_versioning",),
        Step("s3", "put_bucket_versioning", {"Bucket": AUDIO, "VersioningConfiguration": {"Status": "Suspended"}}),
        Step("s3", "put_bucket_versioning", {"Bucket": AUDIO, "VersioningConfiguration": {"Status": "Enabled"}}),
    ),
    Change(
        "logs kept for ever",
        "ONNO-LOG-001",
        ("aws_cloudwatch_log_group",),
        Step("logs", "delete_retention_policy", {"logGroupName": "/ecs/onno-api"}),
        Step("logs", "put_retention_policy", {"logGroupName": "/ecs/onno-api", "retentionInDays": 30}),
    ),
    Change(
        "secret no longer rotated",
        "ONNO-SECRETS-009",
        ("aws_secretsmanager_secret", "aws_secretsmanager_secret_rotation"),
        Step("secretsmanager", "cancel_rotate_secret", {"SecretId": "onno/jwt-secret"}),
        Step(
            "secretsmanager",
            "rotate_secret",
            {"SecretId": "onno/jwt-secret", "RotationRules": {"AutomaticallyAfterDays": 90}},
        ),
    ),
    Change(
        "topic not encrypted",
        "ONNO-GEN-008",
        ("aws_sns_topic",),
        Step("sns", "set_topic_attributes", {**_TOPIC, "AttributeValue": ""}),
        Step("sns", "set_topic_attributes", {**_TOPIC, "AttributeValue": "alias/aws/sns"}),
    ),
    Change(
        "alarm muted",
        "ONNO-ALARM-007",
        ("aws_cloudwatch_metric_alarm",),
        Step("cloudwatch", "disable_alarm_actions", {"AlarmNames": ["Database_CPU_High"]}),
        Step("cloudwatch", "enable_alarm_actions", {"AlarmNames": ["Database_CPU_High"]}),
    ),
    Change(
        "no rollback",
        "ONNO-DEPLOY-002",
        ("aws_ecs_service",),
        service(
            deploymentConfiguration={
                "deploymentCircuitBreaker": {"enable": False, "rollback": False},
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
            }
        ),
        service(
            deploymentConfiguration={
                "deploymentCircuitBreaker": _BREAKER,
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
            }
        ),
    ),
    Change("scaling down to one", "ONNO-SCALE-001", ("aws_appautoscaling_target",), scaling(1), scaling(2)),
    Change(
        "function cut short",
        "ONNO-LAMBDA-003",
        ("aws_lambda_function",),
        Step("lambda", "update_function_configuration", {"FunctionName": "onno-post-meeting-processor", "Timeout": 3}),
        Step(
            "lambda", "update_function_configuration", {"FunctionName": "onno-post-meeting-processor", "Timeout": 180}
        ),
    ),
    Change(
        "balancer without access log",
        "ONNO-GEN-010",
        ("aws_lb",),
        Step("elbv2", "modify_load_balancer_attributes", switch("onno-alb", "access_logs.s3.enabled", "false")),
        Step("elbv2", "modify_load_balancer_attributes", switch("onno-alb", "access_logs.s3.enabled", "true")),
    ),
    Change(
        "role may do anything",
        "ONNO-IAM-001",
        ("aws_iam_role_policy",),
        Step("iam", "put_role_policy", {"RoleName": "ecsTaskRole", "PolicyName": "extra", "PolicyDocument": _ANYTHING}),
        Step("iam", "delete_role_policy", {"RoleName": "ecsTaskRole", "PolicyName": "extra"}),
        frozenset({"ONNO-IAM-004", "ONNO-IAM-006"}),
    ),
)
