"""Sessions of one run: opened as often as anybody likes, with clients for everything."""

from __future__ import annotations

import pytest

from scanner.sources.aws import AwsOptions
from scanner.sources.aws.session import Sessions


@pytest.mark.parametrize("role", [None, "arn:aws:iam::{account}:role/auditor"])
def test_every_session_makes_clients(role: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "example")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    sessions = Sessions()
    options = AwsOptions(role_arn=role)
    for account in ("111122223333", "444455556666", "111122223333"):
        session = sessions(options, account if role else None)
        assert session.client("s3", region_name="ap-northeast-2").meta.service_model.service_name == "s3"
