"""Why a finding has no fix."""

from __future__ import annotations

from enum import Enum

from scanner.model.rule import Text


class Obstacle(Enum):
    """What stands in the way of an edit."""

    UNKNOWN = Text(
        "what is wanted is not known: an input of the baseline is missing", "기대값을 알 수 없음: 기준 입력값 누락"
    )
    DECISION = Text("needs a decision: more than one change would do", "변경 방법이 여러 가지이므로 결정 필요")
    MISSING = Text("has to be built: there is nothing in the code to change", "변경할 코드가 없으므로 새로 작성 필요")
    EXPRESSION = Text("the value is computed by an expression", "표현식으로 계산되는 값")
    PLACE = Text("the value is not written in a file that can be edited", "편집할 수 있는 파일에 기재된 값이 아님")
    CHANGED = Text("the file is not what was scanned", "검사한 뒤에 파일이 변경됨")
    CONFLICT = Text(
        "another requirement wants a different value at this place", "같은 위치에 다른 요구 사항이 다른 값을 요구함"
    )
    HARM = Text("the edit would break something else", "변경하면 다른 항목이 위반됨")
    UNPROVEN = Text("the edit would not make it pass", "변경해도 통과하지 않음")


class NoFix(ValueError):
    """There is no edit, because of `obstacle`."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value.en)
        self.obstacle = obstacle
