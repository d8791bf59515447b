"""Plans and applies the AWS examples with terraform and the real provider, and records what terraform says as JSON.

    ASBUILT_TF_MIRROR=/path/to/provider/mirror python tools/record_plans.py [EXAMPLE …]

For each example and its drifted twin tests/recorded/plans/NAME.plan.json.gz is the plan for an account without it
(`terraform show -json`). Each is applied too, to a local account of its own: NAME.state.json.gz is what
`terraform show -json` says of the state, NAME.tfstate.gz the state as terraform stores it. Of the examples themselves
NAME.again.plan.json.gz is the plan of the same code thereafter, and NAME-drifted.again.plan.json.gz that of the twin in
the place of the example.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.live.account import LocalAccount  # noqa: E402
from tests.live.systems import EXAMPLES, SYSTEMS, System  # noqa: E402
from tools.record_account import MIRROR, override, prepare  # noqa: E402

TARGET = ROOT / "tests" / "recorded" / "plans"
DRIFTED = "-drifted"


def main() -> None:
    """Records the examples that are named, or all. Raises CalledProcessError where terraform does not succeed."""
    asked = sys.argv[1:] or [twin for name in SYSTEMS for twin in (name + DRIFTED, name)]
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        for number, name in enumerate(asked):
            record(name, Path(temporary) / str(number) / name)


def record(name: str, directory: Path) -> None:
    """Records one example in a copy of it."""
    system = SYSTEMS[name.removesuffix(DRIFTED)]
    with LocalAccount.started(None, system.account, system.regions) as account:
        prepare(account, system)
        terraform = begin(name, system, directory, account)
        terraform.plan(f"{name}.plan.json", system)
        terraform.run("apply", "-input=false", "plan.out")
        keep(f"{name}.state.json", terraform.run("show", "-json"))
        state = (terraform.directory / "terraform.tfstate").read_bytes()
        keep(f"{name}.tfstate", state)
        if name.endswith(DRIFTED):
            return
        terraform.plan(f"{name}.again.plan.json", system)
        twin = begin(name + DRIFTED, system, directory.with_name(name + DRIFTED), account)
        (twin.directory / "terraform.tfstate").write_bytes(state)
        twin.plan(f"{name}{DRIFTED}.again.plan.json", system)


def begin(name: str, system: System, directory: Path, account: LocalAccount) -> Terraform:
    """A copy of an example that terraform can work in."""
    shutil.copytree(EXAMPLES / name, directory, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    terraform = Terraform(directory / system.root, account)
    (terraform.directory / "local_override.tf").write_text(override(terraform.directory))
    terraform.run("init", "-input=false")
    return terraform


@dataclass(frozen=True)
class Terraform:
    """Terraform in a directory, with a local account in place of the cloud."""

    directory: Path
    account: LocalAccount

    def plan(self, name: str, system: System) -> None:
        """Plans, and keeps the plan."""
        self.run("plan", "-input=false", "-out=plan.out", *system.arguments)
        keep(name, self.run("show", "-json", "plan.out"))

    def run(self, *arguments: str) -> bytes:
        """What it prints. Raises CalledProcessError where it does not succeed."""
        config = self.directory / "terraformrc"
        config.write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{os.environ[MIRROR]}"\n  }}\n}}\n'
        )
        environment = os.environ | {
            "TF_CLI_CONFIG_FILE": str(config),
            "CHECKPOINT_DISABLE": "1",
            "AWS_ENDPOINT_URL": self.account.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        command = ["terraform", *arguments[:1], "-no-color", *arguments[1:]]
        return subprocess.run(command, cwd=self.directory, env=environment, stdout=subprocess.PIPE, check=True).stdout


def keep(name: str, data: bytes) -> None:
    """Stores what terraform said, compressed; the same data gives the same file."""
    with (TARGET / f"{name}.gz").open("wb") as plain, gzip.GzipFile("", "wb", 9, plain, mtime=0) as file:
        file.write(data)
    print(f"{name}: {len(data)} bytes", flush=True)


if __name__ == "__main__":
    main()
