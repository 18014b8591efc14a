"""A mini-team's page as its laptop has it: what it says, its forms, and its buttons to press."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from workshop.domain.access import Visitor
from workshop.forms import FORMS
from workshop.forms.form import Submission
from workshop.live import services
from workshop.live.laptop import Laptop
from workshop.team import stage

Drawn = dict[str, Any]


@dataclass
class TeamPage:
    """The page of a visitor; `laptop` is what their browser keeps of it."""

    who: Visitor
    laptop: dict[str, str] = field(default_factory=dict)
    shown: Drawn = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> None:
        """Ask for it again, as the browser does on a tick."""
        self.shown = stage.described(self.who, Laptop.read(self.laptop))
        self.laptop |= self.shown["laptop"]

    def press(self, key: str) -> None:
        """Press the button with this key, and see what comes of it."""
        button = self.buttons[key]
        if button["sends"]:
            sent = Submission(uuid4().hex, button["about"], {}, ".")
            FORMS[button["sends"]](services.store(), self.who, sent)
        else:
            is_editing = button["sets"].get("editing")
            self.laptop |= button["sets"]
            self.laptop |= {"submission_id": uuid4().hex} if is_editing else {}
        self.look()

    def send(self, key: str, **values: str) -> str:
        """What the form with this key is answered with."""
        form = self.forms[key]
        sent = Submission(form["submission_id"] or uuid4().hex, form["about"], values, ".")
        return FORMS[form["name"]](services.store(), self.who, sent)

    @property
    def blocks(self) -> list[Drawn]:
        """All blocks in the order in which they stand, those in groups after their group."""
        form = {"kind": "form", "key": "idea_form", "data": self.shown["form"]}
        parts = (*self.shown["head"], *self.shown["above"], form, *self.shown["below"])
        return list(_with_contents(parts))

    @property
    def texts(self) -> list[str]:
        return [_said(block) for block in self.blocks if block["kind"] == "text"]

    @property
    def buttons(self) -> dict[str, Drawn]:
        return {block["key"]: block for block in self.blocks if block["kind"] == "button"}

    @property
    def forms(self) -> dict[str, Any]:
        """What each form asks, by its key; None where it asks nothing."""
        forms = [block for block in self.blocks if block["kind"] == "form"]
        return {block["key"]: block["data"]["form"] for block in forms}

    @property
    def lines(self) -> dict[str, Drawn]:
        return {block["key"]: block for block in self.blocks if block["kind"] == "line"}

    @property
    def says(self) -> str:
        """Every word of the page: texts and labels line by line, what stands on lines, forms."""
        labels = [button["label"] for button in self.buttons.values()]
        rest = json.dumps([self.lines, self.forms], ensure_ascii=False)
        return "\n".join([*self.texts, *labels, rest])

    @property
    def everything(self) -> str:
        """All that is sent to the browser, but how new it is."""
        return json.dumps({name: part for name, part in self.shown.items() if name != "stamp"})


def _with_contents(blocks: Sequence[Drawn]) -> Iterator[Drawn]:
    for block in blocks:
        yield block
        yield from _with_contents(block.get("content", ()))


def _said(text: Drawn) -> str:
    """A text as a browser in UTC says it."""
    if text["moment"] is None:
        return str(text["words"])
    moment = datetime.fromtimestamp(text["moment"] / 1000, UTC)
    return str(text["words"]).replace("{time}", f"{moment:%H:%M}")
