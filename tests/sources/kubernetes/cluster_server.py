"""A local API server that lists the objects it is given, whatever their kinds, and the kubeconfig that leads to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from scanner.sources.kubernetes.kinds import is_cluster_scoped
from tests.http_server import Answer, Asked, serving

Thing = dict[str, Any]


@contextmanager
def cluster(objects: Iterable[Thing], folder: Path, kinds: Iterable[str] = ()) -> Iterator[str]:
    """The path of a kubeconfig for a server with these objects; `kinds` are types that it knows besides theirs."""
    held: dict[tuple[str, str], list[Thing]] = {tuple(type_.rpartition("/")[::2]): [] for type_ in kinds}  # type: ignore[misc]
    for item in objects:
        held.setdefault((item["apiVersion"], item["kind"]), []).append(item)
    with serving(lambda asked: _answer(held, asked)) as (url, _):
        yield kubeconfig(folder, url)


def kubeconfig(folder: Path, url: str) -> str:
    """A kubeconfig with one context, for a server."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "shop",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": {"token": "reader"}}],
        "contexts": [{"name": "shop", "context": {"cluster": "c", "user": "u"}}],
    }
    file = folder / "kubeconfig"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(file)


def _answer(held: dict[tuple[str, str], list[Thing]], asked: Asked) -> Answer:
    path = urlsplit(asked.path).path.removeprefix("/apis/").removeprefix("/api/")
    if path == "/version":
        return _said({"gitVersion": "v1.35.1"})
    kinds = [kind for version, kind in held if version == path]
    if kinds:
        listed = [
            {"name": _plural(kind), "kind": kind, "namespaced": not is_cluster_scoped(f"{path}/{kind}"),
             "verbs": ["get", "list"]}
            for kind in kinds
        ]  # fmt: skip
        return _said({"kind": "APIResourceList", "resources": listed})
    version, _, plural = path.rpartition("/")
    for (of, kind), objects in held.items():
        if (of, _plural(kind)) == (version, plural):
            bare = [{key: item for key, item in each.items() if key not in ("apiVersion", "kind")} for each in objects]
            return _said({"kind": f"{kind}List", "apiVersion": of, "metadata": {}, "items": bare})
    return _said({"kind": "Status", "reason": "NotFound", "code": 404}, 404)


def _plural(kind: str) -> str:
    return f"{kind.lower()}s"


def _said(data: object, status: int = 200) -> Answer:
    return Answer(json.dumps(data).encode(), status)
