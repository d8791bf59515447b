"""Parses every Terraform file under a path with tree-sitter and does nothing with it: the floor for any scan."""

import sys
from pathlib import Path

import tree_sitter_hcl
from tree_sitter import Language, Parser

target = Path(sys.argv[1])
parser = Parser(Language(tree_sitter_hcl.language()))
for file in target.rglob("*.tf") if target.is_dir() else [target]:
    parser.parse(file.read_bytes())
