"""Amazon Connect on this machine: what moto 5.2.5 has of it are instances, and not their parts.

Paths, parameters and names of answers are those of the service's own description in botocore, so the real provider and
the real client of boto3 both take it for the service. Each kind of thing is created, described and listed; the
operations of `_SPECIAL` do something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, unquote

import botocore.session
from moto.moto_api._internal import mock_random

Json = dict[str, Any]
KINDS: Final = {
    "Queue": ("queue", "QueueId", "QueueArn"),
    "HoursOfOperation": ("operating-hours", "HoursOfOperationId", "HoursOfOperationArn"),
    "RoutingProfile": ("routing-profile", "RoutingProfileId", "RoutingProfileArn"),
    "ContactFlow": ("contact-flow", "ContactFlowId", "ContactFlowArn"),
}
"""Parts of an instance: what their ARNs call them, and where operations name their id and ARN."""
ATTRIBUTES: Final = {
    "INBOUND_CALLS": "InboundCallsEnabled",
    "OUTBOUND_CALLS": "OutboundCallsEnabled",
}
"""Attributes of an instance that it is created with."""
_CREDENTIAL: Final = re.compile(r"Credential=[^/]+/\d+/([\w-]+)/connect/")


class ContactCenter:
    """Answers requests to Amazon Connect and passes all others on."""

    def __init__(self, application: Callable[..., Iterable[bytes]], account: str) -> None:
        self._application = application
        self._account = account
        self._regions: dict[str, Region] = {}
        self._routes = list(_routes())

    def __call__(self, environment: Json, start: Callable[..., Any]) -> Iterable[bytes]:
        signed = _CREDENTIAL.search(environment.get("HTTP_AUTHORIZATION", ""))
        if signed is None:
            return self._application(environment, start)
        region = self._regions.setdefault(signed[1], Region(signed[1], self._account))
        status, answer = self._answer(region, environment)
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def _answer(self, region: Region, environment: Json) -> tuple[str, Json]:
        path = environment.get("RAW_URI") or environment["PATH_INFO"]
        place, _, query = path.partition("?")
        body = environment["wsgi.input"].read()
        for operation, method, pattern in self._routes:
            found = pattern.fullmatch(place) if method == environment["REQUEST_METHOD"] else None
            if found is not None:
                given = {name: unquote(text) for name, text in found.groupdict().items()}
                asked = {name[0].upper() + name[1:]: texts[-1] for name, texts in parse_qs(query).items()}
                try:
                    return "200 OK", region.make(operation, (json.loads(body) if body else {}) | asked | given)
                except KeyError as error:
                    return "404 Not Found", {"__type": "ResourceNotFoundException", "Message": f"{operation}: {error}"}
        return "404 Not Found", {"__type": "ResourceNotFoundException", "Message": place}


def _routes() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """Every operation with its method and its path."""
    service = botocore.session.get_session().get_service_model("connect")
    for name in service.operation_names:
        http = service.operation_model(name).http
        place = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", http["requestUri"].partition("?")[0])
        yield name, http["method"], re.compile(place)


class Region:
    """The instances of one region, with their parts and where they store what."""

    def __init__(self, name: str, account: str) -> None:
        self._arn = f"arn:aws:connect:{name}:{account}:instance/"
        self._instances: dict[str, Json] = {}
        self._parts: dict[tuple[str, str], dict[str, Json]] = {}

    def make(self, operation: str, given: Json) -> Json:
        """The answer of an operation. Raises KeyError where there is no such thing."""
        special = _SPECIAL.get(operation)
        if special is not None:
            return special(self, given)
        known = re.fullmatch(r"(Create|Describe|List)(\w+)", operation)
        if known is None:
            raise KeyError(operation)
        verb, kind = known.groups()
        if kind.removesuffix("s") == "Instance":
            return self._instance(verb, given)
        if verb == "List":
            return {f"{kind.removesuffix('s')}SummaryList": self._listed(kind.removesuffix("s"), given)}
        return self._create(kind, given) if verb == "Create" else {kind: self._held(kind, given)[given[KINDS[kind][1]]]}

    def _instance(self, verb: str, given: Json) -> Json:
        if verb == "List":
            return {"InstanceSummaryList": list(self._instances.values())}
        if verb == "Describe":
            return {"Instance": self._instances[given["InstanceId"]]}
        id_ = str(mock_random.uuid4())
        kept = {name: given[name] for name in given if name not in ("ClientToken", "Tags")}
        self._instances[id_] = {**kept, "Id": id_, "Arn": self._arn + id_, "InstanceStatus": "ACTIVE"}
        return {"Id": id_, "Arn": self._arn + id_}

    def _held(self, kind: str, given: Json) -> dict[str, Json]:
        return self._parts.setdefault((given["InstanceId"], kind), {})

    def _create(self, kind: str, given: Json) -> Json:
        called, id_name, arn_name = KINDS[kind]
        id_ = str(mock_random.uuid4())
        arn = f"{self._arn}{given['InstanceId']}/{called}/{id_}"
        status = {"Queue": "ENABLED", "ContactFlow": "PUBLISHED"}.get(kind)
        own = {"Status": status} if status else {}
        short = {"Id": id_, "Arn": arn} if kind == "ContactFlow" else {}
        self._held(kind, given)[id_] = {**own, **given, **short, id_name: id_, arn_name: arn}
        return {id_name: id_, arn_name: arn}

    def _listed(self, kind: str, given: Json) -> list[Json]:
        """What a listing tells of each, which is little."""
        told = {"Name": "Name", "Type": "ContactFlowType", "Status": "ContactFlowStatus"}
        return (
            [
                {"Id": id_, "Arn": part[KINDS[kind][2]]}
                | {
                    other: part[name]
                    for name, other in told.items()
                    if name in part and (kind == "ContactFlow" or name == "Name")
                }
                for id_, part in self._held(kind, given).items()
            ]
            if kind in KINDS
            else []
        )

    def attribute(self, given: Json) -> Json:
        """One attribute of an instance."""
        instance, type_ = self._instances[given["InstanceId"]], given["AttributeType"]
        value = instance.get(ATTRIBUTES.get(type_, type_), "false")
        return {"Attribute": {"AttributeType": type_, "Value": str(value).lower()}}

    def update_attribute(self, given: Json) -> Json:
        """Sets one attribute of an instance."""
        type_ = given["AttributeType"]
        value: Any = given["Value"] == "true" if type_ in ATTRIBUTES else given["Value"]
        self._instances[given["InstanceId"]][ATTRIBUTES.get(type_, type_)] = value
        return {}

    def store(self, given: Json) -> Json:
        """Says where an instance stores something."""
        id_ = str(mock_random.uuid4())
        stored = {**given["StorageConfig"], "AssociationId": id_}
        self._held("storage", given)[id_] = {"type": given["ResourceType"], "config": stored}
        return {"AssociationId": id_}

    def update_store(self, given: Json) -> Json:
        """Says that it stores it elsewhere or otherwise."""
        held = self._held("storage", given)[given["AssociationId"]]
        held["config"] = {**given["StorageConfig"], "AssociationId": given["AssociationId"]}
        return {}

    def stored(self, given: Json) -> Json:
        """Where an instance stores something."""
        return {"StorageConfig": self._held("storage", given)[given["AssociationId"]]["config"]}

    def stores(self, given: Json) -> Json:
        """All that it stores of a kind."""
        held = self._held("storage", given).values()
        return {"StorageConfigs": [item["config"] for item in held if item["type"] == given["ResourceType"]]}

    def profile(self, given: Json) -> Json:
        """A routing profile, which does not tell its queues."""
        held = self._held("RoutingProfile", given)[given["RoutingProfileId"]]
        return {"RoutingProfile": {name: value for name, value in held.items() if name != "QueueConfigs"}}

    def profile_queues(self, given: Json) -> Json:
        """The queues of a routing profile."""
        held = self._held("RoutingProfile", given)[given["RoutingProfileId"]]
        queues = self._held("Queue", given)
        told = [_queue(item, queues[item["QueueReference"]["QueueId"]]) for item in held.get("QueueConfigs", ())]
        return {"RoutingProfileQueueConfigSummaryList": told}

    def leave_queues(self, given: Json) -> Json:
        """Takes queues out of a routing profile."""
        held = self._held("RoutingProfile", given)[given["RoutingProfileId"]]
        gone = given["QueueReferences"]
        held["QueueConfigs"] = [item for item in held["QueueConfigs"] if item["QueueReference"] not in gone]
        return {}

    def enter_queues(self, given: Json) -> Json:
        """Puts queues into a routing profile."""
        self._held("RoutingProfile", given)[given["RoutingProfileId"]]["QueueConfigs"] += given["QueueConfigs"]
        return {}

    def queue_status(self, given: Json) -> Json:
        """Opens or closes a queue."""
        self._held("Queue", given)[given["QueueId"]]["Status"] = given["Status"]
        return {}


def _queue(config: Mapping[str, Any], queue: Mapping[str, Any]) -> Json:
    reference = config["QueueReference"]
    return {
        "QueueId": reference["QueueId"], "QueueArn": queue["QueueArn"], "QueueName": queue["Name"],
        "Channel": reference["Channel"], "Priority": config["Priority"], "Delay": config["Delay"],
    }  # fmt: skip


_SPECIAL: Final[Mapping[str, Callable[[Region, Json], Json]]] = {
    "DescribeInstanceAttribute": Region.attribute,
    "UpdateInstanceAttribute": Region.update_attribute,
    "AssociateInstanceStorageConfig": Region.store,
    "UpdateInstanceStorageConfig": Region.update_store,
    "DescribeInstanceStorageConfig": Region.stored,
    "ListInstanceStorageConfigs": Region.stores,
    "DescribeRoutingProfile": Region.profile,
    "ListRoutingProfileQueues": Region.profile_queues,
    "DisassociateRoutingProfileQueues": Region.leave_queues,
    "AssociateRoutingProfileQueues": Region.enter_queues,
    "UpdateQueueStatus": Region.queue_status,
    "ListQueueQuickConnects": lambda _region, _given: {"QuickConnectSummaryList": []},
    "ListPhoneNumbersV2": lambda _region, _given: {"ListPhoneNumbersSummaryList": []},
}
