"""Which resource types a baseline looks at, so that no more than those have to be read.

Components, selections and conditions name their types. Functions are Python: what each of them looks at beyond the
resource under test stands in the table below; a test holds it against what they really ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from scanner.policy.baseline import Baseline, Requirement
from scanner.policy.conditions import Call, Condition, Count, Distinct, Pick, ReferencedBy, References, children

_AZURE: Final = ("azurerm_*",)
_ACTIONS: Final = ("azurerm_monitor_action_group",)
# Of a query rule Azure knows one kind, which is read as the second version of Terraform's.
_ALERTS: Final = (
    "azurerm_monitor_metric_alert", "azurerm_monitor_scheduled_query_rules_alert_v2",
    "azurerm_monitor_alert_prometheus_rule_group", *_ACTIONS,
)  # fmt: skip
_KUBERNETES: Final = ("*/*",)
_GROUPS: Final = (
    "aws_security_group", "aws_default_security_group", "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule", "aws_network_acl",
    "aws_default_network_acl", "aws_network_acl_rule", "aws_ec2_managed_prefix_list",
    "aws_ec2_managed_prefix_list_entry",
)  # fmt: skip
_POLICIES: Final = (
    "aws_iam_role", "aws_iam_policy", "aws_iam_policy_attachment", "aws_iam_role_policy",
    "aws_iam_role_policy_attachment", "aws_ecs_task_definition", "aws_s3_bucket", "aws_secretsmanager_secret",
)  # fmt: skip
_ROUTES: Final = (
    "aws_subnet", "aws_vpc", "aws_default_vpc", "aws_route", "aws_route_table", "aws_default_route_table",
    "aws_route_table_association", "aws_main_route_table_association", "aws_internet_gateway",
    "aws_internet_gateway_attachment", "aws_nat_gateway", "aws_vpn_gateway", "aws_vpc_endpoint",
    "aws_ec2_carrier_gateway",
)  # fmt: skip
_POOLS: Final = (
    "aws_appautoscaling_target", "aws_db_parameter_group", "aws_rds_cluster_parameter_group", "aws_db_proxy_target",
)  # fmt: skip
_ANYTHING: Final = ("aws_*", *_AZURE, *_KUBERNETES)
_NETWORKS: Final = (
    "aws_vpc", "aws_subnet", "aws_vpc_peering_connection", "aws_ec2_transit_gateway_vpc_attachment", "data.aws_vpc",
)  # fmt: skip

FUNCTION_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "aks_subnet_capacity": _AZURE,
    "aks_supported_version": (),
    "alerts_reach": ("alertmanager_config", "prometheus_rules", "prometheus_config"),
    "argocd_sync_times": _KUBERNETES,
    "azure_action_group_receivers": _ACTIONS,
    "azure_alert": _ALERTS,
    "azure_locations": _AZURE,
    "chosen": (),
    "dashboard_shows": (),
    "database_pools_fit": _POOLS,
    "environment_states": ("terraform.backend",),
    "environments_alike": (),
    "environments_apart": _NETWORKS,
    "expires_within": (),
    "file_beside": ("file",),
    "gateway_only_redirects_http": _AZURE,
    "iam_allows": _POLICIES,
    "iam_data_limited": _POLICIES,
    "iam_limited_to": _POLICIES,
    "iam_named_principals": _POLICIES,
    "iam_no_wildcards": _POLICIES,
    "iam_reads_injected_secrets": _POLICIES,
    "iam_trusts_only": _POLICIES,
    "image_source": ("data.aws_ami", "data.aws_ssm_parameter"),
    "kubernetes_bound_roles": _KUBERNETES,
    "kubernetes_disruption_budget": _KUBERNETES,
    "kubernetes_isolated": _KUBERNETES,
    "kubernetes_pods_apart": _KUBERNETES,
    "kubernetes_ports": _KUBERNETES,
    "kubernetes_replicas": _KUBERNETES,
    "kubernetes_rights": _KUBERNETES,
    "moment_ahead": (),
    "moment_passed": (),
    "named_outside": (),
    "network_flows": (*_GROUPS, *_AZURE, *_KUBERNETES),
    "network_no_flows": (*_GROUPS, *_AZURE, *_KUBERNETES),
    "network_open_flows": (*_GROUPS, *_AZURE, *_KUBERNETES),
    "no_plain_secrets": (),
    "no_written_secrets": (),
    "not_written_in_code": (),
    "provider_region": ("provider.aws",),
    "rollout_analysis_limits": _KUBERNETES,
    "rotates_within": (),
    "scaling_capacity": ("aws_appautoscaling_target",),
    "size_at_least": _AZURE,
    "subnet_dedicated": _AZURE,
    "subnet_route": _ROUTES,
    "taken_from_variable": (),
    "weekly_window": (),
}
"""What each function looks at beyond the resource under test and the types that it is given; also as patterns."""

_GIVEN_TYPES: Final = ("types", "counted")
"""The arguments of functions that name resource types."""


def needed_types(baseline: Baseline) -> frozenset[str]:
    """Every resource type that the baseline's requirements look at, also as patterns (`azurerm_*`)."""
    found: set[str] = set()
    for component in baseline.components.values():
        found.update(component.types)
        for condition in (component.where, *(item.where for item in component.alternatives)):
            if condition is not None:
                found.update(types_in(condition))
    for requirement in baseline.requirements:
        if requirement.selection is not None:
            found.update(requirement.selection.types)
        for condition in conditions_of(baseline, requirement):
            found.update(types_in(condition))
        if requirement.policy:
            found.update(baseline.library.policy(requirement.policy).types)
    return frozenset(found)


def conditions_of(baseline: Baseline, requirement: Requirement) -> Iterator[Condition]:
    """Every condition that decides a requirement: its own and those of its policy."""
    yield from own_conditions(requirement)
    if requirement.policy:
        for check in baseline.library.policy(requirement.policy).checks:
            yield from (check.where, check.assertion)


def own_conditions(requirement: Requirement) -> Iterator[Condition]:
    """The conditions that a requirement brings itself."""
    if requirement.selection is not None:
        yield requirement.selection.where
    if requirement.assertion is not None:
        yield requirement.assertion


def types_in(condition: Condition) -> Iterator[str]:
    """The types of resources that a condition looks at besides the one under test."""
    for types in groups_in(condition):
        yield from types


def groups_in(
    condition: Condition, components: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> Iterator[tuple[str, ...]]:
    """The same, together as they are picked together; a component is picked as its types, where these are given."""
    match condition:
        case References(pick) | ReferencedBy(pick) | Count(pick) | Distinct(Pick() as pick):
            yield pick.types or components.get(pick.component or "", ())
        case Call(name, arguments):
            yield FUNCTION_TYPES.get(name, _ANYTHING)
            given = arguments if isinstance(arguments, dict) else {}
            for key in _GIVEN_TYPES:
                named = given.get(key)
                yield tuple(item for item in named if isinstance(item, str)) if isinstance(named, list) else ()
    for child in children(condition):
        yield from groups_in(child, components)
