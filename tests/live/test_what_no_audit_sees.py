"""The page about nightly audits lists every type that live requirements ask for and no source reads, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from scanner.facts import load_facts
from scanner.policy.baseline import load_baseline
from scanner.policy.library import Library
from scanner.policy.live import only_in_code
from scanner.policy.needs import needed_types
from scanner.sources.aws.permissions import unread_types as unread_of_aws
from scanner.sources.azure.permissions import unread_types as unread_of_azure

ROOT = Path(__file__).resolve().parents[2]
BASELINES = sorted(path.stem for path in (ROOT / "baselines").glob("*.yaml"))


def needed() -> set[str]:
    library = Library.load(None, load_facts())
    types = {type_ for name in BASELINES for type_ in needed_types(load_baseline(name, library, load_facts()))}
    return {type_ for type_ in types if not only_in_code(type_) and not type_.startswith("data.") and "*" not in type_}


def test_the_page_lists_what_no_source_reads() -> None:
    types = needed()
    clouds = {type_ for type_ in types if type_.startswith(("aws_", "azurerm_", "azuread_"))}
    others = {type_ for type_ in types - clouds if "/" not in type_}
    unread = {*unread_of_aws(clouds), *unread_of_azure(clouds), *others}
    page = (ROOT / "docs" / "nightly-audit.md").read_text(encoding="utf-8")
    _, _, section = page.partition("## What an audit cannot see")
    rows = [line.split("|")[1] for line in section.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall("`([^`]+)`", row)} == unread
    assert not unread_of_aws(clouds)
