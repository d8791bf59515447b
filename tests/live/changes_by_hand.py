"""Changes by hand of the accounts beside Onno's (changes.py), each with the requirement that must find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.live.account import LocalAccount
from tests.live.changes import Change, Given, Step, anywhere, balancer, switch

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


AICC: Final = (
    Change(
        "backups for one day",
        "AICC-BACKUP-001",
        ("aws_rds_cluster",),
        cluster("aicc-prod-aurora", BackupRetentionPeriod=1),
        cluster("aicc-prod-aurora", BackupRetentionPeriod=7),
    ),
    Change(
        "database public",
        "AICC-SEC-005",
        ("aws_rds_cluster_instance",),
        instance("aicc-prod-aurora-writer", PubliclyAccessible=True),
        instance("aicc-prod-aurora-writer", PubliclyAccessible=False),
    ),
    Change(
        "balancer may be deleted",
        "AICC-SEC-006",
        ("aws_lb",),
        Step(
            "elbv2", "modify_load_balancer_attributes", switch("aicc-prod-alb", "deletion_protection.enabled", "false")
        ),
        Step(
            "elbv2", "modify_load_balancer_attributes", switch("aicc-prod-alb", "deletion_protection.enabled", "true")
        ),
    ),
    opened("aicc-prod-aurora", 3306, "AICC-SG-004", "AICC-SG-006"),
    Change(
        "scaling down to one",
        "AICC-SCALE-001",
        ("aws_appautoscaling_target",),
        scaling("aicc-prod-cluster", "aicc-api-service", 1, 6),
        scaling("aicc-prod-cluster", "aicc-api-service", 3, 6),
    ),
    retention("/ecs/aicc-api", "AICC-LOG-002", 7, 90),
    Change(
        "no snapshots of Redis",
        "AICC-BACKUP-003",
        ("aws_elasticache_replication_group",),
        cache("aicc-prod-redis", SnapshotRetentionLimit=0),
        cache("aicc-prod-redis", SnapshotRetentionLimit=3),
    ),
    unguarded("aicc-prod-alb", "aicc-prod-web", "AICC-WAF-001"),
    Change(
        "recordings not encrypted",
        "AICC-SEC-007",
        ("aws_connect_instance_storage_config",),
        recordings(encrypted=False),
        recordings(encrypted=True),
    ),
    Change(
        "queue that nobody serves",
        "AICC-CONN-006",
        ("aws_connect_routing_profile",),
        served("disassociate_routing_profile_queues", "technical"),
        served("associate_routing_profile_queues", "technical"),
    ),
    Change(
        "alarms do not stop a release",
        "AICC-DEPLOY-003",
        ("aws_codedeploy_deployment_group",),
        release(stops=False),
        release(stops=True),
    ),
)

_TLS: Final = {"DBClusterParameterGroupName": "staging-docdb"}
_REPOSITORY: Final = {"repositoryName": "ai-model-backend"}
AI_MODEL_MANAGEMENT: Final = (
    Change(
        "backups for one day",
        "AIMM-BACKUP-001",
        ("aws_docdb_cluster",),
        cluster("staging-docdb", BackupRetentionPeriod=1),
        cluster("staging-docdb", BackupRetentionPeriod=7),
    ),
    Change(
        "connections without TLS",
        "AIMM-DOCDB-009",
        ("aws_docdb_cluster_parameter_group",),
        Step(
            "rds",
            "modify_db_cluster_parameter_group",
            {**_TLS, "Parameters": [{"ParameterName": "tls", "ParameterValue": "disabled"}]},
        ),
        Step(
            "rds",
            "modify_db_cluster_parameter_group",
            {**_TLS, "Parameters": [{"ParameterName": "tls", "ParameterValue": "tls1.2+"}]},
        ),
    ),
    opened("staging-backend", 22, "AIMM-SG-008", "AIMM-SG-003", "AIMM-SG-009", "AIMM-SG-010"),
    public("ai-model-mgmt-files-staging", "AIMM-S3-003"),
    Change(
        "images not scanned",
        "AIMM-ECR-004",
        ("aws_ecr_repository",),
        Step(
            "ecr",
            "put_image_scanning_configuration",
            {**_REPOSITORY, "imageScanningConfiguration": {"scanOnPush": False}},
        ),
        Step(
            "ecr",
            "put_image_scanning_configuration",
            {**_REPOSITORY, "imageScanningConfiguration": {"scanOnPush": True}},
        ),
    ),
    Change(
        "no failover of Redis",
        "AIMM-REDIS-004",
        ("aws_elasticache_replication_group",),
        cache("staging-redis", AutomaticFailoverEnabled=False),
        cache("staging-redis", AutomaticFailoverEnabled=True),
    ),
    Change(
        "targets checked seldom",
        "AIMM-ALB-002",
        ("aws_lb_target_group",),
        target_group("staging-backend-blue", HealthCheckIntervalSeconds=60),
        target_group("staging-backend-blue", HealthCheckIntervalSeconds=30),
    ),
    Change(
        "old TLS offered",
        "AIMM-ALB-009",
        ("aws_lb_listener",),
        listener("staging", SslPolicy="ELBSecurityPolicy-2016-08"),
        listener("staging", SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
    ),
)

_UPLOADS: Final = "knowledge-database-uploads-prod"
_KDB_REPOSITORY: Final = {"repositoryName": "knowledge-database"}
KNOWLEDGE_DATABASE: Final = (
    Change(
        "Multi-AZ off",
        "KDB-RDS-004",
        ("aws_db_instance",),
        instance("knowledge-db", MultiAZ=False),
        instance("knowledge-db", MultiAZ=True),
    ),
    Change(
        "backups for one day",
        "KDB-BACKUP-002",
        ("aws_db_instance",),
        instance("knowledge-db", BackupRetentionPeriod=1),
        instance("knowledge-db", BackupRetentionPeriod=14),
    ),
    Change(
        "database public",
        "KDB-RDS-006",
        ("aws_db_instance",),
        instance("knowledge-db", PubliclyAccessible=True),
        instance("knowledge-db", PubliclyAccessible=False),
    ),
    opened("knowledge-search", 443, "KDB-SG-005", "KDB-SG-006"),
    public(_UPLOADS, "KDB-S3-002"),
    Change(
        "bucket without versions",
        "KDB-BACKUP-005",
        ("aws_s3_bucket_versioning",),
        Step("s3", "put_bucket_versioning", {"Bucket": _UPLOADS, "VersioningConfiguration": {"Status": "Suspended"}}),
        Step("s3", "put_bucket_versioning", {"Bucket": _UPLOADS, "VersioningConfiguration": {"Status": "Enabled"}}),
    ),
    retention("/ecs/knowledge-production", "KDB-LOG-001", 1, 90),
    Change(
        "tags may be overwritten",
        "KDB-ECR-002",
        ("aws_ecr_repository",),
        Step("ecr", "put_image_tag_mutability", {**_KDB_REPOSITORY, "imageTagMutability": "MUTABLE"}),
        Step("ecr", "put_image_tag_mutability", {**_KDB_REPOSITORY, "imageTagMutability": "IMMUTABLE"}),
    ),
    unguarded("knowledge-alb", "knowledge-alb", "KDB-WAF-001"),
    Change(
        "search without HTTPS",
        "KDB-SEARCH-004",
        ("aws_opensearch_domain",),
        Step(
            "opensearch",
            "update_domain_config",
            {"DomainName": "knowledge-search", "DomainEndpointOptions": {"EnforceHTTPS": False}},
        ),
        Step(
            "opensearch",
            "update_domain_config",
            {
                "DomainName": "knowledge-search",
                "DomainEndpointOptions": {
                    "EnforceHTTPS": True,
                    "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
                },
            },
        ),
    ),
)

CHANGES: Final = {"aicc": AICC, "ai-model-management": AI_MODEL_MANAGEMENT, "knowledge-database": KNOWLEDGE_DATABASE}
