"""What to do, composed from an assertion where a requirement does not say it itself."""

from __future__ import annotations

from scanner.model.rule import Text
from scanner.policy.conditions import AllOf, AnyOf, Condition, OfComponent, OfResource, Test, When
from scanner.policy.messages import wanted


def instruction(condition: Condition | None, title: Text) -> Text:
    """One sentence in both languages; the title itself for what cannot be put into a sentence."""
    parts = _parts(condition) if condition is not None else []
    if not parts:
        return Text(f"Make it true: {title.en}.", f"다음을 충족하도록 수정: {title.ko}.")
    return Text(
        "Set " + " and ".join(part.en for part in parts) + ".",
        ", ".join(part.ko for part in parts) + ".",
    )


def _parts(condition: Condition) -> list[Text]:
    match condition:
        case Test(path, op, value):
            if isinstance(value, OfResource):
                return [Text(f"{path} to match {value.path}", f"{path}: {value.path} 값과 맞아야 함")]
            goal = wanted(op, value.data if isinstance(value, OfComponent) else value)
            return [Text(f"{path} to {goal.en}", f"{path}: {goal.ko}")]
        case AllOf(items):
            parts = [_parts(item) for item in items]
            return [part for some in parts for part in some] if all(parts) else []
        case AnyOf(items):
            return _parts(items[0])
        case When(_, item):
            return _parts(item)
    return []
