"""What is wrong with a file, in words its owner can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file. Lines count as in a spreadsheet: the header is line 1.

    Messages quote what the file says: show them as plain text.
    """

    line: int | None
    column: str | None
    message: str
    remedy: str

    def __str__(self) -> str:
        places = []
        if self.line:
            places.append(f"line {self.line}")
        if self.column:
            places.append(f"column “{self.column}”")
        place = ", ".join(places)
        says = f"{self.message} {self.remedy}"
        return f"{place[0].upper()}{place[1:]}: {says}" if place else says


class IntakeError(Exception):
    """A file cannot be used; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


def refusal(message: str, remedy: str, line: int | None = None) -> IntakeError:
    """The error for a file that cannot even be read."""
    return IntakeError([Problem(line, None, message, remedy)])
