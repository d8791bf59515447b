"""The errors that asbuilt reports to people.

    ScannerError                 anything below; shown as one line, exit code 2
    ├── UsageError               arguments or asbuilt.yaml that make no sense
    ├── DefinitionError          a policy or baseline file that cannot be used
    │   └── BindingError         a component that fits several resources
    └── SourceError              an input that cannot be read at all

Every error says what is wrong, where (file:line:column) and what to do about it. What could only be
read in part is not an error but a notification (scanner.model.inventory).
"""

from __future__ import annotations


class ScannerError(Exception):
    """What is wrong (`message`), where (`path`, 1-based `line` and `column`) and what to do (`hint`)."""

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.hint = hint

    @property
    def where(self) -> str:
        """`file:line:column` as far as known, or an empty string."""
        parts = [self.path, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None) if self.path else ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.path else self.message
        return f"{text}\n  {self.hint}" if self.hint else text


class UsageError(ScannerError):
    """Arguments or configuration that make no sense."""


class DefinitionError(ScannerError):
    """A policy or baseline file that cannot be used."""


class BindingError(DefinitionError):
    """A component of a baseline that fits several resources, or a binding that fits none."""


class SourceError(ScannerError):
    """An input that cannot be read at all."""
