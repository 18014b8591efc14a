"""What a mini-team's page shows, as values; `workshop/team/page.js` draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Style(StrEnum):
    """How a text is set."""

    TEXT = "text"
    TITLE = "title"
    HEADER = "header"
    QUIET = "quiet"
    NOTE = "note"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Text:
    """Words, shown letter by letter. Where they hold `{time}`, the browser says `moment` there."""

    words: str
    style: Style = Style.TEXT
    key: str = ""
    moment: datetime | None = None

    def drawn(self) -> dict[str, Any]:
        moment = None if self.moment is None else 1000 * self.moment.timestamp()
        return {
            "kind": "text",
            "key": self.key,
            "style": self.style,
            "words": self.words,
            "moment": moment,
        }


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it `sends`, by the name of a form without fields, or what it `sets`.

    `about` goes with what is sent; `sets` is for this laptop alone (`workshop.live.laptop`).
    """

    key: str
    label: str
    sends: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    is_quiet: bool = False

    def __post_init__(self) -> None:
        if bool(self.sends) == bool(self.sets):
            raise ValueError("a button either sends something or sets something")

    def drawn(self) -> dict[str, Any]:
        return {
            "kind": "button",
            "key": self.key,
            "label": self.label,
            "sends": self.sends,
            "about": dict(self.about),
            "sets": dict(self.sets),
            "is_quiet": self.is_quiet,
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on a line: the letter and the code of a side, where it stands, and what that says."""

    side: str
    letter: str
    at: float
    words: str

    def __post_init__(self) -> None:
        if not 0 <= self.at <= 1:
            raise ValueError("a mark stands from 0 to 1 on its line")


@dataclass(frozen=True, slots=True)
class Line:
    """Places beside each other, and marks below them."""

    key: str
    places: Sequence[str]
    marks: Sequence[Mark]

    def drawn(self) -> dict[str, Any]:
        marks = [
            {"side": one.side, "letter": one.letter, "at": one.at, "words": one.words}
            for one in self.marks
        ]
        return {"kind": "line", "key": self.key, "places": list(self.places), "marks": marks}


@dataclass(frozen=True, slots=True)
class FormBlock:
    """A form, as `workshop.ui.forms.described` says it; where it asks nothing, its place stays."""

    key: str
    data: Mapping[str, Any]

    def drawn(self) -> dict[str, Any]:
        return {"kind": "form", "key": self.key, "data": dict(self.data)}


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that belong together, in a frame or in a row if so."""

    key: str
    content: Sequence[Block]
    is_framed: bool = False
    in_row: bool = False

    def drawn(self) -> dict[str, Any]:
        return {
            "kind": "group",
            "key": self.key,
            "content": [block.drawn() for block in self.content],
            "is_framed": self.is_framed,
            "in_row": self.in_row,
        }


Block = Text | Button | Line | FormBlock | Group
