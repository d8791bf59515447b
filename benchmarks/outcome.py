"""What a measured command achieved, so that no time is reported for a run that decided nothing."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from benchmarks.measure import Command


def verdicts(name: str, command: Command) -> str:
    """How many single results the command gives, for people; what it says instead where it gives none."""
    environment = {**os.environ, **(command.environment or {})}
    done = subprocess.run(
        command.arguments, cwd=command.directory, env=environment, capture_output=True, text=True, check=False
    )
    try:
        count, resources = _COUNTS[name](json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        lines = (done.stderr or done.stdout).strip().splitlines()
        return "**no result**: " + (lines[0][:120] if lines else f"exit code {done.returncode}")
    return f"{count:,} results" + (f", {resources:,} resources" if resources else "")


def _asbuilt(report: dict[str, Any]) -> tuple[int, int]:
    addresses = {item["resource"]["address"] for item in report["findings"] if item["resource"]}
    return len(report["findings"]), len(addresses)


def _checkov(report: Any) -> tuple[int, int]:
    summary = (report[0] if isinstance(report, list) else report).get("summary", {})
    return summary.get("passed", 0) + summary.get("failed", 0), summary.get("resource_count", 0)


def _trivy(report: dict[str, Any]) -> tuple[int, int]:
    summaries = [item.get("MisconfSummary", {}) for item in report.get("Results") or []]
    return sum(item.get("Successes", 0) + item.get("Failures", 0) for item in summaries), 0


_COUNTS = {"asbuilt": _asbuilt, "checkov": _checkov, "trivy": _trivy}
