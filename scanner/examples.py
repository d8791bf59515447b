"""Runs the examples of a policy: source text through the real reader and the real evaluation."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Inventory
from scanner.model.resource_type import Facts
from scanner.policy.data import shown
from scanner.policy.evaluate import evaluate_policies
from scanner.policy.library import Library, decode
from scanner.policy.policy import Policy
from scanner.policy.read_policy import EXAMPLE_FILES
from scanner.policy.yaml_nodes import read_yaml
from scanner.sources.collect import collect_code

_MARK = re.compile(r"(#|//)\s*here\b")
_MARK_AT_END = re.compile(r"[ \t]*#\s*here[ \t]*$", re.MULTILINE)
_UNMARKED = ("task.json",)  # JSON has no comments


@dataclass(slots=True, frozen=True)
class Example:
    """One example of a policy; `line` is where its name is written in the policy's file.

    texts  the source text by the name of its file
    only   address of the one resource whose finding counts, None where all do
    """

    policy: str
    name: str
    expect: Verdict
    params: dict[str, Any]
    texts: Mapping[str, str]
    only: str | None
    file: str
    line: int

    @property
    def id(self) -> str:
        """How people refer to it."""
        return f"{self.policy}: {self.name}"

    def marked(self) -> set[tuple[str, int]]:
        """The lines that findings must point at, with their files."""
        return {
            (file, number)
            for file, text in self.texts.items()
            for number, line in enumerate(text.splitlines(), 1)
            if _MARK.search(line)
        }


@dataclass(slots=True, frozen=True)
class Result:
    """What an example came to; it is right where there are no `problems`."""

    example: Example
    verdict: Verdict
    findings: tuple[Finding, ...]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is as the example says."""
        return not self.problems


def examples_of(library: Library, id_: str) -> list[Example]:
    """The examples of a policy, in order. Raises UsageError for an unknown policy, DefinitionError for a wrong file."""
    library.policy(id_)
    file = library.file(id_)
    node = read_yaml(decode(file.read_bytes(), shown(file)), shown(file))
    examples: list[Example] = []
    for item in node.mapping()["examples"].items():
        data: Any = item.plain()
        examples.append(
            Example(
                id_,
                data["name"],
                Verdict(data["expect"]),
                data.get("params", {}),
                {name: data[key] for key, name in EXAMPLE_FILES.items() if key in data},
                data.get("only"),
                shown(file),
                item.line,
            )
        )
    return examples


def run_examples(library: Library, facts: Facts, ids: Iterable[str] | None = None) -> list[Result]:
    """The results of all examples of the given policies (None: of every policy)."""
    return [
        run_example(library.policy(id_), example, facts)
        for id_ in (library.ids() if ids is None else ids)
        for example in examples_of(library, id_)
    ]


def run_example(policy: Policy, example: Example, facts: Facts) -> Result:
    """Reads and evaluates the text of an example, and compares verdict and places."""
    inventory = inventory_of(example)
    findings = tuple(evaluate_policies([policy], inventory, facts, params=example.params))
    if example.only is not None:
        findings = tuple(item for item in findings if item.resource and item.resource.address == example.only)
    verdict = combined(findings)
    problems = [f"cannot be read: {note.what} ({note.location})" for note in inventory.notifications]
    if example.only is not None and not findings:
        problems.append(f"no finding about {example.only}")
    if verdict is not example.expect:
        problems.append(f"is {verdict.value}, expected {example.expect.value}{_said(findings)}")
    else:
        problems += _misplaced(example, findings)
    return Result(example, verdict, findings, tuple(problems))


def inventory_of(example: Example) -> Inventory:
    """The resources in the texts of an example, read from a temporary directory as any code is."""
    with tempfile.TemporaryDirectory(prefix="asbuilt-example-") as name:
        directory = Path(name).resolve()
        for file, text in example.texts.items():
            path = directory / file
            path.parent.mkdir(parents=True, exist_ok=True)
            # A Dockerfile has no comments behind an instruction.
            path.write_text(_MARK_AT_END.sub("", text) if file == "Dockerfile" else text, encoding="utf-8")
        return collect_code([directory], directory)


def combined(findings: Iterable[Finding]) -> Verdict:
    """The verdict over several findings: one that fails makes all fail, then one that is unknown."""
    verdicts = {finding.verdict for finding in findings}
    for verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_APPLICABLE


def _misplaced(example: Example, findings: Iterable[Finding]) -> list[str]:
    """The findings that fail or are unknown point at the marked lines, all of them and nothing else."""
    open_ = [item for item in findings if item.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
    lines = {(item.location.path, item.location.line) if item.location else ("", 0) for item in open_}
    lines = {(file, line) for file, line in lines if file not in _UNMARKED}
    marked = example.marked()
    if lines == marked:
        return []
    several = len(example.texts) > 1
    return [f"points at {_lines(lines, several)}, marked with `# here` is {_lines(marked, several)}{_said(open_)}"]


def _lines(lines: set[tuple[str, int]], with_file: bool) -> str:
    if not lines:
        return "nothing"
    shown = [f"{file}:{line}" if with_file else str(line) for file, line in sorted(lines)]
    return ("line " if len(lines) == 1 else "lines ") + ", ".join(shown)


def _said(findings: Iterable[Finding]) -> str:
    messages = [f"\n  {item.resource.address if item.resource else ''}: {item.message.en}" for item in findings]
    return "".join(messages)
