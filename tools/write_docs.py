"""Writes docs/policies/ and docs/baselines/ from the policies and baselines themselves.

    python tools/write_docs.py

The files are part of the repository, so that people read them where they look; a test fails where they differ from
what this makes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from scanner.examples import Example, examples_of
from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.model.trace import Handling
from scanner.policy.baseline import Baseline, baseline_names, load_baseline
from scanner.policy.document import DocumentRecord, load_record
from scanner.policy.library import Library
from scanner.policy.policy import Policy
from scanner.policy.tracing import trace
from scanner.reports.escape import markdown
from scanner.reports.trace.words import HANDLING

ROOT = Path(__file__).resolve().parent.parent
_NOTE = "<!-- Written by tools/write_docs.py; change the {what} instead. -->"
_SHOWN = (Verdict.PASS, Verdict.FAIL)


def main() -> None:
    """Writes every page and removes those that are no longer made."""
    made = pages()
    for folder in ("policies", "baselines"):
        directory = ROOT / "docs" / folder
        directory.mkdir(exist_ok=True)
        for file in directory.glob("*.md"):
            if f"docs/{folder}/{file.name}" not in made:
                file.unlink()
    for name, text in made.items():
        (ROOT / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Every page by its path."""
    facts = load_facts()
    library = Library.load(None, facts, cache=False)
    baselines = [load_baseline(name, library, facts, cache=False) for name in baseline_names()]
    users: dict[str, list[str]] = {}
    for baseline in baselines:
        for requirement in baseline.requirements:
            if requirement.policy:
                users.setdefault(requirement.policy, []).append(requirement.id)
    groups: dict[str, list[Policy]] = {}
    for policy in library.policies():
        groups.setdefault(_group(library.file(policy.id)), []).append(policy)
    made = {"docs/policies/README.md": _index(groups), "docs/baselines/README.md": _baseline_index(baselines)}
    for group, policies in groups.items():
        made[f"docs/policies/{group}.md"] = _policies(group, policies, library, users)
    for baseline in baselines:
        made[f"docs/baselines/{baseline.id}.md"] = _baseline(baseline, load_record(baseline))
    return made


def _group(file: Path) -> str:
    """The page that a policy stands on: its folders below policies/."""
    parts = file.resolve().parent.relative_to(ROOT / "policies").parts
    return "-".join(parts)


def _index(groups: Mapping[str, list[Policy]]) -> str:
    total = sum(len(policies) for policies in groups.values())
    lines = ["# Policies", "", _NOTE.format(what="policies"), "", f"{total} policies. How they are written: "
             "[../policies.md](../policies.md).", ""]  # fmt: skip
    for group in sorted(groups):
        lines += [f"## [{group}]({group}.md)", "", "| policy | severity | category | |", "| --- | --- | --- | --- |"]
        lines += [
            _row(f"[{policy.id}]({group}.md#{policy.id})", policy.severity.value, policy.category,
                 markdown(policy.title.en))
            for policy in _sorted(groups[group])
        ]  # fmt: skip
        lines.append("")
    return "\n".join(lines)


def _policies(group: str, policies: Iterable[Policy], library: Library, users: Mapping[str, list[str]]) -> str:
    lines = [f"# {group}", "", _NOTE.format(what="policies"), ""]
    for policy in _sorted(policies):
        lines += _policy(policy, examples_of(library, policy.id), users.get(policy.id, []))
    return "\n".join(lines)


def _policy(policy: Policy, examples: list[Example], users: list[str]) -> list[str]:
    lines = [
        f"## {policy.id}", "", f"{markdown(policy.title.en)} · {markdown(policy.title.ko)}", "",
        f"* severity {policy.severity.value}, category {policy.category}"
        + ("" if policy.default_profile else ", only on request"),
        f"* about {', '.join(f'`{type_}`' for type_ in policy.types)}",
    ]  # fmt: skip
    if policy.related:
        lines.append(f"* related checks: {', '.join(policy.related)}")
    lines += [f"* {reference}" for reference in policy.references]
    if users:
        lines.append(f"* used by {', '.join(users)}")
    for text in (policy.description, policy.remediation):
        lines += ["", markdown(text.en), "", markdown(text.ko)]
    if policy.params:
        lines += ["", "| parameter | type | default | |", "| --- | --- | --- | --- |"]
        for param in policy.params.values():
            default = f"`{json.dumps(param.default, ensure_ascii=False)}`" if param.has_default else "required"
            lines.append(_row(f"`{param.name}`", param.type, default.replace("|", "\\|"), markdown(param.description)))
    for verdict in _SHOWN:
        example = next((item for item in examples if item.expect is verdict), None)
        if example is not None:
            lines += ["", f"{verdict.value}: {markdown(example.name)}", *_sources(example)]
    return [*lines, ""]


def _sources(example: Example) -> list[str]:
    lines: list[str] = []
    for name, text in example.texts.items():
        lines += ["", f"```{_FENCES.get(Path(name).suffix, 'yaml')}", text.rstrip("\n"), "```"]
    return lines


_FENCES = {".tf": "hcl", ".json": "json", "": "dockerfile"}


def _baseline_index(baselines: Iterable[Baseline]) -> str:
    lines = [
        "# Baselines", "", _NOTE.format(what="baselines"), "",
        "Each encodes one design document: every statement of it is checked, measured, attested by a person, or out "
        "of scope with its reason.", "",
        _row("baseline", "document", "statements", *(HANDLING[handling].en for handling in Handling)),
        "|" + " --- |" * 8,
    ]  # fmt: skip
    for baseline in baselines:
        counts = trace(baseline, load_record(baseline)).counts
        lines.append(
            _row(
                f"[{baseline.id}]({baseline.id}.md)",
                markdown(f"{baseline.document.title} ({baseline.document.original_title})"),
                str(sum(counts.values())),
                *(str(counts[handling]) for handling in Handling),
            )
        )
    return "\n".join([*lines, ""])


def _baseline(baseline: Baseline, record: DocumentRecord | None) -> str:
    traced = trace(baseline, record)
    document = baseline.document
    severities = Counter(requirement.severity.value for requirement in baseline.requirements)
    counted = ", ".join(f"{severities[name]} {name}" for name in ("critical", "high", "medium", "low"))
    lines = [
        f"# {baseline.id}", "", _NOTE.format(what="baseline"), "",
        f"{markdown(document.title)} ({markdown(document.original_title)})"
        + (f", version {document.version}" if document.version else "")
        + (f", {document.date}" if document.date else "") + ".", "",
        f"{len(baseline.requirements)} requirements: {counted}.",
    ]  # fmt: skip
    if baseline.inputs:
        lines += [
            "",
            "## Inputs",
            "",
            "What the document leaves to you.",
            "",
            "| input | type | |",
            "| --- | --- | --- |",
        ]
        lines += [_row(f"`{item.name}`", item.type, markdown(item.description)) for item in baseline.inputs.values()]
    lines += ["", "## Components", "", "| component | found as | |", "| --- | --- | --- |"]
    lines += [
        _row(f"`{item.name}`", ", ".join(f"`{type_}`" for type_ in item.types),
             markdown(f"{item.title.en} · {item.title.ko}"))
        for item in baseline.components.values()
    ]  # fmt: skip
    lines += ["", "## Sections"]
    for section in traced.sections:
        lines += ["", f"### {markdown(section.heading or section.key)}", ""]
        lines += ["| requirement | | severity | handling | decided by |", "| --- | --- | --- | --- | --- |"]
        for item in section.statements:
            advisory = " (advisory)" if item.enforce is not None and item.enforce.value == "advisory" else ""
            stage = f" from stage {item.stage}" if item.stage else ""
            lines.append(
                _row(
                    item.requirement or "",
                    markdown(item.title.en) + "<br>" + markdown(item.title.ko),
                    (item.severity.value if item.severity else "") + advisory,
                    HANDLING[item.handling].en + stage,
                    markdown(item.how.en) if item.requirement else "",
                )
            )
    if traced.contradictions:
        lines += ["", "## Contradictions of the document, and what was decided", ""]
        lines += [
            f"* **{item.id}** ({', '.join(item.sections)}): {markdown(item.what.en)} {markdown(item.decision.en)}<br>"
            f"{markdown(item.what.ko)} {markdown(item.decision.ko)}"
            for item in traced.contradictions
        ]
    return "\n".join([*lines, ""])


def _sorted(policies: Iterable[Policy]) -> list[Policy]:
    return sorted(policies, key=lambda policy: policy.id)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
