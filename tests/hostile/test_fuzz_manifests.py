# ruff: noqa: E501 (manifests in one line)
"""Manifests, damaged at random: no reader crashes, and a file that is no YAML any more is named."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import hang_guard, parts

from scanner.model.inventory import Inventory, Level
from scanner.sources.manifests import ManifestSource

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WRITTEN = {
    "compose.yaml": """\
x-base: &base {restart: always, env_file: [.env]}
services:
  web:
    <<: *base
    image: "nginx:${TAG:-1.27}"
    ports: ["127.0.0.1:8080:80/tcp", {target: 443}]
    environment: [A=b, "C=${D}"]
    volumes: [./a:/b:ro, data:/c]
    depends_on: [db]
    deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 64M}}}
    healthcheck: {test: [CMD, x], interval: 1m30s}
  db: {extends: {service: web}, build: .}
volumes: {data: {}}
""",
    "Dockerfile": """\
# syntax=docker/dockerfile:1
ARG VERSION=20
FROM --platform=$BUILDPLATFORM node:${VERSION} AS build
ENV A=b "C=d e"
RUN --mount=type=cache,target=/x <<EOT
make
EOT
FROM build
COPY --from=build --chown=1:1 /a /b
HEALTHCHECK --interval=30s CMD ["x", "y"]
USER node
EXPOSE 80 443/udp
ENTRYPOINT ["node", \\
  "main.js"]
""",
    "deploy.yml": """\
on: {push: {branches: [main]}, workflow_dispatch: }
permissions: write-all
env: {A: "${{ secrets.A }}"}
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{uses: actions/checkout@v4, with: {token: x}}, {run: "echo ${{ github.sha }}"}]
  deploy:
    needs: build
    environment: production
    uses: ./deploy.yml
""",
    "prometheus.yml": "global: {scrape_interval: 15s}\nrule_files: [a]\nscrape_configs: [{job_name: a, metrics_path: /x}]\n",
    "rules.yml": "groups: [{name: a, interval: 1m, rules: [{alert: A, expr: 'up == 0', for: 5m, labels: {severity: x}}]}]\n",
    "alertmanager.yml": "route: {receiver: a, routes: [{receiver: b, matchers: [x=y]}]}\nreceivers: [{name: a}, {name: b}]\n",
    "sources.yml": "apiVersion: 1\ndatasources: [{name: a, type: prometheus, url: 'http://x'}]\n",
    "kustomization.yaml": "resources: [a.yaml, ../base]\nnamespace: x\npatches: [{path: p.yaml}]\nimages: [{name: a, newTag: b}]\n",
    "task.json": json.dumps(
        {
            "family": "api",
            "cpu": "256",
            "containerDefinitions": [{"name": "c", "image": "i", "environment": [{"name": "A", "value": "b"}]}],
            "volumes": [{"name": "v", "host": {}}],
        }
    ),
    "service.json": json.dumps(
        {"serviceName": "api", "desiredCount": 2, "loadBalancers": [{"targetGroupArn": "a", "containerPort": 80}]}
    ),
    "board.json": json.dumps({"title": "t", "schemaVersion": 39, "panels": [{"panels": [{"targets": []}]}]}),
    ".env": "A=b\nexport C='d'\nE=${A}x\n# c\nF=\"g\nh\"\n",
}
FILES: dict[str, bytes] = {name: text.encode() for name, text in WRITTEN.items()} | {
    path.name: path.read_bytes() for path in sorted(EXAMPLES.glob("*/k8s/**/*.yaml"))
}
SIGNS = [
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "\n",
    "\t",
    '"',
    "'",
    "|",
    ">",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!x ",
    "? ",
    "---\n",
]
WORDS = [
    "null",
    "~",
    "true",
    "[]",
    "{}",
    "0",
    "-1",
    "1e99",
    ".nan",
    "''",
    "${",
    "${{",
    "{{",
    "%",
    "#",
    ",",
    "\\",
    "$",
    "=",
]
ODD = ["\r", "\0", "\ufeff", "\u2028", "🙂", "\x1b", "a" * 300]
DAMAGE = [*SIGNS, *WORDS, *ODD]
QUICK = settings(deadline=None, derandomize=True, max_examples=400, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """The name and the damaged text of a file."""
    name = draw(st.sampled_from(sorted(FILES)))
    data = FILES[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        kind = draw(st.sampled_from(["cut", "repeat", "insert", "replace", "noise"]))
        if kind == "cut":
            data = data[:start] + data[end:]
        elif kind == "repeat":
            data = data[:end] + data[start:end] + data[end:]
        elif kind == "noise":
            data = data[:start] + draw(st.binary(max_size=8)) + data[start:]
        else:
            kept = end if kind == "replace" else start
            data = data[:start] + draw(st.sampled_from(DAMAGE)).encode() + data[kept:]
    return name, data


def read(name: str, data: bytes) -> Inventory:
    with tempfile.TemporaryDirectory() as directory, hang_guard():
        (Path(directory) / name).write_bytes(data)
        inventory = ManifestSource([Path(directory) / name], Path(directory)).collect()
        for resource in inventory.resources:
            for _ in parts(resource.attributes, resource.address):
                pass
        return inventory


@given(damaged())
@QUICK
def test_damage_never_crashes_and_broken_yaml_is_named(case: tuple[str, bytes]) -> None:
    name, data = case
    inventory = read(name, data)
    if name.endswith((".yaml", ".yml")) and is_broken(data):
        assert any(item.level is Level.ERROR for item in inventory.notifications)


def is_broken(data: bytes) -> bool:
    """Whether libyaml refuses a text."""
    try:
        list(yaml.compose_all(data.decode("utf-8-sig"), yaml.CSafeLoader))
    except UnicodeDecodeError:
        return True
    except yaml.composer.ComposerError:  # an anchor that is given again
        return False
    except yaml.YAMLError:
        return True
    return False


class Shuffled(yaml.CSafeDumper):
    """Writes trees of any shape."""


@given(st.sampled_from(sorted(name for name in FILES if name.endswith((".yaml", ".yml", ".json")))), st.data())
@QUICK
def test_values_of_other_kinds_never_crash(name: str, data: st.DataObject) -> None:
    documents = [document for document in yaml.load_all(FILES[name], yaml.CSafeLoader) if document is not None]
    places = [place for document in documents for place in containers(document)]
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places))
        odd: Any = data.draw(
            st.sampled_from([None, 0, -1, 1.5, True, "", "x", "${A}", "{{ x }}", [], {}, [None], [[1]], {"a": 1}])
        )
        container[key] = odd
    if name.endswith(".json"):
        text = json.dumps(documents[0], default=str)
    else:
        text = yaml.dump_all(documents, Dumper=Shuffled)
    read(name, text.encode())


def containers(data: Any) -> list[tuple[Any, Any]]:
    """Every place in a tree that holds something: the container and the key or index."""
    found: list[tuple[Any, Any]] = []
    items = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    for key, item in items:
        found.append((data, key))
        found += containers(item)
    return found
