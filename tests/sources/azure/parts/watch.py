"""Logs and alerts of TripGen."""

from __future__ import annotations

from tests.sources.azure.parts.bodies import (
    GROUP,
    Subscription,
)


def observation(all_: Subscription) -> str:
    workspace = all_.add(
        f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/law-tripgen-prod",
        {"sku": {"name": "PerGB2018"}, "retentionInDays": 90, "workspaceCapping": {"dailyQuotaGb": 5.0}},
    )
    queries = {
        "error_analysis": 'ContainerLogV2\n| where TimeGenerated > ago(1h) and LogLevel in ("error", "critical")\n'
        "| summarize Errors = count() by Computer, PodNamespace, ContainerName, bin(TimeGenerated, 5m)\n"
        "| order by Errors desc",
        "performance_analysis": 'Perf\n| where TimeGenerated > ago(1h) and ObjectName == "K8SNode" and CounterName == '
        '"cpuUsageNanoCores"\n| summarize Cores = avg(CounterValue) / 1e9 by Computer, bin(TimeGenerated, 5m)\n'
        "| order by Cores desc",
    }
    titles = {"error_analysis": "Errors by node and container", "performance_analysis": "Processor time by node"}
    for name, query in queries.items():
        search = {"category": "Operations", "displayName": titles[name], "query": query}
        all_.part(workspace, f"savedSearches/{name}", search)
    insights = {
        "Application_Type": "java",
        "WorkspaceResourceId": workspace.lower(),
        "SamplingPercentage": 10,
        "RetentionInDays": 90,
        "InstrumentationKey": "never read",
    }
    all_.add(f"{GROUP}/providers/microsoft.insights/components/appi-tripgen-prod", insights)
    return workspace


def rules(all_: Subscription, workspace: str, cluster: str) -> None:
    provider = f"{GROUP}/providers/Microsoft.Insights"
    streams = [
        "Microsoft-ContainerLogV2",
        "Microsoft-KubeEvents",
        "Microsoft-KubePodInventory",
        "Microsoft-KubeNodeInventory",
        "Microsoft-Perf",
        "Microsoft-InsightsMetrics",
    ]
    settings = {
        "dataCollectionSettings": {"interval": "1m", "namespaceFilteringMode": "Off", "enableContainerLogV2": True}
    }
    extension = {
        "name": "ContainerInsights",
        "extensionName": "ContainerInsights",
        "streams": streams,
        "extensionSettings": settings,
    }
    collected = all_.add(
        f"{provider}/dataCollectionRules/dcr-containers-tripgen-prod",
        {
            "dataSources": {"extensions": [extension]},
            "destinations": {"logAnalytics": [{"name": "workspace", "workspaceResourceId": workspace}]},
            "dataFlows": [{"streams": streams, "destinations": ["workspace"]}],
        },
    )
    association = f"{cluster}/providers/Microsoft.Insights/dataCollectionRuleAssociations/ContainerInsightsExtension"
    listed = {
        "id": association,
        "name": "ContainerInsightsExtension",
        "properties": {"dataCollectionRuleId": collected},
    }
    all_.bodies[f"{collected}/associations/ContainerInsightsExtension"] = listed
    groups = {}
    for name in ("page", "notify"):
        hooks = [
            {
                "name": "teams",
                "serviceUri": "https://prod-00.koreacentral.logic.azure.com/x?sig=secret",
                "useCommonAlertSchema": True,
            }
        ]
        if name == "page":
            hooks.append(
                {
                    "name": "pagerduty",
                    "serviceUri": "https://events.pagerduty.com/integration/secret/enqueue",
                    "useCommonAlertSchema": True,
                }
            )
        properties = {"groupShortName": name, "enabled": True, "webhookReceivers": hooks}
        groups[name] = all_.add(f"{provider}/actionGroups/ag-{name}-tripgen-prod", properties, "Global")
    _query_alerts(all_, provider, workspace, groups)
    insights = f"{provider}/components/appi-tripgen-prod"
    for name, scope, namespace, metric, threshold in (
        ("High Response Time", insights, "Microsoft.Insights/components", "requests/duration", 5000.0),
        (
            "High Memory Usage",
            cluster,
            "Microsoft.ContainerService/managedClusters",
            "node_memory_working_set_percentage",
            90.0,
        ),
    ):
        criterion = {
            "name": "criterion",
            "criterionType": "StaticThresholdCriterion",
            "metricNamespace": namespace,
            "metricName": metric,
            "timeAggregation": "Average",
            "operator": "GreaterThan",
            "threshold": threshold,
            "dimensions": [],
        }
        kind = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
        alert = {
            "enabled": True,
            "severity": 2,
            "scopes": [scope],
            "evaluationFrequency": "PT1M",
            "windowSize": "PT5M",
            "criteria": {"odata.type": kind, "allOf": [criterion]},
            "actions": [{"actionGroupId": groups["notify"]}],
        }
        all_.add(f"{provider}/metricAlerts/{name}", alert, "global")


def _query_alerts(all_: Subscription, provider: str, workspace: str, groups: dict[str, str]) -> None:
    error = (
        "AppRequests\n| summarize Failed = countif(Success == false), Total = count()\n"
        "| extend Value = iff(Total == 0, 0.0, 100.0 * Failed / Total)"
    )
    crash = (
        'KubePodInventory\n| where Namespace == "production"\n'
        "| summarize Value = max(ContainerRestartCount) - min(ContainerRestartCount) by Name"
    )
    cpu = (
        'let capacity = Perf\n  | where ObjectName == "K8SNode" and CounterName == "cpuCapacityNanoCores"\n'
        "  | summarize Limit = max(CounterValue) by Computer;\n"
        'Perf\n| where ObjectName == "K8SNode" and CounterName == "cpuUsageNanoCores"\n'
        "| summarize Used = avg(CounterValue) by Computer\n| join kind=inner capacity on Computer\n"
        "| extend Value = 100.0 * Used / Limit"
    )
    for name, severity, threshold, window, group, query in (
        ("High Error Rate", 1, 5, "PT5M", "page", error),
        ("Pod Crash Loop", 1, 5, "PT10M", "page", crash),
        ("High CPU Usage", 2, 85, "PT10M", "notify", cpu),
    ):
        criterion = {
            "query": query,
            "timeAggregation": "Maximum",
            "metricMeasureColumn": "Value",
            "operator": "GreaterThan",
            "threshold": threshold,
            "failingPeriods": {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1},
        }
        alert = {
            "displayName": name,
            "enabled": True,
            "severity": severity,
            "scopes": [workspace],
            "evaluationFrequency": "PT5M",
            "windowSize": window,
            "criteria": {"allOf": [criterion]},
            "actions": {"actionGroups": [groups[group]]},
        }
        all_.add(f"{provider}/scheduledQueryRules/alert-{name.lower().replace(' ', '-')}-tripgen-prod", alert)


def audit(all_: Subscription, workspace: str, targets: dict[str, str]) -> None:
    gateway = f"{GROUP}/providers/Microsoft.Network/applicationGateways/agw-tripgen-prod"
    for category, target in {**targets, "ApplicationGatewayFirewallLog": gateway}.items():
        logs = [{"category": category, "enabled": True}, {"category": "other", "enabled": False}]
        if target == targets["kube-audit-admin"]:
            logs.append({"category": "guard", "enabled": True})
        if target == gateway:
            logs.append({"category": "ApplicationGatewayAccessLog", "enabled": True})
        setting = {"workspaceId": workspace, "logs": logs, "metrics": []}
        all_.part(target, "providers/Microsoft.Insights/diagnosticSettings/audit", setting)
