"""Many accounts of AWS for the real client: STS, IAM and RDS, the same answers on every run, connections counted.

    python cloud_server.py [SECONDS]     prints its address, then serves until it is killed; each answer takes so long

`GET /stats` says how many connections were open at once at most, and how often each operation was called.
Account and region are taken from the signature; the key of a role names its account. Some accounts are troublesome:
see `DENIED_ROLE` and `DENIED_REGION`.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs

REGIONS: Final = ("ap-northeast-1", "ap-northeast-2", "us-east-1")
DENIED_ROLE: Final = 17
"""The number of an account whose role cannot be assumed."""
DENIED_REGION: Final = (5, "us-east-1")
"""An account and region where databases must not be listed."""
DATABASES: Final = 3
"""How many databases there are in each region of each account."""

DELAY: Final = float(sys.argv[1]) if __name__ == "__main__" and len(sys.argv) > 1 else 0.0

_SCOPE: Final = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")
_LATER: Final = "2099-01-01T00:00:00Z"


def account(number: int) -> str:
    """The id of an account."""
    return f"{100_000_000_000 + number}"


def at_risk(number: int, region: str, database: int) -> bool:
    """Whether a database has one zone only."""
    return (number * 7 + REGIONS.index(region) * 3 + database) % 11 == 0


class Stats:
    """What the server has seen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self.most = 0
        self.calls: Counter[str] = Counter()

    def connected(self, change: int) -> None:
        with self._lock:
            self._open += change
            self.most = max(self.most, self._open)

    def called(self, operation: str) -> None:
        with self._lock:
            self.calls[operation] += 1

    def text(self) -> bytes:
        with self._lock:
            return json.dumps({"open": self._open, "most": self.most, "calls": self.calls}).encode()


STATS = Stats()


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        STATS.connected(1)

    def finish(self) -> None:
        STATS.connected(-1)
        super().finish()

    def do_GET(self) -> None:
        self._say(200, STATS.text(), "application/json")

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        scope = _SCOPE.search(self.headers.get("Authorization", ""))
        assert scope is not None, "requests are signed"
        operation = form["Action"][0]
        STATS.called(operation)
        time.sleep(DELAY)
        number = int(scope[1][4:]) - int(account(0)) if scope[1].startswith("ASIA") else 0
        status, body = answer(operation, form, number, scope[2])
        self._say(status, body.encode(), "text/xml")

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def answer(operation: str, form: dict[str, list[str]], number: int, region: str) -> tuple[int, str]:
    """Status and body."""
    if operation == "AssumeRole":
        return role(form["RoleArn"][0].split(":")[4])
    if operation == "GetCallerIdentity":
        arn = f"arn:aws:sts::{account(number)}:assumed-role/auditor/asbuilt-audit"
        return 200, result(operation, f"<Account>{account(number)}</Account><Arn>{arn}</Arn><UserId>A:a</UserId>")
    if operation == "ListServerCertificates":
        name = f"certificate-{number}"
        arn = f"arn:aws:iam::{account(number)}:server-certificate/{name}"
        fields = f"<ServerCertificateName>{name}</ServerCertificateName><Arn>{arn}</Arn><Path>/</Path>"
        listing = f"<member>{fields}<Expiration>2030-01-01T00:00:00Z</Expiration></member>"
        listing = f"<ServerCertificateMetadataList>{listing}</ServerCertificateMetadataList>"
        return 200, result(operation, f"{listing}<IsTruncated>false</IsTruncated>")
    assert operation == "DescribeDBInstances", operation
    if (number, region) == DENIED_REGION:
        return error(403, "AccessDenied")
    listing = "".join(database(number, region, index) for index in range(DATABASES))
    return 200, result(operation, f"<DBInstances>{listing}</DBInstances>")


def role(owner: str) -> tuple[int, str]:
    if owner == account(DENIED_ROLE):
        return error(403, "AccessDenied")
    keys = f"<AccessKeyId>ASIA{owner}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
    return 200, result("AssumeRole", f"<Credentials>{keys}<Expiration>{_LATER}</Expiration></Credentials>")


def database(number: int, region: str, index: int) -> str:
    name = f"db-{number}-{region}-{index}"
    zones = "false" if at_risk(number, region, index) else "true"
    return (
        f"<DBInstance><DBInstanceIdentifier>{name}</DBInstanceIdentifier><DbiResourceId>{name}</DbiResourceId>"
        f"<DBInstanceArn>arn:aws:rds:{region}:{account(number)}:db:{name}</DBInstanceArn>"
        f"<Engine>postgres</Engine><MultiAZ>{zones}</MultiAZ><StorageEncrypted>true</StorageEncrypted>"
        f"<BackupRetentionPeriod>7</BackupRetentionPeriod><DBInstanceClass>db.r6g.large</DBInstanceClass></DBInstance>"
    )


def result(operation: str, inner: str) -> str:
    return f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>"


def error(status: int, code: str) -> tuple[int, str]:
    return status, f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a killed client leaves its connections as they are."""


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
