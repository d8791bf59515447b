"""Snapshots: what is stored is read back with the same meaning, and damage is said."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from audited import DENIED, HEADER, MASK, data, everything, live, stored
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.errors import SourceError
from scanner.model.inventory import Inventory, Level
from scanner.model.observed import Observed
from scanner.model.resource import Origin, Resource
from scanner.model.rule import Text
from scanner.model.value import Unknown, Value
from scanner.model.words import both
from scanner.sources.snapshot import Header, Snapshot, write_snapshot
from scanner.sources.snapshot import files as snapshot_files

SUFFIXES = ["jsonl", "jsonl.gz", "jsonl.zst"]


def errors(inventory: Inventory) -> list[str]:
    return [item.what for item in inventory.notifications if item.level is Level.ERROR and item != DENIED]


def path_for(directory: Path, suffix: str) -> Path:
    if suffix.endswith("zst"):
        pytest.importorskip("zstandard")
    return directory / f"account.{suffix}"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_stored_is_read_back(tmp_path, suffix):
    path = stored(path_for(tmp_path, suffix), everything())
    snapshot = Snapshot(path)
    read = snapshot.collect()
    bucket, database, cache = read.resources
    given = [item for item in everything() if isinstance(item, Resource)]
    assert [data(bucket), data(database)] == [data(item) for item in given[:2]]
    assert read.notifications == [DENIED]
    assert snapshot.header() == HEADER
    node = cache.lookup("node_type")[0].value.raw
    assert isinstance(node, Unknown)
    assert both(node.detail) == Text("access denied", "접근 거부")
    assert database.lookup("note")[0].value.is_absent
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz"])
def test_the_same_content_gives_the_same_file(tmp_path, suffix):
    (tmp_path / "other").mkdir()
    one = stored(tmp_path / f"one.{suffix}", everything())
    other = stored(tmp_path / "other" / f"two.{suffix}", everything())
    assert one.read_bytes() == other.read_bytes()


def test_what_was_not_read_of_a_resource_is_unknown_after_storing_too(tmp_path):
    def bucket(name, *unread):
        rule = Observed({"id": Value("r")}, frozenset({"expiration"}))
        attributes = Observed({"bucket": Value(name), "rule": Value((Value(rule),))}, frozenset(unread))
        return Resource("aws_s3_bucket", f"aws_s3_bucket/{name}", Value(attributes), None, Origin.AWS)

    path = stored(tmp_path / "account.jsonl.gz", [bucket("a", "policy"), bucket("b", "policy", "acl"), bucket("c")])
    read = Snapshot(path).of_types(["aws_s3_*"]).resources
    for resource in read:
        for name in ("policy", "acl", "rule[0].expiration", "lifecycle"):
            assert resource.lookup(name)[0].value.is_unknown
        for name in ("tags", "rule[0].prefix"):
            assert resource.lookup(name)[0].value.is_absent
        assert set(resource.attributes.raw) == {"bucket", "rule"}
    assert Snapshot(path).collect().notifications == []
    with gzip.open(path) as file:
        assert sum(b'"unread"' in line for line in file) == 3


def test_secrets_are_not_stored(tmp_path):
    path = stored(tmp_path / "account.jsonl", everything())
    assert b"hunter2" not in path.read_bytes()
    cache = Snapshot(path).of_types(["aws_elasticache_cluster"]).resources[0]
    assert cache.lookup("auth_token")[0].value.raw == MASK
    assert cache.lookup("auth_token")[0].value.sensitive
    assert cache.lookup("log.url")[0].value.sensitive
    text = stored(tmp_path / "text.jsonl", [live("aws_x", "x", {"masked": MASK})])
    masked = Snapshot(text).collect().resources[0].lookup("masked")[0].value
    assert (masked.raw, masked.sensitive) == (MASK, False)


@pytest.mark.parametrize(
    ("types", "kept"),
    [
        (["aws_s3_bucket"], ["aws_s3_bucket"]),
        (["aws_db_*", "aws_s3"], ["aws_db_instance"]),
        ([], []),
    ],
)
def test_only_types_that_are_asked_for_are_kept_and_every_notification(tmp_path, types, kept):
    read = Snapshot(stored(tmp_path / "account.jsonl", everything())).of_types(types)
    assert [item.type for item in read.resources] == kept
    assert read.notifications == [DENIED]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_torn_file_is_an_error_wherever_it_is_cut(tmp_path, suffix):
    path = stored(path_for(tmp_path, suffix), everything())
    whole = path.read_bytes()
    for cut in range(0, len(whole) - 1, max(1, len(whole) // 60)):
        path.write_bytes(whole[:cut])
        read = Snapshot(path).collect()
        assert errors(read), cut
        assert read.may_hide("aws_db_instance") is not None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no json", "line 2 cannot be used: it is not JSON"),
        ("[]", "it is no object"),
        ('{"type": "aws_x", "address": "a", "origin": "aws"}', "its attributes are missing"),
        ('{"type": "aws_x", "address": "a", "origin": "moon", "attributes": {}}', "'moon' is not a valid Origin"),
        ('{"type": "aws_x", "address": 1, "origin": "aws", "attributes": {}}', "type, address or origin is missing"),
        ('{"type": "aws_x", "address": "a", "origin": "aws", "root": 1, "attributes": {}}', "root or identity"),
        ('{"type": "aws_x", "address": "a", "origin": "aws", "identity": {"id": 1}, "attributes": {}}', "root or"),
        ('{"type": "aws_x", "address": "a", "origin": "aws", "attributes": {"a": NaN}}', "NaN is no number"),
        ('{"type": "aws_x", "attributes": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"type": "aws_x", "attributes": ' + "[" * 300 + "]" * 300 + "}", "nested too deeply"),
        ('{"notification": {"level": "loud", "what": "x", "hides": []}}', "'loud' is not a valid Level"),
        ('{"unread": {"type": "aws_x", "path": "", "names": [1]}}', "what was not read is malformed"),
        ('{"unread": {"type": 1, "path": "", "names": []}}', "what was not read is malformed"),
        ('{"notification": 1}', "its notification is malformed"),
        ('{"notification": {"level": "error", "what": "x", "hides": [1]}}', "its notification is malformed"),
    ],
)
def test_a_malformed_line_is_said_and_the_rest_is_read(tmp_path, line, said):
    path = tmp_path / "account.jsonl"
    bucket = stored(path, [live("aws_s3_bucket", "b", {})]).read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([bucket[0], line, bucket[1], '{"end": 2}']) + "\n", encoding="utf-8")
    read = Snapshot(path).collect()
    assert [item.type for item in read.resources] == ["aws_s3_bucket"]
    assert len(errors(read)) == 1
    assert said in errors(read)[0]


def test_many_malformed_lines_are_not_all_listed(tmp_path):
    path = tmp_path / "account.jsonl"
    head = json.dumps(HEADER.as_data())
    path.write_text("\n".join([head, *["{"] * 500, '{"end": 500}']), encoding="utf-8")
    assert len(errors(Snapshot(path).collect())) == 20


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{}\n", "does not begin with the header"),
        ('{"asbuilt_snapshot": 2}\n', "it has version 2"),
        ('{"asbuilt_snapshot": 1, "taken": 5, "source": "aws"}\n', "its header is malformed"),
        ("\x00\x01", "not JSON"),
    ],
)
def test_what_is_no_snapshot_is_said(tmp_path, text, said):
    path = tmp_path / "account.jsonl"
    path.write_text(text, encoding="utf-8")
    assert said in errors(Snapshot(path).collect())[0]
    assert Snapshot(path).header() is None


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ('{"end": 7}', "its end speaks of 7 lines, there are 0"),
        ('{"end": ', "its end speaks of None lines"),
        ('{"end": 0}\n{}', "something behind its end"),
    ],
)
def test_an_end_that_does_not_fit_is_an_error(tmp_path, end, said):
    path = tmp_path / "account.jsonl"
    path.write_text(f"{json.dumps(HEADER.as_data())}\n{end}\n", encoding="utf-8")
    assert said in errors(Snapshot(path).collect())[0]


def test_lines_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot_files, "MAX_LINE", 2000)
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb") as file:
        file.write(json.dumps(HEADER.as_data()).encode() + b"\n" + b" " * 50_000_000)
    assert "a line is longer" in errors(Snapshot(path).collect())[0]


@given(st.binary(max_size=300), st.integers(0, 400))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere_is_never_a_crash(tmp_path, junk, at):
    for suffix in ("jsonl", "jsonl.gz"):
        path = stored(tmp_path / f"account.{suffix}", everything())
        whole = path.read_bytes()
        path.write_bytes(whole[:at] + junk + whole[at + len(junk) :])
        read = Snapshot(path).collect()
        for resource in read.resources:
            data(resource)


def test_a_file_that_is_not_there_is_a_message(tmp_path):
    with pytest.raises(SourceError, match="cannot read"):
        Snapshot(tmp_path / "none.jsonl").collect()
    with pytest.raises(SourceError, match="cannot write"):
        write_snapshot(tmp_path / "none" / "x.jsonl", HEADER, [])


def test_zstandard_is_asked_for_where_it_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(SourceError, match="asbuilt\\[zstd\\]"):
        write_snapshot(tmp_path / "x.jsonl.zst", HEADER, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz"])
def test_a_source_that_fails_half_way_leaves_the_old_file(tmp_path, suffix):
    path = stored(tmp_path / f"account.{suffix}", everything())
    before = path.read_bytes()

    def failing():
        yield from everything()
        raise SourceError("the credentials have expired")

    with pytest.raises(SourceError, match="expired"):
        write_snapshot(path, HEADER, failing())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from audited import HEADER, live
from pathlib import Path
from scanner.sources.snapshot import write_snapshot
print("go", flush=True)
number = 0
while True:
    number += 1
    write_snapshot(Path(sys.argv[2]), HEADER, (live("aws_s3_bucket", f"b{i}", {"n": number}) for i in range(300)))
"""


def test_a_kill_at_any_moment_leaves_a_whole_snapshot_or_none(tmp_path):
    path = tmp_path / "account.jsonl.gz"
    chance = random.Random(6)
    for _ in range(6):
        arguments = [sys.executable, "-c", WRITER, str(Path(__file__).parent), str(path)]
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if path.exists():
            read = Snapshot(path).collect()
            assert read.notifications == []
            assert len(read.resources) == 300
            assert len({str(item.lookup("n")[0].value.raw) for item in read.resources}) == 1


def test_a_header_says_what_was_asked_for():
    header = Header("2026-11-20T18:00:00Z", "azure", {"tenant": "t"}, (), frozenset({"azurerm_key_vault"}))
    assert Header.from_data(json.loads(json.dumps(header.as_data()))) == header
