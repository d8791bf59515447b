"""A guard in front of a local account: it lets through what an IAM policy allows and denies the rest, as AWS does.

Which service and operation a request is, the guard reads from the request itself: the service from the scope of its
signature, which names services as IAM does, the operation from the protocol. Nothing here knows what asbuilt's maps
say; which actions an operation needs where they are not named alike is from AWS's Service Authorization Reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import botocore.session

from scanner.sources.aws.maps import service_maps
from tests.http_server import Answer, Asked, serving

_SCOPE: Final = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]*)/(?P<service>[^/]+)/aws4_request")
_RPC: Final = re.compile(r"/service/[^/]+/operation/(\w+)$")
_PREFIXES: Final = {"monitoring": "cloudwatch"}
"""Services that signatures name otherwise than policies."""
_OTHERWISE: Final[Mapping[str, tuple[str, ...]]] = {
    "budgets:DescribeBudgets": ("budgets:ViewBudget",),
    "budgets:DescribeNotificationsForBudget": ("budgets:ViewBudget",),
    "budgets:DescribeSubscribersForNotification": ("budgets:ViewBudget",),
    "connect:ListInstances": ("connect:ListInstances", "ds:DescribeDirectories"),
    "s3:GetBucketAccelerateConfiguration": ("s3:GetAccelerateConfiguration",),
    "s3:GetBucketCors": ("s3:GetBucketCORS",),
    "s3:GetBucketEncryption": ("s3:GetEncryptionConfiguration",),
    "s3:GetBucketLifecycleConfiguration": ("s3:GetLifecycleConfiguration",),
    "s3:GetBucketNotificationConfiguration": ("s3:GetBucketNotification",),
    "s3:GetBucketReplication": ("s3:GetReplicationConfiguration",),
    "s3:GetObjectLockConfiguration": ("s3:GetBucketObjectLockConfiguration",),
    "s3:GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock",),
    "s3control:GetPublicAccessBlock": ("s3:GetAccountPublicAccessBlock",),
    "s3:HeadBucket": ("s3:ListBucket",),
    "s3:ListBucketAnalyticsConfigurations": ("s3:GetAnalyticsConfiguration",),
    "s3:ListBucketIntelligentTieringConfigurations": ("s3:GetIntelligentTieringConfiguration",),
    "s3:ListBucketInventoryConfigurations": ("s3:GetInventoryConfiguration",),
    "s3:ListBucketMetricsConfigurations": ("s3:GetMetricsConfiguration",),
    "s3:ListBuckets": ("s3:ListAllMyBuckets",),
    "s3:ListObjectsV2": ("s3:ListBucket",),
    "wafv2:ListResourcesForWebACL": ("wafv2:ListResourcesForWebACL", "elasticloadbalancing:DescribeWebACLAssociation"),
}
_KEPT: Final = ("Content-Type", "x-amzn-RequestId", "smithy-protocol", "x-amzn-errortype", "Location")


@dataclass(frozen=True)
class Demand:
    """What a request asks of an account: the actions that it needs, and the protocol that its answer has."""

    actions: tuple[str, ...]
    protocol: str


@dataclass
class Guard:
    """Where the guarded account answers, and what was asked of it."""

    endpoint: str
    allowed: frozenset[str]
    asked: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)

    def allows(self, action: str) -> bool:
        """Whether the policy allows an action; policies do not tell upper from lower case."""
        return any(fnmatchcase(action.lower(), given.lower()) for given in self.allowed)

    def without(self, action: str) -> Guard:
        """The same account under a policy without an action."""
        self.allowed -= {action}
        self.asked, self.denied = set(), set()
        return self


@contextmanager
def guarded(port: int, policy: Mapping[str, Any]) -> Iterator[Guard]:
    """The account behind `port` under an IAM policy."""
    guard = Guard("", frozenset(actions_of(policy)))

    def answer(asked: Asked) -> Answer:
        demand = demanded(asked)
        guard.asked.update(demand.actions)
        refused = [action for action in demand.actions if not guard.allows(action)]
        guard.denied.update(refused)
        return denial(demand.protocol, refused[0]) if refused else _passed_on(port, asked)

    with serving(answer) as (guard.endpoint, _):
        yield guard


def actions_of(policy: Mapping[str, Any]) -> Iterable[str]:
    """The actions that a policy document allows on everything. A document of another form is refused."""
    assert policy["Version"] == "2012-10-17"
    for statement in policy["Statement"]:
        assert statement.keys() <= {"Sid", "Effect", "Action", "Resource"}, statement
        assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
        yield from statement["Action"]


def demanded(asked: Asked) -> Demand:
    """What a request asks for. An operation that nobody knows needs an action that no policy has."""
    headers = {name.lower(): text for name, text in asked.headers.items()}
    scope = _SCOPE.search(headers.get("authorization", ""))
    signed = scope["service"] if scope else "nobody"
    service = _PREFIXES.get(signed, signed)
    form = parse_qs(asked.body.decode("latin-1")).get("Action", []) if b"Action=" in asked.body else []
    if rpc := _RPC.search(urlsplit(asked.path).path):
        return _demand(service, rpc[1], "cbor")
    if target := headers.get("x-amz-target"):
        return _demand(service, target.rpartition(".")[2], "json")
    if form:
        return _demand(service, form[0], "ec2" if service == "ec2" else "query")
    return _at_address(signed, service, asked)


def _demand(service: str, operation: str, protocol: str) -> Demand:
    named = f"{service}:{operation}"
    actions = _OTHERWISE.get(named, (named,))
    return Demand(tuple(action.replace("s3control:", "s3:") for action in actions), protocol)


def _at_address(signed: str, service: str, asked: Asked) -> Demand:
    """The operation whose address fits best: the one that has most of it in common."""
    parts = urlsplit(asked.path)
    given = set(parse_qs(parts.query, keep_blank_values=True))
    fitting = [
        (literal, name, operation)
        for name, method, pattern, literal, needed, operation in _addresses(signed)
        if method == asked.method and needed <= given and pattern.fullmatch(parts.path.rstrip("/"))
    ]
    if not fitting:
        return Demand((f"{service}:{asked.method} {parts.path}",), "rest-json")
    _, name, operation = max(fitting)
    protocol = botocore_model(name).metadata["protocol"]
    return _demand("s3control" if name == "s3control" else service, operation, "s3" if signed == "s3" else protocol)


@cache
def botocore_model(name: str) -> Any:
    """The model of a service."""
    return botocore.session.get_session().get_service_model(name)


@cache
def _addresses(signed: str) -> list[tuple[str, str, re.Pattern[str], int, frozenset[str], str]]:
    """Service, method, path, number of characters in common, parameters and operation of every address.

    Only services that are read have some: an address of another one is of no known operation, and denied.
    """
    found = []
    for name in sorted({item.service for item in service_maps()}):
        model = botocore_model(name)
        for operation in model.operation_names if model.signing_name == signed else ():
            if operation == "ListDirectoryBuckets":
                continue  # signed as s3express
            http = model.operation_model(operation).http
            path, _, query = http["requestUri"].partition("?")
            literal = re.sub(r"\{[^}]*\}", "", path)
            needed = frozenset(item.partition("=")[0] for item in query.split("&") if item)
            needed |= _required(model.operation_model(operation).input_shape)
            found.append((name, http["method"], _pattern(path), len(literal) + 100 * len(needed), needed, operation))
    return found


def _required(shape: Any) -> frozenset[str]:
    """The parameters of an address that an operation cannot do without."""
    members = shape.members.items() if shape is not None else ()
    found = [(item.serialization.get("location"), item.serialization.get("name", name)) for name, item in members
             if name in shape.required_members]  # fmt: skip
    return frozenset(name for location, name in found if location == "querystring")


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]*\})", path.rstrip("/"))
    texts = [(".+" if part.endswith("+}") else "[^/]+") if part[:1] == "{" else re.escape(part) for part in parts]
    return re.compile("".join(texts))


def denial(protocol: str, action: str) -> Answer:
    """How a service of a protocol says that an action is not allowed."""
    said = f"User: arn:aws:iam::111122223333:role/auditor is not authorized to perform: {action}"
    if protocol == "cbor":
        body = b"\xa2" + b"".join(map(_cbor, ("__type", "AccessDeniedException", "message", said)))
        return Answer(body, 400, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"})
    if protocol in ("json", "rest-json"):
        body = json.dumps({"__type": "AccessDeniedException", "message": said}).encode()
        return Answer(body, 400 if protocol == "json" else 403, {"x-amzn-errortype": "AccessDeniedException"})
    error = f"<Error><Code>{'UnauthorizedOperation' if protocol == 'ec2' else 'AccessDenied'}</Code>"
    error += f"<Message>{said}</Message></Error>"
    whole = {"s3": error, "ec2": f"<Response><Errors>{error}</Errors><RequestID>1</RequestID></Response>"}
    other = f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"
    return Answer(whole.get(protocol, other).encode(), 403, {"Content-Type": "text/xml"})


def _cbor(text: str) -> bytes:
    """A text of at most 255 bytes in CBOR (RFC 8949, section 3.1)."""
    data = text.encode()
    return (bytes([0x60 + len(data)]) if len(data) < 24 else bytes([0x78, len(data)])) + data


def _passed_on(port: int, asked: Asked) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {name: text for name, text in asked.headers.items() if name.lower() != "connection"}
        connection.request(asked.method, asked.path, asked.body, headers)
        answer = connection.getresponse()
        said = {name: text for name, text in answer.getheaders() if name.title() in map(str.title, _KEPT)}
        return Answer(answer.read(), answer.status, said)
    finally:
        connection.close()
