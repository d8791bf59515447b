"""A local account for tests: started, filled with what was recorded, asked and changed through boto3."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

    @property
    def endpoint(self) -> str:
        """Where its services answer."""
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    @contextmanager
    def started(cls, record: Path | None = None) -> Iterator[LocalAccount]:
        """An empty account, in a process of its own that ends with the block."""
        command = [sys.executable, str(HERE / "account_server.py")]
        command += ["--record", str(record)] if record else []
        environment = os.environ | {"MOTO_ACCOUNT_ID": ACCOUNT, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            try:
                assert server.stdout is not None
                yield cls(int(server.stdout.readline()))
            finally:
                server.terminate()

    def client(self, service: str, region: str = REGIONS[0]) -> Any:
        """A client of boto3 for the account."""
        return session().client(service, region_name=region, endpoint_url=self.endpoint)  # type: ignore[call-overload]

    def play(self, record: Path = RECORD) -> None:
        """Makes the changes that were recorded."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with gzip.open(record, "rt", encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                body = base64.b64decode(entry["body"])
                connection.request(entry["method"], entry["path"], body, entry["headers"])
                answer = connection.getresponse()
                answer.read()


def session() -> boto3.Session:
    """A session with credentials that mean nothing."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGIONS[0])
