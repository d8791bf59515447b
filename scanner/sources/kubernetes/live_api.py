"""Calls of a cluster's API: GET only, page by page, with the settings of a kubeconfig.

The client package reads the kubeconfig (certificates, tokens, the program that gets them) and makes the connections;
the answers are taken as they are, so that fields which its models do not know are kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlencode

_PAGE: Final = 250
_CONNECT_SECONDS: Final = 5.0
METADATA_ONLY: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
"""Asks a server for the metadata of objects, so that what they hold never leaves it."""


class Failure(Exception):
    """A call that did not answer: `reason` for people, the HTTP `status` (0 where nothing answered)."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Listed:
    """Objects of one kind as the server lists them."""

    version: str
    kind: str
    plural: str
    namespaced: bool

    @property
    def type(self) -> str:
        """The resource type: `apps/v1/Deployment`."""
        return f"{self.version}/{self.kind}"

    @property
    def right(self) -> str:
        """The name in rules of RBAC: `deployments.apps`."""
        group = self.version.partition("/")[0] if "/" in self.version else ""
        return f"{self.plural}.{group}" if group else self.plural


class Api:
    """The API of the cluster of a context. Every failed call raises Failure."""

    def __init__(self, kubeconfig: str | None, context: str | None, timeout_seconds: float) -> None:
        self._client = _client(kubeconfig, context)
        self._timeout = timeout_seconds

    @property
    def server(self) -> str:
        """The address of the server."""
        return str(self._client.configuration.host)

    def close(self) -> None:
        """Ends all connections."""
        self._client.close()

    def kinds(self, version: str) -> list[Listed]:
        """What a version (`apps/v1`) has to list; nothing where the server does not know it."""
        try:
            found = self.get(_root(version))
        except Failure as failure:
            if failure.status == 404:
                return []
            raise
        resources = found.get("resources")
        if not isinstance(resources, list):
            raise Failure("malformed answer (no resources)")
        return [
            Listed(version, item["kind"], item["name"], item.get("namespaced") is True)
            for item in resources
            if isinstance(item, dict)
            and "/" not in str(item.get("name", "/"))
            and isinstance(item.get("kind"), str)
            and "list" in (item.get("verbs") or ())
        ]

    def objects(
        self, listed: Listed, namespace: str | None, accept: str = "application/json"
    ) -> Iterator[dict[str, Any]]:
        """The objects as their pages come; those of the pages before a failed one are still delivered."""
        where = f"{_root(listed.version)}{f'/namespaces/{namespace}' if namespace else ''}/{listed.plural}"
        seen: set[str] = set()
        following = ""
        while True:
            query = {"limit": str(_PAGE), **({"continue": following} if following else {})}
            page = self.get(f"{where}?{urlencode(query)}", accept)
            items = page.get("items")
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise Failure("malformed answer (no items)")
            yield from items
            following = str((page.get("metadata") or {}).get("continue") or "")
            if not following:
                return
            if following in seen:
                raise Failure("malformed answer (the same page again)")
            seen.add(following)

    def get(self, path: str, accept: str = "application/json") -> dict[str, Any]:
        """The object at a path."""
        status, body = self._ask(path, accept)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Failure(f"HTTP {status}" if status >= 400 else "malformed answer (no JSON)", status) from error
        if status >= 400:
            reason = data.get("reason") if isinstance(data, dict) else None
            raise Failure(reason if isinstance(reason, str) and reason else f"HTTP {status}", status)
        if not isinstance(data, dict):
            raise Failure("malformed answer (no object)")
        return data

    def _ask(self, path: str, accept: str) -> tuple[int, bytes]:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            response = self._client.rest_client.request(
                "GET",
                f"{self.server.rstrip('/')}{path}",
                headers={"Accept": accept, **self._authorization()},
                _request_timeout=(_CONNECT_SECONDS, self._timeout),
            )
            body = response.data if response.data is not None else response.read()
        except ApiException as error:  # before version 33 the client raises these here, and 0 for what has no answer
            return int(error.status or 599), _bytes(error.body)
        except (HTTPError, OSError) as error:
            raise Failure(f"cannot be reached ({type(error).__name__})") from error
        return int(response.status), _bytes(body)

    def _authorization(self) -> dict[str, str]:
        settings: Mapping[str, Mapping[str, Any]] = self._client.configuration.auth_settings()
        given = [item for item in settings.values() if item.get("in") == "header" and item.get("value")]
        return {str(item["key"]): str(item["value"]) for item in given}


def _root(version: str) -> str:
    return f"/apis/{version}" if "/" in version else f"/api/{version}"


def _bytes(body: object) -> bytes:
    return body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""


def _client(kubeconfig: str | None, context: str | None) -> Any:
    """A client of a context; inside a cluster without a kubeconfig, of that cluster. Raises Failure."""
    from kubernetes import client
    from kubernetes.config.config_exception import ConfigException

    config: Any = import_module("kubernetes.config")  # its functions have no type hints
    try:
        if kubeconfig is None and context is None and _inside() and not os.environ.get("KUBECONFIG"):
            settings = client.Configuration()
            config.load_incluster_config(client_configuration=settings)
            return client.ApiClient(settings)
        return config.new_client_from_config(kubeconfig, context, persist_config=False)
    except (ConfigException, OSError, ValueError, TypeError, KeyError) as error:
        raise Failure(f"the kubeconfig cannot be used: {' '.join(str(error).split())[:200]}") from error


def _inside() -> bool:
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST"))
