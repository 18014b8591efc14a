"""What a mini-team's laptop says that it is at: what it cannot be is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ids import ONE, TWO
from workshop.domain.people import Side
from workshop.live.laptop import Laptop

said = st.dictionaries(
    st.sampled_from(["editing", "submission_id", "handed_to", "w", "other"]),
    st.one_of(st.text(), st.sampled_from([ONE, TWO, *Side, "sales ", "SALES", ONE.upper()])),
)


def test_what_it_says_of_itself_is_read() -> None:
    laptop = Laptop.read({"editing": ONE, "submission_id": TWO, "handed_to": "marketing"})
    assert laptop == Laptop(ONE, TWO, Side.MARKETING)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"editing": ONE},  # without an id the answer would not end it
        {"submission_id": ONE},
        {"editing": "", "submission_id": "", "handed_to": ""},
        {"editing": ONE, "submission_id": "x"},
        {"editing": f"{ONE}\n", "submission_id": TWO},
        {"editing": "' OR 1=1 --", "submission_id": TWO},
        {"editing": ONE.upper(), "submission_id": TWO},
        {"editing": "9" * 10_000, "submission_id": TWO},
        {"handed_to": "king"},
        {"handed_to": "Side.SALES"},
        {"handed_to": "sales\x00"},
    ],
)
def test_what_no_laptop_is_at_is_left_out(told: dict[str, str]) -> None:
    assert Laptop.read(told) == Laptop()


@given(said)
def test_whatever_is_said_it_is_read_and_sent_back_as_the_same(told: dict[str, str]) -> None:
    laptop = Laptop.read(told)
    assert Laptop.read(laptop.drawn()) == laptop
    assert bool(laptop.editing) == bool(laptop.submission_id)
    assert set(laptop.drawn().values()) <= {*told.values(), ""}
