"""Policy documents and data: everything there is, or what is named; whoever asks, or whom the document names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.model.finding import Verdict
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


def policy(**statement: Any) -> str:
    document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
    return f'resource "aws_iam_policy" "x" {{\n  policy = jsonencode({document.replace("${", "$${")})\n}}\n'


@pytest.mark.parametrize(
    ("action", "resource", "verdict"),
    [
        ("s3:GetObject", "*", FAIL),
        ("s3:GetObject", "arn:aws:s3:::*", FAIL),
        ("s3:GetObject*", ["arn:aws:s3:::a/*", "*"], FAIL),
        (["ecr:GetAuthorizationToken", "secretsmanager:GetSecretValue"], "*", FAIL),
        ("kms:Decrypt", "*", FAIL),
        ("s3:GetObject", "arn:aws:s3:::files/*", PASS),
        ("s3:ListAllMyBuckets", "*", PASS),
        ("ecr:GetAuthorizationToken", "*", PASS),
        ("cloudwatch:PutMetricData", "*", PASS),
    ],
)
def test_data_of_everything(tmp_path: Path, action: Any, resource: Any, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": policy(Action=action, Resource=resource)})
    assert call(inventory, "iam_data_limited", "aws_iam_policy.x", policy="policy").verdict is verdict


def test_what_is_denied_is_not_allowed(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"main.tf": policy(Effect="Deny", Action="s3:GetObject", Resource="*")})
    assert call(inventory, "iam_data_limited", "aws_iam_policy.x", policy="policy").verdict is PASS


def test_a_document_that_is_not_known_is_undecided(tmp_path: Path) -> None:
    text = 'variable "p" {}\nresource "aws_iam_policy" "x" {\n  policy = var.p\n}\n'
    inventory = read(tmp_path, {"main.tf": text})
    for function in ("iam_data_limited", "iam_named_principals"):
        assert call(inventory, function, "aws_iam_policy.x", policy="policy").verdict is UNKNOWN


@pytest.mark.parametrize(
    ("principal", "condition", "verdict"),
    [
        ("*", None, FAIL),
        ({"AWS": "*"}, None, FAIL),
        ({"AWS": ["arn:aws:iam::123456789012:role/app", "*"]}, None, FAIL),
        ({"AWS": "*"}, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, PASS),
        ({"AWS": "arn:aws:iam::123456789012:role/app"}, None, PASS),
        ({"Service": "es.amazonaws.com"}, None, PASS),
    ],
)
def test_whom_a_document_lets_in(tmp_path: Path, principal: Any, condition: Any, verdict: Verdict) -> None:
    given = {"Condition": condition} if condition else {}
    text = policy(Action="es:*", Resource="*", Principal=principal, **given)
    inventory = read(tmp_path, {"main.tf": text})
    assert call(inventory, "iam_named_principals", "aws_iam_policy.x", policy="policy").verdict is verdict
