"""JSON texts of any size, read from front to back: what is asked for is decoded, the rest is passed over.

Only a window of the text and the value that is decoded are in memory. Every value that is reached has to be taken by
one of `members`, `elements`, `value` and `skip` before the next one is.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import IO, Any, Final, NoReturn

_WINDOW: Final = 1 << 18
LARGEST: Final = 1 << 26
"""The longest single value that is decoded: far more than one resource has."""
_NEAR_END: Final = 64
_MOST_DEEP: Final = 100
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_BOMS: Final = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Damaged(ValueError):
    """The text is no JSON from here on, or is beyond the limits; the message says why."""


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Damaged(f"the number {text[:20]} is too large")
    return number


def _no_number(name: str) -> NoReturn:
    raise Damaged(f"{name} is no number")


_DECODER: Final = json.JSONDecoder(parse_float=_finite, parse_constant=_no_number)


class JsonStream:
    """A text and a place in it; `largest` is the longest value, in characters, that is decoded.

    Every method raises Damaged.
    """

    def __init__(self, file: IO[bytes], largest: int = LARGEST) -> None:
        self._file = file
        self._largest = largest
        head = file.read(2)
        encoding = next((name for bom, name in _BOMS if head == bom), "utf-8-sig")
        self._decode = codecs.getincrementaldecoder(encoding)()
        self._text = ""
        self._at = 0
        self._ended = False
        self._counted = 0
        self._line = 1
        self._column = 1
        self._depth = 0
        self._feed(head)

    def place(self) -> tuple[int, int]:
        """Line and column of the next value, from 1."""
        self.peek()
        self._count()
        return self._line, self._column

    def peek(self) -> str:
        """The first character of what comes next; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def members(self) -> Iterator[str]:
        """The keys of an object; the value of each is next when its key is given."""
        for _ in self._parts("{", "}"):
            key = self.value()
            if not isinstance(key, str) or self.peek() != ":":
                raise Damaged("a key of an object is malformed")
            self._at += 1
            yield key

    def elements(self) -> Iterator[None]:
        """Stops before each element of an array."""
        return self._parts("[", "]")

    def value(self) -> Any:
        """The next value, decoded."""
        self.peek()
        self._window()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                torn = error.msg.startswith("Unterminated") or error.pos > len(self._text) - _NEAR_END
                if not torn or not self._more():
                    raise Damaged(f"it is not JSON: {error.msg}") from None
            except RecursionError:
                raise Damaged("it is nested too deeply") from None
            else:
                if end < len(self._text) or not self._more():  # a number may go on
                    self._at = end
                    return found

    def skip(self) -> None:
        """Passes the next value, however large it is."""
        first = self.peek()
        self._window()
        if first not in ("{", "["):
            self.value()
            return
        try:
            self._at = _DECODER.raw_decode(self._text, self._at)[1]
            return
        except json.JSONDecodeError:
            pass  # most likely it is longer than the window
        except RecursionError:
            raise Damaged("it is nested too deeply") from None
        for _ in self.members() if first == "{" else self.elements():
            self.skip()

    def end(self) -> None:
        """Makes sure that nothing comes any more."""
        if self.peek():
            raise Damaged("there is something behind its end")

    def _parts(self, opening: str, closing: str) -> Iterator[None]:
        if self.peek() != opening:
            raise Damaged(f"{opening} is expected")
        self._at += 1
        self._depth += 1
        if self._depth > _MOST_DEEP:
            raise Damaged("it is nested too deeply")
        if self.peek() != closing:
            while True:
                yield
                following = self.peek()
                if following == closing:
                    break
                if following != ",":
                    raise Damaged("a comma is missing, or it ends too early")
                self._at += 1
        self._at += 1
        self._depth -= 1

    def _window(self) -> None:
        """Has enough of the text at hand for what usually comes."""
        if len(self._text) - self._at < _WINDOW // 2:
            self._more()

    def _more(self) -> bool:
        """Takes more of the text, at least as much as is waiting; whether there was more."""
        if self._ended:
            return False
        waiting = len(self._text) - self._at
        if waiting > self._largest:
            raise Damaged("a single value in it is too large")
        self._forget()
        return self._feed(self._file.read(max(_WINDOW, waiting)))

    def _forget(self) -> None:
        """Lets go of the text behind."""
        self._count()
        self._text = self._text[self._at :]
        self._at = self._counted = 0

    def _count(self) -> None:
        """Brings line and column up to where the reading is."""
        lines = self._text.count("\n", self._counted, self._at)
        if lines:
            self._line += lines
            self._column = self._at - self._text.rfind("\n", self._counted, self._at)
        else:
            self._column += self._at - self._counted
        self._counted = self._at

    def _feed(self, data: bytes) -> bool:
        self._ended = not data
        try:
            self._text += self._decode.decode(data, final=self._ended)
        except UnicodeDecodeError:
            raise Damaged("it is not valid UTF-8") from None
        return not self._ended
