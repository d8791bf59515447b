"""The benchmarks measure what they say. No time is asserted here: times belong to `make bench`."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import plans, snapshot
from benchmarks.generate import write_repository, write_tree
from benchmarks.measure import Command, Failed, Result, Sample, run, side_by_side
from benchmarks.outcome import verdicts
from benchmarks.report import Budget, Table, growth, machine, page, ratio
from scanner.model.finding import Verdict
from scanner.model.inventory import Level
from scanner.scan import Request, scan
from scanner.sources.plan import Kind
from scanner.sources.planned import read_documents, split
from scanner.sources.terraform import TerraformOptions, TerraformSource

ROOT = Path(__file__).resolve().parents[1]


def python(code: str, *accepted: int) -> Command:
    return Command([sys.executable, "-c", code], ROOT, frozenset(accepted or (0,)))


def result(seconds: float, mib: float = 10) -> Result:
    return Result((Sample(seconds, seconds, int(mib * 1024), 0),))


def test_a_run_is_measured() -> None:
    sample = run(python("x = bytearray(50_000_000); raise SystemExit(1)", 0, 1))
    assert sample.exit_code == 1
    assert sample.seconds > 0
    assert sample.processor > 0
    assert sample.peak_kib > 50_000_000 / 1024


def test_a_command_that_fails_has_no_time() -> None:
    with pytest.raises(Failed, match=r"exit code 5: no such thing"):
        run(python("import sys; print('no such thing', file=sys.stderr); sys.exit(5)"))


def test_commands_take_turns(tmp_path: Path) -> None:
    log = tmp_path / "log"
    commands = {name: python(f"open({str(log)!r}, 'a').write({name!r})") for name in "ab"}
    commands["c"] = python("raise SystemExit(9)")
    results = side_by_side(commands, 2)
    assert log.read_text() == "ababab"
    assert isinstance(results["a"], Result)
    assert len(results["a"].samples) == 2
    assert isinstance(results["c"], Failed)


def test_generated_trees_have_as_many_resources_as_they_say(tmp_path: Path) -> None:
    size = write_tree(tmp_path / "tree", 400)
    inventory = TerraformSource([tmp_path / "tree"], TerraformOptions(), tmp_path / "tree").collect()
    assert len(inventory.resources) == 400
    assert inventory.notifications == []
    assert size == sum(file.stat().st_size for file in (tmp_path / "tree").iterdir())
    assert inventory.resources[0].lookup("bucket")[0].value.raw == "load-production-0"


def test_generated_snapshots_are_measured() -> None:
    (table,) = snapshot.growing(1, (32, 64))
    assert [name for name, result in table.results.items() if isinstance(result, Result)] == [
        "32 resources",
        "64 resources",
    ]
    assert table.budgets[-1].what == "MiB for the largest"
    assert 0 < snapshot.looked_at() < 16


def test_a_run_without_results_is_said_to_have_none() -> None:
    assert verdicts("asbuilt", python("print('{\"findings\": []}')")) == "0 results"
    assert verdicts("asbuilt", python("raise SystemExit('broken')")) == "**no result**: broken"
    assert verdicts("checkov", python('print(\'{"summary": {"passed": 2, "failed": 3}}\')')) == "5 results"
    trivy = 'print(\'{"Results": [{"MisconfSummary": {"Successes": 1, "Failures": 2}}, {}]}\')'
    assert verdicts("trivy", python(trivy)) == "3 results"


def test_ratios_and_budgets() -> None:
    results: dict[str, Result | Failed] = {"one": result(1), "ten": result(10), "none": Failed("no network")}
    assert ratio(results, "ten", "one") == 10
    assert ratio(results, "none", "one") is None
    assert str(Budget("x", 1.4, 1.5)).startswith("met")
    assert str(Budget("x", 1.6, 1.5)).startswith("**missed**")
    assert str(Budget("x", 49, 50, at_least=True)).startswith("**missed**")


def test_page() -> None:
    results: dict[str, Result | Failed] = {"one": result(0.5, 20), "two": result(2), "none": Failed("no network")}
    text = page("python -m benchmarks", {"tool": "1.0"}, [Table("T", "N.", results, "one", {"two": "slow"})])
    assert "| one | 500 ms | 1.00 x | 500 ms | 20 MiB |  |" in text
    assert "| two | 2.00 s | 4.00 x | 2.00 s | 10 MiB | slow |" in text
    assert "| none | – | – | – | – | did not run: no network |" in text
    assert machine() in text
    assert str(ROOT) not in text


def test_growth() -> None:
    table = growth([(1000, 10**6, result(1, 50)), (2000, 2 * 10**6, result(3, 52))])
    assert [budget.measured for budget in table.budgets] == [3.0, pytest.approx((2 * 2**20 - 10**6) / 1000)]


def test_generated_plans_and_states_are_as_large_as_they_say(tmp_path: Path) -> None:
    for write, kind in ((plans.write_plan, Kind.PLAN), (plans.write_state, Kind.RAW_STATE)):
        path = tmp_path / f"{kind.value}.json"
        count = write(path, 1_000_000)
        assert 900_000 < path.stat().st_size < 1_300_000
        (found,), _ = split([path], tmp_path)
        assert found[1] is kind
        inventory = read_documents([found], None)
        assert len(inventory.resources) == count
        assert [item for item in inventory.notifications if item.level is Level.ERROR] == []


def test_the_repository_of_the_hook_has_300_files_that_scan_clean_of_doubt(tmp_path):
    """Every root module can be decided; five of the files are those that change."""
    changed = write_repository(tmp_path)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) == 300
    assert len(set(changed)) == 5
    assert set(changed) <= set(files)
    report = scan(Request([tmp_path]))
    assert report.complete
    assert {finding.verdict for finding in report.findings} == {Verdict.PASS, Verdict.FAIL}


def test_what_has_to_happen_before_each_run_does(tmp_path):
    happened = []
    command = Command([sys.executable, "-c", ""], tmp_path, before=lambda: happened.append(1))
    side_by_side({"one": command}, 2)
    assert len(happened) == 3
