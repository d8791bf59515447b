"""Changes by hand of the accounts beside Onno's (changes.py), each with the requirement that must find it."""

from __future__ import annotations

from typing import Final

from tests.live.changes import Change, Step, switch
from tests.live.steps_by_hand import (
    cache,
    cluster,
    instance,
    listener,
    opened,
    public,
    recordings,
    release,
    retention,
    scaling,
    served,
    target_group,
    unguarded,
)  # fmt: skip

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
