"""Measures audits of many accounts: the figures of docs/scale-out.md.

    python tools/measure_scale.py [ACCOUNTS]

Reads so many simulated accounts (500) in three regions each, from a server that takes 50 ms for each answer: in one
process, and with a Dask cluster of two workers of which one is killed half-way. Fails where the two reports are not the
same.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.scale.cloud_server import REGIONS
from tests.scale.fleet import Cloud, Ran, asbuilt, cloud, cluster, reach, wait_until, without_credentials

DELAY_SECONDS = 0.05


def main(accounts: int) -> int:
    """Prints a row for each way to read, and 1 where the reports differ."""
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        with cloud(DELAY_SECONDS) as where:
            with asbuilt(_audit(accounts, "alone.json"), where.environment(), directory) as ended:
                pass
            _say("audit, one process", ended[0], where)
        with cloud(DELAY_SECONDS) as where:
            stored = ["collect", "aws", *reach(accounts), "-o", "all.jsonl.gz"]
            with asbuilt(stored, where.environment(), directory) as ended:
                pass
            _say("collect, one process", ended[0], where)
        with cloud(DELAY_SECONDS) as where, cluster(directory, where) as dask:
            options = [*_audit(accounts, "spread.json"), "--scheduler", dask.address]
            with asbuilt(options, without_credentials(where.environment()), directory) as ended:
                wait_until(lambda: where.called("DescribeDBInstances") > accounts * len(REGIONS) / 2, seconds=600)
                dask.kill_worker()
            _say("audit, two workers, one killed half-way", ended[0], where)
        reports = [_read(directory / name) for name in ("alone.json", "spread.json")]
        same = reports[0] == reports[1]
        print(f"{len(reports[0]['findings'])} findings; the reports are {'the same' if same else 'NOT the same'}")
        return int(not same)


def _audit(accounts: int, report: str) -> list[str]:
    return ["audit", "aws", *reach(accounts), "--format", f"json={report}"]


def _say(what: str, ran: Ran, where: Cloud) -> None:
    stats = where.stats()
    calls = sum(stats["calls"].values())
    print(f"| {what} | {ran.seconds:.0f} s | {ran.peak_mib} MiB | {stats['most'] - 1} | {calls:,} |", flush=True)


def _read(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    del report["run"]["started"]
    return report


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
