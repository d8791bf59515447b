"""Dockerfiles: instructions with their places, and what the stages come to."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.resource import Resource
from scanner.model.value import plain
from scanner.sources.dockerfile import read_dockerfile


def image(text: str) -> Resource:
    resource, notifications = read_dockerfile(dedent(text), "Dockerfile")
    assert notifications == []
    return resource


def found(text: str, path: str) -> object:
    (item,) = image(text).lookup(path)
    return plain(item.value)


def line_of(text: str, path: str) -> int:
    (item,) = image(text).lookup(path)
    assert item.value.location is not None
    return item.value.location.line


STAGES = """\
# syntax=docker/dockerfile:1.7
ARG VERSION=22

FROM --platform=linux/amd64 node:${VERSION}-alpine AS Build
WORKDIR /app
USER node
ENV NODE_ENV=production
EXPOSE 3000 9000/UDP
HEALTHCHECK --interval=30s --retries=3 CMD wget -q http://localhost || exit 1
CMD ["node", "server.js"]

FROM build
WORKDIR public
ENTRYPOINT ["dumb-init", "--"]
"""


def test_the_final_stage_has_what_earlier_stages_gave_it():
    final = found(STAGES, "final")
    assert isinstance(final, dict)
    del final["instructions"], final["layers"]
    assert final == {
        "index": 1,
        "from": "build",
        "base": "node:22-alpine",
        "user": "node",
        "workdir": "/app/public",
        "env": {"NODE_ENV": "production"},
        "labels": {},
        "expose": ["3000/tcp", "9000/udp"],
        "healthcheck": {
            "test": ["CMD-SHELL", "wget -q http://localhost || exit 1"],
            "interval": "30s",
            "retries": 3,
        },
        # An entry point of its own does away with the command of the stage before.
        "entrypoint": ["dumb-init", "--"],
    }


def test_stages_have_names_platforms_and_layers():
    assert [plain(item.value) for item in image(STAGES).lookup("stages[*].name")] == ["build", None]
    assert found(STAGES, "stages[0].platform") == "linux/amd64"
    assert [plain(item.value) for item in image(STAGES).lookup("final.layers[*].keyword")] == [
        "FROM", "WORKDIR", "USER", "ENV", "EXPOSE", "HEALTHCHECK", "CMD", "FROM", "WORKDIR", "ENTRYPOINT",
    ]  # fmt: skip


def test_values_are_placed_where_they_are_written():
    assert line_of(STAGES, "final.user") == 6
    assert line_of(STAGES, "final.base") == 4
    assert line_of(STAGES, "final.cmd") == 12
    text = "ARG IMAGE=node:22\nFROM ${IMAGE}\n"
    assert line_of(text, "final.base") == 1
    (item,) = image(text).lookup("final.base")
    assert [hop.what for hop in item.value.hops] == ["$IMAGE"]


def test_columns_count_characters():
    (item,) = image("FROM a\nENV A=äöü B=x\n").lookup("instructions[1].variables[1].value")
    assert item.value.location is not None
    assert (item.value.location.column, item.value.location.end_column) == (11, 14)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("$NAME", "app"),
        ("${NAME}/x", "app/x"),
        ('"$NAME y"', "app y"),
        ("'$NAME'", "$NAME"),
        ("\\$NAME", "$NAME"),
        ("${OPEN:-other}", "other"),
        ("${NAME:-other}", "app"),
        ("${NAME:+${NAME}-x}", "app-x"),
        ("${EMPTY:-other}", "other"),
        ("${EMPTY-other}", ""),
        ("${EMPTY:+x}", ""),
        ("a$", "a$"),
    ],
)
def test_variables_are_replaced(written, value):
    text = f"FROM scratch\nARG NAME=app\nARG OPEN\nENV EMPTY=''\nLABEL is={written}\n"
    assert found(text, "final.labels.is") == value


@pytest.mark.parametrize("written", ["$OPEN", "x-${OPEN}", "$FROM_BASE", "${FROM_BASE:-x}"])
def test_what_only_the_build_or_the_base_image_knows_is_unknown(written):
    text = f"FROM node:22\nARG NAME=app\nARG OPEN\nUSER {written}\n"
    (item,) = image(text).lookup("final.user")
    assert item.value.is_unknown
    assert item.value.location is not None
    assert item.value.location.line in (3, 4)


def test_arguments_before_the_first_stage_count_in_a_stage_that_asks_for_them():
    text = "ARG TAG=22\nFROM node:$TAG\nENV A=$TAG\nARG TAG\nENV B=$TAG\nENV B=3 C=$B\n"
    resource = image(text)
    assert resource.lookup("final.env.A")[0].value.is_unknown
    assert plain(resource.lookup("final.env.C")[0].value) == "22"
    assert plain(resource.lookup("final.env.B")[0].value) == "3"


def test_env_wins_over_arg_and_arguments_pass_to_stages_built_on_it():
    text = "FROM scratch AS a\nARG X=1\nARG Y=2\nENV X=3\nFROM a\nLABEL l=$X$Y\n"
    assert found(text, "final.labels.l") == "32"


def test_shell_and_exec_form():
    text = 'FROM a\nSHELL ["bash", "-c"]\nENTRYPOINT run \\\n  # why\n  me\nCMD ["a b"]\nHEALTHCHECK NONE\n'
    assert found(text, "final.entrypoint") == ["bash", "-c", "run     me"]
    assert found(text, "final.cmd") == ["a b"]
    assert found(text, "final.healthcheck") == {"test": ["NONE"], "disabled": True}
    assert [plain(item.value) for item in image(text).lookup("instructions[*].form")][2:4] == ["shell", "exec"]


def test_heredocs_belong_to_their_instruction():
    text = "FROM a\nRUN <<EOF bash\napk add curl\nUSER root\nEOF\nCOPY <<A <<B /etc/\none\nA\ntwo\nB\nUSER app\n"
    resource = image(text)
    assert [plain(item.value) for item in resource.lookup("instructions[*].keyword")] == ["FROM", "RUN", "COPY", "USER"]
    assert "apk add curl\nUSER root\n" in str(found(text, "instructions[1].value"))
    assert found(text, "final.user") == "app"
    assert line_of(text, "final.user") == 11


def test_the_escape_directive_is_followed():
    text = "# escape=`\nFROM a\nRUN dir `\n  && echo C:\\\nLABEL p=C:\\x\n"
    assert found(text, "instructions[1].value") == "dir   && echo C:\\"
    assert found(text, "final.labels.p") == "C:\\x"


def test_copies_name_their_sources():
    text = 'FROM a AS b\nFROM c\nCOPY --from=b --chown=1:1 x y/ /z/\nADD ["p q", "r"]\n'
    assert found(text, "instructions[2].sources") == ["x", "y/"]
    assert found(text, "instructions[2].from") == "b"
    assert found(text, "instructions[2].destination") == "/z/"
    assert found(text, "instructions[3].sources") == ["p q"]


def test_onbuild_runs_in_the_stage_that_is_built_on_it():
    text = "FROM a AS b\nONBUILD USER app\nFROM b\n"
    assert found(text, "stages[0].user") is None
    assert found(text, "final.user") == "app"


def test_variables_that_look_like_credentials_are_masked():
    text = "FROM a\nENV DB_PASSWORD=hunter2 URL=postgres://u:p@h MODE=x\n"
    assert found(text, "final.env") == {"DB_PASSWORD": "(sensitive)", "URL": "(sensitive)", "MODE": "x"}
    assert found(text, "instructions[1].value") == "(sensitive)"


def test_scratch_is_no_image():
    assert found("FROM scratch\n", "final.base") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [("FROM a\nFOO bar\nUSER x\n", 2), ("USER x\n", 1), ("", 1), ("FROM a\nCOPY\n", 2), ("FROM a\nUSER ${X#a}\n", 2)],
)
def test_a_file_with_an_error_decides_nothing(text, line):
    resource, notifications = read_dockerfile(text, "Dockerfile")
    assert notifications
    assert notifications[0].location is not None
    assert notifications[0].location.line == line
    for path in ("final.user", "stages[*].base", "instructions[*].value"):
        assert resource.lookup(path)[0].value.is_unknown


PIECES = [
    "FROM a",
    "FROM a AS b",
    "FROM b",
    "USER $X",
    "ARG X=${X",
    "RUN <<E",
    "E",
    "\\",
    "ENV A='",
    "ONBUILD ONBUILD RUN x",
    'COPY ["a"',
    "HEALTHCHECK CMD",
    "# escape=`",
    "ä\u0000",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_no_text_breaks_the_reader(lines):
    resource, _ = read_dockerfile("\n".join(lines), "Dockerfile")
    plain(resource.attributes)


def test_a_stage_with_the_name_of_its_own_base_is_no_loop():
    assert found("FROM node AS node\nFROM node AS node\n", "final.base") == "node"


def test_the_grammar_is_loaded_only_for_dockerfiles():
    program = "import sys, scanner.sources.manifests; sys.exit('tree_sitter_containerfile' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], env=os.environ, check=False).returncode == 0


HOSTILE = {
    "doubling": "FROM scratch\nENV A=xx\n" + "ENV A=$A$A\n" * 60,
    "nested triggers": "FROM a\n" + "ONBUILD " * 20_000 + "RUN x\n",
    "nested stand-ins": "FROM scratch\nARG A\nUSER " + "${A:-" * 5_000 + "x" + "}" * 5_000 + "\n",
    "many stages": "FROM a AS s0\n" + "".join(f"FROM s{n} AS s{n + 1}\n" for n in range(1_500)),
    "too many instructions": "FROM a\n" + "RUN x\n" * 2_000,
    "too large": "FROM a\nRUN " + "x" * 500_000,
    "many variables": "FROM a\n" + "".join(f"ENV A{n}=$A{n - 1}x\n" for n in range(1_900)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_within_bounds(name):
    resource, notifications = read_dockerfile(HOSTILE[name], "Dockerfile")
    assert resource.address == "Dockerfile"
    known = not any(item.value.is_unknown for item in resource.lookup("final.index"))
    assert known is (notifications == [])


def test_a_text_that_doubles_too_often_is_unknown():
    assert image(HOSTILE["doubling"]).lookup("final.env.A")[0].value.is_unknown
