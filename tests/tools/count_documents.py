"""Compares how many documents and manifests are read below directories with counts of other making.

    python tests/tools/count_documents.py DIRECTORY...

For every YAML file the documents are counted three ways: by the scanner, by PyYAML's own composer, and by splitting
the text at lines of `---`. Documents that PyYAML reads as Kubernetes objects (lists taken apart), Compose files and
workflows are counted again as resources. Every file on which the counts differ is named with them, and with the
notification that says why; the exit code is 1 where there is none.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from scanner.documents.document import DocumentError
from scanner.documents.yaml import scan_yaml_documents
from scanner.sources.manifests import ManifestSource

SEPARATOR = re.compile(r"^---(?:\s.*)?$", re.MULTILINE)
SUFFIXES = (".yaml", ".yml", ".json")
COMMENT = re.compile(r"^\s*(?:#.*)?$")


class Loader(yaml.CSafeLoader):
    """Reads any tag as what it is written on."""


def _anything(loader: Any, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


Loader.add_multi_constructor("", _anything)
Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


def by_pyyaml(text: str) -> list[Any] | str:
    """The documents that are not empty, or what is wrong."""
    try:
        return [document for document in yaml.load_all(text, Loader) if document is not None]
    except (yaml.YAMLError, ValueError) as error:
        return type(error).__name__


def by_splitting(text: str) -> int:
    """The pieces between lines of `---` that have more than comments."""
    pieces = SEPARATOR.split(text)
    return sum(any(not COMMENT.match(line) for line in piece.splitlines()) for piece in pieces)


def by_scanner(text: str, path: str) -> tuple[int, int]:
    """The documents that are not empty, and the broken ones."""
    found = list(scan_yaml_documents(text, path, yaml_11=True))
    broken = sum(isinstance(item, DocumentError) for item in found)
    return sum(not isinstance(item, DocumentError) and item.value.raw is not None for item in found), broken


def manifests(data: Any) -> Iterator[str]:
    """What a document is, as far as that is plain from its top."""
    if not isinstance(data, dict):
        return
    if "apiVersion" in data and "kind" in data:
        if str(data["kind"]).endswith("List") and isinstance(data.get("items"), list):
            for item in data["items"]:
                yield from manifests(item)
        elif isinstance(data.get("metadata"), dict):
            yield f"{data['apiVersion']}/{data['kind']}"
    elif isinstance(data.get("services"), dict):
        yield "compose_file"
        yield from ["compose_service"] * len(data["services"])
    elif ("on" in data or True in data) and "jobs" in data:
        yield "github_workflow"


def counts(file: Path, name: str) -> tuple[Counter[tuple[str, str]], str]:
    """What PyYAML (for JSON: the standard library) finds in a file, and a remark where the documents differ."""
    text = file.read_bytes().decode("utf-8-sig", errors="replace")
    if file.suffix == ".json":
        try:
            documents = [json.loads(text)]
        except ValueError:
            return Counter(), ""
        return Counter((kind, name) for kind in manifests(documents[0])), ""
    ours, broken = by_scanner(text, name)
    theirs = by_pyyaml(text)
    pieces = by_splitting(text)
    count = theirs if isinstance(theirs, str) else len(theirs)
    same = (ours, broken) == (count, 0) and pieces == ours
    remark = "" if same else f"scanner {ours} and {broken} broken, PyYAML {count}, split {pieces}"
    found = [] if isinstance(theirs, str) else [kind for document in theirs for kind in manifests(document)]
    return Counter((kind, name) for kind in found), remark


def same_directory(one: str, other: str) -> bool:
    """Whether two files lie beside each other."""
    return one.rpartition("/")[0] == other.rpartition("/")[0]


def compare(directory: Path) -> bool:
    """Prints the counts of one directory and every file on which they differ; whether each has its notification."""
    start = time.perf_counter()
    inventory = ManifestSource([directory], directory).collect()
    seconds = time.perf_counter() - start
    found = Counter((item.type, item.location.path) for item in inventory.resources if item.location)
    said = {item.location.path: item.what for item in inventory.notifications if item.location}
    files = [path for path in sorted(directory.rglob("*")) if path.suffix in SUFFIXES and path.is_file()]
    print(f"{directory.name}: {len(files)} files, {len(inventory.resources)} resources in {seconds:.2f} s")
    agree = True
    for file in files:
        name = file.relative_to(directory).as_posix()
        expected, remark = counts(file, name)
        missing = {
            kind: (found[kind, name], number) for (kind, _), number in expected.items() if found[kind, name] != number
        }
        if remark or missing:
            chart = next((path for path in said if "the chart has" in said[path] and same_directory(path, name)), name)
            print(f"  {name}: {remark}{missing or ''}: {said.get(chart, 'no notification')}")
            agree = agree and chart in said
    return agree


if __name__ == "__main__":
    results = [compare(Path(name).resolve()) for name in sys.argv[1:]]
    sys.exit(0 if all(results) else 1)
