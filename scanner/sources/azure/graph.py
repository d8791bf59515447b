"""Resource Graph as the fast path: one query for many types and subscriptions, instead of a listing for each.

It is used where azure-mgmt-resourcegraph is installed. What it delivers is held against the list of all resources of
the subscription: a type is taken from it only where both name the same resources, as it leaves out without a sign what
the credential cannot read, and lags behind for a while. Everything else is listed as without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy

from scanner.sources.azure.arm import ENDPOINT, Manager, RefusedRequest, default_credential
from scanner.sources.azure.failures import Failure, failure_of
from scanner.sources.azure.maps import Read
from scanner.sources.azure.options import AzureOptions

PERMISSION: Final = "Microsoft.ResourceGraph/resources/read"
_PATH: Final = "/providers/microsoft.resourcegraph/resources"
_ROWS: Final = 1000
_MOST_PAGES: Final = 10_000
_COLUMNS: Final = "id, name, type, kind, location, tags, sku, identity, zones, properties"
_ONLY_LISTED: Final = frozenset({"microsoft.authorization/roleassignments", "microsoft.authorization/roledefinitions"})
"""Types that are no resources of a subscription: neither the list of all resources nor this table has them."""


class OnlyQueries(SansIOHTTPPolicy[Any, Any]):
    """Lets nothing through but the query, which is a POST that reads."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._origin = urlsplit(endpoint)[:2]

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Raises RefusedRequest for anything else."""
        parts = urlsplit(request.http_request.url)
        if parts[:2] != self._origin or parts.path.lower() != _PATH or request.http_request.method != "POST":
            raise RefusedRequest("only queries are allowed")


@dataclass(frozen=True, slots=True)
class Rows:
    """What the graph has of some types: rows by subscription and type, both in lower case."""

    kinds: Sequence[str]
    by_kind: Mapping[tuple[str, str], Sequence[dict[str, Any]]]


def ask(subscriptions: Sequence[str], kinds: Sequence[str], options: AzureOptions) -> Rows:
    """Every row of some types. Raises Failure; ModuleNotFoundError where the package is not installed."""
    from azure.mgmt.resourcegraph import ResourceGraphClient

    endpoint = (options.endpoint or ENDPOINT).rstrip("/")
    settings: dict[str, Any] = {"retry_total": options.attempts - 1, "connection_timeout": options.timeout_seconds}
    local = urlsplit(endpoint)
    if local.scheme == "http" and local.hostname in ("127.0.0.1", "localhost"):
        settings |= {"authentication_policy": SansIOHTTPPolicy(), "retry_backoff_factor": 0.01}
    client = ResourceGraphClient(
        options.credential or default_credential(),
        base_url=endpoint,
        per_retry_policies=[OnlyQueries(endpoint)],
        read_timeout=options.timeout_seconds,
        **settings,
    )
    try:
        found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in _rows(client.resources, subscriptions, _query(kinds)):
            found[_subscription(row), row["type"].lower()].append(row)
    finally:
        client.close()
    return Rows(kinds, found)


def _query(kinds: Iterable[str]) -> str:
    named = ", ".join(f"'{kind}'" for kind in sorted(set(kinds)))
    return f"resources | where type in~ ({named}) | project {_COLUMNS} | order by id asc"


def _rows(call: Callable[..., Any], subscriptions: Sequence[str], query: str) -> Iterator[dict[str, Any]]:
    from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

    token, count, total = None, 0, 0
    for _ in range(_MOST_PAGES):
        options = QueryRequestOptions(top=_ROWS, skip_token=token, result_format="objectArray")
        try:
            page = call(QueryRequest(subscriptions=list(subscriptions), query=query, options=options))
            rows, token, total = page.data, page.skip_token, page.total_records
        except AzureError as error:
            raise failure_of(error) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Failure(f"malformed answer ({type(error).__name__})") from error
        if not isinstance(rows, list) or not all(map(_is_row, rows)):
            raise Failure("malformed answer (no rows)")
        count += len(rows)
        yield from rows
        if not token:
            if count != total:
                raise Failure(f"{count} of {total} rows")
            return
    raise Failure("too many pages")


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("type"), str) and str(row.get("id")).count("/") > 2


def _subscription(row: Mapping[str, Any]) -> str:
    return str(row["id"]).split("/")[2].lower()


class Graphed:
    """Reads below one subscription; listings come from the graph where it is complete, all else from the Manager."""

    def __init__(self, manager: Manager, subscription: str, rows: Rows) -> None:
        """Asks for the list of all resources. Raises Failure."""
        self._manager = manager
        self._base = f"/subscriptions/{subscription}".lower()
        self._ids = list(manager.index(None))
        self._lists = _complete(subscription.lower(), rows, self._ids)

    def get(self, path: str, api: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The object at a path."""
        return self._manager.get(path, api, query)

    def items(self, path: str, api: str, query: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """The items of a listing."""
        where, _, kind = path.lower().partition("/providers/")
        rows = self._lists.get(kind) if not query else None
        if rows is None:
            return self._manager.items(path, api, query)
        return iter([row for row in rows if row["id"].lower().startswith(f"{where}/")])

    def index(self, group: str | None) -> Iterator[str]:
        """The ids of all resources of the subscription, or of a group in it."""
        below = f"{self._base}/resourcegroups/{group.lower()}/" if group else ""
        return iter([id_ for id_ in self._ids if id_.lower().startswith(below)])


def _complete(subscription: str, rows: Rows, index: Iterable[str]) -> dict[str, Sequence[dict[str, Any]]]:
    """The rows of the types for which the graph and the list of all resources name the same ones, if any."""
    listed: dict[str, set[str]] = defaultdict(set)
    for id_ in index:
        words = id_.lower().rpartition("/providers/")[2].split("/")
        if len(words) == 3:
            listed["/".join(words[:2])].add(id_.lower())
    found = {kind: rows.by_kind.get((subscription, kind), []) for kind in rows.kinds}
    return {kind: own for kind, own in found.items() if {row["id"].lower() for row in own} == listed[kind]}


def kinds_of(reads: Iterable[Read]) -> list[str]:
    """The types that a query can deliver: listings below a provider, without a filter."""
    paths = [read.path for read in reads if not read.path.query and not read.path.single]
    below = {path.kind.lower() for path in paths if isinstance(path.text, str) and not path.text.startswith("/")}
    return sorted(below - _ONLY_LISTED)
