from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.funnels import steps
from workshop.analysis.mixture import FEWEST_ENTERED, reversal, sentence

Group = dict[str, tuple[int, int]]

SPRING: Group = {"Search": (800, 120), "Fair": (200, 4)}
AUTUMN: Group = {"Search": (400, 64), "Fair": (600, 18)}


@st.composite
def groups(draw: st.DrawFn) -> Group:
    names = draw(st.lists(st.sampled_from("abcd"), max_size=4, unique=True))
    drawn = {name: draw(steps(0)) for name in names}
    return {name: (step.entered, step.advanced) for name, step in drawn.items()}


def scaled(group: Group, factor: int) -> Group:
    return {name: (entered * factor, won * factor) for name, (entered, won) in group.items()}


def test_the_kidney_stones_of_charig_and_others_are_a_full_reversal() -> None:
    """Charig, Webb, Payne & Wickham (1986), BMJ 292: 78 % and 83 %, yet 93/87 and 73/69."""
    surgery: Group = {"small": (87, 81), "large": (263, 192)}
    puncture: Group = {"small": (270, 234), "large": (80, 55)}
    found = reversal(surgery, puncture)
    assert found is not None
    assert found.full
    assert (found.earlier, found.later) == pytest.approx((273 / 350, 289 / 350))
    assert [round(100 * rate) for _, *rates in found.compared for rate in rates] == [93, 87, 73, 69]
    assert "rose from 78 % to 83 %, yet it fell in every segment" in sentence(found, "a", "b")


def test_the_standard_rate_of_the_worked_example_has_the_earlier_mix() -> None:
    found = reversal(SPRING, AUTUMN)
    assert found is not None
    assert found.standard_earlier == pytest.approx(0.124)
    assert found.standard_later == pytest.approx(0.8 * 0.16 + 0.2 * 0.03) == pytest.approx(0.134)


def test_segments_that_disagree_among_themselves_are_told_by_their_standard_rate() -> None:
    found = reversal({**SPRING, "Ads": (100, 10)}, {**AUTUMN, "Ads": (100, 9)})
    assert found is None  # 12.4 % to 13.2 % at the same mix is not beyond chance
    many = reversal(
        scaled({**SPRING, "Ads": (100, 10)}, 30), scaled({**AUTUMN, "Ads": (100, 9)}, 30)
    )
    assert many is not None
    assert not many.full
    assert sentence(many, "May", "June") == (
        "From May to June the total fell from 12 % to 8.3 %, yet with the same mix of segments "
        "it would have risen from 12 % to 13 %: the mix has changed."
    )


@pytest.mark.parametrize("size", [FEWEST_ENTERED - 1, FEWEST_ENTERED])
def test_a_small_segment_is_neither_compared_nor_forgotten(size: int) -> None:
    found = reversal({**SPRING, "Ads": (size, size)}, {**AUTUMN, "Ads": (size, size - 1)})
    if size == FEWEST_ENTERED:
        assert found is None or not found.full
    else:
        assert found is not None
        assert found.left_out == 1
        assert "it rose in every segment of 30 or more" in sentence(found, "May", "June")


@pytest.mark.parametrize("kept", ["Search", "Fair"])
def test_one_segment_alone_makes_no_reversal(kept: str) -> None:
    only = {kept: SPRING[kept]}
    assert reversal(only, AUTUMN) is None
    assert reversal(SPRING, {kept: AUTUMN[kept]}) is None


def test_a_total_that_is_said_alike_has_not_moved() -> None:
    assert (
        reversal({"a": (1000, 500), "b": (1000, 100)}, {"a": (999, 500), "b": (1004, 101)}) is None
    )


def test_more_advanced_than_entered_is_refused() -> None:
    with pytest.raises(ValueError, match="advanced in 'Fair' is 7; it must lie between 0 and 6"):
        reversal(SPRING, {"Fair": (6, 7)})


@given(groups())
def test_nothing_disagrees_with_itself(group: Group) -> None:
    assert reversal(group, group) is None


@given(groups(), groups())
def test_a_reversal_is_what_it_says(earlier: Group, later: Group) -> None:
    found = reversal(earlier, later)
    if found is None:
        return
    total = found.later - found.earlier
    assert total * (found.standard_later - found.standard_earlier) < 0
    assert found.full == all(total * (new - old) < 0 for _, old, new in found.compared)
    assert len(found.compared) >= 2
    assert sentence(found, "one", "other").endswith(": the mix has changed.")


@given(groups(), groups(), st.permutations("abcd"))
def test_the_order_of_the_segments_does_not_matter(
    earlier: Group, later: Group, order: list[str]
) -> None:
    again = reversal({name: earlier[name] for name in order if name in earlier}, later)
    found = reversal(earlier, later)
    assert (found is None) == (again is None)
    if found is not None and again is not None:
        assert sorted(again.compared) == sorted(found.compared)


@given(groups(), groups())
def test_with_an_unchanged_mix_no_total_is_reversed(earlier: Group, later: Group) -> None:
    same_mix = {
        name: (entered, min(entered, later.get(name, (0, 0))[1]))
        for name, (entered, _) in earlier.items()
        if entered >= FEWEST_ENTERED
    }
    assert reversal({name: earlier[name] for name in same_mix}, same_mix) is None
