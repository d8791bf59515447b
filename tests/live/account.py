"""A local account for tests: started, filled with what was recorded, asked and changed through boto3."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3

HERE = Path(__file__).resolve().parent
RECORD = HERE / "onno_account.jsonl.gz"
ACCOUNT = "111122223333"
REGIONS = ("ap-northeast-2", "ap-northeast-1")


@dataclass(frozen=True)
class LocalAccount:
    """An account that a server on this machine holds."""

    port: int
    account: str = ACCOUNT
    regions: tuple[str, ...] = REGIONS

    @property
    def endpoint(self) -> str:
        """Where its services answer."""
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    @contextmanager
    def started(
        cls, record: Path | None = None, account: str = ACCOUNT, regions: tuple[str, ...] = REGIONS
    ) -> Iterator[LocalAccount]:
        """An empty account, in a process of its own that ends with the block."""
        command = [sys.executable, "-m", "tests.live.account_server"]
        command += ["--record", str(record.resolve())] if record else []
        environment = os.environ | {"MOTO_ACCOUNT_ID": account, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
        with subprocess.Popen(
            command, cwd=HERE.parents[1], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            try:
                assert server.stdout is not None
                yield cls(int(server.stdout.readline()), account, regions)
            finally:
                server.terminate()

    def client(self, service: str, region: str = REGIONS[0]) -> Any:
        """A client of boto3 for the account."""
        return session().client(service, region_name=region, endpoint_url=self.endpoint)  # type: ignore[call-overload]

    def remove_default_networks(self) -> None:
        """Deletes the network that every region of a new account has, and nobody uses."""
        for region in self.regions:
            ec2 = self.client("ec2", region)
            for vpc in ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]:
                here = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
                for subnet in ec2.describe_subnets(Filters=here)["Subnets"]:
                    ec2.delete_subnet(SubnetId=subnet["SubnetId"])
                ec2.delete_vpc(VpcId=vpc["VpcId"])

    def play(self, record: Path = RECORD) -> None:
        """Makes the changes that were recorded."""
        self.remove_default_networks()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with gzip.open(record, "rt", encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                body = base64.b64decode(entry["body"])
                connection.request(entry["method"], entry["path"], body, entry["headers"])
                answer = connection.getresponse()
                said = answer.read()
                assert answer.status < 300, (entry["method"], entry["path"], body, said)


@cache
def session() -> boto3.Session:
    """A session with credentials that mean nothing."""
    made = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGIONS[0])
    made.events.register("before-send.s3-control", _without_account)
    return made


def _without_account(request: Any, **_: Any) -> None:
    """The account in front of the name of the host, which this machine does not have under other names."""
    request.url = re.sub(r"//\d{12}\.", "//", request.url)
