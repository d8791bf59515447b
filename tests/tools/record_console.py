"""Records what `terraform console` answers, for tests/terraform_console/test_console.py.

    python tests/tools/record_console.py [TOPIC …]

Needs terraform on PATH (recorded with 1.11.4), no provider and no network. Every line of expressions/TOPIC.txt that is
no comment is evaluated in the directory module/, in a process of its own, since an error ends a console session.
An answer is the JSON of the value and the type, or the fact that it is an error, or hidden because it is sensitive.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CONSOLE = Path(__file__).resolve().parent.parent / "terraform_console"
MODULE = CONSOLE / "module"
TIMEOUT = 60


def expressions(topic: str) -> list[str]:
    """The expressions of a topic, in order."""
    lines = (CONSOLE / "expressions" / f"{topic}.txt").read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("# ")]


def topics() -> list[str]:
    """The names of all topics."""
    return sorted(path.stem for path in (CONSOLE / "expressions").glob("*.txt"))


def ask(expression: str, configuration: str) -> dict[str, object]:
    """One answer of the console: `json` and `type`, or `error`. It only prints the last result, hence two calls."""
    encoded = _console(f"base64encode(jsonencode({expression}))", configuration)
    if encoded is None:
        return {"expression": expression, "error": True}
    encoded = encoded.strip()
    if not encoded.startswith('"'):
        return {"expression": expression, "hidden": encoded}
    text = base64.b64decode(encoded.strip('"')).decode("utf-8")
    type_ = _console(f"type({expression})", configuration)
    return {"expression": expression, "json": text, "type": (type_ or "").rstrip()}


def _console(line: str, configuration: str) -> str | None:
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": configuration, "CHECKPOINT_DISABLE": "1"}
    process = subprocess.run(
        ["terraform", "console", "-no-color"],
        input=line + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        cwd=MODULE,
        env=environment,
        check=False,
    )
    if process.returncode == 0:
        return process.stdout
    if "state lock" in process.stderr:
        raise RuntimeError(f"another terraform uses {MODULE}: {process.stderr}")
    return None


def record(topic: str) -> list[dict[str, object]]:
    """The answers for a topic."""
    with tempfile.NamedTemporaryFile(suffix=".tfrc") as configuration:
        return [ask(expression, configuration.name) for expression in expressions(topic)]


def main(names: list[str]) -> None:
    """Writes recorded/TOPIC.json for the topics, or for all."""
    for topic in names or topics():
        answers = record(topic)
        lines = ",\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers)
        (CONSOLE / "recorded" / f"{topic}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        errors = sum("error" in answer for answer in answers)
        print(f"{topic}: {len(answers)} expressions, {errors} of them errors")


if __name__ == "__main__":
    main(sys.argv[1:])
