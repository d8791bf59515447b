"""What is installed from the wheel has the policies and baselines with it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    directory = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(directory), str(ROOT)],
        check=True,
        timeout=300,
    )
    return next(directory.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_every_policy_baseline_schema_and_fact(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    data = [path for directory in ("policies", "baselines") for path in (ROOT / directory).rglob("*.yaml")]
    assert data
    missing = [path for path in data if f"scanner/_data/{path.relative_to(ROOT).as_posix()}" not in names]
    package = [path for path in (ROOT / "scanner").rglob("*") if path.suffix in {".py", ".json", ".jsonl", ".tsv"}]
    missing += [path for path in package if path.relative_to(ROOT).as_posix() not in names]
    assert missing == []
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


@pytest.mark.slow
def test_the_installed_command_finds_its_baselines(wheel, tmp_path):
    """Run from the wheel's content alone, without the checkout."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        "import sys; sys.path[:] = [sys.argv[1], *(p for p in sys.path if p and p != sys.argv[2])];"
        "import scanner; assert scanner.__file__.startswith(sys.argv[1]), scanner.__file__;"
        "from scanner.__main__ import main; sys.exit(main(['baseline', 'list']))"
    )
    command = [sys.executable, "-I", "-c", program, str(tmp_path / "site"), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "onno-production" in done.stdout
