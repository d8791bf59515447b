"""A local account: moto in server mode, with what it lacks filled in and the same ids in every run.

    python -m tests.live.account_server --port 0 [--record FILE]

prints the port that it listens on, and records every request that changes the account. What moto 5.2.5 does not hold,
or holds otherwise than AWS, and this module adds:

* Default subnets belong to a default network only.
* RDS takes a maintenance window that begins when the backup window ends.
* Budgets tells the subscribers of a notification.
* ElastiCache has the member clusters of a replication group, with the engine, subnet group and security groups.
* ECS keeps the deployment configuration and the switches of a service.
* RDS knows whether Performance Insights is on.
* Backup has selections, RDS copies of automated backups in another region.
* CloudWatch Logs keeps saved queries; secrets are rotated without a container that runs the function.
* WAF lists the resources that a web ACL guards.
* Budgets and Application Auto Scaling tell the tags of a resource (none).
* more_services.py and contact_center.py say what they add.

Ids are drawn from a generator that every request seeds anew with its own contents, so recorded changes, which name the
ids of earlier answers, can be played to another server.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import random
import re
import threading
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from moto.moto_api._internal import mock_random
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from tests.live.contact_center import ContactCenter
from tests.live.more_services import fill_more_gaps

READS = re.compile(r"^(Describe|Get|List|Head|BatchGet|Lookup|Search|Select|Validate)")
KEPT_HEADERS = ("Authorization", "Content-Type", "X-Amz-Target", "Content-Encoding")
_IDLE = re.compile(rb"(ClientToken|CreationToken|CallerReference|ClientRequestToken)=[^&]*&?")

Environment = dict[str, Any]
StartResponse = Callable[..., Any]


class Seeded:
    """Passes requests on, one at a time, each with its own seed; records those that change something."""

    def __init__(self, application: Callable[[Environment, StartResponse], Iterable[bytes]], record: Path | None):
        self._application = application
        self._record = record
        self._lock = threading.Lock()

    def __call__(self, environment: Environment, start: StartResponse) -> Iterable[bytes]:
        body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
        if environment.get("wsgi.input_terminated") and not body:
            body = environment["wsgi.input"].read()
        environment["wsgi.input"] = io.BytesIO(body)
        environment["CONTENT_LENGTH"] = str(len(body))
        target = environment.get("HTTP_X_AMZ_TARGET", "")
        uri = environment.get("RAW_URI") or environment["PATH_INFO"]
        with self._lock:
            seed = zlib.crc32(b"\0".join((environment["REQUEST_METHOD"].encode(), uri.encode(), target.encode(), body)))
            mock_random.seed(seed)
            random.seed(seed)
            if self._record is not None and _worth(body) and changes(environment["REQUEST_METHOD"], target, uri, body):
                with self._record.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(_entry(environment, uri, body)) + "\n")
            return list(self._application(environment, start))


def _worth(body: bytes) -> bool:
    """What the emptying of a new account asks is asked of every account anew."""
    return not body.startswith((b"Action=DeleteSubnet", b"Action=DeleteVpc&"))


def changes(method: str, target: str, uri: str, body: bytes) -> bool:
    """Whether a request may change the account."""
    action = target.rpartition(".")[2] or "".join(parse_qs(body.decode("latin-1")).get("Action", [""])[:1])
    if action:
        return READS.match(action) is None
    return method not in ("GET", "HEAD") and not uri.startswith("/moto-api")


def _entry(environment: Environment, uri: str, body: bytes) -> dict[str, Any]:
    names = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in KEPT_HEADERS} | {"Content-Type": "CONTENT_TYPE"}
    headers = {name: environment[key] for name, key in names.items() if environment.get(key)}
    extra = {
        key[5:].replace("_", "-").title(): text for key, text in environment.items() if key.startswith("HTTP_X_AMZ")
    }
    headers |= {name: text for name, text in extra.items() if name not in ("X-Amz-Date", "X-Amz-Content-Sha256")}
    headers["Authorization"] = re.sub(r"Signature=\w+", "Signature=0", headers.get("Authorization", ""))
    return {
        "method": environment["REQUEST_METHOD"],
        "path": uri,
        "headers": headers,
        "body": base64.b64encode(body).decode("ascii"),
    }


def fill_gaps() -> None:
    """Adds to moto what this module's docstring lists."""
    _default_subnets()
    _touching_windows()
    _budget_subscribers()
    _member_clusters()
    _service_settings()
    _backup_selections()
    _backup_replicas()
    _performance_insights()
    _tags()
    _log_queries()
    _guarded_resources()
    _rotation()


def _rotation() -> None:
    """Rotation is switched on; the function that rotates is not run."""
    from moto.secretsmanager.models import SecretsManagerBackend as Backend

    def rotate_secret(self: Any, secret_id: str, client_request_token: Any = None, rotation_lambda_arn: Any = None,
                      rotation_rules: Any = None, rotate_immediately: bool = True) -> str:  # fmt: skip
        secret = self.secrets[secret_id]
        rules = rotation_rules or {}
        secret.rotation_lambda_arn = rotation_lambda_arn or secret.rotation_lambda_arn
        secret.auto_rotate_after_days = rules.get("AutomaticallyAfterDays", secret.auto_rotate_after_days)
        secret.rotation_enabled = True
        secret.rotation_requested = True
        return json.dumps({"ARN": secret.arn, "Name": secret.name, "VersionId": str(mock_random.uuid4())})

    Backend.rotate_secret = rotate_secret


def _guarded_resources() -> None:
    """Which load balancers a web ACL guards."""
    from moto.wafv2.responses import WAFV2Response as Response

    def list_resources_for_web_acl(self: Any) -> str:
        given = json.loads(self.body)
        balancer = given.get("ResourceType", "APPLICATION_LOAD_BALANCER") == "APPLICATION_LOAD_BALANCER"
        acl = next(item for item in self.wafv2_backend.wacls.values() if item.arn == given["WebACLArn"])
        found = [arn for arn in acl.associated_resources if (":loadbalancer/" in arn) == balancer]
        return json.dumps({"ResourceArns": found})

    Response.list_resources_for_web_acl = list_resources_for_web_acl


def _log_queries() -> None:
    """Saved queries are taken and told; nothing here asks about them, the provider does."""
    from moto.logs.responses import LogsResponse as Response

    def held(self: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.logs_backend.__dict__.setdefault("saved_queries", {})
        return found

    def put_query_definition(self: Any) -> str:
        given = json.loads(self.body)
        id_ = given.get("queryDefinitionId") or str(mock_random.uuid4())
        held(self)[id_] = {**given, "queryDefinitionId": id_}
        return json.dumps({"queryDefinitionId": id_})

    def describe_query_definitions(self: Any) -> str:
        return json.dumps({"queryDefinitions": list(held(self).values())})

    for operation in (put_query_definition, describe_query_definitions):
        setattr(Response, operation.__name__, operation)


def _service_settings() -> None:
    """What CreateService and UpdateService are told, and moto forgets."""
    from moto.ecs.responses import EC2ContainerServiceResponse as Response

    kept = {
        "deploymentConfiguration": "deployment_configuration",
        "enableExecuteCommand": "enable_execute_command",
        "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
        "enableECSManagedTags": "enable_ecs_managed_tags",
        "availabilityZoneRebalancing": "availability_zone_rebalancing",
    }

    def remembering(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def answered(self: Any) -> Any:
            result = answer(self)
            service = result.result["service"]
            for given, name in kept.items():
                if self._get_param(given) is not None:
                    setattr(service, name, self._get_param(given))
            return result

        return answered

    Response.create_service = remembering(Response.create_service)
    Response.update_service = remembering(Response.update_service)


def _backup_selections() -> None:
    from moto.backup.responses import BackupResponse as Response

    def selections(self: Any) -> dict[str, Any]:
        plan = self.uri_match["BackupPlanId"] if "BackupPlanId" in self.uri_match else self.uri_match["backupPlanId"]
        held: dict[str, dict[str, Any]] = self.backup_backend.__dict__.setdefault("selections", {})
        found: dict[str, Any] = held.setdefault(plan, {})
        return found

    def create_backup_selection(self: Any) -> str:
        id_ = str(mock_random.uuid4())
        selections(self)[id_] = json.loads(self.body)["BackupSelection"]
        return json.dumps({"SelectionId": id_})

    def get_backup_selection(self: Any) -> str:
        id_ = next(text for name, text in self.uri_match.items() if name.lower() == "selectionid")
        return json.dumps({"SelectionId": id_, "BackupSelection": selections(self)[id_]})

    def list_backup_selections(self: Any) -> str:
        items = [
            {"SelectionId": id_, "SelectionName": item["SelectionName"], "IamRoleArn": item["IamRoleArn"]}
            for id_, item in selections(self).items()
        ]
        return json.dumps({"BackupSelectionsList": items})

    for operation in (create_backup_selection, get_backup_selection, list_backup_selections):
        setattr(Response, operation.__name__, operation)


def _backup_replicas() -> None:
    from moto.core.responses import ActionResult
    from moto.rds.responses import RDSResponse as Response

    def held(self: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.backend.__dict__.setdefault("replicas", {})
        return found

    def start_db_instance_automated_backups_replication(self: Any) -> Any:
        source = self.params["SourceDBInstanceArn"]
        name = source.rpartition(":")[2]
        arn = f"arn:aws:rds:{self.region}:{self.current_account}:auto-backup:{name}"
        replica = {
            "DBInstanceArn": source, "DBInstanceIdentifier": name, "Status": "replicating", "Engine": "postgres",
            "BackupRetentionPeriod": self.params.get("BackupRetentionPeriod", 7), "Encrypted": True,
            "KmsKeyId": self.params.get("KmsKeyId"), "DBInstanceAutomatedBackupsArn": arn,
            "Region": source.split(":")[3],
        }  # fmt: skip
        held(self)[arn] = replica
        return ActionResult({"DBInstanceAutomatedBackup": replica})

    def describe_db_instance_automated_backups(self: Any) -> Any:
        wanted = self.params.get("DBInstanceAutomatedBackupsArn")
        return ActionResult(
            {"DBInstanceAutomatedBackups": [held(self)[wanted]] if wanted else list(held(self).values())}
        )

    for operation in (start_db_instance_automated_backups_replication, describe_db_instance_automated_backups):
        setattr(Response, operation.__name__, operation)


def _performance_insights() -> None:
    from moto.rds.responses import RDSResponse as Response

    def remembering(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def answered(self: Any) -> Any:
            result = answer(self)
            if self.params.get("EnablePerformanceInsights") is not None:
                database = result.result["DBInstance"]
                database.performance_insights_enabled = self.params["EnablePerformanceInsights"]
                database.performance_insights_retention_period = self.params.get(
                    "PerformanceInsightsRetentionPeriod", 7
                )
            return result

        return answered

    Response.create_db_instance = remembering(Response.create_db_instance)
    Response.modify_db_instance = remembering(Response.modify_db_instance)


def _tags() -> None:
    """Tags that nothing here asks about; the provider does."""
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
    from moto.budgets.responses import BudgetsResponse

    BudgetsResponse.list_tags_for_resource = lambda _: json.dumps({"ResourceTags": []})
    ApplicationAutoScalingResponse.list_tags_for_resource = lambda _: json.dumps({"Tags": {}})


def _default_subnets() -> None:
    """Default subnets are those of a default network, not the first of a zone."""
    from moto.ec2.models import EC2Backend

    create = EC2Backend.create_subnet

    def create_subnet(self: Any, vpc_id: str, *arguments: Any, **options: Any) -> Any:
        subnet = create(self, vpc_id, *arguments, **options)
        if str(self.get_vpc(vpc_id).is_default).lower() != "true":
            subnet.default_for_az = False
        return subnet

    EC2Backend.create_subnet = create_subnet


def _touching_windows() -> None:
    from moto.rds import utils

    overlap = utils.get_overlap_between_two_date_ranges
    utils.get_overlap_between_two_date_ranges = lambda *dates: overlap(*dates) - 1


def _budget_subscribers() -> None:
    from moto.budgets.responses import BudgetsResponse

    def describe_subscribers_for_notification(self: Any) -> str:
        budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
        wanted = self._get_param("Notification")
        found = [item.subscribers for item in budget.notifications if _same(item.details, wanted)]
        return json.dumps({"Subscribers": found[0] if found else []})

    BudgetsResponse.describe_subscribers_for_notification = describe_subscribers_for_notification


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    keys = ("NotificationType", "ComparisonOperator", "Threshold")
    return all(one.get(key) == other.get(key) for key in keys)


def _member_clusters() -> None:
    from moto.elasticache.models import CacheCluster, ElastiCacheBackend

    create = ElastiCacheBackend.create_replication_group

    def create_replication_group(self: Any, *arguments: Any, **options: Any) -> Any:
        if (options.get("num_cache_clusters") or 0) > 1 and not options.get("replicas_per_node_group"):
            options["replicas_per_node_group"] = options["num_cache_clusters"] - 1
        group = create(self, *arguments, **options)
        zones = options.get("preferred_cache_cluster_azs") or [None]
        for at, name in enumerate(group.member_clusters):
            settings = dict.fromkeys(CacheCluster.__init__.__code__.co_varnames[1:36])
            settings |= {
                "account_id": self.account_id, "region_name": self.region_name, "cache_cluster_id": name,
                "cache_node_type": group.cache_node_type, "replication_group_id": group.replication_group_id,
                "preferred_availability_zone": zones[at % len(zones)], "engine": group.engine,
                "engine_version": group.engine_version, "cache_subnet_group_name": group.cache_subnet_group_name,
                "cache_parameter_group_name": group.cache_parameter_group_name,
                "security_group_ids": group.security_group_ids,
                "transit_encryption_enabled": group.transit_encryption_enabled,
                "notification_topic_arn": group.notification_topic_arn,
                "preferred_maintenance_window": group.preferred_maintenance_window,
                "snapshot_retention_limit": group.snapshot_retention_limit, "snapshot_window": group.snapshot_window,
                "auto_minor_version_upgrade": group.auto_minor_version_upgrade, "port": group.port,
            }  # fmt: skip
            cluster = CacheCluster(**settings)
            worn = group.security_group_ids or ()
            cluster.security_groups = [{"security_group_id": id_, "status": "active"} for id_ in worn]
            if group.notification_topic_arn:
                topic = {"topic_arn": group.notification_topic_arn, "topic_status": "active"}
                cluster.notification_configuration = topic
            self.cache_clusters[name] = cluster
        return group

    ElastiCacheBackend.create_replication_group = create_replication_group


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    fill_gaps()
    fill_more_gaps()
    application = ContactCenter(DomainDispatcherApplication(create_backend_app), os.environ["MOTO_ACCOUNT_ID"])
    server = make_server("127.0.0.1", given.port, Seeded(application, given.record), threaded=True)
    print(server.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
