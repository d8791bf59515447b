"""The systems whose accounts are held here: where their code is, and what the code takes for granted in the account."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from scanner.cli.config import Config, load
from tests.live.account import ACCOUNT, REGIONS, LocalAccount

HERE: Final = Path(__file__).resolve().parent
EXAMPLES: Final = HERE.parents[1] / "examples"
PACKAGES: Final = "onno-function-packages-prod"
FUNCTIONS: Final = ("post-meeting-processor", "rotate-db-url", "rotate-jwt-secret", "redeploy-services", "cost-report")


@dataclass(frozen=True)
class System:
    """An example that is applied to an account: `root` is its Terraform root, `prepare` makes what is there before."""

    name: str
    root: str
    prepare: Callable[[LocalAccount], None]
    account: str = ACCOUNT
    regions: tuple[str, ...] = REGIONS[:1]
    arguments: tuple[str, ...] = ()

    @property
    def example(self) -> Path:
        """The directory of the example."""
        return EXAMPLES / self.name

    @property
    def record(self) -> Path:
        """What its apply changes in an account."""
        return HERE / f"{self.name.replace('-', '_')}_account.jsonl.gz"

    @cached_property
    def config(self) -> Config:
        """The baseline, and what it leaves to the project."""
        return load(self.example / "asbuilt.yaml")


def zone(name: str) -> Callable[[LocalAccount], None]:
    """A hosted zone, which the domain was bought with."""

    def made(account: LocalAccount) -> None:
        account.client("route53").create_hosted_zone(Name=name, CallerReference=name)

    return made


def packages(account: LocalAccount) -> None:
    """The packages of the functions, which a pipeline puts there."""
    s3 = account.client("s3")
    s3.create_bucket(Bucket=PACKAGES, CreateBucketConfiguration={"LocationConstraint": REGIONS[0]})
    for function in FUNCTIONS:
        s3.put_object(Bucket=PACKAGES, Key=f"{function}/1.4.2.zip", Body=_package())


def _package() -> bytes:
    """A function that does nothing."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), "def handler(event, context):\n    return {}\n")
    return data.getvalue()


def zone_and_token(account: LocalAccount) -> None:
    """A hosted zone, and the token of Redis, which is put into its secret by hand."""
    zone("ai-model-mgmt.com")(account)
    account.client("secretsmanager").create_secret(Name="staging/redis-token", SecretString="0123456789abcdef")


ONNO: Final = System(
    "onno", "environments/production", packages, regions=REGIONS, arguments=("-var", f"account_id={ACCOUNT}")
)
KNOWLEDGE_DATABASE: Final = System(
    "knowledge-database",
    "infrastructure/terraform/aws/environments/production",
    zone("knowledge.example"),
    "123456789012",
)
AI_MODEL_MANAGEMENT: Final = System(
    "ai-model-management",
    "environments/staging",
    zone_and_token,
    "210987654321",
    arguments=("-var-file=staging.tfvars",),
)
AICC: Final = System("aicc", "environments/production", zone("aicc.example"))
SYSTEMS: Final = {system.name: system for system in (ONNO, KNOWLEDGE_DATABASE, AI_MODEL_MANAGEMENT, AICC)}
