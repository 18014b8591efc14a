"""Near duplicates come first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.likeness import most_alike, same_stages


def test_the_same_idea_in_other_words_comes_first() -> None:
    others = {"price": "Show our prices online", "call": "call back the same day", "form": "Form"}
    assert most_alike("Same-day call-back", others)[0] == "call"


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=8))
def test_nothing_is_left_out(text: str, others: dict[str, str]) -> None:
    assert sorted(most_alike(text, others)) == sorted(others)


STAGES = ("Lead", "MQL", "SQL", "Opportunity", "Won")


@pytest.mark.parametrize(
    "read",
    [
        STAGES,
        ("lead", "mql", "sql", "opportunity", "won"),
        ("Leads", "MQLs", "SQLs", "Opportunities", "Won"),
        (" Lead", "M-Q-L", "S.Q.L.", "Oportunity", "Won "),
    ],
)
def test_stages_that_are_only_written_otherwise_are_the_same(read: tuple[str, ...]) -> None:
    assert same_stages(read, STAGES)


@pytest.mark.parametrize(
    "read",
    [
        STAGES[:-1],
        ("Lead", "SQL", "MQL", "Opportunity", "Won"),
        ("Lead", "MQL", "SQL", "Proposal", "Won"),
        ("Lead", "MQL", "SQL", "Opportunity", "Lost"),
        ("", "MQL", "SQL", "Opportunity", "Won"),
    ],
)
def test_other_stages_or_another_order_are_not_the_same(read: tuple[str, ...]) -> None:
    assert not same_stages(read, STAGES)
