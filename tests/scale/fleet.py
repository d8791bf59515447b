"""Programs of the scale tests: the accounts' server, a Dask cluster of processes that can be killed, and asbuilt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from tests.scale.cloud_server import REGIONS, account

BASELINE: Final = """\
baseline: fleet
document: {title: Fleet, original_title: Fleet, version: "1.0", date: 2026-01-02}
scope: {cloud: aws, regions: [ap-northeast-2], environment: production}
components:
  db: {type: aws_db_instance, many: true, match: [{engine: postgres}], title: {en: Databases, ko: 데이터베이스}}
  certificate:
    type: aws_iam_server_certificate
    match: [{name: "certificate-*"}]
    title: {en: Certificates, ko: 인증서}
requirements:
  - id: FLEET-DB-001
    section: "1"
    title: {en: Two availability zones, ko: 다중 가용 영역}
    severity: high
    category: availability
    component: db
    assert: [{path: multi_az, op: equals, value: true}]
  - id: FLEET-IAM-001
    section: "2"
    title: {en: Path of certificates, ko: 인증서 경로}
    severity: low
    category: tls
    component: certificate
    assert: [{path: path, op: equals, value: /}]
"""
_RUN: Final = """\
import resource, sys
from scanner.__main__ import main
code = main(sys.argv[1:])
print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}", file=sys.stderr)
sys.exit(code)
"""
_START_SECONDS: Final = 120


@dataclass(frozen=True)
class Ran:
    """How a run of asbuilt ended.

    seconds   of wall clock
    peak_mib  the most memory that the process had
    """

    code: int
    errors: str
    seconds: float
    peak_mib: int


@dataclass(frozen=True)
class Cloud:
    """The server of the accounts."""

    address: str

    def stats(self) -> dict[str, Any]:
        """What it has seen."""
        with urlopen(f"{self.address}/stats", timeout=10) as answer:
            said: dict[str, Any] = json.load(answer)
            return said

    def called(self, operation: str) -> int:
        """How often an operation was called."""
        return int(self.stats()["calls"].get(operation, 0))

    def environment(self) -> dict[str, str]:
        """What makes a process read these accounts."""
        own = {"AWS_ENDPOINT_URL": self.address, "AWS_ACCESS_KEY_ID": "AKIABASE", "AWS_SECRET_ACCESS_KEY": "base"}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        return {**kept, **own, "AWS_REGION": REGIONS[0], "AWS_EC2_METADATA_DISABLED": "true", "COLUMNS": "80"}


@contextmanager
def cloud(delay_seconds: float = 0.0) -> Iterator[Cloud]:
    """The accounts, served by a process of its own that takes so long for each answer."""
    program = [sys.executable, str(Path(__file__).with_name("cloud_server.py")), str(delay_seconds)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield Cloud(server.stdout.readline().strip())
        finally:
            server.kill()


@dataclass
class Cluster:
    """A scheduler and its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]

    def kill_worker(self) -> None:
        """SIGKILL for a worker: it says nothing, and takes what it has read with it."""
        kill(self.workers.pop())

    def kill_scheduler(self) -> None:
        """SIGKILL for the scheduler."""
        kill(self.scheduler)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL, and the end of it."""
    process.kill()
    process.wait()


@contextmanager
def cluster(directory: Path, where: Cloud, workers: int = 2, threads: int = 2) -> Iterator[Cluster]:
    """A Dask cluster as the documentation starts it. Its workers alone have credentials."""
    file = directory / "scheduler.json"
    file.unlink(missing_ok=True)
    quiet = {
        **where.environment(),
        "DASK_LOGGING__DISTRIBUTED": "error",
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false",
    }
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    worker = ["worker", "--scheduler-file", str(file), "--nthreads", str(threads), "--no-nanny", "--no-dashboard"]
    worker += ["--host", "127.0.0.1", "--local-directory", str(directory)]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for arguments in [scheduler, *[worker] * workers]:
            program = [sys.executable, "-m", "dask", *arguments]
            started.append(subprocess.Popen(program, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
            wait_until(file.exists)
        yield Cluster(json.loads(file.read_text())["address"], *started[:1], started[1:])
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.communicate()


def wait_until(holds: Any, seconds: float = _START_SECONDS) -> None:
    """Waits for something. Fails where it does not come."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)


def without_credentials(environment: dict[str, str]) -> dict[str, str]:
    """The same for a process that has neither credentials nor the address of the accounts."""
    return {key: value for key, value in environment.items() if not key.startswith("AWS_")}


def reach(accounts: int) -> list[str]:
    """The options that read so many accounts through their roles."""
    chosen = [option for number in range(1, accounts + 1) for option in ("--account", account(number))]
    regions = [option for region in REGIONS for option in ("--region", region)]
    return ["--role-arn", "arn:aws:iam::{account}:role/auditor", *chosen, *regions]


@contextmanager
def asbuilt(arguments: list[str], environment: dict[str, str], directory: Path) -> Iterator[list[Ran]]:
    """Runs asbuilt beside the body of `with`; afterwards the list holds how it ended."""
    (directory / "fleet.yaml").write_text(BASELINE, encoding="utf-8")
    began = time.monotonic()
    program = [sys.executable, "-c", _RUN, *arguments, "--baseline", "fleet.yaml"]
    ended: list[Ran] = []
    with subprocess.Popen(
        program, env=environment, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield ended
            _, errors = process.communicate(timeout=900)
        finally:
            process.kill()
    *said, last = errors.splitlines()
    assert last.startswith("peak "), errors
    assert "asbuilt: internal error" not in errors, errors
    ended.append(Ran(process.returncode, "\n".join(said), time.monotonic() - began, int(last.split()[1]) // 1024))
