"""AWS without AWS: answers made of botocore's own output shapes, and faults put into the HTTP layer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.model import ListShape, MapShape, Shape, StructureShape

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"
TOKENS: Final = frozenset(
    {
        "NextToken", "nextToken", "NextMarker", "Marker", "nextForwardToken", "ContinuationToken", "NextRecordName",
        "NextContinuationToken", "IsTruncated", "Truncated", "HasMoreDashboards", "NextPageToken", "errorCode",
    }
)  # fmt: skip
TEXTS: Final = {
    "KeyManager": "CUSTOMER",
    "Account": ACCOUNT,
    "AccountId": ACCOUNT,
    "RegionName": REGION,
    "Region": REGION,
    "reason": "MISSING",
    "Arn": "arn:aws:iam::111122223333:user/reader",
    "DBInstanceArn": "arn:aws:rds:us-west-2:111122223333:db:a",
    "DBInstanceAutomatedBackupsArn": "arn:aws:rds:us-east-1:111122223333:auto-backup:a",
    "Priority": "1",
    "PrivateZone": True,
    "RotationEnabled": True,
    "IsDefault": False,
    "DefaultForAz": False,
    "Locked": True,
    "Code": "active",
    "PackageID": "F1",
    "Policy": "{}",
}
DENIED: Final = "denied"
THROTTLED: Final = "throttled"
EXPIRED: Final = "expired"
READ_TIMEOUT: Final = "read timeout"
UNREACHABLE: Final = "unreachable"
GARBAGE: Final = "garbage"
PAGE: Final = "page of a proxy"
CUT: Final = "cut short"
SECOND_PAGE: Final = "second page denied"
FAULTS: Final = (DENIED, THROTTLED, EXPIRED, READ_TIMEOUT, UNREACHABLE, GARBAGE, PAGE, CUT, SECOND_PAGE)
CODES: Final = {DENIED: "AccessDeniedException", THROTTLED: "ThrottlingException", EXPIRED: "ExpiredTokenException"}
BODIES: Final = {GARBAGE: b"\x00not what you asked for", PAGE: b"<html><body>Sign in</body></html>", CUT: b'{"a": [{"b'}


@dataclass
class Stub:
    """The answers of every service; `fault` befalls `operation` of `service`."""

    service: str = ""
    operation: str = ""
    fault: str = ""
    called: set[tuple[str, str]] = field(default_factory=set)
    pages: int = 0
    examples: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def befall(self, service: str, operation: str, fault: str) -> None:
        """From now on this fault, and no other."""
        self.service, self.operation, self.fault, self.pages = service, operation, fault, 0

    def session(self) -> boto3.Session:
        """A session whose clients never leave the process."""
        made = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
        made.events.register("before-call", self.answer)
        made.events.register("before-send", self.send)
        return made

    def answer(self, model: Any, **_: Any) -> Any:
        """A full answer, unless the operation is the one that fails: then its request goes to the HTTP layer."""
        service = model.service_model.service_name
        self.called.add((service, model.name))
        parsed = dict(self.examples.setdefault((service, model.name), {}) or example(model.output_shape))
        self.examples[service, model.name] = parsed
        if (service, model.name) == (self.service, self.operation) and self.fault:
            if self.fault != SECOND_PAGE or self.pages:
                return None
            self.pages += 1
            parsed = example(model.output_shape)
            continue_with(parsed, model.output_shape)
        parsed["ResponseMetadata"] = {"HTTPStatusCode": 200}
        return AWSResponse("", 200, {}, None), parsed

    def send(self, request: Any, **_: Any) -> AWSResponse:
        """What the network gives in place of an answer."""
        if self.fault == READ_TIMEOUT:
            raise ReadTimeoutError(endpoint_url=request.url)
        if self.fault == UNREACHABLE:
            raise ConnectTimeoutError(endpoint_url=request.url)
        code = CODES.get(self.fault, CODES[DENIED] if self.fault == SECOND_PAGE else "")
        if not code:
            return made(request.url, 200, BODIES[self.fault])
        status = 403 if code == CODES[DENIED] else 400
        body = error_body(self.service, code)
        return made(request.url, status, body)


def continue_with(answer: dict[str, Any], shape: StructureShape) -> None:
    """Marks an answer as the first of several pages."""
    for name, member in shape.members.items():
        if name in TOKENS and name != "errorCode":
            answer[name] = True if member.type_name == "boolean" else "more"
        elif isinstance(member, StructureShape) and name == "DistributionList":
            continue_with(answer[name], member)


def made(url: str, status: int, body: bytes) -> AWSResponse:
    """A response with a body that was read already."""
    response = AWSResponse(url, status, {"x-amzn-RequestId": "1"}, None)
    response._content = body  # type: ignore[attr-defined]
    return response


@cache
def protocol_of(service: str) -> str:
    """How a service writes requests and answers."""
    return str(botocore.session.Session().get_service_model(service).protocol)


def error_body(service: str, code: str) -> bytes:
    """The error in the form that the protocol of the service has for it."""
    protocol = protocol_of(service)
    if "json" in protocol:
        return json.dumps({"__type": code, "message": "no"}).encode()
    inner = f"<Error><Code>{code}</Code><Message>no</Message></Error>"
    whole = {
        "ec2": f"<Response><Errors>{inner}</Errors></Response>",
        "query": f"<ErrorResponse>{inner}</ErrorResponse>",
    }
    return (whole.get(protocol) or inner).encode()


def example(shape: Shape | None, name: str = "", depth: int = 9) -> Any:
    """One of everything that a shape holds, without the marks of further pages."""
    if isinstance(shape, StructureShape):
        members = shape.members.items() if depth else ()
        return {key: example(part, key, depth - 1) for key, part in members if key not in TOKENS}
    if isinstance(shape, ListShape):
        return [example(shape.member, name, depth - 1)] if depth else []
    if isinstance(shape, MapShape):
        return dict.fromkeys(("key", "Policy", "Name"), example(shape.value, "value", depth - 1))
    return scalar(shape, name)


def scalar(shape: Shape | None, name: str) -> Any:
    """A plain value of a shape."""
    if name in TEXTS:
        return TEXTS[name]
    kind = shape.type_name if shape is not None else "structure"
    if kind == "string":
        values = shape.enum if shape is not None else []
        return (
            values[0]
            if values
            else f"arn:aws:any:us-east-1:111122223333:{name}/1"
            if "arn" in name.lower()
            else f"{name}-1"
        )
    by_kind: dict[str, Any] = {
        "boolean": False, "integer": 1, "long": 1, "float": 1.5, "double": 1.5, "blob": b"x",
        "timestamp": datetime(2026, 1, 2, tzinfo=UTC), "structure": {},
    }  # fmt: skip
    return by_kind[kind]
