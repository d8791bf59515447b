"""What a fix does, in words."""

from __future__ import annotations

import json
from collections.abc import Sequence

from scanner.fixes.wish import Wish
from scanner.model.rule import Text


def described(wishes: Sequence[Wish]) -> Text:
    """The values that are written, in both languages."""
    parts = [_described(wish) for wish in wishes]
    return Text("; ".join(part.en for part in parts), "; ".join(part.ko for part in parts))


def _described(wish: Wish) -> Text:
    path = wish.evidence.path or ""
    if wish.remove:
        return Text(f"remove {path}", f"{path} 삭제")
    if not wish.of_list:
        words = f"{path} = {json.dumps(wish.value, ensure_ascii=False)}"
        return Text(f"set {words}", f"{words} 설정")
    add, drop = (", ".join(json.dumps(item, ensure_ascii=False) for item in items) for items in (wish.add, wish.drop))
    en = [f"add {add} to {path}"] if add else []
    ko = [f"{path}에 {add} 추가"] if add else []
    if drop:
        en.append(f"remove {drop} from {path}")
        ko.append(f"{path}에서 {drop} 삭제")
    return Text(" and ".join(en), ", ".join(ko))
