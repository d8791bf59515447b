"""A local Resource Manager: answers GET from bodies by id, in pages, and can fail where it is told to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.http_server import Answer, Asked, serving
from tests.sources.azure.tripgen import BASE, SUBSCRIPTION, TENANT, Body

PAGE = 2
GRAPH = "/providers/microsoft.resourcegraph/resources"
GRAPH_PAGE = 5
INDEX_PAGE = 40


@dataclass
class Arm:
    """What the server has. `faults` are answers by the end of a path (of any page, or of the n-th with `?n`).

    `lagging` are the ends of ids that Resource Graph does not have yet.
    """

    bodies: dict[str, Body]
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    url: str = ""
    lagging: tuple[str, ...] = ()

    def answer(self, asked: Asked) -> Answer:
        """The response to one request."""
        parts = urlsplit(asked.path)
        query = parse_qs(parts.query)
        start = int(query.get("$skiptoken", ["0"])[0])
        for end in (f"{parts.path}?{start}", parts.path):
            for fault, answers in self.faults.items():
                if end.lower().endswith(fault.lower()) and answers:
                    return answers.pop(0) if len(answers) > 1 else answers[0]
        if "api-version" not in query:
            return error(400, "MissingApiVersionParameter")
        if asked.method == "POST" and parts.path.lower() == GRAPH:
            return Answer(json.dumps(self._graph(json.loads(asked.body))).encode())
        body = self._one(parts.path)
        if body is not None:
            return Answer(json.dumps(body).encode())
        found = self._listed(parts.path)
        if found is None:
            return error(404, "ResourceNotFound")
        size = INDEX_PAGE if parts.path.endswith("/resources") else PAGE
        page: dict[str, Any] = {"value": found[start : start + size]}
        if start + size < len(found):
            version = query["api-version"][0]
            page["nextLink"] = f"{self.url}{parts.path}?api-version={version}&$skiptoken={start + size}"
        return Answer(json.dumps(page).encode())

    def _graph(self, asked: Body) -> Body:
        """A page of Resource Graph: rows of the types that the query names, of subscriptions that can be read."""
        kinds = re.findall(r"'([^']+)'", asked["query"])
        holders = [f"/subscriptions/{name}/".lower() for name in asked["subscriptions"]]
        rows = [
            row(id_, body)
            for id_, body in sorted(self.bodies.items())
            if "/".join(_words(id_)[:-1]).lower() in kinds
            and len(_words(id_)) == 3
            and id_.lower().startswith(tuple(holders))
            and not any(id_.endswith(lag) for lag in self.lagging)
        ]
        start = int(asked["options"].get("$skipToken") or 0)
        page = rows[start : start + GRAPH_PAGE]
        more = {"$skipToken": str(start + GRAPH_PAGE)} if start + GRAPH_PAGE < len(rows) else {}
        found = {"totalRecords": len(rows), "count": len(page), "resultTruncated": "false", "data": page, "facets": []}
        return found | more

    def _one(self, path: str) -> Body | None:
        if path == BASE:
            return {"id": BASE, "subscriptionId": SUBSCRIPTION, "displayName": "TripGen", "tenantId": TENANT}
        return next((body for id_, body in self.bodies.items() if id_.lower() == path.lower()), None)

    def _listed(self, path: str) -> list[Body] | None:
        if path == "/subscriptions":
            return [{"id": BASE, "subscriptionId": SUBSCRIPTION, "displayName": "TripGen"}]
        if path.lower() == f"{BASE}/resourcegroups".lower():
            return [body for id_, body in self.bodies.items() if "/providers/" not in id_]
        if path == f"{BASE}/resources":
            return [
                _short(body) for id_, body in self.bodies.items() if len(_words(id_)) == 3 and "/resourceGroups/" in id_
            ]
        if path.startswith(f"{BASE}/providers/"):
            kind = path.removeprefix(f"{BASE}/providers/").lower()
            return [body for id_, body in self.bodies.items() if kind == "/".join(_words(id_)[:-1]).lower()]
        if path.endswith(("/default", "/roleDefinitions")):
            return None
        return [body for id_, body in self.bodies.items() if id_.rpartition("/")[0].lower() == path.lower()]


def _words(id_: str) -> list[str]:
    return id_.rpartition("/providers/")[2].split("/") if "/providers/" in id_ else []


def _short(body: Body) -> Body:
    """As the list of all resources tells it: without properties."""
    return {name: item for name, item in body.items() if name != "properties"}


def row(id_: str, body: Body) -> Body:
    """A body as Resource Graph has it: every column, and the type in lower case."""
    columns = dict.fromkeys(("kind", "tags", "sku", "identity", "zones", "location"))
    return {**columns, **body, "id": id_, "type": "/".join(_words(id_)[:-1]).lower()}


def error(status: int, code: str, **headers: str) -> Answer:
    """An error in the shape of the Resource Manager."""
    return Answer(json.dumps({"error": {"code": code, "message": code}}).encode(), status, headers)


@contextmanager
def arm(
    bodies: dict[str, Body], faults: dict[str, list[Answer]] | None = None, lagging: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[Asked]]]:
    """A running server: its address, and what it was asked."""
    server = Arm(bodies, dict(faults or {}), lagging=lagging)
    with serving(server.answer) as (url, asked):
        server.url = url
        yield url, asked
