"""Runs `helm template` and `kustomize build` (or `kubectl kustomize`) where that was asked for.

Neither runs without being asked. Plugins, post-renderers and charts inside kustomizations stay off, there is no shell,
and both time and output are bounded.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from scanner.errors import SourceError, UsageError
from scanner.sources.kubernetes.kustomize import NAMES
from scanner.sources.kubernetes.rendered import MARK

SECONDS: Final = 120
MAX_OUTPUT: Final = 20_000_000
_STEP: Final = 0.05
_SOURCE: Final = re.compile(r"(?m)^# Source: (?P<path>\S.*)$")
_SEPARATOR: Final = re.compile(r"(?m)^---[ \t]*$")
_INSTALL: Final = {
    "helm": "install Helm, or render the chart yourself: helm template CHART | asbuilt scan -",
    "kustomize": "install kustomize or kubectl, or build it yourself: kustomize build DIR | asbuilt scan -",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was rendered: texts by the file that they come from (with MARK), and the directories of the charts."""

    texts: dict[str, bytes] = field(default_factory=dict)
    charts: frozenset[str] = frozenset()


def render(charts: Sequence[str], kustomizations: Sequence[str], base: Path) -> Rendered:
    """Renders charts (`CHART` or `CHART:values.yaml:more.yaml`) and directories with a kustomization.

    Raises UsageError where the program or the directory does not exist, SourceError where it fails.
    """
    texts: dict[str, bytes] = {}
    for directory in kustomizations:
        texts.update(_kustomize(Path(directory), base))
    names = []
    for text in charts:
        chart, *values = text.split(":")
        names.append(_relative(Path(chart), base))
        for path, part in _helm(Path(chart), values, base):
            texts[path] = texts.get(path, b"") + part
    return Rendered(texts, frozenset(names))


def _kustomize(directory: Path, base: Path) -> Iterator[tuple[str, bytes]]:
    file = next((directory / name for name in NAMES if (directory / name).is_file()), None)
    if file is None:
        raise UsageError(f"there is no kustomization.yaml in {directory}")
    kustomize, kubectl = shutil.which("kustomize"), shutil.which("kubectl")
    if kustomize:
        command = [kustomize, "build", str(directory)]
    elif kubectl:
        command = [kubectl, "kustomize", str(directory)]
    else:
        raise UsageError("--kustomize needs kustomize or kubectl", hint=_INSTALL["kustomize"])
    yield f"{_relative(file, base)}{MARK}", _run(command)


def _helm(chart: Path, values: Sequence[str], base: Path) -> Iterator[tuple[str, bytes]]:
    """The rendered templates of a chart, each under the file that it was made from."""
    if not (chart / "Chart.yaml").is_file():
        raise UsageError(f"there is no Chart.yaml in {chart}", hint="--helm takes CHART or CHART:values.yaml")
    missing = next((name for name in values if not Path(name).is_file()), None)
    if missing is not None:
        raise UsageError(f"there is no {missing}", hint="--helm takes CHART or CHART:values.yaml")
    helm = shutil.which("helm")
    if helm is None:
        raise UsageError("--helm needs helm", hint=_INSTALL["helm"])
    options = [part for name in values for part in ("--values", name)]
    name = re.sub(r"[^a-z0-9-]", "-", chart.resolve().name.lower()).strip("-") or "release"
    output = _run([helm, "template", name, str(chart), *options]).decode(errors="replace")
    directory = _relative(chart, base)
    for part in _SEPARATOR.split(output):
        source = _SOURCE.search(part)
        # Helm names the file from the name of the chart on: web/templates/deployment.yaml.
        file = source["path"].partition("/")[2] if source else "Chart.yaml"
        yield f"{directory}/{file}{MARK}", f"---\n{part}".encode()


def _relative(path: Path, base: Path) -> str:
    found = path.resolve()
    return found.relative_to(base).as_posix() if found.is_relative_to(base) else found.as_posix()


def _run(command: Sequence[str]) -> bytes:
    """The standard output of a program. Raises SourceError where it fails, takes too long or says too much."""
    shown = " ".join([Path(command[0]).name, *command[1:]])
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, start_new_session=True
            )
        except OSError as error:
            raise SourceError(f"{shown} cannot be run: {error.strerror}") from error
        try:
            _wait(process, output, shown)
        finally:
            _end(process)
        if process.returncode != 0:
            lines = _text(errors).strip().splitlines() or [f"exit code {process.returncode}"]
            raise SourceError(f"{shown} failed: {lines[-1][:500]}")
        return _read(output)


def _wait(process: subprocess.Popen[bytes], output: IO[bytes], shown: str) -> None:
    end = time.monotonic() + SECONDS
    while process.poll() is None:
        if time.monotonic() > end:
            raise SourceError(f"{shown} took longer than {SECONDS} seconds")
        if os.fstat(output.fileno()).st_size > MAX_OUTPUT:
            break
        time.sleep(_STEP)
    if os.fstat(output.fileno()).st_size > MAX_OUTPUT:
        raise SourceError(f"{shown} wrote more than {MAX_OUTPUT} bytes")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a program that still runs, with everything that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(MAX_OUTPUT + 1)


def _text(file: IO[bytes]) -> str:
    return _read(file).decode(errors="replace")
