"""Long names where there is little room: whole words, and never more than fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workshop.domain.funnel import Step
from workshop.wording.shortening import shorten, shorten_step

words = st.text("ab é→(", min_size=1, max_size=60).filter(str.strip)


@given(words, st.integers(2, 60))
def test_a_name_never_takes_more_than_its_room_and_a_short_one_is_whole(
    text: str, most: int
) -> None:
    said = shorten(text, most)
    assert len(said) <= most
    whole = " ".join(text.split())
    assert said == whole if len(whole) <= most else said.endswith("…")


def test_what_one_stage_leaves_the_other_takes() -> None:
    step = Step("Marketing qualified opportunity", "Won", 9, 3)
    assert shorten_step(step, 30) == "Marketing qualified … → Won"
    assert shorten_step(step, 60) == step.name
