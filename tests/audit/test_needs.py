"""What a baseline needs is what its evaluation asks for: reading no more than that changes no verdict."""

import pytest
from scanning import EXAMPLES

from scanner.cli.config import load
from scanner.facts import load_facts
from scanner.model.inventory import Inventory
from scanner.model.resource import Origin
from scanner.policy.baseline import load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.functions import FUNCTIONS
from scanner.policy.library import Library
from scanner.policy.live import only_in_code, shown_by
from scanner.policy.needs import FUNCTION_TYPES, needed_types
from scanner.sources.collect import collect_code
from scanner.sources.snapshot.read import matching

SYSTEMS = [f"{name}-drifted" for name in ("onno", "tripgen", "aicc", "knowledge-database", "ai-model-management")]


def test_the_table_names_functions_that_exist():
    assert set(FUNCTION_TYPES) <= set(FUNCTIONS)


@pytest.mark.parametrize("example", SYSTEMS)
def test_reading_only_what_is_needed_changes_no_verdict(example, monkeypatch):
    facts = load_facts()
    directory = EXAMPLES / example
    config = load(directory / "asbuilt.yaml")
    baseline = load_baseline(config.baselines[0], Library.load(None, facts), facts)
    wanted = matching(needed_types(baseline))
    everything = collect_code([directory], directory)
    asked = set()
    original = Inventory.of_type

    def of_type(self, type_):
        asked.add(type_)
        return original(self, type_)

    def findings(inventory):
        return [
            (finding.fingerprint, finding.verdict, finding.message)
            for finding in evaluate_baseline(
                baseline,
                inventory,
                facts,
                inputs=config.inputs,
                live=True,
                origins=[Origin.AWS, Origin.AZURE, Origin.KUBERNETES],
            )
        ]

    whole = findings(everything)
    monkeypatch.setattr(Inventory, "of_type", of_type)
    some = Inventory([resource for resource in everything.resources if wanted(resource.type)])
    assert len(some.resources) < len(everything.resources)
    assert findings(some) == whole
    # Data sources exist in code only; patterns of Kubernetes types stand for all that a function may look at.
    assert {type_ for type_ in asked if not (wanted(type_) or type_.startswith("data.") or "/" in type_)} == set()


@pytest.mark.parametrize(
    ("type_", "origin"),
    [
        ("aws_lb", Origin.AWS),
        ("azurerm_*", Origin.AZURE),
        ("azuread_application", Origin.AZURE),
        ("apps/v1/Deployment", Origin.KUBERNETES),
        ("dns_lookup", None),
    ],
)
def test_types_are_seen_in_one_system(type_, origin):
    assert shown_by(type_) is origin


def test_some_types_exist_in_files_only():
    assert only_in_code("terraform.backend")
    assert only_in_code("github_workflow")
    assert not only_in_code("aws_lb")
