"""What a mini-team's page can show, as values; and that its script knows how to draw each."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from workshop.ui.blocks import Block, Button, FormBlock, Group, Line, Mark, Style, Text

SCRIPT = (Path(__file__).parents[2] / "workshop/team/blocks.js").read_text("utf-8")
KINDS = SCRIPT[SCRIPT.index("const KINDS") : SCRIPT.index("const nameOf")]
STYLE = (Path(__file__).parents[2] / "workshop/team/page.css").read_text("utf-8")
ONE_OF_EACH: list[Block] = [
    Text("Signed at {time}.", Style.DONE, "signed", datetime(2027, 3, 1, 9, 30, tzinfo=UTC)),
    Button("edit", "Edit", sets={"editing": "x"}),
    Line("line", ("Aware", "Aligned"), (Mark("sales", "S", 0.5, "Sales 3.0 of 5"),)),
    FormBlock("form", {"form": None}),
    Group("group", (Text("Inside"), Group("deeper", (Text("Deep"),))), is_framed=True),
]


def test_each_kind_is_known_to_the_script_and_no_other() -> None:
    known = re.findall(r"^  (\w+): \{$", KINDS, re.MULTILINE)
    assert {type(one) for one in ONE_OF_EACH} == set(get_args(Block))
    assert sorted(known) == sorted(one.drawn()["kind"] for one in ONE_OF_EACH)


@pytest.mark.parametrize("block", ONE_OF_EACH, ids=lambda one: type(one).__name__)
def test_a_block_is_sent_with_all_that_its_drawing_reads(block: Block) -> None:
    drawn = block.drawn()
    assert json.loads(json.dumps(drawn)) == drawn
    [kind] = re.findall(rf"^  {drawn['kind']}: {{$.*?^  }},$", KINDS, re.MULTILINE | re.DOTALL)
    taken_apart = re.findall(r"[(,] ?\{ ([\w, ]+) \}[),]", kind)
    read = {*re.findall(r"\bblock\.(\w+)", kind), *re.findall(r"\w+", " ".join(taken_apart))}
    assert read
    assert read <= set(drawn)


def test_a_group_is_sent_with_what_is_in_it() -> None:
    drawn = ONE_OF_EACH[-1].drawn()
    assert [one["key"] for one in drawn["content"]] == ["", "deeper"]
    assert drawn["content"][1]["content"][0]["words"] == "Deep"
    assert (drawn["is_framed"], drawn["in_row"]) == (True, False)


def test_a_moment_is_sent_in_milliseconds_as_the_clock_of_a_browser_counts() -> None:
    assert ONE_OF_EACH[0].drawn()["moment"] == 1_803_893_400_000
    assert Text("Back soon.").drawn()["moment"] is None


@pytest.mark.parametrize(
    "meant", [{}, {"sends": "withdraw", "sets": {"handed_to": ""}}], ids=["nothing", "both"]
)
def test_a_button_that_does_nothing_or_two_things_is_refused(meant: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="either sends something or sets something"):
        Button("key", "Label", **meant)  # type: ignore[arg-type]


@pytest.mark.parametrize("at", [-0.01, 1.01, float("nan")])
def test_a_mark_beside_its_line_is_refused(at: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        Mark("sales", "S", at, "Sales")


def test_every_style_but_the_plain_one_has_its_looks() -> None:
    headed = re.findall(r"(\w+): \"h2\"", SCRIPT)
    for style in set(Style) - {Style.TEXT}:
        assert style in headed or f".{style}" in STYLE, style
