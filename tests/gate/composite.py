"""Runs the steps of a composite action as a runner of GitHub Actions does: bash steps for real, used actions noted."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


@dataclass
class Run:
    """What became of an action: outputs by step, the actions that it used with their inputs, and the log."""

    code: int = 0
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    log: str = ""
    summary: str = ""


class Runner:
    """One job that uses the action in a checkout."""

    def __init__(self, action: Path, checkout: Path, temporary: Path, github: Mapping[str, object]) -> None:
        self._action = action
        self._checkout = checkout
        self._temporary = temporary
        self._github = github
        self._run = Run()

    def run(self, given: Mapping[str, str], environment: Mapping[str, str]) -> Run:
        """Runs every step; as on GitHub, a step that fails ends the job, unless its `if` says otherwise."""
        definition = yaml.safe_load((self._action / "action.yml").read_text("utf-8"))
        self._inputs = {name: str(value.get("default", "")) for name, value in definition["inputs"].items()}
        unknown = set(given) - set(self._inputs)
        assert not unknown, unknown
        self._inputs = {name: self._filled(value) for name, value in {**self._inputs, **given}.items()}
        for step in definition["runs"]["steps"]:
            if "if" in step and not self._holds(step["if"]):
                continue
            if "uses" in step:
                inputs = {name: self._filled(str(value)) for name, value in step.get("with", {}).items()}
                self._run.used.append((step["uses"], inputs))
            elif not self._bash(step, environment):
                break
        return self._run

    def _bash(self, step: Mapping[str, object], environment: Mapping[str, str]) -> bool:
        files = {name: self._temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        script = self._temporary / "step.sh"
        script.write_text(str(step["run"]))
        assert step["shell"] == "bash"
        assert "${{" not in str(step["run"]), "an input pasted into a script could be a script itself"
        given = {name: self._filled(str(value)) for name, value in dict(step.get("env", {})).items()}
        own = {
            **os.environ, **environment, **given, **{name: str(file) for name, file in files.items()},
            "GITHUB_ACTION_PATH": str(self._action), "RUNNER_TEMP": str(self._temporary),
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self._checkout, env=own, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        self._run.log += done.stdout + done.stderr
        self._run.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        self._run.outputs[str(step.get("id", step["name"]))] = dict(line.split("=", 1) for line in lines)
        self._run.code = done.returncode
        return done.returncode == 0

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda match: self._value(match.group(1)), text)

    def _value(self, expression: str) -> str:
        """The value of `inputs.x`, `steps.x.outputs.y`, `github.a.b`; nothing where there is none."""
        first, *names = expression.split(".")
        if first == "inputs":
            return self._inputs[names[0]]
        if first == "steps":
            return self._run.outputs.get(names[0], {}).get(names[2], "")
        assert first == "github", expression
        value: object = self._github
        for name in names:
            value = value.get(name, "") if isinstance(value, Mapping) else ""
        return str(value)

    def _holds(self, condition: str) -> bool:
        terms = (term.split(" == ") for term in condition.split(" && "))
        return all(self._value(left.strip()) == right.strip().strip("'") for left, right in terms)
