"""What is only written differently is offered for merging; what is different is not."""

from __future__ import annotations

from itertools import product
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.intake.cells import key
from workshop.intake.spelling import Proposal, near_duplicates


@pytest.mark.parametrize(
    ("often", "seldom"),
    [
        ("GTXPro", "GTX Pro"),
        ("No budget", "no-budget"),
        ("No budget", "No Budgets"),
        ("Competitor", "Competetor"),
        ("No decision maker", "No decison maker"),
        ("E-Mail", "email"),
        ("Paid Search", "paid_search"),
        ("Timing", "Timing."),
        ("Müller & Co", "Muller & Co"),
        ("Q1 2026", "Q1-2026"),
        ("Authority", "Autohrity"),
    ],
)
def test_spellings_of_one_thing_are_offered(often: str, seldom: str) -> None:
    assert near_duplicates({seldom: 1, often: 5}) == (Proposal(often, (seldom,)),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Q1", "Q2"),
        ("Tier 1", "Tier 2"),
        ("Won", "Lost"),
        ("inbound", "outbound"),
        ("Plan A", "Plan B"),
        ("qualified", "unqualified"),
        ("interested", "uninterested"),
        ("hiring", "firing"),
        ("10-20", "1020"),
        ("<50 people", ">50 people"),
        ("C", "C++"),
        ("Price", "Prize money"),
        ("2025", "2026"),
        ("No budget", "No time"),
        ("?", "-"),
    ],
)
def test_different_things_are_not_offered(one: str, other: str) -> None:
    assert near_duplicates({one: 3, other: 2}) == ()


def test_the_most_frequent_spelling_is_kept_and_case_counts_with_it() -> None:
    counts = {"no  budget": 3, "No budget": 4, "No-budget": 6, "No budgets": 1}
    assert near_duplicates(counts) == (Proposal("No budget", ("No-budget", "No budgets")),)


def test_case_and_blanks_alone_are_nothing_to_ask() -> None:
    assert near_duplicates({"Price": 3, " price ": 1}) == ()


def test_four_thousand_different_values_are_compared() -> None:
    words = [
        "p" + "".join(letters) + "ation" for letters in product(ascii_lowercase[:16], repeat=3)
    ]
    found = near_duplicates(dict.fromkeys(words[:4_000], 1))
    assert sum(1 + len(proposal.others) for proposal in found) <= 4_000
    assert found


@given(st.dictionaries(st.text(max_size=12), st.integers(0, 100), max_size=20))
def test_every_spelling_is_offered_once_and_the_kept_one_is_at_least_as_frequent(
    counts: dict[str, int],
) -> None:
    def total(spelling: str) -> int:
        return sum(number for other, number in counts.items() if key(other) == key(spelling))

    found = near_duplicates(counts)
    offered = [each for proposal in found for each in (proposal.keep, *proposal.others)]
    assert len(offered) == len(set(offered))
    assert set(offered) <= set(counts)
    for proposal in found:
        assert proposal.others
        assert all(total(proposal.keep) >= total(other) for other in proposal.others)
