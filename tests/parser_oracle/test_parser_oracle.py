"""The Terraform syntax reader and python-hcl2 agree on every Terraform file of this repository."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import compare

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(__file__).parent / "cases"
FILES = compare.files_under([ROOT / "examples", ROOT / "tests" / "facts", CASES])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_same_blocks_and_literals(file: Path) -> None:
    totals: Counter[str] = Counter()
    found = compare.compare_file(file, totals)
    assert [item for item in found if item.explanation is None] == []
    assert totals["files"] == 1


def test_enough_is_compared() -> None:
    totals: Counter[str] = Counter()
    for file in CASES.glob("*.tf"):
        compare.compare_file(file, totals)
    assert totals["blocks"] >= 20
    assert totals["literals"] >= 50


def test_every_known_deviation_occurs_in_a_case() -> None:
    explained = {item.explanation for file in CASES.glob("*.tf") for item in compare.compare_file(file, Counter())}
    assert explained == {entry["explanation"] for entry in compare.KNOWN}


@pytest.mark.parametrize(
    ("ours", "theirs", "what"),
    [
        ("a = 1", "a = 2", "asbuilt reads 1, python-hcl2 2"),
        ("a = true", "a = 1", "asbuilt reads True, python-hcl2 1"),
        ("a = 1", "b = 1", "only asbuilt has the attribute"),
        ("x {}\nx {}", "x {}", "asbuilt has 2 such blocks, python-hcl2 1"),
        ('x "l" {}', 'x "m" {}', "asbuilt has 1 such blocks, python-hcl2 0"),
        ("x { a = [1, 2] }", "x { a = [1] }", "asbuilt reads [1, 2], python-hcl2 [1]"),
        ('a = "x"', "a = <<E\nx\nE", "asbuilt reads 'x', python-hcl2 'x\\n'"),
    ],
)
def test_differences_are_seen(ours: str, theirs: str, what: str) -> None:
    body, _ = compare.parse(compare.Source(f"{ours}\n".encode(), "x.tf"))
    other = compare.from_hcl2(compare.hcl2.loads(f"{theirs}\n"))
    assert what in [text for _, text in compare.compare(compare.from_body(body), other, "", Counter())]


def test_a_file_that_only_one_can_read_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "x.tf"
    file.write_text("a = !!b\n")
    assert "only python-hcl2 cannot read it" in compare.compare_file(file, Counter())[0].what
    file.write_text("a = }\n")
    assert compare.compare_file(file, Counter()) == []


def test_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main([str(CASES)]) == 0
    assert "0 of them not explained" in capsys.readouterr().out
