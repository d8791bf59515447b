"""`asbuilt init`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from scanner.cli import complete, config, output
from scanner.cli.language import choose_language, language_option
from scanner.cli.options import existing
from scanner.cli.streams import emit
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.propose import Fit

_PLAIN: Final = re.compile(r"[A-Za-z_][\w.-]*\Z")
_MANY: Final = 6

_HEAD: Final = """\
# What asbuilt checks here. All keys: docs/configuration.md; in editors: asbuilt schema config
"""
_NO_BASELINE: Final = """\
# None of the installed baselines fits, so the policies that make sense without a document are checked.
# Your own document: asbuilt baseline new NAME --document design.md, then
# baseline: ./NAME.yaml
fail_on: low  # the least severity that makes the exit code 1
"""


@click.command(
    epilog="""\b
Examples:
  asbuilt init                             looks at the current directory
  asbuilt init infra --baseline onno-production
  asbuilt init --dry-run                   prints what it would write"""
)
@click.argument("directory", default=".")
@click.option(
    "--baseline", metavar="NAME|FILE", shell_complete=complete.baselines, help="Instead of the one that fits best."
)
@click.option("--dry-run", is_flag=True, help="Print the configuration, write nothing.")
@language_option
def command(directory: str, baseline: str | None, dry_run: bool, lang: str | None) -> None:
    """Look at the code below DIRECTORY and write a first asbuilt.yaml: the baseline that fits, and bindings."""
    place = existing(directory)
    file = (place if place.is_dir() else place.parent) / config.FILE_NAME
    if file.exists() and not dry_run:
        raise UsageError(f"{file} is already there", hint="--dry-run prints what a new one would say")
    from scanner.propose import LEAST_FIT, fits

    found = fits([place], [baseline] if baseline else ())
    best = found[0] if found and (baseline or found[0].share >= LEAST_FIT) else None
    text = _HEAD + (_NO_BASELINE if best is None else written(best, baseline, file.parent, choose_language(lang)))
    if dry_run:
        emit(text)
        return
    output.write(output.Target("yaml", file), text)
    emit(f"{file}\n")


def written(fit: Fit, named: str | None, place: Path, language: str) -> str:
    """The configuration for a baseline, with a comment on everything that somebody has to decide."""
    found = f"{len(fit.found)} of its {len(fit.baseline.components)} components are found here"
    lines = [f"baseline: {_name(named or fit.baseline.id, place)}  # {found}"]
    if fit.baseline.stages:
        lines.append(f"# stage: {fit.baseline.stages[0]}  # of {', '.join(fit.baseline.stages)}")
    return "\n".join([*lines, *_bindings(fit, language), *_inputs(fit)]) + "\n"


def _name(name: str, place: Path) -> str:
    """A name stays; a file is meant from the configuration's directory."""
    file = Path(name)
    if not file.is_file():
        return name
    from os.path import relpath

    return f"./{Path(relpath(file, place)).as_posix()}"


def _bindings(fit: Fit, language: str) -> list[str]:
    certain = {name: found[0] for name, found in fit.candidates.items() if len(found) == 1 and _alone(found[0], fit)}
    open_ = {name: found for name, found in fit.candidates.items() if name not in certain}
    lines = ["", "# Where the code names a component of the document differently."] if fit.candidates else []
    lines += ["bind:"] if certain else ["# bind:"] if open_ else []
    for name, address in certain.items():
        lines.append(f"  {name}: {_address(address)}  # the only {_types(fit, name)}")
    for name, found in open_.items():
        title = fit.baseline.components[name].title.in_(language)
        if found:
            lines.append(f"  # {name}:  # {title}: which {_types(fit, name)}?")
            lines += [f"  #   {_address(address)}" for address in found[:_MANY]]
            lines += [f"  #   … and {len(found) - _MANY} more"] if len(found) > _MANY else []
        else:
            lines.append(f"  # {name}:  # {title}: there is no {_types(fit, name)}")
    return lines


def _alone(address: str, fit: Fit) -> bool:
    """Whether no other component could be meant by the same resource."""
    return sum(address in found for found in fit.candidates.values()) == 1


def _types(fit: Fit, name: str) -> str:
    return " or ".join(fit.baseline.components[name].types)


def _address(address: str) -> str:
    return address if _PLAIN.match(address) else json.dumps(address, ensure_ascii=False)


def _inputs(fit: Fit) -> list[str]:
    params = [param for param in fit.baseline.inputs.values() if not param.has_default]
    if not params:
        return []
    lines = ["", "# What the document leaves to you; without a value what depends on it is undecided.", "# inputs:"]
    return lines + [f"#   {param.name}:  # {param.type}" for param in params]
