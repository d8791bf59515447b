"""Plans trees with the real terraform and compares every planned value with the evaluator's.

    ASBUILT_TF_MIRROR=/path/to/provider/mirror python tests/whole_trees/record.py             # the examples, recorded
    ASBUILT_TF_MIRROR=/path/to/provider/mirror python tests/whole_trees/record.py TREE ROOT…  # any tree, only compared

ROOT is the directory of a root module inside TREE. The record (tests/whole_trees/recorded/*.jsonl, a resource a line)
is what test_whole_trees.py compares with where terraform is absent.
"""

from __future__ import annotations

import json
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from evaluated import KNOWS_MORE, count, differences, evaluate
from planned import TerraformFailed, plan

ROOT = Path(__file__).resolve().parents[2]
RECORDED = Path(__file__).parent / "recorded"
EXAMPLES = {
    "onno": ("examples/onno", "environments/production"),
    "onno-staging": ("examples/onno", "environments/staging"),
    "onno-drifted": ("examples/onno-drifted", "environments/production"),
}


def main(arguments: list[str]) -> int:
    """Records the examples, or compares a given tree."""
    if arguments:
        tree = Path(arguments[0]).resolve()
        return sum(compare_now(tree, root) for root in arguments[1:] or ["."])
    RECORDED.mkdir(exist_ok=True)
    for name, (example, root) in EXAMPLES.items():
        planned = plan_in_copy(ROOT / example, root)
        lines = [json.dumps({key: planned[key]}, ensure_ascii=False, default=number) for key in sorted(planned)]
        (RECORDED / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        report(f"{example}/{root}", compare(evaluate(ROOT / example, root), planned), planned)
    return 0


def plan_in_copy(tree: Path, root: str) -> dict[str, Any]:
    """What terraform plans for a rewritten copy of the tree."""
    with tempfile.TemporaryDirectory() as work:
        return plan(tree, root, Path(work))


def compare_now(tree: Path, root: str) -> int:
    """1 where a tree's values differ or terraform refuses it."""
    try:
        planned = plan_in_copy(tree, root)
    except TerraformFailed as error:
        print(f"{tree.name}/{root}: terraform refuses it:\n{error}")
        return 1
    found = compare(evaluate(tree, root), planned)
    report(f"{tree.name}/{root}", found, planned)
    return 1 if found else 0


def compare(mine: dict[str, Any], planned: dict[str, Any]) -> list[str]:
    """Every difference between two sets of resources."""
    found = [f"{address}: only asbuilt has it" for address in sorted(mine.keys() - planned.keys())]
    found += [f"{address}: only terraform has it" for address in sorted(planned.keys() - mine.keys())]
    for address in sorted(mine.keys() & planned.keys()):
        found += [f"{address}{text}" for text in differences(mine[address], planned[address])]
    return found


def report(name: str, found: list[str], planned: dict[str, Any]) -> None:
    """The totals and the differences."""
    values, unknown = count(planned)
    more = sum(KNOWS_MORE in line for line in found)
    print(f"{name}: {len(planned)} resources, {values} values, {unknown} of them unknown; ", end="")
    print(f"{len(found) - more} differences, {more} where asbuilt knows more")
    for line in found:
        print("   ", line)


def number(value: Any) -> Any:
    """Decimals as JSON numbers, exactly as far as a double goes."""
    assert isinstance(value, Decimal)
    return float(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
