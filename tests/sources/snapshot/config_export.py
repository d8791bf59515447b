"""Configuration items as AWS Config records them, made of what the services of an account answer.

The forms are those that AWS publishes (awslabs/aws-config-resource-schema): most types have the answer of the service
with each name's first letter in lower case, newer ones the properties of CloudFormation, and S3 keeps its settings as
JSON texts beside the bucket. Only what Config holds is in an item.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

Client = Callable[[str, str], Any]
Item = dict[str, Any]


def items_of(client: Client, account: str, regions: tuple[str, ...]) -> Iterator[Item]:
    """Every item of an account; `client` gives a client of boto3 for a service and a region."""
    for region in regions:
        for make in (_networks, _servers, _databases, _balancers, _containers, _watching, _secrets):
            for type_, id_, arn, tags, configuration, more in make(client, region):
                yield item(account, region, type_, id_, arn, tags, configuration, more)
        yield item(account, region, "AWS::Config::ConfigurationRecorder", "default", "", {}, RECORDER, {})
    for type_, id_, arn, tags, configuration, more in _roles(client):
        yield item(account, "global", type_, id_, arn, tags, configuration, more)
    for region, bucket in _buckets(client):
        name, tags, more = bucket
        configuration = {"name": name, "creationDate": "2026-01-01T00:00:00.000Z"}
        yield item(account, region, "AWS::S3::Bucket", name, f"arn:aws:s3:::{name}", tags, configuration, more)


RECORDER = {
    "Name": "default",
    "Recording": True,
    "RecordingGroup": {"AllSupported": True, "IncludeGlobalResourceTypes": True, "ResourceTypes": []},
}


def item(
    account: str, region: str, type_: str, id_: str, arn: str, tags: dict[str, str], configuration: Any, more: Any
) -> Item:
    """A configuration item as a snapshot has it."""
    return {
        "relatedEvents": [],
        "relationships": [],
        "configuration": configuration,
        "supplementaryConfiguration": more,
        "tags": tags,
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": "2026-11-20T18:00:00.000Z",
        "configurationStateId": 1700000000000,
        "awsAccountId": account,
        "configurationItemStatus": "OK",
        "resourceType": type_,
        "resourceId": id_,
        "ARN": arn,
        "awsRegion": region,
        "availabilityZone": "Not Applicable",
    }


def bean(data: Any) -> Any:
    """An answer with the first letter of every name in lower case, as Config writes most of them."""
    if isinstance(data, dict):
        # The names of environment variables are data.
        return {
            name[:1].lower() + name[1:]: part if name == "Variables" else bean(part)
            for name, part in data.items()
            if name != "ResponseMetadata"
        }
    if isinstance(data, list):
        return [bean(part) for part in data]
    return data.isoformat() if hasattr(data, "isoformat") else data


def property_(data: Any) -> Any:
    """An answer with the first letter of every name in upper case, as CloudFormation has it."""
    if isinstance(data, dict):
        return {name[:1].upper() + name[1:]: property_(part) for name, part in data.items()}
    if isinstance(data, list):
        return [property_(part) for part in data]
    return data.isoformat() if hasattr(data, "isoformat") else data


def tags_of(pairs: Any) -> dict[str, str]:
    """Pairs, in any spelling, as the map that an item has."""
    if isinstance(pairs, dict):
        return pairs
    named = [{name.lower().removeprefix("tag"): text for name, text in pair.items()} for pair in pairs or ()]
    return {pair["key"]: pair["value"] for pair in named}


def _pages(client: Any, operation: str, key: str, **given: Any) -> Iterator[Any]:
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**given):
            yield from page.get(key, ())
    else:
        yield from getattr(client, operation)(**given).get(key, ())


def _networks(client: Client, region: str) -> Iterator[tuple[Any, ...]]:
    ec2 = client("ec2", region)
    for type_, operation, key, id_ in (
        ("VPC", "describe_vpcs", "Vpcs", "VpcId"),
        ("Subnet", "describe_subnets", "Subnets", "SubnetId"),
        ("RouteTable", "describe_route_tables", "RouteTables", "RouteTableId"),
        ("InternetGateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
        ("NatGateway", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
        ("EIP", "describe_addresses", "Addresses", "AllocationId"),
        ("NetworkAcl", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
        ("VPCEndpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ):
        for data in _pages(ec2, operation, key):
            yield f"AWS::EC2::{type_}", data[id_], "", tags_of(data.get("Tags")), _wrapped(bean(data)), {}
    for data in _pages(ec2, "describe_security_groups", "SecurityGroups"):
        group = bean(data)
        for permission in (*group["ipPermissions"], *group["ipPermissionsEgress"]):
            permission["ipv4Ranges"] = permission.get("ipRanges", [])
            permission["ipRanges"] = [each["cidrIp"] for each in permission["ipv4Ranges"]]
        yield "AWS::EC2::SecurityGroup", data["GroupId"], "", tags_of(data.get("Tags")), group, {}
    for data in _pages(ec2, "describe_flow_logs", "FlowLogs"):
        kept = {name: part for name, part in data.items() if name != "Tags"}
        yield "AWS::EC2::FlowLog", data["FlowLogId"], "", tags_of(data.get("Tags")), bean(kept), {}


def _wrapped(data: dict[str, Any]) -> dict[str, Any]:
    """The state as an object around its word, which some types have."""
    return {**data, "state": {"value": data["state"]}} if isinstance(data.get("state"), str) else data


def _servers(client: Client, region: str) -> Iterator[tuple[Any, ...]]:
    ec2 = client("ec2", region)
    for data in _pages(ec2, "describe_volumes", "Volumes"):
        yield "AWS::EC2::Volume", data["VolumeId"], "", tags_of(data.get("Tags")), bean(data), {}
    for page in _pages(ec2, "describe_instances", "Reservations"):
        for data in page["Instances"]:
            yield "AWS::EC2::Instance", data["InstanceId"], "", tags_of(data.get("Tags")), bean(data), {}
    functions = client("lambda", region)
    for data in _pages(functions, "list_functions", "Functions"):
        tags = functions.list_tags(Resource=data["FunctionArn"])["Tags"]
        reserved = functions.get_function_concurrency(FunctionName=data["FunctionName"])
        more = {"Concurrency": json.dumps(bean(reserved))}
        yield "AWS::Lambda::Function", data["FunctionName"], data["FunctionArn"], tags, bean(data), more


def _databases(client: Client, region: str) -> Iterator[tuple[Any, ...]]:
    rds = client("rds", region)
    for data in _pages(rds, "describe_db_instances", "DBInstances"):
        kept = {name: part for name, part in data.items() if name not in ("TagList", "MasterUserSecret")}
        id_, tags = data["DbiResourceId"], tags_of(data.get("TagList"))
        yield "AWS::RDS::DBInstance", id_, data["DBInstanceArn"], tags, bean(kept), {}
    for data in _pages(rds, "describe_db_subnet_groups", "DBSubnetGroups"):
        yield "AWS::RDS::DBSubnetGroup", data["DBSubnetGroupName"], data["DBSubnetGroupArn"], {}, bean(data), {}
    for data in _pages(rds, "describe_db_snapshots", "DBSnapshots"):
        yield "AWS::RDS::DBSnapshot", data["DBSnapshotIdentifier"], data["DBSnapshotArn"], {}, bean(data), {}
    for data in _pages(rds, "describe_event_subscriptions", "EventSubscriptionsList"):
        yield "AWS::RDS::EventSubscription", data["CustSubscriptionId"], "", {}, bean(data), {}


def _balancers(client: Client, region: str) -> Iterator[tuple[Any, ...]]:
    elb = client("elbv2", region)
    for data in _pages(elb, "describe_load_balancers", "LoadBalancers"):
        arn = data["LoadBalancerArn"]
        tags = tags_of(elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"])
        yield "AWS::ElasticLoadBalancingV2::LoadBalancer", arn, arn, tags, bean(data), {}
        for listener in _pages(elb, "describe_listeners", "Listeners", LoadBalancerArn=arn):
            own = listener["ListenerArn"]
            kept = property_({name: part for name, part in listener.items() if name != "ListenerArn"})
            yield "AWS::ElasticLoadBalancingV2::Listener", own, own, {}, kept, {}
    acm = client("acm", region)
    for entry in _pages(acm, "list_certificates", "CertificateSummaryList"):
        arn = entry["CertificateArn"]
        data = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        tags = tags_of(acm.list_tags_for_certificate(CertificateArn=arn)["Tags"])
        yield "AWS::ACM::Certificate", arn, arn, tags, bean(data), {}


def _containers(client: Client, region: str) -> Iterator[tuple[Any, ...]]:
    ecs = client("ecs", region)
    for arn in _pages(ecs, "list_clusters", "clusterArns"):
        include = ["SETTINGS", "CONFIGURATIONS", "TAGS"]
        (data,) = ecs.describe_clusters(clusters=[arn], include=include)["clusters"]
        names = {"settings": "ClusterSettings", "clusterName": "ClusterName", "clusterArn": "Arn"}
        kept = ("configuration", "capacityProviders", "defaultCapacityProviderStrategy")
        cluster = {names.get(name, name): data[name] for name in (*names, *kept) if name in data}
        yield "AWS::ECS::Cluster", arn, arn, tags_of(data.get("tags")), property_(cluster), {}
        for service_arn in _pages(ecs, "list_services", "serviceArns", cluster=arn):
            found = ecs.describe_services(cluster=arn, services=[service_arn], include=["TAGS"])["services"][0]
            left_out = ("events", "deployments", "status", "runningCount", "pendingCount", "tags", "createdAt")
            kept_of = {name: part for name, part in found.items() if name not in left_out}
            service = {**kept_of, "Cluster": kept_of.pop("clusterArn"), "Role": kept_of.pop("roleArn", None)}
            service = {name: part for name, part in service.items() if name not in ("clusterArn", "roleArn")}
            yield "AWS::ECS::Service", service_arn, service_arn, tags_of(found.get("tags")), property_(service), {}
    ecr = client("ecr", region)
    for data in _pages(ecr, "describe_repositories", "repositories"):
        name, arn = data["repositoryName"], data["repositoryArn"]
        kept = {
            "RepositoryName": name,
            "Arn": arn,
            "ImageTagMutability": data["imageTagMutability"],
            "ImageScanningConfiguration": property_(data["imageScanningConfiguration"]),
        }
        try:
            text = ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"]
            kept["LifecyclePolicy"] = {"LifecyclePolicyText": text}
        except ecr.exceptions.LifecyclePolicyNotFoundException:
            pass
        yield "AWS::ECR::Repository", name, arn, tags_of(ecr.list_tags_for_resource(resourceArn=arn)["tags"]), kept, {}


def _watching(client: Client, region: str) -> Iterator[tuple[Any, ...]]:
    watch = client("cloudwatch", region)
    for data in _pages(watch, "describe_alarms", "MetricAlarms"):
        arn = data["AlarmArn"]
        tags = tags_of(watch.list_tags_for_resource(ResourceARN=arn)["Tags"])
        kept = {name: part for name, part in data.items() if not name.startswith("State")}
        yield "AWS::CloudWatch::Alarm", data["AlarmName"], arn, tags, bean(kept), {}
    events = client("events", region)
    for rule in _pages(events, "list_rules", "Rules"):
        kept = {name: part for name, part in rule.items() if name != "EventPattern"}
        yield "AWS::Events::Rule", rule["Arn"], rule["Arn"], {}, kept, {}
    sns = client("sns", region)
    for topic in _pages(sns, "list_topics", "Topics"):
        arn = topic["TopicArn"]
        told = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
        kept = {name: told[name] for name in ("TopicArn", "DisplayName", "KmsMasterKeyId", "FifoTopic") if name in told}
        yield "AWS::SNS::Topic", arn, arn, tags_of(sns.list_tags_for_resource(ResourceArn=arn)["Tags"]), kept, {}


def _secrets(client: Client, region: str) -> Iterator[tuple[Any, ...]]:
    vault = client("secretsmanager", region)
    for data in _pages(vault, "list_secrets", "SecretList"):
        kept = {name: data[name] for name in ("ARN", "Name", "Description", "RotationEnabled") if name in data}
        kept |= {"KMSKeyId": data.get("KmsKeyId"), "RotationLambdaARN": data.get("RotationLambdaARN")}
        if "RotationRules" in data:
            kept["RotationRules"] = {"AutomaticallyAfterDays": data["RotationRules"].get("AutomaticallyAfterDays")}
        yield "AWS::SecretsManager::Secret", data["ARN"], data["ARN"], tags_of(data.get("Tags")), kept, {}
    kms = client("kms", region)
    for key in _pages(kms, "list_keys", "Keys"):
        data = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        rotates = data["KeyManager"] == "CUSTOMER" and kms.get_key_rotation_status(KeyId=key["KeyId"])
        more = {"KeyRotationStatus": json.dumps(bool(rotates and rotates["KeyRotationEnabled"]))}
        yield "AWS::KMS::Key", key["KeyId"], key["KeyArn"], {}, bean(data), more
    for data in _pages(kms, "list_aliases", "Aliases"):
        kept = {"AliasName": data["AliasName"], "TargetKeyId": data.get("TargetKeyId")}
        yield "AWS::KMS::Alias", data["AliasName"], data["AliasArn"], {}, kept, {}


def _roles(client: Client) -> Iterator[tuple[Any, ...]]:
    from urllib.parse import quote

    iam = client("iam", "us-east-1")
    for data in _pages(iam, "get_account_authorization_details", "RoleDetailList"):
        role = bean({**data, "AssumeRolePolicyDocument": quote(json.dumps(data["AssumeRolePolicyDocument"]))})
        for policy, own in zip(role["rolePolicyList"], data["RolePolicyList"], strict=True):
            policy["policyDocument"] = quote(json.dumps(own["PolicyDocument"]))
        yield "AWS::IAM::Role", data["RoleId"], data["Arn"], tags_of(data.get("Tags")), role, {}


def _buckets(client: Client) -> Iterator[tuple[str, Any]]:
    s3 = client("s3", "us-east-1")
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        region = s3.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1"
        own = client("s3", region)
        more = {name_: json.dumps(part) for name_, part in _settings(own, name).items()}
        yield region, (name, tags_of(_asked(own.get_bucket_tagging, name, "TagSet")), more)


def _settings(s3: Any, name: str) -> dict[str, Any]:
    """The supplementary configuration of a bucket."""
    versions = s3.get_bucket_versioning(Bucket=name)
    logging = s3.get_bucket_logging(Bucket=name).get("LoggingEnabled", {})
    found: dict[str, Any] = {
        "BucketVersioningConfiguration": {"status": versions.get("Status", "Off"), "isMfaDeleteEnabled": None},
        "BucketLoggingConfiguration": {
            "destinationBucketName": logging.get("TargetBucket"),
            "logFilePrefix": logging.get("TargetPrefix"),
        },
        "BucketPolicy": {"policyText": _asked(s3.get_bucket_policy, name, "Policy")},
        "IsRequesterPaysEnabled": "false",
    }
    encryption = _asked(s3.get_bucket_encryption, name, "ServerSideEncryptionConfiguration")
    if encryption:
        found["ServerSideEncryptionConfiguration"] = bean(encryption)
    public = _asked(s3.get_public_access_block, name, "PublicAccessBlockConfiguration")
    if public:
        found["PublicAccessBlockConfiguration"] = bean(public)
    rules = _asked(s3.get_bucket_lifecycle_configuration, name, "Rules")
    if rules:
        found["BucketLifecycleConfiguration"] = {"rules": [_lifecycle(rule) for rule in rules]}
    return found


def _lifecycle(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the first client library for Java has it."""
    expiration, aborted = rule.get("Expiration", {}), rule.get("AbortIncompleteMultipartUpload")
    noncurrent, filter_ = rule.get("NoncurrentVersionExpiration"), rule.get("Filter") or {}
    return {
        "id": rule.get("ID"),
        "status": rule["Status"],
        "prefix": rule.get("Prefix"),
        "expirationInDays": expiration.get("Days", -1),
        "expiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker", False),
        "transitions": bean(rule.get("Transitions")),
        "noncurrentVersionExpiration": bean(noncurrent),
        "abortIncompleteMultipartUpload": bean(aborted),
        "filter": {"predicate": {"type": "LifecyclePrefixPredicate", "prefix": filter_.get("Prefix", "")}},
    }


def _asked(call: Any, name: str, key: str) -> Any:
    from botocore.exceptions import ClientError

    try:
        return call(Bucket=name).get(key)
    except ClientError:
        return None
