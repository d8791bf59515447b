"""Rendering charts and kustomizations: what is run, what is refused, and where the result has its places."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from scanner.errors import SourceError, UsageError
from scanner.model.inventory import Inventory
from scanner.scan import Request, collect
from scanner.sources.kubernetes import render as rendering
from scanner.sources.kubernetes.render import render
from tests.sources.kubernetes.manifests import at

WEB = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n"
ADDRESS = "apps/v1/Deployment/default/web"
OVERLAY = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": WEB,
    "prod/kustomization.yaml": "resources: [../base]\npatches:\n  - path: patch.yaml\nnamePrefix: ''\n",
    "prod/patch.yaml": WEB.replace("3", "1"),
}
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: web\n",
    "chart/templates/web.yaml": f"{WEB}  paused: {{{{ .Values.paused }}}}\n",
    "chart/values.yaml": "paused: false\n",
    "extra.yaml": "paused: true\n",
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only directory in which programs are found."""
    directory = tmp_path / "bin"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    return directory


def program(directory: Path, name: str, text: str) -> None:
    """An executable that runs Python."""
    file = directory / name
    file.write_text(f"#!{sys.executable}\n{dedent(text)}", "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def project(directory: Path, files: dict[str, str]) -> Path:
    """A directory with some files."""
    root = directory / "project"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def scan(root: Path, *, helm: tuple[str, ...] = (), kustomize: tuple[str, ...] = ()) -> Inventory:
    """What is read of a project."""
    return collect(Request([root], helm=helm, kustomize=kustomize), root.resolve())


def test_a_built_kustomization_replaces_its_files(tmp_path: Path, programs: Path) -> None:
    root = project(tmp_path, OVERLAY)
    program(programs, "kustomize", f"import sys\nassert sys.argv[1] == 'build'\nprint({WEB.replace('3', '1')!r})")
    inventory = scan(root, kustomize=(str(root / "prod"),))
    assert not inventory.notifications
    (resource,) = inventory.resources
    assert (resource.address, resource.root, resource.undecided) == (ADDRESS, "prod", None)
    (replicas,) = resource.lookup("spec.replicas")
    assert (replicas.value.raw, str(replicas.value.location)) == (1, "prod/patch.yaml:6:3")
    (name,) = resource.lookup("metadata.name")
    assert str(resource.location) == "base/web.yaml:1:1"
    assert str(name.value.location) == "prod/patch.yaml:4:3"


def test_kubectl_serves_where_there_is_no_kustomize(tmp_path: Path, programs: Path) -> None:
    root = project(tmp_path, OVERLAY)
    program(programs, "kubectl", f"import sys\nassert sys.argv[1] == 'kustomize'\nprint({WEB.replace('3', '2')!r})")
    (resource,) = scan(root, kustomize=(str(root / "prod"),)).resources
    (replicas,) = resource.lookup("spec.replicas")
    assert (replicas.value.raw, str(replicas.value.location)) == (2, "prod/kustomization.yaml:1:1")


@pytest.mark.skipif(not shutil.which("kustomize") and not shutil.which("kubectl"), reason="needs kustomize or kubectl")
def test_the_real_program_builds_the_overlay(tmp_path: Path) -> None:
    root = project(tmp_path, OVERLAY)
    inventory = scan(root, kustomize=(str(root / "prod"),))
    (replicas,) = at(inventory, ADDRESS, "prod").lookup("spec.replicas")
    assert (replicas.value.raw, str(replicas.value.location)) == (1, "prod/patch.yaml:6:3")
    assert not inventory.notifications


HELM = """
import sys
assert sys.argv[1] == "template", sys.argv
text = open(sys.argv[3] + "/templates/web.yaml").read()
paused = "true" if any(name.endswith("extra.yaml") for name in sys.argv) else "false"
print("---\\n# Source: web/templates/web.yaml")
print(text.replace("{{ .Values.paused }}", paused))
"""


@pytest.mark.parametrize(("values", "paused"), [((), False), (("extra.yaml",), True)])
def test_a_rendered_chart_replaces_its_templates(
    tmp_path: Path, programs: Path, values: tuple[str, ...], *, paused: bool
) -> None:
    root = project(tmp_path, CHART)
    program(programs, "helm", HELM)
    inventory = scan(root, helm=(":".join([str(root / "chart"), *(str(root / name) for name in values)]),))
    assert not inventory.notifications
    found = at(inventory, ADDRESS)
    assert [item.value.raw for item in found.lookup("spec.paused")] == [paused]
    assert str(found.location) == "chart/templates/web.yaml:1:1"


@pytest.mark.skipif(not shutil.which("helm"), reason="needs helm")
def test_the_real_helm_renders_the_chart(tmp_path: Path) -> None:
    root = project(tmp_path, {**CHART, "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"})
    found = at(scan(root, helm=(str(root / "chart"),)), ADDRESS)
    assert [item.value.raw for item in found.lookup("spec.paused")] == [False]


def test_without_being_asked_nothing_is_run(tmp_path: Path, programs: Path) -> None:
    ran = tmp_path / "ran"
    for name in ("helm", "kustomize", "kubectl"):
        program(programs, name, f"open({str(ran)!r}, 'w')")
    inventory = scan(project(tmp_path, {**OVERLAY, **CHART}))
    assert not ran.exists()
    assert {item.what.partition(":")[0] for item in inventory.notifications} >= {
        "the kustomization changes what it lists (patches)"
    }


@pytest.mark.parametrize(
    ("helm", "kustomize", "said"),
    [
        ("", "prod", "--kustomize needs kustomize or kubectl"),
        ("", "nowhere", "there is no kustomization.yaml"),
        ("chart", "", "--helm needs helm"),
        ("prod", "", "there is no Chart.yaml"),
        ("chart:none.yaml", "", "there is no none.yaml"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, programs: Path, helm: str, kustomize: str, said: str) -> None:
    assert not list(programs.iterdir())
    root = project(tmp_path, {**OVERLAY, **CHART})
    charts = [str(root / helm)] if helm else []
    with pytest.raises(UsageError, match=said):
        render(charts, [str(root / kustomize)] if kustomize else [], root)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import sys\nprint('no such base', file=sys.stderr)\nsys.exit(3)", "kustomize build .* failed: no such base"),
        ("import sys\nsys.exit(4)", "failed: exit code 4"),
        ("import time\ntime.sleep(30)", "took longer than 1 seconds"),
        ("import sys\nwhile True: sys.stdout.write('x' * 100000)", "wrote more than 1000000 bytes"),
        ("print('x' * 1000001)", "wrote more than 1000000 bytes"),
    ],
)
def test_a_program_that_fails_is_an_error(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr(rendering, "SECONDS", 1)
    monkeypatch.setattr(rendering, "MAX_OUTPUT", 1_000_000)
    program(programs, "kustomize", text)
    root = project(tmp_path, OVERLAY)
    with pytest.raises(SourceError, match=said):
        render([], [str(root / "prod")], root)


def test_a_file_that_is_no_program_cannot_be_run(tmp_path: Path, programs: Path) -> None:
    file = programs / "kustomize"
    file.write_bytes(b"\x00\x01")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    root = project(tmp_path, OVERLAY)
    with pytest.raises(SourceError, match="cannot be run"):
        render([], [str(root / "prod")], root)


def test_names_are_arguments_and_never_commands(tmp_path: Path, programs: Path) -> None:
    program(programs, "kustomize", f"import sys\nprint({WEB!r})")
    root = project(tmp_path, {"a; touch x/kustomization.yaml": "resources: []\n"})
    scan(root, kustomize=(str(root / "a; touch x"),))
    assert not (Path.cwd() / "x").exists()


def test_the_command_line_says_what_is_missing(tmp_path: Path, programs: Path) -> None:
    assert not list(programs.iterdir())
    root = project(tmp_path, CHART)
    found = subprocess.run(
        [sys.executable, "-m", "scanner", "scan", str(root), "--helm", str(root / "chart")],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert found.returncode == 2
    assert "--helm needs helm" in found.stderr
    assert "asbuilt scan -" in found.stderr
