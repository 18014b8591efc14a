"""Near duplicates come first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.likeness import most_alike


def test_the_same_idea_in_other_words_comes_first() -> None:
    others = {"price": "Show our prices online", "call": "call back the same day", "form": "Form"}
    assert most_alike("Same-day call-back", others)[0] == "call"


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=8))
def test_nothing_is_left_out(text: str, others: dict[str, str]) -> None:
    assert sorted(most_alike(text, others)) == sorted(others)
