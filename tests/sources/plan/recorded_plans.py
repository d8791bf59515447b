"""The recorded plans and states of the examples, and what the same code says without them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from scanner.cli.config import Config, load
from scanner.facts import load_facts
from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Inventory
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.sources.collect import collect_code
from scanner.sources.plan import Document, Kind, read_plan
from scanner.sources.state import read_state
from scanner.sources.terraform import TerraformOptions

ROOT = Path(__file__).resolve().parents[3]
RECORDED = ROOT / "tests" / "recorded" / "plans"
EXAMPLES = ROOT / "examples"
ROOTS = {
    "onno": "environments/production",
    "aicc": "environments/production",
    "knowledge-database": "infrastructure/terraform/aws/environments/production",
    "ai-model-management": "environments/staging",
}
PLANS = sorted(path.name.removesuffix(".plan.json.gz") for path in RECORDED.glob("*.plan.json.gz"))
STATES = sorted(path.name.removesuffix(".tfstate.gz") for path in RECORDED.glob("*.tfstate.gz"))


def text(file: str) -> bytes:
    """A recorded file, unpacked."""
    return gzip.decompress((RECORDED / f"{file}.gz").read_bytes())


def data(file: str) -> Any:
    """What is in a recorded file."""
    return json.loads(text(file))


def document(file: str) -> Document:
    """A recorded file as a document."""
    return Document.of_bytes(text(file), file)


def plan_of(name: str) -> Inventory:
    """What a recorded plan says."""
    return read_plan(document(f"{name}.plan.json"), load_facts()).inventory


def state_of(name: str, kind: Kind = Kind.STATE) -> Inventory:
    """What a recorded state says, in one of its two forms."""
    file = f"{name}.state.json" if kind is Kind.STATE else f"{name}.tfstate"
    return read_state(document(file), kind, load_facts())


def code_of(name: str) -> Inventory:
    """What the code of the root module says."""
    directory = EXAMPLES / name
    root = ROOTS[name.removesuffix("-drifted")]
    variables = config(name).var_files
    return collect_code([directory / root], directory, (TerraformOptions(var_files=variables, root=root),))


@cache
def config(name: str) -> Config:
    """The configuration of an example."""
    return load(EXAMPLES / name / "asbuilt.yaml")


@cache
def baselines(name: str) -> list[Baseline]:
    """The baselines of an example."""
    facts = load_facts()
    library = Library.load(None, facts)
    return [load_baseline(baseline, library, facts) for baseline in config(name).baselines]


@cache
def code_verdicts(name: str) -> dict[tuple[str, str], set[Verdict]]:
    """The verdicts about the code of an example."""
    return decided(findings(name, code_of(name)))


@cache
def plan_verdicts(name: str) -> dict[tuple[str, str], set[Verdict]]:
    """The verdicts about a plan."""
    return decided(findings(name.removesuffix(".again"), plan_of(name)))


def findings(name: str, inventory: Inventory) -> list[Finding]:
    """What the baselines of an example say of an inventory."""
    given = config(name)
    return [
        finding
        for baseline in baselines(name)
        for finding in evaluate_baseline(baseline, inventory, load_facts(), inputs=given.inputs, bindings=given.bind)
    ]


def resources(module: Any) -> Iterator[Any]:
    """Every resource of a module tree, walked on its own."""
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from resources(child)


def decided(found: list[Finding]) -> dict[tuple[str, str], set[Verdict]]:
    """The verdicts by requirement and resource."""
    verdicts: dict[tuple[str, str], set[Verdict]] = {}
    for finding in found:
        where = finding.resource.address if finding.resource else ""
        verdicts.setdefault((finding.requirement or "", where), set()).add(finding.verdict)
    return verdicts
