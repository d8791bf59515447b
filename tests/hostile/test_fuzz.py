"""Real files, damaged at random: nothing crashes, and no damage goes unsaid."""

import tempfile
from pathlib import Path

import tree_sitter_hcl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import Reading, read
from tree_sitter import Language, Node, Parser

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "onno"
FILES = sorted(EXAMPLE.glob("modules/*/*.tf"))
PARSER = Parser(Language(tree_sitter_hcl.language()))
SIGNS = ["{", "}", "[", "]", "(", ")", '"', "${", "%{", "<<EOT\n", "<<-EOT", "EOT", "/*", "*/", "#", "=>", "...", "[*]"]
WORDS = [".*", "? :", "for x in", "null", "-1", "1e999", "each.value", "count.index", "self", "var.", "module.none.x"]
CODE = ['dynamic "x" {', "count = 5\n", "for_each = toset([1])\n", "source = 5\n", "lifecycle {", "jsonencode(", "try("]
ODD = ["\n", "\r", "\\", "\\u12", "\0", "\ufeff", "\u202e", "🙂", "data.a.b.c", "aws_s3_bucket.this", "local.nothing"]
DAMAGE = [*SIGNS, *WORDS, *CODE, *ODD]
QUICK = settings(deadline=None, derandomize=True, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Path, bytes]:
    """A file of the example, and its text after a few cuts, repetitions and insertions."""
    file = draw(st.sampled_from(FILES))
    data = file.read_bytes()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 200)))
        kind = draw(st.sampled_from(["cut", "repeat", "insert", "replace", "noise"]))
        if kind == "cut":
            data = data[:start] + data[end:]
        elif kind == "repeat":
            data = data[:end] + data[start:end] + data[end:]
        elif kind == "noise":
            data = data[:start] + draw(st.binary(max_size=20)) + data[start:]
        else:
            kept = end if kind == "replace" else start
            data = data[:start] + draw(st.sampled_from(DAMAGE)).encode() + data[kept:]
    return file, data


def read_with(file: Path, data: bytes) -> Reading:
    """The module of a file, with other content in that file."""
    with tempfile.TemporaryDirectory() as directory:
        for neighbour in file.parent.glob("*.tf"):
            (Path(directory) / neighbour.name).write_bytes(data if neighbour == file else neighbour.read_bytes())
        return read(Path(directory))


def says_something_about(reading: Reading, file: Path) -> bool:
    return any(error.startswith(f"{file.name}:") for error in reading.errors)


@given(damaged())
@QUICK
def test_damage_never_crashes_and_is_notified(case: tuple[Path, bytes]) -> None:
    file, data = case
    reading = read_with(file, data)
    text = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in text or PARSER.parse(text).root_node.has_error:
        assert says_something_about(reading, file)


@given(st.sampled_from(FILES), st.data())
@QUICK
def test_a_file_cut_inside_a_block_is_notified(file: Path, data: st.DataObject) -> None:
    text = file.read_bytes()
    blocks = [node for node in top_blocks(PARSER.parse(text).root_node) if node.end_byte - node.start_byte > 3]
    if not blocks:
        return
    block = data.draw(st.sampled_from(blocks))
    cut = data.draw(st.integers(block.start_byte + 1, block.end_byte - 1))
    assert says_something_about(read_with(file, text[:cut]), file)


@given(st.sampled_from(FILES), st.data())
@QUICK
def test_resources_before_the_damage_are_still_read(file: Path, data: st.DataObject) -> None:
    text = file.read_bytes()
    blocks = [
        node for node in top_blocks(PARSER.parse(text).root_node) if text.startswith(b"resource", node.start_byte)
    ]
    if not blocks:
        return
    block = data.draw(st.sampled_from(blocks))
    cut = data.draw(st.integers(block.end_byte, len(text)))
    labels = [node for node in block.children if node.type == "string_lit"]
    address = ".".join(text[node.start_byte + 1 : node.end_byte - 1].decode() for node in labels)
    reading = read_with(file, text[:cut] + b"\n")
    assert any(found.startswith(address) for found in reading.addresses)


def top_blocks(root: Node) -> list[Node]:
    return [node for body in root.children for node in body.children if node.type == "block"]
