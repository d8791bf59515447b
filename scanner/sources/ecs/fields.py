"""Which name of the ECS API is which in Terraform.

Source of the names: the ECS API reference, and the provider's documentation of the two resources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Block:
    """A nested object, or a list of them, that Terraform writes as a block of this name."""

    name: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Inside:
    """An object that Terraform does not have: its fields stand where it would."""

    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A list of {key, value} or {name, value} that Terraform writes as a map."""

    name: str


@dataclass(frozen=True, slots=True)
class Switch:
    """ENABLED and DISABLED, which Terraform writes as a boolean."""

    name: str


Field: TypeAlias = "str | Block | Inside | Pairs | Switch"

_PLACEMENT: Final = Block("placement_constraints", {"type": "type", "expression": "expression"})

_VOLUME: Final[Mapping[str, Field]] = {
    "name": "name",
    "host": Inside({"sourcePath": "host_path"}),
    "configuredAtLaunch": "configure_at_launch",
    "dockerVolumeConfiguration": Block(
        "docker_volume_configuration",
        {
            "scope": "scope",
            "autoprovision": "autoprovision",
            "driver": "driver",
            "driverOpts": "driver_opts",
            "labels": "labels",
        },
    ),
    "efsVolumeConfiguration": Block(
        "efs_volume_configuration",
        {
            "fileSystemId": "file_system_id",
            "rootDirectory": "root_directory",
            "transitEncryption": "transit_encryption",
            "transitEncryptionPort": "transit_encryption_port",
            "authorizationConfig": Block("authorization_config", {"accessPointId": "access_point_id", "iam": "iam"}),
        },
    ),
    "fsxWindowsFileServerVolumeConfiguration": Block(
        "fsx_windows_file_server_volume_configuration",
        {
            "fileSystemId": "file_system_id",
            "rootDirectory": "root_directory",
            "authorizationConfig": Block(
                "authorization_config", {"credentialsParameter": "credentials_parameter", "domain": "domain"}
            ),
        },
    ),
}

TASK_FIELDS: Final[Mapping[str, Field]] = {
    "family": "family",
    "taskDefinitionArn": "arn",
    "revision": "revision",
    "taskRoleArn": "task_role_arn",
    "executionRoleArn": "execution_role_arn",
    "networkMode": "network_mode",
    "cpu": "cpu",
    "memory": "memory",
    "requiresCompatibilities": "requires_compatibilities",
    # The containers keep the names of the API, as in the JSON text that Terraform takes for them.
    "containerDefinitions": "container_definitions",
    "runtimePlatform": Block(
        "runtime_platform",
        {"operatingSystemFamily": "operating_system_family", "cpuArchitecture": "cpu_architecture"},
    ),
    "volumes": Block("volume", _VOLUME),
    "placementConstraints": _PLACEMENT,
    "proxyConfiguration": Block(
        "proxy_configuration", {"type": "type", "containerName": "container_name", "properties": Pairs("properties")}
    ),
    "inferenceAccelerators": Block("inference_accelerator", {"deviceName": "device_name", "deviceType": "device_type"}),
    "ephemeralStorage": Block("ephemeral_storage", {"sizeInGiB": "size_in_gib"}),
    "ipcMode": "ipc_mode",
    "pidMode": "pid_mode",
    "enableFaultInjection": "enable_fault_injection",
    "tags": Pairs("tags"),
}

_DEPLOYMENT: Final[Mapping[str, Field]] = {
    "maximumPercent": "deployment_maximum_percent",
    "minimumHealthyPercent": "deployment_minimum_healthy_percent",
    "deploymentCircuitBreaker": Block("deployment_circuit_breaker", {"enable": "enable", "rollback": "rollback"}),
    "alarms": Block("alarms", {"alarmNames": "alarm_names", "enable": "enable", "rollback": "rollback"}),
}

STRATEGY_FIELDS: Final[Mapping[str, Field]] = {
    "strategy": "strategy",
    "bakeTimeInMinutes": "bake_time_in_minutes",
    "lifecycleHooks": Block(
        "lifecycle_hook",
        {"hookTargetArn": "hook_target_arn", "roleArn": "role_arn", "lifecycleStages": "lifecycle_stages"},
    ),
}

SERVICE_FIELDS: Final[Mapping[str, Field]] = {
    "serviceName": "name",
    "service": "name",
    "serviceArn": "arn",
    "cluster": "cluster",
    "clusterArn": "cluster",
    "taskDefinition": "task_definition",
    "desiredCount": "desired_count",
    "launchType": "launch_type",
    "platformVersion": "platform_version",
    "schedulingStrategy": "scheduling_strategy",
    "role": "iam_role",
    "deploymentController": Block("deployment_controller", {"type": "type"}),
    "deploymentConfiguration": Inside(_DEPLOYMENT),
    "networkConfiguration": Block(
        "network_configuration",
        {
            "awsvpcConfiguration": Inside(
                {
                    "subnets": "subnets",
                    "securityGroups": "security_groups",
                    "assignPublicIp": Switch("assign_public_ip"),
                }
            )
        },
    ),
    "loadBalancers": Block(
        "load_balancer",
        {
            "targetGroupArn": "target_group_arn",
            "loadBalancerName": "elb_name",
            "containerName": "container_name",
            "containerPort": "container_port",
            "advancedConfiguration": Block(
                "advanced_configuration",
                {
                    "alternateTargetGroupArn": "alternate_target_group_arn",
                    "productionListenerRule": "production_listener_rule",
                    "testListenerRule": "test_listener_rule",
                    "roleArn": "role_arn",
                },
            ),
        },
    ),
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
    "propagateTags": "propagate_tags",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "placementConstraints": _PLACEMENT,
    "placementStrategy": Block("ordered_placement_strategy", {"type": "type", "field": "field"}),
    "capacityProviderStrategy": Block(
        "capacity_provider_strategy", {"capacityProvider": "capacity_provider", "weight": "weight", "base": "base"}
    ),
    "serviceRegistries": Block(
        "service_registries",
        {
            "registryArn": "registry_arn",
            "port": "port",
            "containerName": "container_name",
            "containerPort": "container_port",
        },
    ),
    "tags": Pairs("tags"),
}
