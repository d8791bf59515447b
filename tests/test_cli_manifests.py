"""`asbuilt scan` on manifests: files by name, standard input, code and manifests together."""

import io
import json
import sys

import pytest

from scanner.__main__ import main

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: {replicas}
"""
BASELINE = """\
baseline: shop
document: {title: Shop, original_title: Shop, version: "1.0", date: 2026-01-02}
scope: {cloud: aws, regions: [ap-northeast-2], environment: production}
components:
  web:
    type: apps/v1/Deployment
    match: [{metadata.name: web}]
    title: {en: Web, ko: 웹}
requirements:
  - id: SHOP-WEB-001
    section: "1"
    title: {en: Three copies, ko: 복제본 세 개}
    severity: high
    category: availability
    component: web
    assert: [{path: spec.replicas, op: gte, value: 3}]
"""


@pytest.fixture
def scan(tmp_path, monkeypatch, capsys):
    """Runs a scan in an empty project; `given` is what standard input holds, None for a terminal."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(BASELINE)

    def run(*arguments, given=None):
        class Input(io.TextIOWrapper):
            def isatty(self):
                return given is None

        monkeypatch.setattr(sys, "stdin", Input(io.BytesIO((given or "").encode())))
        with pytest.raises(SystemExit) as ended:
            sys.exit(main(["scan", *arguments, "--baseline", "shop.yaml", "--format", "json"]))
        out, err = capsys.readouterr()
        return ended.value.code, json.loads(out) if out else {}, err

    return run


def places(report):
    return [
        f"{item['verdict']} {item['location']['path']}:{item['location']['line']}"
        for item in report["findings"]
        if item["location"]
    ]


def test_a_single_file(scan, tmp_path):
    (tmp_path / "web.yaml").write_text(DEPLOYMENT.format(name="web", replicas=2))
    (tmp_path / "other.yaml").write_text(DEPLOYMENT.format(name="web", replicas=1))
    code, report, _ = scan("web.yaml")
    assert (code, places(report)) == (1, ["fail web.yaml:6"])


def test_what_is_missing_is_placed_at_its_parent(scan, tmp_path):
    (tmp_path / "web.yaml").write_text(DEPLOYMENT.format(name="web", replicas=2).replace("replicas", "paused"))
    code, report, _ = scan("web.yaml")
    assert code == 1
    assert places(report) == ["fail web.yaml:5"]


def test_standard_input(scan):
    text = DEPLOYMENT.format(name="api", replicas=1) + "---\n" + DEPLOYMENT.format(name="web", replicas=2)
    code, report, _ = scan("-", given=text)
    assert (code, places(report), report["run"]["inputs"]) == (1, ["fail <stdin>:13"], ["-"])
    code, report, _ = scan("-", given=text.replace("replicas: 2", "replicas: 3"))
    assert (code, places(report)) == (0, ["pass <stdin>:13"])


def test_standard_input_beside_a_directory(scan, tmp_path):
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "api.yaml").write_text(DEPLOYMENT.format(name="api", replicas=1))
    code, report, _ = scan("k8s", "-", given=DEPLOYMENT.format(name="web", replicas=3))
    assert (code, places(report), report["run"]["inputs"]) == (0, ["pass <stdin>:6"], ["k8s", "-"])


def test_broken_standard_input_is_incomplete(scan):
    code, report, _ = scan("-", given="apiVersion: apps/v1\nkind: Deployment\nmetadata: [\n")
    assert code == 3
    assert report["findings"][0]["verdict"] == "unknown"


def test_a_template_is_incomplete_and_says_what_to_do(scan, tmp_path):
    (tmp_path / "web.yaml").write_text(DEPLOYMENT.format(name="{{ .Values.name }}", replicas=3))
    code, report, _ = scan("web.yaml")
    assert code == 3
    assert "helm template" in report["notifications"][0]["what"]
    assert report["findings"][0]["verdict"] == "unknown"


def test_nothing_on_standard_input(scan):
    assert scan("-", given="")[0] == 2
    code, _, err = scan("-")
    assert code == 2
    assert "nothing is piped" in err


def test_manifests_of_another_environment_do_not_count(scan, tmp_path):
    for environment, replicas in (("production", 3), ("staging", 1)):
        directory = tmp_path / "k8s" / environment
        directory.mkdir(parents=True)
        (directory / "web.yaml").write_text(DEPLOYMENT.format(name="web", replicas=replicas))
    code, report, _ = scan("k8s")
    assert (code, places(report)) == (0, ["pass k8s/production/web.yaml:6"])
