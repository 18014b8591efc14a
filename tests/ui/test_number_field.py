"""A field for a number: what is typed means what it means in a file, or is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from workshop.forms.number import DAYS, MONEY, PERCENT, Limits, read, written


@given(st.floats(-1e12, 1e12))
def test_what_a_field_shows_is_typed_again_as_the_same_number(value: float) -> None:
    shown = read(written(value), Limits(-1e13, 1e13))
    assert shown == pytest.approx(value, abs=1e-6, rel=1e-15)
    assert written(shown) == written(value)


@pytest.mark.parametrize("decimals", range(7))
@given(whole=st.integers(-1_000_000, 1_000_000))
def test_decimals_of_any_number_are_kept(decimals: int, whole: int) -> None:
    value = whole / 10**decimals
    assert read(written(value), Limits(-1e6, 1e6)) == value


@pytest.mark.parametrize(
    ("text", "limits", "says"),
    [
        ("many", MONEY, "Write a number, such as 8,000 or 2.5."),
        ("2.500", PERCENT, "Write a number from 0 to 100."),
        ("-1", MONEY, "Write a number from 0 to"),
        ("0", DAYS, "Write a number from 1 to 36,500."),
        ("2,5", DAYS, "Write a whole number, such as 90 or 1,000."),
    ],
)
def test_what_a_field_does_not_take_is_answered_with_what_to_write(
    text: str, limits: Limits, says: str
) -> None:
    with pytest.raises(ValueError, match=says.replace(".", r"\.")):
        read(text, limits)


def test_limits_leave_room_for_a_number() -> None:
    with pytest.raises(ValueError, match="no number is from 2 to 1"):
        Limits(2, 1)


def page() -> None:
    from workshop.forms.number import PERCENT
    from workshop.ui.number_field import number_field

    number_field("Share", "share", PERCENT)


@pytest.mark.parametrize(
    ("text", "captions"),
    [
        ("", []),
        ("12.5", []),
        ("12,5 %", [r"Understood as 12\.5"]),
        ("12.500", [r":small[:red[Write a number from 0 to 100\.]]"]),
    ],
)
def test_a_field_keeps_what_was_typed_and_says_how_it_was_understood(
    text: str, captions: list[str]
) -> None:
    app = AppTest.from_function(page).run()
    app.text_input(key="share").set_value(text).run()
    assert not app.exception
    assert app.text_input(key="share").value == text
    assert [said.value for said in (*app.caption, *app.markdown)] == captions
