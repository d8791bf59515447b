"""Files that are no proper text: truncated, binary, wrongly encoded, enormous, nested without end."""

import os
from pathlib import Path

import pytest
from reading import read, write

GOOD = 'resource "aws_s3_bucket" "good" {\n  bucket = "kept"\n}\n'
BUCKET = "aws_s3_bucket.good"
DEEP = 10_000


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"# only a comment", b"\xef\xbb\xbf# one"])
def test_files_without_content_lose_nothing(tmp_path: Path, content: bytes) -> None:
    reading = read(write(tmp_path, main=content, other=GOOD))
    assert reading.addresses == [BUCKET]
    assert reading.errors == []


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x02\x01\x01\x00\x00\x00",
        bytes(range(256)) * 40,
        GOOD.encode("utf-16"),
        b"\xff" * 1000,
        b"PK\x03\x04 not text",
        b'resource "aws_s3_bucket" "x" {',
        b'resource "aws_s3_bucket" "x" { bucket = "a',
        b'resource "aws_s3_bucket" "x" { bucket = <<EOT\nnever closed',
        b'resource "aws_s3_bucket" "x" { bucket = "${var.',
        b"}",
        b"= = =",
        b"resource",
        b'resource "a" "b" "c',
        b"/* a comment without end",
    ],
)
def test_what_cannot_be_read_is_notified_and_the_rest_is_read(tmp_path: Path, content: bytes) -> None:
    reading = read(write(tmp_path, main=content, other=GOOD))
    assert BUCKET in reading.addresses
    assert any(error.startswith("main.tf:") for error in reading.errors)


def test_invalid_utf8_in_one_string_costs_only_that_string(tmp_path: Path) -> None:
    text = b'resource "aws_s3_bucket" "bad" {\n  bucket = "a\xffb"\n  force_destroy = true\n}\n'
    reading = read(write(tmp_path, main=text, other=GOOD))
    assert reading.errors == ["main.tf:2:14: the file is not valid UTF-8"]
    assert reading.value("aws_s3_bucket.bad", "force_destroy").raw is True
    assert reading.value(BUCKET, "bucket").raw == "kept"


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_newlines_and_byte_order_mark_do_not_move_places(tmp_path: Path, newline: str, mark: bytes) -> None:
    text = GOOD + '\nresource "aws_s3_bucket" "ü" {\n  tags = { 이름 = "버킷", x = "y" }\n}\n'
    reading = read(write(tmp_path, main=mark + text.replace("\n", newline).encode()))
    assert reading.errors == []
    location = reading.value("aws_s3_bucket.ü", "tags.x").location
    assert location is not None
    assert (location.line, location.column, location.end_line, location.end_column) == (6, 23, 6, 30)
    assert reading.value(BUCKET, "bucket").raw == "kept"


def test_old_mac_newlines_are_not_silently_empty(tmp_path: Path) -> None:
    reading = read(write(tmp_path, main=GOOD.replace("\n", "\r")))
    assert reading.addresses == [BUCKET] or reading.errors


NESTED = {
    "lists": "[" * DEEP + "]" * DEEP,
    "unclosed lists": "[" * DEEP,
    "closing only": "]" * DEEP,
    "parentheses": "(" * DEEP + "1" + ")" * DEEP,
    "objects": "{ a = " * DEEP + "1" + " }" * DEEP,
    "calls": "abs(" * DEEP + "1" + ")" * DEEP,
    "negations": "!" * DEEP + "true",
    "minus": "- " * DEEP + "1",
    "templates": '"${' * 500 + "1" + '}"' * 500,
    "conditionals": "true ? 1 : " * DEEP + "2",
    "conditionals in conditions": "(" * 2000 + "true" + " ? true : false)" * 2000,
    "sum": "1" + " + 1" * DEEP,
    "indexes": "var.x" + "[0]" * DEEP,
    "attributes": "var.x" + ".a" * DEEP,
    "splats": "var.x" + "[*]" * DEEP,
    "for expressions": "[for x in " * 2000 + "[]" + " : x]" * 2000,
}


@pytest.mark.parametrize("expression", NESTED.values(), ids=NESTED.keys())
def test_deep_nesting_is_unknown_or_right_but_never_a_crash(tmp_path: Path, expression: str) -> None:
    text = f'variable "x" {{}}\nresource "aws_s3_bucket" "deep" {{\n  bucket = {expression}\n}}\n'
    reading = read(write(tmp_path, main=text, other=GOOD))
    assert BUCKET in reading.addresses
    decided = any(address == "aws_s3_bucket.deep" for address in reading.addresses)
    assert decided or reading.errors


def test_deeply_nested_blocks(tmp_path: Path) -> None:
    text = 'resource "aws_x" "deep" {\n' + "b {\n" * DEEP + "a = 1\n" + "}\n" * DEEP + "}\n"
    reading = read(write(tmp_path, main=text, other=GOOD))
    assert BUCKET in reading.addresses
    assert reading.value("aws_x.deep", ".".join(["b"] * 50 + ["a"])).is_absent
    assert reading.value("aws_x.deep", ".".join(["b"] * 400 + ["a"])).is_unknown


def test_deeply_nested_json(tmp_path: Path) -> None:
    (tmp_path / "deep.tf.json").write_text('{"resource": {"aws_x": {"y": {"a": ' + "[" * DEEP + "]" * DEEP + "}}}}")
    reading = read(write(tmp_path, other=GOOD))
    assert BUCKET in reading.addresses
    assert any(error.startswith("deep.tf.json:") for error in reading.errors) or reading.unknown


@pytest.mark.parametrize(
    "text", ["[]", "1", '"x"', "{", '{"resource": []}', '{"resource": {"aws_x": 1}}', '{"a": NaN}', ""]
)
def test_odd_json(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.tf.json").write_text(text)
    reading = read(write(tmp_path, other=GOOD))
    assert BUCKET in reading.addresses
    if text in ("{", "", "1", '"x"'):
        assert any(error.startswith("odd.tf.json:") for error in reading.errors)


@pytest.mark.parametrize("name", ["terraform.tfvars", "terraform.tfvars.json", "x.auto.tfvars"])
@pytest.mark.parametrize("content", [b"\0\1\2", b"x = [", b"{", b"\xff\xfe", b'x = file("/etc/passwd")', b"x = var.x"])
def test_broken_variable_files(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    text = 'variable "x" {}\nresource "aws_s3_bucket" "x" {\n  bucket = var.x\n}\n'
    reading = read(write(tmp_path, main=text))
    assert "aws_s3_bucket.x.bucket" in reading.unknown
    assert "root:" not in str(reading.unknown)


def test_large_file(tmp_path: Path) -> None:
    block = 'resource "aws_s3_bucket" "b{}" {{\n  bucket = "x"\n  # {}\n}}\n'
    text = "".join(block.format(number, "x" * 4000) for number in range(2_200))
    assert 8_000_000 < len(text) < 10_000_000
    reading = read(write(tmp_path, main=text))
    assert len(reading.addresses) == 2_200
    assert reading.errors == []


def test_a_file_beyond_the_limit_is_notified(tmp_path: Path) -> None:
    reading = read(write(tmp_path, main="#" * 10_000_001, other=GOOD))
    assert reading.addresses == [BUCKET]
    assert reading.errors == ["main.tf:1:1: the file is larger than 10000000 bytes"]


def test_one_line_of_a_megabyte(tmp_path: Path) -> None:
    items = ", ".join('"x"' for _ in range(200_000))
    reading = read(write(tmp_path, main=f'resource "aws_x" "y" {{ a = [{items}] }}\n', other=GOOD))
    assert reading.addresses == [BUCKET, "aws_x.y"] or reading.addresses == ["aws_x.y", BUCKET]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "main.tf")
    reading = read(write(tmp_path, other=GOOD))
    assert reading.addresses == [BUCKET]
    assert any(error.startswith("main.tf:") for error in reading.errors)


def test_a_directory_with_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "main.tf").mkdir()
    reading = read(write(tmp_path, other=GOOD))
    assert reading.addresses == [BUCKET]
