"""What moto 5.2.5 lacks of the services of the systems beside Onno, filled in by account_server.py.

* RDS holds clusters and instances of DocumentDB, which the real service answers about under the same operations.
* The instances of a cluster are spread over the zones of its subnets, where no zone is asked for.
* OpenSearch has a package of the service, and associates packages with a domain.
* CodeDeploy tells the alarms of a deployment group, and changes the group.
* EC2 has an image of Ubuntu 22.04.
"""

from __future__ import annotations

import json
from typing import Any, Final

PACKAGES: Final = (("G196105221", "analysis-nori"),)
"""Optional plugins of OpenSearch: id and name."""


def fill_more_gaps() -> None:
    """Adds to moto what this module's docstring lists."""
    _documentdb()
    _members_apart()
    _packages()
    _deployment_groups()
    _images()


def _images() -> None:
    from moto.ec2.models import amis

    name = "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20250610"
    like = next(item for item in amis.AMIS if item["ami_id"] == "ami-785db401")
    amis.AMIS.append({**like, "ami_id": "ami-22042204", "name": name, "description": "Canonical, Ubuntu, 22.04 LTS"})


def _documentdb() -> None:
    from moto.rds import models
    from moto.rds.utils import ClusterEngine, DbInstanceEngine

    cluster, instance = models.DBCluster, models.DBInstance
    clusters, instances = ClusterEngine.list_cluster_engines(), DbInstanceEngine.valid_db_instance_engine()
    ClusterEngine.list_cluster_engines = classmethod(lambda _: [*clusters, "docdb"])
    DbInstanceEngine.valid_db_instance_engine = classmethod(lambda _: [*instances, "docdb"])
    for owner, name, value in (
        (cluster, "default_engine_version", "5.0.0"),
        (cluster, "default_port", 27017),
        (instance, "default_port", 27017),
    ):
        setattr(owner, name, staticmethod(_with_docdb(getattr(owner, name), value)))
    cluster.default_allocated_storage = staticmethod(_with_docdb(cluster.default_allocated_storage, 1))


def _with_docdb(known: Any, value: Any) -> Any:
    return lambda engine, *more, **named: value if engine == "docdb" else known(engine, *more, **named)


def _members_apart() -> None:
    from moto.rds.models import RDSBackend

    create = RDSBackend.create_db_instance

    def create_db_instance(self: Any, db_kwargs: dict[str, Any]) -> Any:
        cluster = self.clusters.get(db_kwargs.get("db_cluster_identifier") or "")
        if cluster is not None and not db_kwargs.get("availability_zone"):
            subnets = self.subnet_groups[cluster.db_subnet_group_name].subnets
            zones = sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets})
            db_kwargs["availability_zone"] = zones[len(cluster._members) % len(zones)]
        return create(self, db_kwargs)

    RDSBackend.create_db_instance = create_db_instance


def _packages() -> None:
    from moto.es import urls
    from moto.opensearch.responses import OpenSearchServiceResponse as Response

    def held(self: Any) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = self.opensearch_backend.__dict__.setdefault("packages", {})
        return found

    def named(self: Any) -> list[str]:
        return [text for text in self.parsed_url.path.split("/") if text]

    def associate_package(self: Any) -> str:
        package, domain = named(self)[-2:]
        details = {
            "PackageID": package, "PackageName": package, "PackageType": "ZIP-PLUGIN", "DomainName": domain,
            "DomainPackageStatus": "ACTIVE",
        }  # fmt: skip
        others = [item for item in held(self).get(domain, []) if item["PackageID"] != package]
        held(self)[domain] = [*others, details]
        return json.dumps({"DomainPackageDetails": details})

    def dissociate_package(self: Any) -> str:
        package, domain = named(self)[-2:]
        kept = [item for item in held(self).get(domain, []) if item["PackageID"] != package]
        held(self)[domain] = kept
        return json.dumps({"DomainPackageDetails": {"PackageID": package, "DomainPackageStatus": "DISSOCIATING"}})

    def list_packages_for_domain(self: Any) -> str:
        return json.dumps({"DomainPackageDetailsList": held(self).get(named(self)[-2], [])})

    def describe_packages(self: Any) -> str:
        details = {"PackageType": "ZIP-PLUGIN", "PackageStatus": "AVAILABLE", "PackageOwner": "AmazonOpenSearchService"}
        return json.dumps(
            {"PackageDetailsList": [{**details, "PackageID": id_, "PackageName": name} for id_, name in PACKAGES]}
        )

    for operation in (associate_package, dissociate_package, list_packages_for_domain, describe_packages):
        setattr(Response, operation.__name__, operation)
    both, domain = "(?P<package>[^/]+)/(?P<domain>[^/]+)$", "domain/(?P<domain>[^/]+)/packages$"
    for place in (f"packages/associate/{both}", f"packages/dissociate/{both}", "packages/describe$", domain):
        urls.url_paths[f"{{0}}/2021-01-01/{place}"] = Response.dispatch


def _deployment_groups() -> None:
    from moto.codedeploy import responses
    from moto.core.responses import ActionResult

    told = responses._deployment_group_info
    responses._deployment_group_info = lambda group: {**told(group), "alarmConfiguration": group.alarm_configuration}

    kept = {
        "alarmConfiguration": "alarm_configuration",
        "autoRollbackConfiguration": "auto_rollback_configuration",
        "deploymentStyle": "deployment_style",
        "deploymentConfigName": "deployment_config_name",
        "blueGreenDeploymentConfiguration": "blue_green_deployment_configuration",
    }

    def update_deployment_group(self: Any) -> ActionResult:
        group = self.codedeploy_backend.get_deployment_group(
            self._get_param("applicationName"), self._get_param("currentDeploymentGroupName")
        )
        for given, name in kept.items():
            if self._get_param(given) is not None:
                setattr(group, name, self._get_param(given))
        return ActionResult({"hooksNotCleanedUp": []})

    responses.CodeDeployResponse.update_deployment_group = update_deployment_group
