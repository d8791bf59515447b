"""Words that exist in both languages where the model has room for one."""

from __future__ import annotations

from scanner.model.rule import Text


class Words(str):
    """An English text that carries its Korean counterpart, for `Unknown.detail`."""

    __slots__ = ("ko",)
    ko: str

    def __new__(cls, en: str, ko: str) -> Words:
        """The pair; it behaves as the English text."""
        words = super().__new__(cls, en)
        words.ko = ko
        return words


def both(text: str) -> Text:
    """A text in both languages; one that came from elsewhere in English only is used for both."""
    return Text(str(text), text.ko if isinstance(text, Words) else str(text))


def in_language(message: str, language: str) -> str:
    """An error's message or hint, or what a notification says, in `en` or `ko`; as it is where nobody translated it."""
    if language != "ko":
        return message
    if isinstance(message, Words):
        return message.ko
    from scanner.model.korean_messages import korean

    return korean(message)
