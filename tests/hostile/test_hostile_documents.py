"""YAML and JSON that are made to exhaust memory or time, to run something, or to be misread."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from reading import hang_guard

from scanner.model.inventory import Inventory, Level
from scanner.sources.manifests import ManifestSource

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
MEMORY = 1_200_000_000
"""Bytes of address space that reading one hostile file may take, the interpreter and its libraries included."""


def read(directory: Path, **files: str | bytes) -> Inventory:
    """The manifests in files by name (`a` for a.yaml, `a_json` for a.json)."""
    for name, content in files.items():
        path = directory / (name.removesuffix("_json") + (".json" if name.endswith("_json") else ".yaml"))
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with hang_guard():
        return ManifestSource([directory], directory).collect()


def said(inventory: Inventory) -> list[str]:
    assert all(item.level is Level.ERROR and item.hides == ("*/*",) for item in inventory.notifications)
    return [f"{item.location}: {item.what}" for item in inventory.notifications]


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, levels)]
    return OBJECT + "\n".join(lines) + "\n"


def merge_bomb(levels: int) -> str:
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{at}: &a{at} {{b: *a{at - 1}, c: *a{at - 1}, <<: *a{at - 1}}}" for at in range(1, levels)]
    return OBJECT + "\n".join(lines) + "\n"


BROKEN = [
    (bomb(12), "a.yaml:10:5: there are too many values where the aliases are expanded"),
    (merge_bomb(60), "a.yaml:17:6: there are too many values where the aliases are expanded"),
    (OBJECT + "data: &d\n  x: *d\n", "a.yaml:5:6: the anchor &d contains itself"),
    (OBJECT + "data: *nowhere\n", "a.yaml:4:7: there is no anchor &nowhere for the alias *nowhere"),
    (OBJECT + "data: " + "[" * 5000, "a.yaml:4:107: nested too deeply"),
    (OBJECT + "data: " + "{a: " * 5000, "a.yaml:4:404: nested too deeply"),
    (OBJECT + "\n".join(" " * at + "a:" for at in range(200)) + "\n", "a.yaml:104:101: nested too deeply"),
    (OBJECT + "data:\n\tkey: 1\n", "a.yaml:5:1: not valid YAML: a tab is used for indentation"),
    (OBJECT + "kind: Secret\n", "a.yaml:4:1: the key 'kind' is given twice"),
    (OBJECT + "data: {a: 1, a: 2}\n", "a.yaml:4:14: the key 'a' is given twice"),
    (OBJECT + "? [a]\n: 1\n", "a.yaml:4:3: a key must be plain text"),
    (OBJECT + "x: !!python/object/apply:os.system [id]\n",
     "a.yaml:4:4: the tag !!python/object/apply:os.system is not read: it names an object to construct"),
    (OBJECT + "x: !ruby/object:Gem::Installer {}\n",
     "a.yaml:4:4: the tag !ruby/object:Gem::Installer is not read: it names an object to construct"),
    (OBJECT + "x: !!javax.script.ScriptEngineManager []\n",
     "a.yaml:4:4: the tag !!javax.script.ScriptEngineManager is not read: it names an object to construct"),
    (OBJECT + "x: a\0b\n", "a.yaml:4:5: not valid YAML: the character U+0000 is not allowed"),
    (OBJECT + "x: \x1b[31m\n", "a.yaml:4:4: not valid YAML: the character U+001B is not allowed"),
    (OBJECT.encode() + b"x: \xff\xfe\n", "a.yaml:4:4: the file is not valid UTF-8"),
    (OBJECT + "<<: 5\n", "a.yaml:4:5: a merge key (<<) needs a mapping or a list of mappings"),
    (OBJECT + "x: 'open\n", "a.yaml:5:1: not valid YAML: found unexpected end of stream"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "message"), BROKEN, ids=[case[1][8:60] for case in BROKEN])
def test_a_broken_document_is_said_at_its_place(content: str | bytes, message: str, tmp_path: Path) -> None:
    inventory = read(tmp_path, a=content)
    assert said(inventory) == [message]
    assert inventory.resources == []


@pytest.mark.parametrize(("content", "message"), BROKEN[:16], ids=[case[1][8:60] for case in BROKEN[:16]])
def test_other_documents_of_the_file_are_still_read(content: str, message: str, tmp_path: Path) -> None:
    if "U+" in message:
        pytest.skip("what is no text at all is not taken apart")
    before = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: before}\n---\n"
    after = "\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: after}\n"
    inventory = read(tmp_path, a=before + content + after)
    assert [item.address.rpartition("/")[2] for item in inventory.resources] == ["before", "after"]
    assert len(said(inventory)) == 1


def test_no_code_runs(tmp_path: Path) -> None:
    flag = tmp_path / "ran"
    tags = [f"!!python/object/apply:os.system ['touch {flag}']", f"!!python/object/new:os.system ['touch {flag}']"]
    for at, tag in enumerate(tags):
        read(tmp_path, **{f"a{at}": f"{OBJECT}x: {tag}\n"})
    assert not flag.exists()


def test_line_ends_and_byte_order_marks(tmp_path: Path) -> None:
    inventory = read(tmp_path, a=b"\xef\xbb\xbf" + OBJECT.replace("\n", "\r\n").encode(), b=OBJECT.replace("\n", "\r"))
    assert [str(item.location) for item in inventory.resources] == ["a.yaml:1:1", "b.yaml:1:1"]
    assert not inventory.notifications


def test_very_many_broken_documents_end(tmp_path: Path) -> None:
    inventory = read(tmp_path, a="apiVersion: v1\nkind: X\nmetadata: [\n---\n" * 20_000)
    assert len(inventory.notifications) == 101
    assert "too many broken documents; the rest was not read" in inventory.notifications[-1].what


PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from pathlib import Path
from scanner.sources.manifests import ManifestSource
directory = Path(sys.argv[1])
inventory = ManifestSource([directory], directory).collect()
print(len(inventory.resources), *(item.what for item in inventory.notifications), sep="|")
"""


def read_with_little_memory(directory: Path) -> str:
    program = PROGRAM.format(memory=MEMORY)
    done = subprocess.run(
        [sys.executable, "-c", program, str(directory)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (lambda: OBJECT + "data:\n  x: " + "y" * 100_000_000, "0|the file is larger than 20000000 bytes"),
        (lambda: OBJECT + "data:\n  x: " + "y" * 19_000_000, "1"),
        (
            lambda: OBJECT + "data:\n" + "".join(f"  k{at}: v\n" for at in range(1_100_000)),
            "0|there are too many values",
        ),
        (lambda: OBJECT + "data: [" + "0," * 9_900_000 + "]", "0|there are too many values"),
        (lambda: OBJECT + "data: " + "[" * 19_000_000, "0|nested too deeply"),
        (lambda: OBJECT + "# " + "c" * 19_000_000 + "\n", "1"),
        (lambda: OBJECT + "data:\n" + "  \n" * 6_000_000, "1"),
        (lambda: "x" * 100_000_000, "0"),
    ],
    ids=["100 MB", "a huge scalar", "many keys", "many elements", "deep", "a huge comment", "empty lines", "nobody's"],
)
def test_memory_is_bounded(content, expected, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.yaml").write_text(content(), "utf-8")
    assert read_with_little_memory(tmp_path) == expected


@pytest.mark.slow
def test_a_json_file_of_many_values_is_bounded(tmp_path: Path) -> None:
    values = "0," * 9_900_000
    (tmp_path / "a.json").write_text(
        f'{{"apiVersion": "v1", "kind": "X", "metadata": {{"name": "a"}}, "x": [{values}0]}}'
    )
    assert read_with_little_memory(tmp_path) == "0|not valid JSON: there are too many values"


def test_json_is_bounded_too(tmp_path: Path) -> None:
    head = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "x": '
    cases = {
        head + "[" * 5000: "a.json:1:175: not valid JSON: nested too deeply",
        head + '1, "kind": 2}': "a.json:1:78: not valid JSON: the key 'kind' is given twice",
        head + "1e99999}": "a.json:1:75: not valid JSON: the number is too large",
        head + "'a'}": "a.json:1:75: not valid JSON: a value is missing",
    }
    for content, message in cases.items():
        assert said(read(tmp_path, a_json=content)) == [message]


def test_links_and_odd_files(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    for directory in (outside, inside / "below"):
        directory.mkdir(parents=True)
        (directory / "a.yaml").write_text(OBJECT)
    (inside / "out.yaml").symlink_to(outside / "a.yaml")
    (inside / "out").symlink_to(outside)
    (inside / "below" / "up").symlink_to(inside)
    (inside / "below" / "same.yaml").symlink_to(inside / "below" / "a.yaml")
    (inside / "self.yaml").symlink_to(inside / "self.yaml")
    (inside / "dir.yaml").mkdir()
    with hang_guard():
        inventory = ManifestSource([inside], inside).collect()
    assert [str(item.location) for item in inventory.resources] == ["below/a.yaml:1:1"]
    assert sorted(f"{item.location}: {item.what}" for item in inventory.notifications) == [
        "out.yaml:1:1: the file is a link that leads outside of the scanned directory",
        "out:1:1: the directory is a link that leads outside of the scanned directory",
        "self.yaml:1:1: the file cannot be read: Too many levels of symbolic links",
    ]
    assert all("*/*" in item.hides and "aws_vpc" not in item.hides for item in inventory.notifications)
