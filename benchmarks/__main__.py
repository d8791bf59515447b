"""Measures and writes docs/benchmarks.md.

    python -m benchmarks [--rounds N] [--cache DIR] [--output FILE] [--skip NAME]… [DIRECTORY…]

Each DIRECTORY is scanned in full by asbuilt, checkov and trivy, beside a bare parse of the same files; without any it
is the example of this repository. checkov and trivy are installed from PyPI, each into an environment of its own under
the cache directory (default: ~/.cache/asbuilt-benchmarks).
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from benchmarks import hook, network, plans, snapshot, tools
from benchmarks.generate import write_tree
from benchmarks.measure import Command, Failed, Result, side_by_side
from benchmarks.outcome import verdicts
from benchmarks.report import Budget, Table, growth, page, ratio

SIZES = (1_000, 2_000, 4_000, 8_000, 16_000)
PARTS = ("hook", "growth", "network", "snapshot", "plans")
LARGE = 200
"""From so many files on, a directory has the budgets of a large repository."""
CLICK = "python -c 'import click'"


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs every benchmark and writes the page."""
    options = parse(arguments)
    installed = {
        name: tool for name, tool in tools.TOOLS.items() if name not in options.skip and install(tool, options)
    }
    versions = {
        "Python": sys.version.split()[0],
        "tree-sitter-hcl": version("tree-sitter-hcl"),
        **{name: tool.version(options.cache) for name, tool in installed.items()},
    }
    tables = list(measure(options, installed))
    text = page(command_line(arguments, options), versions, tables)
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(text, encoding="utf-8")
    print(text)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIRECTORY")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cache", type=Path, default=tools.CACHE)
    parser.add_argument("--output", type=Path, default=tools.ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--skip", action="append", default=[], choices=[*tools.TOOLS, *PARTS])
    options = parser.parse_args(arguments)
    options.directories = [path.resolve() for path in options.directories] or [tools.ROOT / "examples" / "onno"]
    return options


def install(tool: tools.Tool, options: argparse.Namespace) -> bool:
    """Whether the tool could be installed; a failure is said, not hidden."""
    try:
        tool.install(options.cache)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"{tool.package} could not be installed and is left out: {error}", file=sys.stderr)
        return False
    return True


def command_line(arguments: Sequence[str] | None, options: argparse.Namespace) -> str:
    """The command as a reader can repeat it: directories by their names only."""
    names = [path.name for path in options.directories] if (arguments or sys.argv[1:]) else []
    skipped = [word for name in options.skip for word in ("--skip", name)]
    return shlex.join(["python", "-m", "benchmarks", "--rounds", str(options.rounds), *skipped, *names])


def measure(options: argparse.Namespace, installed: dict[str, tools.Tool]) -> Iterator[Table]:
    """Every section of the page."""
    yield start_up(options.rounds)
    for directory in options.directories:
        files = sorted(directory.rglob("*.tf"))
        yield full_scan(directory, directory, f"{len(files)} files", options, installed)
        if "checkov" in installed:
            yield same_rules(directory, options, installed["checkov"])
        largest = max(files, key=lambda file: file.stat().st_size)
        yield full_scan(largest, directory, "its largest file alone", options, installed)
    if "hook" not in options.skip:
        checkov = installed.get("checkov")
        yield from hook.tables(options.rounds, checkov.path(options.cache) if checkov else None)
    if "growth" not in options.skip:
        yield from growing(options)
    if "network" not in options.skip:
        yield network.table(options.rounds)
    if "snapshot" not in options.skip:
        yield from snapshot.growing(max(1, options.rounds // 5))
    if "plans" not in options.skip:
        yield from plans.growing(max(1, options.rounds // 5))


def start_up(rounds: int) -> Table:
    """The time to say anything at all, against importing the command-line library."""
    commands = {
        CLICK: Command([sys.executable, "-c", "import click"], tools.ROOT),
        "asbuilt --version": tools.asbuilt("--version", directory=tools.ROOT),
        "asbuilt --help": tools.asbuilt("--help", directory=tools.ROOT),
    }
    results = side_by_side(commands, rounds * 4)
    note = "Against the import of the library that reads the command line."
    return Table(
        "Start-up", note, results, CLICK, {}, budgets(results, CLICK, {"asbuilt --version": 1.5, "asbuilt --help": 1.5})
    )


def budgets(results: dict[str, Result | Failed], reference: str, limits: dict[str, float]) -> list[Budget]:
    """The commands that may take so many times as long as the reference."""
    measured = {name: ratio(results, name, reference) for name in limits}
    return [
        Budget(f"{name} / {reference}", value, limits[name]) for name, value in measured.items() if value is not None
    ]


def leads(results: dict[str, Result | Failed], limits: dict[str, float]) -> list[Budget]:
    """The commands that must take so many times as long as asbuilt."""
    measured = {name: ratio(results, name, "asbuilt") for name in limits}
    return [
        Budget(f"{name} / asbuilt", value, limits[name], at_least=True)
        for name, value in measured.items()
        if value is not None
    ]


def full_scan(
    target: Path, directory: Path, what: str, options: argparse.Namespace, installed: dict[str, tools.Tool]
) -> Table:
    """A scan of a directory or file by every tool, and the bare parse of the same."""
    commands = {"asbuilt": tools.scan(target), "bare parse": tools.bare_parse(target)}
    commands |= {name: tool.scan(options.cache, target) for name, tool in installed.items()}
    detail = {"bare parse": "tree-sitter alone, nothing evaluated"}
    detail |= {name: verdicts(name, command) for name, command in commands.items() if name not in detail}
    results = side_by_side(commands, options.rounds)
    note = "Every Terraform check of each tool, no network."
    large = target.is_dir() and sum(1 for _ in target.rglob("*.tf")) >= LARGE
    promised = leads(results, {"checkov": 50 if large else 10, "trivy": 4})
    promised += budgets(results, "bare parse", {"asbuilt": 10}) if large else []
    return Table(f"Scan of {directory.name}: {what}", note, results, "asbuilt", detail, promised)


def same_rules(directory: Path, options: argparse.Namespace, checkov: tools.Tool) -> Table:
    """A scan with the same rules on both sides: the policies that name related checks of checkov, and those checks."""
    policies, checks = tools.related()
    chosen = [word for policy in policies for word in ("--policy", policy)]
    theirs = checkov.scan(options.cache, directory)
    commands = {
        "asbuilt": tools.scan(directory, *chosen),
        "checkov": replace(theirs, arguments=[*theirs.arguments, "--check", ",".join(checks)]),
    }
    detail = {name: verdicts(name, command) for name, command in commands.items()}
    results = side_by_side(commands, options.rounds)
    note = f"{len(policies)} policies of asbuilt and the {len(checks)} checks of checkov that they name as related."
    note += " trivy has no option to run chosen checks only."
    return Table(f"Scan of {directory.name} with the same rules", note, results, "asbuilt", detail, [])


def growing(options: argparse.Namespace) -> Iterator[Table]:
    """Time and memory as the input doubles."""
    with tempfile.TemporaryDirectory() as temporary:
        sizes = {count: write_tree(Path(temporary) / str(count), count) for count in SIZES}
        commands = {str(count): tools.scan(Path(temporary) / str(count)) for count in SIZES}
        results = side_by_side(commands, max(1, options.rounds // 2))
    measured = [(count, sizes[count], result) for count in SIZES if isinstance(result := results[str(count)], Result)]
    failed = [result for result in results.values() if isinstance(result, Failed)]
    if failed or len(measured) < 2:
        yield Table("Growth", "Did not run.", results, "", {})
    else:
        yield growth(measured)


if __name__ == "__main__":
    main()
