"""A component that fits several resources: the rest is decided, it is unknown, and how to bind it is said."""

import json

import cli_project
import pytest
from audited import FakeSource, database, live

from scanner.cli.main import run
from scanner.model.resource import Origin
from scanner.sources import live as live_sources
from scanner.sources.live import Opened

TWO = cli_project.MAIN + cli_project.MAIN[cli_project.MAIN.index("resource") :].replace('"db" {', '"other" {')
CACHE = 'resource "aws_elasticache_cluster" "cache" {\n  cluster_id = "shop-cache"\n  node_type = "%s"\n}\n'


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project, and an account, with two databases of one name; the cache has nodes of the given type."""
    cli_project.write(tmp_path, with_cache=True)
    monkeypatch.chdir(tmp_path)
    source = FakeSource([database(), database(note="a copy"), None])
    source.items[1].address = "aws_db_instance/copy"
    monkeypatch.setitem(live_sources._OPEN, Origin.AWS, lambda _, types: Opened(source, types))

    def made(node):
        (tmp_path / "infra/main.tf").write_text(TWO + CACHE % node, encoding="utf-8")
        source.items[2] = live("aws_elasticache_cluster", "c", {"cluster_id": "shop-cache", "node_type": node})

    return made


@pytest.mark.parametrize("command", [["scan", "infra"], ["audit", "aws"]], ids=["scan", "audit"])
@pytest.mark.parametrize(("node", "verdict", "expected"), [("cache.t4g.small", "pass", 3), ("cache.r7g", "fail", 1)])
def test_everything_else_is_decided(project, capfd, command, node, verdict, expected):
    project(node)
    assert run([*command, "--baseline", "shop.yaml", "--format", "json"]) == expected
    report = json.loads(capfd.readouterr().out)
    found = {item["requirement"]: item["verdict"] for item in report["findings"]}
    databases = dict.fromkeys(["SHOP-DB-001", "SHOP-DB-002", "SHOP-DB-003"], "unknown")
    assert found == databases | {"SHOP-CACHE-001": verdict}
    (said,) = report["notifications"]
    assert (said["level"], said["path"], report["run"]["complete"]) == ("error", "shop.yaml", False)
    first = "aws_db_instance.db" if command[0] == "scan" else "aws_db_instance/copy"
    assert f"bind: {{db: {first}}}" in said["what"]
    assert "fits 2 resources" in report["findings"][0]["message"]["en"]
    assert "aws_db_instance" in report["findings"][0]["message"]["ko"]


@pytest.mark.parametrize("command", [["scan", "infra"], ["audit", "aws"]], ids=["scan", "audit"])
def test_bound_it_is_decided_too(project, capfd, command, tmp_path):
    project("cache.t4g.small")
    bind = "bind: {db: [aws_db_instance.db, aws_db_instance/shop-db]}\n"
    (tmp_path / "asbuilt.yaml").write_text(bind, encoding="utf-8")
    assert run([*command, "--baseline", "shop.yaml", "--format", "json"]) in (0, 1)
    report = json.loads(capfd.readouterr().out)
    assert report["notifications"] == []
    assert {item["requirement"]: item["verdict"] for item in report["findings"]}["SHOP-DB-003"] == "pass"
