"""Resources of type `file`."""

from __future__ import annotations

from scanner.model.value import plain
from scanner.sources.collect import collect_code
from scanner.sources.text_files import MAX_SIZE, read_files


def values(resource):
    return dict(resource.attributes.raw)


def test_every_file_is_a_resource_with_its_path_and_content(tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "rollback.sh").write_text("#!/bin/sh\n", "utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x", "utf-8")
    (found,) = read_files([tmp_path], tmp_path)
    assert (found.type, found.address) == ("file", "scripts/rollback.sh")
    assert values(found)["name"].raw == "rollback.sh"
    assert values(found)["content"].raw == "#!/bin/sh\n"
    assert plain(values(found)["content"]) == "(sensitive)"


def test_large_files_and_bytes_are_unknown(tmp_path):
    (tmp_path / "a").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "b").write_bytes(b"x" * (MAX_SIZE + 1))
    assert all(values(found)["content"].is_unknown for found in read_files([tmp_path], tmp_path))


def test_links_that_lead_outside_are_not_read(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_text("x", "utf-8")
    (inside / "link").symlink_to(tmp_path / "secret")
    (found,) = read_files([inside], inside)
    assert values(found)["content"].is_unknown


def test_files_are_there_only_where_they_are_asked_for(tmp_path):
    (tmp_path / "main.tf").write_text('resource "null_resource" "a" {}\n', "utf-8")
    assert {item.type for item in collect_code([tmp_path], tmp_path).resources} == {"null_resource"}
    assert "file" in {item.type for item in collect_code([tmp_path], tmp_path, files=True).resources}


def test_whether_the_owner_may_run_it(tmp_path):
    for name, mode in (("run.sh", 0o755), ("read.sh", 0o644)):
        (tmp_path / name).write_text("#!/bin/sh\n", "utf-8")
        (tmp_path / name).chmod(mode)
    found = {item.address: values(item)["executable"].raw for item in read_files([tmp_path], tmp_path)}
    assert found == {"run.sh": True, "read.sh": False}
