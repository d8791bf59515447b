"""The Resource Manager through azure-mgmt-resource: raw answers, page by page, and nothing but reads.

The client's own pipeline registers a resource provider by itself when a call finds it unregistered (a POST), and
follows `nextLink` with its token to any host. `ReadOnly` stands behind everything that makes requests and refuses both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import HttpRequest

from scanner.sources.azure.failures import Failure, answered, failure_of
from scanner.sources.azure.options import AzureOptions

ENDPOINT: Final = "https://management.azure.com"
INDEX_API: Final = "2021-04-01"
_MOST_PAGES: Final = 10_000


class RefusedRequest(AzureError):
    """A request that a reader has no business making."""


class ReadOnly(SansIOHTTPPolicy[Any, Any]):
    """Lets GET through, to the endpoint alone."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._origin = _origin(endpoint)

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Raises RefusedRequest for anything else."""
        if request.http_request.method != "GET":
            raise RefusedRequest("only GET is allowed")
        if _origin(request.http_request.url) != self._origin:
            raise RefusedRequest("the answer leads to another host")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


class Manager(Protocol):
    """What reads below one subscription. Every failed call raises Failure."""

    def get(self, path: str, api: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The object at a path."""

    def items(self, path: str, api: str, query: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """The items of a listing as its pages come."""

    def index(self, group: str | None) -> Iterator[str]:
        """The ids of all resources of the subscription, or of a group in it."""


class Arm:
    """Reads below one subscription. Every failed call raises Failure."""

    def __init__(self, subscription: str, options: AzureOptions) -> None:
        from azure.mgmt.resource.resources import ResourceManagementClient

        self._endpoint = (options.endpoint or ENDPOINT).rstrip("/")
        settings: dict[str, Any] = {"retry_total": options.attempts - 1, "connection_timeout": options.timeout_seconds}
        local = urlsplit(self._endpoint)
        if local.scheme == "http" and local.hostname in ("127.0.0.1", "localhost"):
            settings |= {"authentication_policy": SansIOHTTPPolicy(), "retry_backoff_factor": 0.01}
        self._client = ResourceManagementClient(
            options.credential or default_credential(),
            subscription,
            base_url=self._endpoint,
            per_retry_policies=[ReadOnly(self._endpoint)],
            read_timeout=options.timeout_seconds,
            **settings,
        )

    def close(self) -> None:
        """Ends all connections."""
        self._client.close()

    def get(self, path: str, api: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The object at a path."""
        return self._ask(f"{self._endpoint}{path}?{urlencode({'api-version': api, **(query or {})})}")

    def items(self, path: str, api: str, query: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """The items of a listing as its pages come; those of the pages before a failed one are still delivered."""
        page = self.get(path, api, query)
        for _ in range(_MOST_PAGES):
            yield from _listed(page)
            following = page.get("nextLink")
            if not following:
                return
            if not isinstance(following, str):
                raise Failure("malformed answer (nextLink)")
            page = self._ask(_clean(following))
        raise Failure("too many pages")

    def index(self, group: str | None) -> Iterator[str]:
        """The ids of all resources of the subscription, or of a group in it."""
        where = self._client.resources
        try:
            found = where.list_by_resource_group(group) if group else where.list()
            for item in found:
                if isinstance(item.id, str):
                    yield item.id
        except AzureError as error:
            raise failure_of(error) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Failure(f"malformed answer ({type(error).__name__})") from error

    def _ask(self, url: str) -> dict[str, Any]:
        try:
            response = self._client.send_request(HttpRequest("GET", url))
            body = response.read()
        except AzureError as error:
            raise failure_of(error) from error
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            said = answered(response.status_code, "")
            raise said if response.status_code >= 400 else Failure("malformed answer (no JSON)") from error
        if response.status_code >= 400:
            inner = data.get("error") if isinstance(data, dict) else None
            code = inner.get("code") if isinstance(inner, dict) else None
            raise answered(response.status_code, code if isinstance(code, str) else "")
        if not isinstance(data, dict):
            raise Failure("malformed answer (no object)")
        return data


def _listed(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of a page. An answer without `value` is no empty answer."""
    found = page.get("value")
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Failure("malformed answer (no value)")
    return found


def _clean(link: str) -> str:
    """A link of an answer with its query encoded."""
    parts = urlsplit(link)
    return urlunsplit(parts._replace(query=urlencode(parse_qsl(parts.query, keep_blank_values=True))))


def default_credential() -> Any:
    """What azure-identity finds."""
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential()
