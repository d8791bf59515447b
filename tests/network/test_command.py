"""`asbuilt network` on a small project."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from scanner.cli.main import run
from tests.network.test_flow_findings import FROM_WEB, GROUPS, HEAD, requirement, rule, to_app

CODE = (
    GROUPS
    + rule("web", to_app("80", FROM_WEB))
    + rule("office", to_app("22", 'cidr_ipv4 = "203.0.113.0/28"'))
    + rule("world", to_app("443", 'cidr_ipv4 = "0.0.0.0/0"').replace("group.app", "group.web"))
    + """
resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id            = aws_security_group.web.id
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
}
resource "aws_instance" "both" {
  vpc_security_group_ids = [aws_security_group.web.id, aws_security_group.app.id]
}
"""
)
WANTED = requirement("{ingress: [{port: 80, peer: sg-web}, {port: 5432, peer: sg-db}], egress: []}")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.tf").write_text(CODE, "utf-8")
    (tmp_path / "shop.yaml").write_text(HEAD + WANTED, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C")
    return tmp_path


def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["network", *arguments]) == code
    captured = capsys.readouterr()
    return captured.out or captured.err


def test_flows_ways_and_remarks(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--baseline", "shop.yaml")
    for line in (
        "Network flows against shop",
        "in   tcp 80 from sg-web  as documented",
        "in   tcp 5432 from sg-db  missing  main.tf:5:1",
        "in   tcp 22 from 203.0.113.0/28  unexpected",
        "out  nothing  as documented",
        "in   tcp 443 from 0.0.0.0/0  not documented",
        "the document names sg-db, the code has none",
        "Ways from the internet",
        "0.0.0.0/0 → sg-web (tcp 443) → sg-app (tcp 80)",
        "203.0.113.0/28 → sg-app (tcp 22)",
    ):
        assert line in text


def test_in_korean(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--baseline", "shop.yaml", "--lang", "ko")
    assert "인바운드 tcp 80 from sg-web  문서와 일치" in text
    assert "인터넷에서 들어오는 경로" in text


def test_without_a_baseline(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys)
    assert "aws_security_group.app" in text
    assert "as documented" not in text


def test_ways_from_and_to(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--baseline", "shop.yaml", "--from", "sg-web", "--to", "sg-app")
    assert "Ways from sg-web" in text
    assert "sg-web → sg-app (tcp 80)" in text
    nobody = output(capsys, "--baseline", "shop.yaml", "--from", "198.51.100.0/24", "--to", "sg-app")
    assert "198.51.100.0/24" in nobody


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(output(capsys, "--baseline", "shop.yaml", "--format", "json"))
    assert data["baseline"] == "shop"
    assert data["absent_components"] == ["sg-db"]
    app = next(group for group in data["groups"] if group["component"] == "sg-app")
    assert [(flow["direction"], flow["state"]) for flow in app["flows"]] == [
        ("ingress", "same"), ("ingress", "missing"), ("ingress", "unexpected"), ("egress", "same"),
    ]  # fmt: skip
    assert app["flows"][2]["location"]["path"] == "main.tf"
    paths = {item["group"]: item["paths"] for item in data["reachability"]["to"]}
    assert [step["to"] for step in paths["sg-app"][-1]] == ["sg-web", "sg-app"]


def test_pictures(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "--baseline", "shop.yaml", "--format", "dot").startswith("digraph network {")
    assert output(capsys, "--baseline", "shop.yaml", "--format", "svg", "--output", "net.svg") == ""
    root = ET.fromstring((project / "net.svg").read_text("utf-8"))
    assert root.tag.endswith("svg")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--to", "sg-ap"], "did you mean sg-app"),
        (["--from", "nobody at all"], "--from nobody at all"),
        (["--baseline", "shop.yml"], "shop"),
        (["--input", "nothing=1"], "nothing"),
        (["missing-directory"], "missing-directory"),
    ],
)
def test_mistakes(project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], hint: str) -> None:
    given = arguments if "--baseline" in arguments else ["--baseline", "shop.yaml", *arguments]
    assert hint in output(capsys, *given, code=2)


def test_what_could_not_be_read_makes_it_incomplete(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "main.tf").write_text(CODE + 'module "rules" {\n  source = "./rules"\n}\n', "utf-8")
    assert "Not read" in output(capsys, "--baseline", "shop.yaml", code=3)
